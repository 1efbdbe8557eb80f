//! What the server lends to rendering and to server functions. Exists on the server only.

use std::{
    cell::RefCell,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use leptos::prelude::use_context;
use models::{
    Instant,
    catalogue::{Answer, Query},
    db::{
        Conn, Db, DbError,
        catalogue::SharedCatalogue,
        idempotency::{IdempotencyKey, idempotency_reserve},
        numbers::NumbersKeeper,
    },
    ids::{UserId, VintageId},
    listed::CatalogueMatch,
    movement::{Actor, Source},
    user::{self, Permission, Role},
};
use serde::{Deserialize, Serialize};

use crate::error::{AppError, ErrorCode};
use crate::texts;

/// No page and no request waits longer than this for the database: one that is frozen answers nothing at all.
pub const DEADLINE: Duration = Duration::from_secs(5);
/// But a whole cellar comes in, or is taken back, in one transaction: a Pi needs more than seconds for 50,000 bottles.
pub const PATIENCE: Duration = Duration::from_secs(180);

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
    /// How the box is, looked at anew.
    pub health: Health,
    /// What is wrong with this box, as it was last found: for the first screen.
    pub alarms: Alarms,
    /// What the numbers page has read, so that it reads only what was added.
    pub numbers: NumbersKeeper,
    /// Names this build: a browser that runs another one reloads.
    pub build_id: Arc<str>,
    /// The database's revision, as the server last saw it: what is read now is as new or newer.
    pub revision: tokio::sync::watch::Receiver<i64>,
    /// Where the scans' pictures lie, a folder each.
    pub snapshots: std::path::PathBuf,
    /// Where files lie that were chosen on the import page.
    pub uploads: std::path::PathBuf,
    /// The photos of labels.
    pub photos: Arc<dyn LabelPhotos>,
    /// Looks in the catalogue for wines by words.
    pub listed: SearchListed,
    /// Who reads labels.
    pub label_reader: crate::api::labels::LabelReader,
    /// The key under which this request is done once, until its first write has noted it.
    pub once: Arc<Mutex<Option<IdempotencyKey>>>,
    /// Who asks. Worked out by the server for each request.
    pub visitor: Visitor,
}

/// Looks for wines of the catalogue that the words may mean, at most so many.
pub type SearchListed = fn(&mut Conn, &str, usize) -> Result<Vec<CatalogueMatch>, DbError>;

/// The photos of labels, which lie beside the book.
pub trait LabelPhotos: Send + Sync {
    /// Makes the photo of a label that was read the vintage's own, with the receipt of that time; false where it is no longer there.
    fn claim(&self, draft: &str, vintage: &VintageId, at: Instant) -> bool;
    /// Takes the photo that came with the receipt of that time from its vintage: it waits to be claimed again, and the one
    /// before is the vintage's. Nothing, where none came with it or a newer one is there.
    fn give_back(&self, vintage: &VintageId, at: Instant);
    /// When the vintage's photo was kept, in milliseconds; none where it has none.
    fn stamp(&self, vintage: &VintageId) -> Option<u64>;
}

/// What is wrong with a box, shared by who looks and who tells.
pub type Alarms = Arc<std::sync::Mutex<Vec<models::db::problems::Problem>>>;

/// Looks at the box.
pub type Health = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Vec<Fact>> + Send>> + Send + Sync>;

/// One line of the health page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What was looked at.
    pub name: String,
    /// How well it is.
    pub state: FactState,
    /// What was found.
    pub found: String,
    /// What to do; nothing where all is well.
    pub cure: Option<String>,
}

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactState {
    /// All is well.
    Ok,
    /// It works, but somebody should look.
    Warn,
    /// It does not work.
    Fail,
}

impl Fact {
    /// All is well.
    pub fn ok(name: impl Into<String>, found: impl Into<String>) -> Self {
        Self { name: name.into(), state: FactState::Ok, found: found.into(), cure: None }
    }

    /// Somebody should look.
    pub fn warn(name: impl Into<String>, found: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { name: name.into(), state: FactState::Warn, found: found.into(), cure: Some(cure.into()) }
    }

    /// It does not work.
    pub fn fail(name: impl Into<String>, found: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { name: name.into(), state: FactState::Fail, found: found.into(), cure: Some(cure.into()) }
    }
}

