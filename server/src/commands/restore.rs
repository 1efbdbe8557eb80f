//! `winecellar restore`.

use std::fs::File;

use anyhow::Context;
use models::db::{Db, dump::TableSum};

use crate::{
    backup::{restore, verify},
    cli::{Place, Restore},
    out,
};

/// Restores into an empty place, or only verifies the file.
pub(crate) fn run(place: &Place, args: &Restore) -> anyhow::Result<()> {
    let mut file = File::open(&args.file).with_context(|| format!("cannot open {}", args.file.display()))?;
    let told = || format!("{}", args.file.display());
    let Some(to) = &args.to else {
        let manifest = verify::verify(&mut file).with_context(told)?;
        table(&manifest.rows)?;
        return out::line(format_args!("{}: whole; made at {} UTC", args.file.display(), manifest.made_at));
    };
    let db = Db::open(to).context("--to")?;
    let manifest = restore::restore(&mut file, &db, &place.data()).with_context(told)?;
    table(&manifest.rows)?;
    let pictures = manifest.files.len() - manifest.tables.len();
    out::line(format_args!(
        "restored into {}, {pictures} files into {}; every row and file compared with its checksum",
        db.url_redacted(),
        place.data_dir.display()
    ))
}

/// A line for each table that has rows.
pub(crate) fn table(sums: &[TableSum]) -> anyhow::Result<()> {
    for sum in sums {
        out::line(format_args!("{:<16}{:>9} rows  {}", sum.table, sum.rows, sum.sha256))?;
    }
    Ok(())
}
