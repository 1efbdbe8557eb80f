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

    /// The newest migration that is applied; none on a database that was never migrated.
    pub fn schema_stamp(&self) -> Result<Option<String>, DbError> {
        Ok(dialect::applied(&mut *self.writer()?)?.pop())
    }

    /// Brings an empty database to the tables of an older version, as a backup of that version needs them.
    pub fn migrate_to(&self, stamp: &str) -> Result<(), DbError> {
        dialect::migrate_to(&mut *self.writer()?, stamp)
    }

    /// The newest migration this program has, such as `20261124120000`: it was made at that time or later.
    pub fn newest_stamp() -> String {
        dialect::known_stamps().pop().unwrap_or_default()
    }

    /// Whether this program has the migration.
    pub fn knows_stamp(stamp: &str) -> bool {
        dialect::known_stamps().iter().any(|known| known == stamp)
    }
}