/// Who asks for a page or a server function. What it may do was decided before it came here.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Name for the history.
    pub name: String,
    /// What it is in this cellar; nobody has no role.
    pub role: Option<Role>,
    /// What of its role it may use; empty: all.
    pub scopes: Vec<Permission>,
    /// The person, where it is one.
    pub user: Option<UserId>,
    /// Whether the person has signed in by password, and so may change it.
    pub has_password: bool,
    /// Through what it comes.
    pub source: Source,
    /// Whether this is a screen that needs no sign-in.
    pub at_kiosk: bool,
}

impl Default for Visitor {
    fn default() -> Self {
        Self {
            name: "nobody".to_owned(),
            role: None,
            scopes: Vec::new(),
            user: None,
            has_password: false,
            source: Source::Web,
            at_kiosk: false,
        }
    }
}

impl Visitor {
    /// Whether it holds a permission, where the route alone does not tell what is needed.
    pub fn may(&self, permission: Permission) -> bool {
        self.role.is_some_and(|role| user::allowed(role, &self.scopes, permission))
    }
}

/// A token that was made by this very request: the page shows it once.
#[derive(Clone)]
pub struct NewToken(pub String);

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
        let (db, now, actor) = (self.db.clone(), (self.now)(), self.actor());
        let work = lend(actor, move || db.read(|conn| query(conn, now)));
        join(tokio::time::timeout(DEADLINE, work).await)
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
        self.write_within(DEADLINE, change).await
    }

    /// The same for what takes its time.
    pub async fn write_much<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Conn, Instant) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.write_within(PATIENCE, change).await
    }

    async fn write_within<T: Send + 'static>(
        &self,
        patience: Duration,
        change: impl FnOnce(&mut Conn, Instant) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (db, now, actor) = (self.db.clone(), (self.now)(), self.actor());
        let once = self.once.lock().unwrap_or_else(PoisonError::into_inner).take();
        let change = move |conn: &mut Conn| {
            if let Some(key) = &once {
                idempotency_reserve(conn, key, now)?;
            }
            change(conn, now)
        };
        let work = lend(actor, move || db.write(change));
        join(tokio::time::timeout(patience, work).await)
    }

    fn actor(&self) -> Actor {
        Actor { name: self.visitor.name.clone(), source: self.visitor.source }
    }
}

type Joined<T> = Result<Result<T, DbError>, tokio::task::JoinError>;

fn join<T>(done: Result<Joined<T>, tokio::time::error::Elapsed>) -> Result<T, AppError> {
    let Ok(done) = done else {
        return Err(DbError::Unavailable("no answer in time".to_owned()).into());
    };
    match done {
        Ok(result) => result.map_err(AppError::from),
        Err(error) => {
            tracing::error!(%error, "a database thread broke off");
            Err(AppError::new(ErrorCode::Internal, texts::something_went_wrong()))
        }
    }
}

thread_local! {
    /// Who acts on this thread: a query runs on a thread of its own, where Leptos' context does not reach.
    static ACTOR: RefCell<Option<Actor>> = const { RefCell::new(None) };
}

/// Does work on a thread that may block, on behalf of `actor` and in the language of the request.
fn lend<T: Send + 'static>(actor: Actor, work: impl FnOnce() -> T + Send + 'static) -> tokio::task::JoinHandle<T> {
    let language = texts::language();
    tokio::task::spawn_blocking(move || texts::within(language, || acting(actor, work)))
}

/// Runs `work` on behalf of `actor`.
fn acting<T>(actor: Actor, work: impl FnOnce() -> T) -> T {
    /// Takes the name away also when `work` panics: the thread goes on to serve others.
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            ACTOR.set(None);
        }
    }
    ACTOR.set(Some(actor));
    let _leave = Leave;
    work()
}

/// Who acts: inside a query of [`AppCtx`], or in a page's own code. Nobody, where no request is being answered.
pub fn actor() -> Actor {
    let here = ACTOR.with_borrow(Clone::clone);
    here.or_else(|| use_context::<AppCtx>().map(|ctx| ctx.actor()))
        .unwrap_or_else(|| Actor { name: "nobody".to_owned(), source: Source::Web })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_forgets_for_whom_it_worked() {
        let anna = Actor { name: "Anna".to_owned(), source: Source::Kiosk };
        assert_eq!(acting(anna, actor).name, "Anna");
        assert_eq!(actor().name, "nobody");
    }
}
