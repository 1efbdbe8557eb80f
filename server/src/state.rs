//! What the handlers share.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use models::db::{Conn, Db, DbError};
use tokio::sync::watch;

use crate::{
    access::{ScreenTrust, desk::Desk},
    config::DataDir,
    labels::Reading,
    motion::Motion,
    nas::fetch::Fetch,
    pick::Lights,
    problem::Problem,
    watch::Look,
};

/// How often a write is tried, and the pause before it is tried again.
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(50);
/// Whoever was refused sooner than this was in somebody's way; whoever later has waited for a lock in vain.
const SHORT: Duration = Duration::from_secs(2);

/// An address such as `http://cellar.local:8000`.
pub(crate) type PublicUrl = Option<std::sync::Arc<str>>;

/// Shared by all handlers; cheap to clone.
#[derive(Clone, FromRef)]
pub(crate) struct AppState {
    /// The cellar's book.
    pub(crate) store: Store,
    /// The pictures.
    pub(crate) data: DataDir,
    /// How the box is, for /metrics.
    pub(crate) look: Look,
    /// Old pictures that only the NAS has.
    pub(crate) nas: Fetch,
    /// Reads labels.
    pub(crate) reading: Reading,
    /// The address by which others find this server, where one is set.
    pub(crate) public_url: PublicUrl,
    /// The stage of the scan that is going on; empty when none is.
    pub(crate) stage: watch::Receiver<String>,
    /// What the app's server functions use.
    pub(crate) app: app::ctx::AppCtx,
    /// Motion before the rack.
    pub(crate) motion: Motion,
    /// The lamps of the racks.
    pub(crate) lights: Lights,
    /// Leptos' settings.
    pub(crate) leptos: LeptosOptions,
    /// Where people sign in.
    pub(crate) desk: Desk,
    /// Whether this machine's own connections are the screen.
    pub(crate) screen: ScreenTrust,
    /// Becomes true when the server is to stop.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// The database, used off the runtime's threads.
#[derive(Clone)]
pub(crate) struct Store(pub(crate) Db);

impl Store {
    /// Reads; the answer may be a few milliseconds old.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, Problem> {
        let db = self.0.clone();
        Ok(in_time(app::ctx::DEADLINE, move || db.read(work)).await??)
    }

    /// Writes in one transaction. Where two writers stood in each other's way (a deadlock, or a Galera node that lost
    /// against another) the whole of `work` is done again.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.write_within(app::ctx::DEADLINE, work).await
    }

    /// Writes what takes its time: a whole cellar comes in, or is taken back.
    pub(crate) async fn write_much<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.write_within(app::ctx::PATIENCE, work).await
    }

    async fn write_within<T: Send + 'static>(
        &self,
        patience: Duration,
        work: impl Fn(&mut Conn) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, Problem> {
        let db = self.0.clone();
        // Noted in the same transaction, so that an act and its key stand or fall together.
        let key = crate::idempotency::current();
        let noted = move |conn: &mut Conn| {
            if let Some(key) = &key {
                models::db::idempotency::idempotency_reserve(conn, key, crate::config::now())?;
            }
            work(conn)
        };
        Ok(in_time(patience, move || persist(|| db.write(&noted))).await??)
    }
}

/// Does it again if it was in somebody's way, but not if it has already waited long for its turn.
fn persist<T>(work: impl Fn() -> Result<T, DbError>) -> Result<T, DbError> {
    let started = Instant::now();
    for attempt in 1..ATTEMPTS {
        match work() {
            Err(DbError::Busy) if started.elapsed() < SHORT => std::thread::sleep(PAUSE * attempt),
            done => return done,
        }
    }
    work()
}

/// Off the runtime's threads, and not for ever: a database that is frozen, or a cable that was pulled, answers nothing.
/// The thread stays behind until the engine lets go of it; the caller gets its answer.
async fn in_time<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    match tokio::time::timeout(patience, tokio::task::spawn_blocking(work)).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(DbError::Unavailable(format!("no answer within {} s", patience.as_secs())).into()),
    }
}

/// The name of this build: changes when the browser half does, so that open pages know that they are old.
pub(crate) fn build_id(hashes: &str) -> Arc<str> {
    let wasm = hashes.lines().find_map(|line| line.strip_prefix("wasm:")).map_or("", str::trim);
    format!("{}-{wasm}", env!("CARGO_PKG_VERSION")).into()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_write_that_was_in_the_way_is_done_again_and_no_other() {
        let calls = Cell::new(0);
        let work = |fail_until: u32, error: fn() -> DbError| {
            calls.set(0);
            persist(|| {
                calls.set(calls.get() + 1);
                if calls.get() < fail_until { Err(error()) } else { Ok(()) }
            })
        };
        assert!(work(3, || DbError::Busy).is_ok());
        assert_eq!(calls.get(), 3);
        assert!(matches!(work(9, || DbError::Busy), Err(DbError::Busy)));
        assert_eq!(calls.get(), 3);
        assert!(work(2, || DbError::Conflict(String::new())).is_err());
        assert_eq!(calls.get(), 1);
    }
}
