//! Live events: `GET /events` tells every open page that the book changed, whichever process changed it.
//!
//! The database's revision counts up in every write transaction. One watcher asks for it twice a second (a read of one
//! row); so a scan by the systemd unit, a second server on the same MariaDB and a click all look the same.

use std::{convert::Infallible, path::PathBuf, time::Duration};

use app::{format::stage_words, texts};
use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt, future, stream};
use models::db::{Db, meta};
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;

use crate::{state::AppState, worker::lock};

const ASK_EVERY: Duration = Duration::from_millis(500);

/// Follows the database's revision until `stopping`.
pub(crate) async fn watch(db: Db, sender: watch::Sender<i64>, mut stopping: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(ASK_EVERY) => {}
            _ = stopping.changed() => return,
        }
        let db = db.clone();
        // A database that is away is told by /readyz and by the failing pages; here the last value stands.
        let asked = tokio::task::spawn_blocking(move || db.read(meta::revision));
        if let Ok(Ok(Ok(revision))) = tokio::time::timeout(app::ctx::DEADLINE, asked).await {
            sender.send_if_modified(|last| std::mem::replace(last, revision) != revision);
        }
    }
}

/// Follows the stage of the scan that is going on, whichever process scans, until `stopping`.
pub(crate) async fn watch_scan(lock: PathBuf, sender: watch::Sender<String>, mut stopping: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(ASK_EVERY) => {}
            _ = stopping.changed() => return,
        }
        let lock = lock.clone();
        let stage = tokio::task::spawn_blocking(move || lock::stage(&lock)).await.ok().flatten().unwrap_or_default();
        sender.send_if_modified(|last| std::mem::replace(last, stage.clone()) != stage);
    }
}

/// The stream: `hello` with build and revision at once, then `change` with the revision at every change, and
/// `scan` with what the camera is doing, in the language of whoever listens; nothing when it has done.
pub(crate) async fn stream(State(state): State<AppState>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut changed = state.app.revision;
    // From here on: what it is now is said by `hello`.
    let revision = *changed.borrow_and_update();
    let hello = Event::default()
        .event("hello")
        .retry(Duration::from_secs(2))
        .data(format!(r#"{{"build":"{}","revision":{revision}}}"#, state.app.build_id));
    let changes = WatchStream::from_changes(changed).map(|revision| {
        Event::default().event("change").id(revision.to_string()).data(format!(r#"{{"revision":{revision}}}"#))
    });
    let language = texts::language();
    // As JSON, because a browser does not hear an event without data.
    let scan = WatchStream::new(state.stage).map(move |stage| {
        let doing = texts::within(language, || stage_words(&stage));
        Event::default().event("scan").data(serde_json::json!({ "doing": doing }).to_string())
    });
    let changes = stream::select(changes, scan);
    let mut stopping = state.stopping;
    let stopped = async move { while !*stopping.borrow_and_update() && stopping.changed().await.is_ok() {} };
    let events = stream::once(future::ready(hello)).chain(changes).map(Ok).take_until(stopped);
    // An event and no comment: a browser's script hears it, and so notices a line that is cut without a word.
    Sse::new(events)
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)).event(Event::default().event("ping").data("")))
}
