//! A connection to either engine.

use diesel::{MysqlConnection, SqliteConnection};

/// A connection to SQLite or MariaDB. Opened by [`crate::db::Db`] only: the derived `establish` would take any text for
/// the name of an SQLite file.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// SQLite.
    Sqlite(SqliteConnection),
    /// MariaDB.
    Mysql(MysqlConnection),
}
