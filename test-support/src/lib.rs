//! Databases for tests: a fresh one for each test, of either engine. Panics with the cure when one cannot be had: a
//! test without its database has failed.

mod mariadb;
mod own_server;

use diesel::{Connection, connection::SimpleConnection};
use models::db::{Conn, Db, DbError};
pub use own_server::OwnServer;
use tempfile::TempDir;

/// A migrated database of its own, removed when dropped.
pub struct TestDb {
    /// The database.
    pub db: Db,
    /// Its URL, for opening it once more.
    pub url: String,
    /// `sqlite` or `mariadb`, for messages.
    pub engine: &'static str,
    _folder: Option<TempDir>,
}

impl TestDb {
    /// An SQLite file in a temporary folder. A file and not `:memory:`, which would be another one for each connection.
    pub fn sqlite() -> Self {
        let folder = TempDir::new().unwrap_or_else(|error| panic!("no temporary folder: {error}"));
        let url = format!("sqlite:{}", folder.path().join("cellar.db").display());
        Self::migrated(url, "sqlite", Some(folder))
    }

    /// A new database in the MariaDB server of this test process, which is started when first needed. None when
    /// `WINECELLAR_SKIP_MARIADB=1`, which is said loudly.
    pub fn mariadb() -> Option<Self> {
        Some(Self::migrated(empty_mariadb()?, "mariadb", None))
    }

    /// Changes rows past every rule.
    pub fn spoil(&self, sql: &str) {
        spoil(&self.url, sql);
    }

    fn migrated(url: String, engine: &'static str, folder: Option<TempDir>) -> Self {
        let db = Db::open(&url).unwrap_or_else(|error| panic!("{engine}: {error}"));
        db.migrate().unwrap_or_else(|error| panic!("{engine}: {error}"));
        Self { db, url, engine, _folder: folder }
    }
}

/// The URL of an empty database in the same MariaDB server, for the tables of other programs.
pub fn empty_mariadb() -> Option<String> {
    if std::env::var("WINECELLAR_SKIP_MARIADB").is_ok_and(|value| value == "1") {
        eprintln!("!!! WINECELLAR_SKIP_MARIADB=1: NOT TESTED on MariaDB !!!");
        return None;
    }
    Some(mariadb::fresh_database())
}

/// Runs a test on SQLite and on MariaDB, each time with a fresh database.
pub fn each_backend(test: impl Fn(TestDb)) {
    test(TestDb::sqlite());
    if let Some(db) = TestDb::mariadb() {
        test(db);
    }
}

/// Runs something that may be refused and leaves no trace of it then, as a request of its own would.
pub fn attempt<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, DbError>) -> Result<T, DbError> {
    conn.transaction(work)
}

/// Changes rows past every rule, as a person with a database tool might: to see that it is noticed.
pub fn spoil(url: &str, sql: &str) {
    let done = match url.strip_prefix("sqlite:") {
        Some(path) => diesel::SqliteConnection::establish(path).map(|mut conn| conn.batch_execute(sql)),
        None => diesel::MysqlConnection::establish(url).map(|mut conn| conn.batch_execute(sql)),
    };
    done.unwrap_or_else(|error| panic!("{url}: {error}")).unwrap_or_else(|error| panic!("{sql}: {error}"));
}
