//! What differs between the engines: opening, settings, migrations. Nothing else may ask which engine it is.

use std::path::Path;

use diesel::{Connection, MysqlConnection, SqliteConnection, connection::SimpleConnection};
use diesel_migrations::MigrationHarness;

use super::{
    Conn, DbError,
    migrate::{MARIADB, SQLITE},
};

/// Where the database is.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// An SQLite file.
    Sqlite(String),
    /// The URL of a MariaDB database, scheme `mysql`.
    Mysql(String),
}

impl Target {
    /// Reads a URL; the message of a refusal names the forms that are allowed.
    pub(super) fn parse(url: &str) -> Result<Self, DbError> {
        if let Some(rest) = url.strip_prefix("mysql://").or_else(|| url.strip_prefix("mariadb://")) {
            return Ok(Self::Mysql(format!("mysql://{rest}")));
        }
        match url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
            Some(path) if !path.is_empty() && !path.starts_with(":memory:") => Ok(Self::Sqlite(path.to_owned())),
            _ => Err(DbError::Unavailable(
                "the database URL must be `sqlite:PATH` (such as sqlite:/var/lib/winecellar/cellar.db) or \
                 `mysql://USER:PASSWORD@HOST/NAME` (also `mariadb://…`)"
                    .to_owned(),
            )),
        }
    }

    /// Whether one writer at a time has to be enforced by us.
    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Makes the SQLite file with its folder and switches it to WAL, once: switching while others are connected fails
    /// with "database is locked". A MariaDB server is not contacted before it is needed.
    pub(super) fn prepare(&self) -> Result<(), DbError> {
        let Self::Sqlite(path) = self else { return Ok(()) };
        let told = |error: &dyn std::fmt::Display| DbError::Unavailable(format!("cannot open `{path}`: {error}"));
        if let Some(folder) = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| told(&error))?;
        }
        let mut conn = SqliteConnection::establish(path).map_err(|error| told(&error))?;
        conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL;").map_err(|error| told(&error))
    }

    /// Opens a connection with its settings. They are explained in docs/DATABASE.md.
    pub(super) fn connect(&self, read_only: bool) -> diesel::ConnectionResult<Conn> {
        match self {
            Self::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path)?;
                conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
                    .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                if read_only {
                    conn.batch_execute("PRAGMA query_only = ON;")
                        .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                }
                Ok(Conn::Sqlite(conn))
            }
            Self::Mysql(url) => {
                let mut conn = MysqlConnection::establish(url)?;
                conn.batch_execute("SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO', innodb_lock_wait_timeout = 5")
                    .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Mysql(conn))
            }
        }
    }

    /// The URL without a password.
    pub(super) fn redacted(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{path}"),
            Self::Mysql(url) => {
                // The last `@` parts the credentials from the host; a `?` may carry secrets too.
                let url = url.split('?').next().unwrap_or_default();
                let rest = url.strip_prefix("mysql://").unwrap_or_default();
                match rest.rsplit_once('@') {
                    Some((login, host)) => {
                        format!("mysql://{}:***@{host}", login.split(':').next().unwrap_or_default())
                    }
                    None => format!("mysql://{rest}"),
                }
            }
        }
    }
}

/// Applies what is pending.
pub(super) fn migrate(conn: &mut Conn) -> Result<usize, DbError> {
    let done = match conn {
        Conn::Sqlite(conn) => conn.run_pending_migrations(SQLITE).map(|done| done.len()),
        Conn::Mysql(conn) => conn.run_pending_migrations(MARIADB).map(|done| done.len()),
    };
    done.map_err(|error| DbError::Other(format!("a migration failed: {error}")))
}

/// Counts what is pending.
pub(super) fn pending(conn: &mut Conn) -> Result<usize, DbError> {
    let pending = match conn {
        Conn::Sqlite(conn) => conn.pending_migrations(SQLITE).map(|pending| pending.len()),
        Conn::Mysql(conn) => conn.pending_migrations(MARIADB).map(|pending| pending.len()),
    };
    pending.map_err(|error| DbError::Other(format!("the applied migrations cannot be read: {error}")))
}

/// Lists `table.column null|not null` of the cellar's tables, sorted: both engines must give the same list.
pub(super) fn columns(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    use diesel::{RunQueryDsl, sql_types::Text};
    #[derive(diesel::QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
    }
    let sqlite = "SELECT m.name || '.' || c.name || CASE WHEN c.\"notnull\" OR c.pk THEN ' not null' ELSE ' null' END AS line \
                  FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' \
                  AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '__diesel%'";
    let mysql = "SELECT CAST(CONCAT(table_name, '.', column_name, IF(is_nullable = 'NO', ' not null', ' null')) AS CHAR) AS line \
                 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name NOT LIKE '\\_\\_diesel%'";
    let lines: Vec<Line> = match conn {
        Conn::Sqlite(conn) => diesel::sql_query(sqlite).load(conn)?,
        Conn::Mysql(conn) => diesel::sql_query(mysql).load(conn)?,
    };
    let mut lines: Vec<String> = lines.into_iter().map(|line| line.line).collect();
    lines.sort();
    Ok(lines)
}

/// Inserts many rows with few statements. Diesel's batch insert is not there for a connection to either engine, only for
/// each of them.
macro_rules! insert_many {
    ($($name:ident: $table:ident, $row:ty;)*) => {$(
        pub(super) fn $name(conn: &mut Conn, rows: &[$row]) -> Result<(), DbError> {
            use diesel::RunQueryDsl;
            // 500 rows of 21 columns stay below the 32766 values that SQLite takes at once.
            for part in rows.chunks(500) {
                match conn {
                    Conn::Sqlite(conn) => diesel::insert_into(super::schema::$table::table).values(part).execute(conn)?,
                    Conn::Mysql(conn) => diesel::insert_into(super::schema::$table::table).values(part).execute(conn)?,
                };
            }
            Ok(())
        }
    )*};
}

insert_many! {
    insert_wines: wines, super::wines::WineRow;
    insert_tags: wine_tags, super::bulk::TagRow;
    insert_vintages: vintages, super::vintages::VintageRow;
    insert_windows: windows, super::bulk::WindowRow;
    insert_bottles: bottles, super::bottles::BottleRow;
    insert_movements: movements, super::movements::MovementRow;
    insert_refs: import_refs, super::bulk::RefRow;
}
