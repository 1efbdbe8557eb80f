//! Connections, lent for one transaction each.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use diesel::{
    Connection, RunQueryDsl,
    connection::TransactionManager,
    r2d2::{ManageConnection, Pool, PooledConnection},
};

use super::{
    Conn, DbError,
    dialect::{self, Target},
    meta,
};

/// How long a caller waits for a connection, and a writer for its turn.
const PATIENCE: Duration = Duration::from_secs(4);
/// How often a write starts over when the lock could not be had.
const ATTEMPTS: u32 = 3;
/// After the server was found away, everybody is told so at once for this long, instead of each waiting in turn.
const AWAY_FOR: Duration = Duration::from_secs(1);
/// Readers beside the one writer of SQLite, or all connections of MariaDB.
const READERS: u32 = 4;
const SERVER_CONNECTIONS: u32 = 8;

/// The database. Clones share its connections.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    target: Target,
    readers: Pool<Manager>,
    writer: Pool<Manager>,
    /// When the server was last found away, and how.
    away: Mutex<Option<(Instant, String)>>,
}

impl Db {
    /// Opens `sqlite:PATH` (file and folder are made) or `mysql://…`/`mariadb://…` (not contacted before the first use).
    pub fn open(url: &str) -> Result<Self, DbError> {
        let target = Target::parse(url)?;
        target.prepare()?;
        let pool = |size: u32, read_only: bool| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(0))
                .connection_timeout(PATIENCE)
                .test_on_check_out(!target.is_file())
                .build_unchecked(Manager { target: target.clone(), read_only })
        };
        // SQLite knows one writer at a time: queueing in our pool is fairer than its busy handler.
        let (readers, writer) = if target.is_file() {
            (pool(READERS, true), pool(1, false))
        } else {
            let shared = pool(SERVER_CONNECTIONS, false);
            (shared.clone(), shared)
        };
        Ok(Self(Arc::new(Inner { target, readers, writer, away: Mutex::new(None) })))
    }

    /// As [`Db::open`], but an SQLite file that is not there is refused instead of made.
    pub fn open_existing(url: &str) -> Result<Self, DbError> {
        match Target::parse(url)? {
            Target::Sqlite(path) if !std::path::Path::new(&path).is_file() => {
                Err(DbError::Unavailable(format!("there is no file `{path}`")))
            }
            _ => Self::open(url),
        }
    }

    /// Where the database is, without a password: for logs and `/healthz`.
    pub fn url_redacted(&self) -> String {
        self.0.target.redacted()
    }

    /// Runs queries that all see the same state.
    pub fn read<T, E: From<DbError>>(&self, query: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.lend(&self.0.readers)?;
        conn.transaction(|conn| query(conn).map_err(Halt::Work)).map_err(Halt::into_error)
    }

    /// Runs a change as one transaction: all of it or nothing. The lock is waited for and, if need be, asked for again;
    /// once it is held nothing else can be in the way, so `change` itself runs once at most.
    pub fn write<T, E: From<DbError>>(&self, change: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        self.write_behind(meta::bump, change)
    }

    fn write_behind<T, E: From<DbError>>(
        &self,
        lock: impl Fn(&mut Conn) -> diesel::QueryResult<()>,
        change: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = self.writer()?;
        let mut change = Some(change);
        for attempt in 1.. {
            let done = conn.transaction(|conn| {
                lock(conn)?;
                match change.take() {
                    Some(change) => change(conn).map_err(Halt::Work),
                    None => Err(Halt::Engine(DbError::Busy)),
                }
            });
            match done {
                Err(Halt::Engine(DbError::Busy)) if attempt < ATTEMPTS && change.is_some() => {
                    std::thread::sleep(Duration::from_millis(50) * attempt);
                }
                done => return done.map_err(Halt::into_error),
            }
        }
        Err(DbError::Busy.into())
    }

    /// As [`Db::write`]; as a rehearsal all of it is done and then taken back, so that what is given is exactly what would become of it.
    pub fn write_or_rehearse<T>(
        &self,
        rehearsal: bool,
        change: impl FnOnce(&mut Conn) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        if !rehearsal {
            return self.write(change);
        }
        let mut told = None;
        let taken_back = self.write(|conn| -> Result<(), DbError> {
            told = Some(change(conn)?);
            Err(DbError::Conflict("only a rehearsal".to_owned()))
        });
        match (told, taken_back) {
            (Some(told), _) => Ok(told),
            (None, Err(error)) => Err(error),
            (None, Ok(())) => Err(DbError::Other("a rehearsal did nothing".to_owned())),
        }
    }

    /// As [`Db::write`], for what no page shows: the revision stays, so open pages are not told to look again.
    pub fn write_aside<T, E: From<DbError>>(&self, change: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        self.write_behind(meta::lock, change)
    }

    /// Columns of every table as `table.column null|not null`, sorted: the same on both engines.
    pub fn columns(&self) -> Result<Vec<String>, DbError> {
        dialect::columns(&mut *self.writer()?)
    }

    pub(super) fn writer(&self) -> Result<PooledConnection<Manager>, DbError> {
        self.lend(&self.0.writer)
    }

    fn lend(&self, pool: &Pool<Manager>) -> Result<PooledConnection<Manager>, DbError> {
        if self.0.target.is_file() {
            // The file was openable at the start: no connection within the time means that all are in use.
            return pool.get().map_err(|_| DbError::Busy);
        }
        let mut away = self.0.away.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, why)) = away.as_ref().filter(|(since, _)| since.elapsed() < AWAY_FOR) {
            return Err(DbError::Unavailable(why.clone()));
        }
        *away = None;
        drop(away);
        pool.get().map_err(|error| {
            let why = error.to_string();
            *self.0.away.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), why.clone()));
            DbError::Unavailable(why)
        })
    }
}

/// Why a transaction was rolled back: by the engine, or because the caller's work said so.
enum Halt<E> {
    Engine(DbError),
    Work(E),
}

impl<E: From<DbError>> Halt<E> {
    fn into_error(self) -> E {
        match self {
            Self::Engine(error) => error.into(),
            Self::Work(error) => error,
        }
    }
}

impl<E> From<diesel::result::Error> for Halt<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Engine(error.into())
    }
}

/// Opens connections for the pools.
pub(super) struct Manager {
    target: Target,
    read_only: bool,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        self.target.connect(self.read_only).map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        diesel::sql_query("SELECT 1").execute(conn).map(drop).map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        // A panic leaves its transaction open: such a connection is thrown away.
        std::thread::panicking() || <Conn as Connection>::TransactionManager::is_broken_transaction_manager(conn)
    }
}
