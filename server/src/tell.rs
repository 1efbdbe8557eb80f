//! Tells others what happens: webhooks, MQTT with Home Assistant, a daily mail ([docs/INTEGRATIONS.md](../../docs/INTEGRATIONS.md)).
//!
//! What is told stands in the outbox of the database. Each target has a task of its own that nobody waits for: a target that does
//! not answer costs no request anything.

pub(crate) mod base64;
mod channel;
mod facts;
mod http;
mod line;
mod mail;
mod message;
mod mqtt;
mod plan;
mod post;
mod problems;
mod quiet;
mod tls;
mod webhook;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use app::ctx::Alarms;
use models::db::{Db, DbError, outbox};
use tokio::{sync::watch, task::JoinSet};

pub(crate) use channel::{Channel, Failure};
pub(crate) use facts::facts;
pub(crate) use http::{Address, Whole, fetch, send};
pub(crate) use mqtt::Publisher;
pub(crate) use plan::{Plan, complaint};

use crate::{
    config::{self, DataDir},
    state::AppState,
    watch::Look,
};

/// Old events are removed so often.
const PRUNE_EVERY: Duration = Duration::from_secs(6 * 3600);

/// What the tasks share.
#[derive(Clone)]
pub(crate) struct Office {
    db: Db,
    plan: Arc<Plan>,
    /// Names this server among several on one database; the same after a restart.
    holder: String,
    revision: watch::Receiver<i64>,
    stopping: watch::Receiver<bool>,
    /// Becomes true when nobody of this program has anything more to say by way of the broker.
    closing: watch::Receiver<bool>,
    /// Whether this server is the one that tells.
    leads: Arc<AtomicBool>,
    data: DataDir,
    /// What the camera is doing; empty: nothing.
    stage: watch::Receiver<String>,
    start_scan: Arc<dyn Fn() -> Result<(), String> + Send + Sync>,
    /// What the first screen shows.
    alarms: Alarms,
}

/// Starts what is set; returns at once. The tasks that are given end by themselves after a stop, with a last word to others.
pub(crate) fn start(
    state: &AppState,
    plan: Arc<Plan>,
    look: Look,
    port: u16,
    closing: watch::Receiver<bool>,
) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    for complaint in &plan.complaints {
        tracing::error!(complaint, "a target is left out");
    }
    let office = Office {
        db: state.store.0.clone(),
        plan: plan.clone(),
        holder: format!("{}:{port}", config::host()),
        revision: state.app.revision.clone(),
        stopping: state.stopping.clone(),
        closing,
        leads: Arc::new(AtomicBool::new(false)),
        data: state.data.clone(),
        stage: state.stage.clone(),
        start_scan: state.app.start_scan.clone(),
        alarms: state.app.alarms.clone(),
    };
    tokio::spawn(prune(office.clone()));
    for (i, channel) in plan.channels.iter().enumerate() {
        if let Channel::Mqtt(mqtt) = channel {
            tasks.spawn(mqtt::session::run(office.clone(), mqtt.clone()));
        }
        tasks.spawn(post::run(office.clone(), channel.clone(), i == 0));
    }
    tokio::spawn(problems::watch(office, look));
    tasks
}

impl Office {
    /// Uses the database on a thread that may block, and not for ever: one that is frozen answers nothing.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Db) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let db = self.db.clone();
        let seconds = app::ctx::DEADLINE.as_secs();
        match tokio::time::timeout(app::ctx::DEADLINE, tokio::task::spawn_blocking(move || work(&db))).await {
            Ok(Ok(done)) => done,
            Ok(Err(error)) => Err(DbError::Other(format!("a database thread broke off: {error}"))),
            Err(_) => Err(DbError::Unavailable(format!("no answer within {seconds} s"))),
        }
    }

    fn leads(&self) -> bool {
        self.leads.load(Ordering::Relaxed)
    }

    /// Waits so long; false when the server stops meanwhile.
    async fn pause(&mut self, time: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(time) => true,
            _ = self.stopping.changed() => false,
        }
    }
}

/// Removes what is older than anybody may still ask for.
async fn prune(mut office: Office) {
    // Nobody waits for it, least of all the start.
    let mut wait = Duration::from_secs(60);
    while office.pause(wait).await {
        wait = PRUNE_EVERY;
        let before = config::now() - chrono::TimeDelta::days(2 * i64::from(office.plan.rules.days));
        match office.with(move |db| db.write_aside(|conn| outbox::events_prune(conn, before))).await {
            Ok(0) => {}
            Ok(n) => tracing::info!(n, "old events removed"),
            Err(error) => tracing::warn!(%error, "old events could not be removed"),
        }
    }
}
