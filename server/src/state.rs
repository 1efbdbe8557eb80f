//! What the handlers share.

use std::sync::Arc;

use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use models::db::{Conn, Db, DbError};
use tokio::sync::watch;

use crate::{
    access::{ScreenTrust, desk::Desk},
    config::DataDir,
    problem::Problem,
};

/// Shared by all handlers; cheap to clone.
#[derive(Clone, FromRef)]
pub(crate) struct AppState {
    /// The cellar's book.
    pub(crate) store: Store,
    /// The pictures.
    pub(crate) data: DataDir,
    /// The database's revision, as last seen by the watcher.
    pub(crate) revision: watch::Receiver<i64>,
    /// What the app's server functions use.
    pub(crate) app: app::ctx::AppCtx,
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
        Ok(tokio::task::spawn_blocking(move || db.read(work)).await??)
    }

    /// Writes in one transaction.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, Problem> {
        let db = self.0.clone();
        // Noted in the same transaction, so that an act and its key stand or fall together.
        let key = crate::idempotency::current();
        let work = move || {
            db.write(|conn| {
                if let Some(key) = &key {
                    models::db::idempotency::idempotency_reserve(conn, key, crate::config::now())?;
                }
                work(conn)
            })
        };
        Ok(tokio::task::spawn_blocking(work).await??)
    }
}

/// The name of this build: changes when the browser half does, so that open pages know that they are old.
pub(crate) fn build_id(hashes: &str) -> Arc<str> {
    let wasm = hashes.lines().find_map(|line| line.strip_prefix("wasm:")).map_or("", str::trim);
    format!("{}-{wasm}", env!("CARGO_PKG_VERSION")).into()
}
