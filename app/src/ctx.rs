//! What the server lends to rendering and to server functions. Exists on the server only.

use std::{sync::Arc, time::Duration};

use leptos::prelude::use_context;
use models::{
    Instant,
    catalogue::{Answer, Query},
    db::{Conn, Db, DbError, catalogue::SharedCatalogue, numbers::NumbersKeeper},
    movement::{Actor, Source},
};

use crate::error::{AppError, ErrorCode};

/// No page and no request waits longer than this for the database: one that is frozen answers nothing at all.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// Database, clock and the way to start a scan. The server provides it by `provide_context`.
#[derive(Clone)]
pub struct AppCtx {
    /// The database.
    pub db: Db,
    /// The copy of the cellar that is searched.
    pub catalogue: SharedCatalogue,
    /// The clock (UTC), exchangeable in tests.
    pub now: fn() -> Instant,
    /// Starts a scan in the background; the error says who is scanning already.
    pub start_scan: Arc<dyn Fn() -> Result<(), String> + Send + Sync>,
    /// What the numbers page has read, so that it reads only what was added.
    pub numbers: NumbersKeeper,
    /// Names this build: a browser that runs another one reloads.
    pub build_id: Arc<str>,
    /// Where files lie that were chosen on the import page.
    pub uploads: std::path::PathBuf,
}

impl AppCtx {
    /// The context of this request.
    pub fn get() -> Result<Self, AppError> {
        use_context().ok_or_else(|| AppError::new(ErrorCode::Internal, "The server is not set up: no AppCtx."))
    }

    /// Runs a query on a thread that may block.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Conn, Instant) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (db, now) = (self.db.clone(), (self.now)());
        join(
            tokio::time::timeout(DEADLINE, tokio::task::spawn_blocking(move || db.read(|conn| query(conn, now)))).await,
        )
    }

    /// Asks the catalogue, which asks the database whether it is up to date: on a thread that may block.
    pub async fn search(&self, query: Query) -> Result<Answer, AppError> {
        let (db, catalogue) = (self.db.clone(), self.catalogue.clone());
        let search = tokio::task::spawn_blocking(move || catalogue.search(&db, &query));
        join(tokio::time::timeout(DEADLINE, search).await)
    }

    /// Runs a change on a thread that may block; it is one transaction.
    pub async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Conn, Instant) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (db, now) = (self.db.clone(), (self.now)());
        join(
            tokio::time::timeout(DEADLINE, tokio::task::spawn_blocking(move || db.write(|conn| change(conn, now))))
                .await,
        )
    }
}

type Joined<T> = Result<Result<T, DbError>, tokio::task::JoinError>;

fn join<T>(done: Result<Joined<T>, tokio::time::error::Elapsed>) -> Result<T, AppError> {
    let Ok(done) = done else {
        return Err(DbError::Unavailable(format!("no answer within {} s", DEADLINE.as_secs())).into());
    };
    match done {
        Ok(result) => result.map_err(AppError::from),
        Err(error) => {
            tracing::error!(%error, "a database thread broke off");
            Err(AppError::new(ErrorCode::Internal, "Something went wrong. The server's log says what."))
        }
    }
}

/// Who acts when a page is used: there are no accounts, the screen itself is trusted.
pub fn actor() -> Actor {
    Actor { name: "kiosk".to_owned(), source: Source::Kiosk }
}
