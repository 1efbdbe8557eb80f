//! `winecellar export`: the whole book as CSV, JSON or a wine list.

use std::{fs, io::Write, path::Path};

use anyhow::Context;
use models::db::{book, export};

use crate::{
    cli::{Export, ExportFormat, Place},
    config,
};

/// Writes the export, whole or not at all.
pub(crate) fn run(place: &Place, args: &Export) -> anyhow::Result<()> {
    let db = place.open_migrated()?;
    let bytes = match args.format {
        ExportFormat::Csv => db.read(export::export_csv)?,
        ExportFormat::Json => db.read(book::book_get)?.to_json()?,
        ExportFormat::Pdf => {
            let lines = db.read(export::list_lines)?;
            crate::wine_list::pdf(&lines, config::now())?
        }
    };
    match &args.out {
        Some(path) => write(path, &bytes),
        None => Ok(std::io::stdout().write_all(&bytes)?),
    }
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut temp = path.as_os_str().to_owned();
    temp.push(".part");
    fs::write(&temp, bytes)
        .and_then(|()| fs::rename(&temp, path))
        .with_context(|| format!("cannot write {}", path.display()))
}
