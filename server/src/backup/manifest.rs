//! What a backup says of itself.

use anyhow::ensure;
use models::db::dump::{Table, TableSum};
use serde::{Deserialize, Serialize};

/// The format this program writes, and the only one it reads.
pub(crate) const FORMAT: u32 = 1;
/// Name of the manifest within the file; always the last entry.
pub(crate) const NAME: &str = "manifest.json";

/// The manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Version of the format.
    pub(crate) format: u32,
    /// Version of the program that wrote it.
    pub(crate) program: String,
    /// When the book was as it stands here (UTC).
    pub(crate) made_at: models::Instant,
    /// The engine it came from; it may be restored into either.
    pub(crate) engine: String,
    /// The newest migration of the tables.
    pub(crate) schema: String,
    /// The tables, in the order of the rows' files.
    pub(crate) tables: Vec<Table>,
    /// Rows and checksum of each table.
    pub(crate) rows: Vec<TableSum>,
    /// Whether the pictures are in it.
    pub(crate) images: bool,
    /// Every other entry of the file.
    pub(crate) files: Vec<FileSum>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileSum {
    /// Path within the backup.
    pub(crate) path: String,
    /// Size in bytes.
    pub(crate) bytes: u64,
    /// SHA-256, as hex.
    pub(crate) sha256: String,
}

impl Manifest {
    /// Refuses what this program cannot read, and what would become dangerous SQL.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.format == FORMAT,
            "the backup has format {}, this program reads format {FORMAT}: use winecellar {}",
            self.format,
            self.program
        );
        for table in &self.tables {
            table.check()?;
        }
        let names = |list: Vec<&String>| list.into_iter().cloned().collect::<Vec<_>>();
        ensure!(
            names(self.tables.iter().map(|t| &t.name).collect()) == names(self.rows.iter().map(|s| &s.table).collect()),
            "the manifest's tables and checksums do not belong together"
        );
        Ok(())
    }
}

/// Path of a table's rows within the backup.
pub(crate) fn rows_path(table: &str) -> String {
    format!("rows/{table}.jsonl")
}
