//! The second lane to a scan: something moves before the rack, and when it has been quiet for a while the rack is looked at. The
//! scan is the same as that of the timer and of "scan now", behind the same lock.

pub(crate) mod again;
mod debounce;
mod frames;
pub(crate) mod watcher;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use app::ctx::Fact;
use tokio::sync::{Notify, watch};

use crate::{cli::Lanes, config};
use debounce::Debounce;
pub(crate) use frames::watch as watch_frames;

/// Starts a scan; the error says who is scanning already.
type Start = Arc<dyn Fn() -> Result<(), String> + Send + Sync>;

/// Takes note of motion. Clones share it.
#[derive(Clone)]
pub(crate) struct Motion(Arc<Shared>);

struct Shared {
    notes: Mutex<Notes>,
    /// Wakes the task that waits.
    moved: Notify,
}

/// What is known.
struct Notes {
    debounce: Debounce,
    /// When and by whom motion was told last, for people.
    last: Option<(models::Instant, String)>,
    /// What became of the last scan that was due.
    outcome: Option<String>,
}

impl Motion {
    /// Nothing has moved yet.
    pub(crate) fn new(lanes: &Lanes) -> Self {
        let seconds = |n: u32| Duration::from_secs(u64::from(n));
        let debounce = Debounce::new(seconds(lanes.motion_quiet), seconds(lanes.motion_pause));
        let notes = Mutex::new(Notes { debounce, last: None, outcome: None });
        Self(Arc::new(Shared { notes, moved: Notify::new() }))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Notes) -> T) -> T {
        work(&mut self.0.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Something moves; gives in how many seconds the rack will be looked at if nothing more does.
    pub(crate) fn seen(&self, by: &str) -> u64 {
        let now = Instant::now();
        let wait = self.with(|notes| {
            notes.last = Some((config::now(), by.to_owned()));
            notes.debounce.moved(now);
            notes.debounce.due().map_or(0, |due| due.saturating_duration_since(now).as_secs_f64().ceil() as u64)
        });
        self.0.moved.notify_one();
        wait
    }

    /// Starts scans when they are due, until the server stops.
    pub(crate) async fn run(self, start: Start, mut stopping: watch::Receiver<bool>) {
        loop {
            let due = self.with(|notes| notes.debounce.due());
            let wait = async {
                match due {
                    Some(due) => tokio::time::sleep_until(due.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = wait => self.scan(&start).await,
                () = self.0.moved.notified() => {}
                _ = stopping.changed() => return,
            }
        }
    }

    async fn scan(&self, start: &Start) {
        let now = Instant::now();
        if !self.with(|notes| notes.debounce.due().is_some_and(|due| due <= now)) {
            // Something moved at the last moment.
            return;
        }
        let start = start.clone();
        let started = tokio::task::spawn_blocking(move || start()).await.unwrap_or_else(|error| Err(error.to_string()));
        self.with(|notes| {
            let time = config::now().format("%F %T");
            notes.outcome = Some(match started {
                Ok(()) => {
                    notes.debounce.started(now);
                    format!("scan started {time} UTC")
                }
                Err(why) => {
                    let again = notes.debounce.refused(now);
                    tracing::warn!(why, again, "no scan after motion");
                    format!("no scan {time} UTC: {why}")
                }
            });
        });
    }

    /// A line of the health page, once something has moved.
    pub(crate) fn fact(&self) -> Option<Fact> {
        self.with(|notes| {
            let (at, by) = notes.last.as_ref()?;
            let next = match (notes.debounce.due(), &notes.outcome) {
                (Some(due), _) => {
                    format!("a scan in {} s", due.saturating_duration_since(Instant::now()).as_secs())
                }
                (None, Some(outcome)) => outcome.clone(),
                (None, None) => String::new(),
            };
            Some(Fact::ok("motion", format!("last told {} UTC by {by}; {next}", at.format("%F %T"))))
        })
    }
}
