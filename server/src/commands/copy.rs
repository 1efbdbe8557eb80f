//! `winecellar db copy`.

use anyhow::{Context, ensure};
use models::db::{Db, dump};

use super::restore::table;
use crate::out;

/// Copies a cellar into an empty database, compared row by row.
pub(crate) fn run(from: &str, to: &str) -> anyhow::Result<()> {
    ensure!(from != to, "--from and --to name the same database");
    let source = Db::open_existing(from).context("--from")?;
    let pending = source.pending().context("--from")?;
    ensure!(
        pending == 0,
        "the database {} lacks {pending} migration(s): run `DATABASE_URL=… winecellar migrate` on it first",
        source.url_redacted()
    );
    let target = Db::open(to).context("--to")?;
    if target.schema_stamp().context("--to")?.is_some()
        && let Some(table) = target.read(dump::first_filled).context("--to")?
    {
        // Before its tables are touched.
        return Err(dump::CopyError::NotEmpty(table).into());
    }
    target.migrate().context("--to")?;
    let sums = dump::copy(&source, &target)?;
    table(&sums)?;
    let rows: u64 = sums.iter().map(|sum| sum.rows).sum();
    out::line(format_args!(
        "{} -> {}: {rows} rows copied and found equal, row by row",
        source.url_redacted(),
        target.url_redacted()
    ))
}
