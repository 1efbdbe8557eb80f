//! The second look: what a scan could not see, or saw without being sure, need not wait for the next night. Which scan that is, is
//! told by the database, whoever has run it; so it makes no difference whether this program was started anew in between.

use std::future::pending;

use chrono::TimeDelta;
use models::db::{Db, unsettled};
use tokio::{sync::watch, time::sleep};

use super::Start;
use crate::config;

/// Starts a second scan where one is due, until the server stops. `revision` counts what is written into the database.
pub(crate) async fn run(
    db: Db,
    after: TimeDelta,
    start: Start,
    mut revision: watch::Receiver<i64>,
    mut stopping: watch::Receiver<bool>,
) {
    if after.is_zero() {
        return;
    }
    let mut tried = None;
    loop {
        // One that could not be started, or came to nothing, is not tried anew.
        let due = due(&db, after).await.filter(|due| tried != Some(*due));
        let wait = async {
            match due {
                Some(due) => sleep((due - config::now()).to_std().unwrap_or_default()).await,
                None => pending().await,
            }
        };
        tokio::select! {
            // What has been settled meanwhile is seen by the revision, which begins this anew.
            () = wait => {
                tried = due;
                scan(&start).await;
            }
            changed = revision.changed() => if changed.is_err() { return },
            _ = stopping.changed() => return,
        }
    }
}

/// When the rack is to be looked at again; none while nothing is due or nobody can tell.
async fn due(db: &Db, after: TimeDelta) -> Option<models::Instant> {
    let db = db.clone();
    let asked = move || db.read(|conn| unsettled::second_look(conn, after, config::now()));
    tokio::task::spawn_blocking(asked).await.ok()?.ok().flatten()
}

/// Whoever scans already looks as well.
async fn scan(start: &Start) {
    let start = start.clone();
    match tokio::task::spawn_blocking(move || start()).await {
        Ok(Ok(())) => tracing::info!("the rack is looked at again: the scan before was not sure of all that it saw"),
        Ok(Err(why)) => tracing::warn!(why, "no second look"),
        Err(error) => tracing::error!(%error, "no second look"),
    }
}
