//! A cellar from one database into another, of whichever engine.

use super::{Contents, RowWriter, TableSum, contents, first_filled, forget_revision, rows_read, tables};
use crate::db::{Db, DbError};

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The target holds something.
    #[error("the target is not empty (table `{0}` has rows): name an empty database, nothing was changed")]
    NotEmpty(String),
    /// What arrived is not what was sent.
    #[error("the copy differs from the original, so it was taken back and the target is empty: {0}")]
    Differs(String),
    /// One of the databases failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Copies every row of `from`, as it is in one moment, into `to`, which must be migrated and empty; then reads the copy
/// back and compares it row by row, all in one transaction: a failure leaves the target empty. Gives what was copied.
pub fn copy(from: &Db, to: &Db) -> Result<Vec<TableSum>, CopyError> {
    from.read(|source| {
        to.write(|target| {
            if let Some(table) = first_filled(target)? {
                return Err(CopyError::NotEmpty(table));
            }
            forget_revision(target)?;
            let mut sums = Vec::new();
            for table in tables() {
                let mut sent = Contents::new(&table);
                let mut writer = RowWriter::new(&table);
                rows_read(source, &table, |row| -> Result<(), DbError> {
                    sent.add(&row);
                    writer.push(target, row)
                })?;
                writer.finish(target)?;
                let differences = sent.differences(&contents(target, &table)?);
                if !differences.is_empty() {
                    return Err(CopyError::Differs(differences.join("; ")));
                }
                sums.push(sent.sum());
            }
            Ok(sums)
        })
    })
}
