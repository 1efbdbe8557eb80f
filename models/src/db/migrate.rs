//! The migrations, embedded in the program.

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use super::{Db, DbError, dialect};

pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
pub(super) const MARIADB: EmbeddedMigrations = embed_migrations!("../migrations/mariadb");

impl Db {
    /// Brings the tables up to date; returns how many migrations were applied.
    pub fn migrate(&self) -> Result<usize, DbError> {
        dialect::migrate(&mut *self.writer()?)
    }

    /// How many migrations have not been applied yet.
    pub fn pending(&self) -> Result<usize, DbError> {
        dialect::pending(&mut *self.writer()?)
    }
}
