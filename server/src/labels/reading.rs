//! The child process that reads: a hostile picture ends it and nothing else, and the models' memory is gone with it.

use std::{process::Stdio, sync::Arc, time::Duration};

use labels::{Label, Page, codes::Code};
use serde::{Deserialize, Serialize};
use tokio::{
    process::Command,
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{pace::Pace, upload::Shots};
use crate::{access::Caller, problem::Problem};

/// A reading takes a second or two; on a box that scans meanwhile some more. As long may it wait for its turn.
const DEADLINE: Duration = Duration::from_secs(45);
/// Readings that may wait for their turn, the one that is read included.
const AT_ONCE: usize = 3;

/// What the child says on the first line of its standard output. Behind it stands the front as a JPEG to keep.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    /// What was read, shot by shot, what it means, and the codes on the shots.
    Read { pages: Vec<Page>, label: Box<Label>, codes: Vec<Code> },
    /// Nothing was to be read.
    Photo,
    /// Why a shot cannot be used.
    Shot(String),
    /// No reader is set up, and how to.
    Missing(String),
}

/// What is known of the shots of a bottle.
pub(crate) struct Read {
    /// What was read, shot by shot; nothing where a code of ours told all.
    pub(crate) pages: Vec<Page>,
    /// What it means.
    pub(crate) label: Label,
    /// The codes on the shots.
    pub(crate) codes: Vec<Code>,
    /// The front, turned and made smaller, as a JPEG without anything beside the picture.
    pub(crate) photo: Vec<u8>,
}

/// Starts the child processes, one at a time.
#[derive(Clone)]
pub(crate) struct Reading {
    turn: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    pace: Pace,
}

/// The right to have one bottle's label read.
pub(crate) struct Place(#[allow(dead_code, reason = "held until the reading is over")] OwnedSemaphorePermit);

impl Default for Reading {
    fn default() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), waiting: Arc::new(Semaphore::new(AT_ONCE)), pace: Pace::default() }
    }
}

fn busy() -> Problem {
    Problem::unavailable("other labels are being read; try again in some seconds")
}

impl Reading {
    /// Admits a reading. Asked for before the shots are taken in: what has to wait must not fill the memory.
    pub(crate) fn admit(&self, caller: &Caller) -> Result<Place, Problem> {
        let admitted = self.pace.admit(&caller.from(), std::time::Instant::now());
        admitted.map_err(|wait| Problem::too_often("labels", wait))?;
        self.waiting.clone().try_acquire_owned().map(Place).map_err(|_| busy())
    }

    /// What stands on the shots.
    pub(crate) async fn read(&self, place: Place, shots: Shots) -> Result<Read, Problem> {
        match self.ask("shots", place, shots).await? {
            (Told::Read { pages, label, codes }, photo) => Ok(Read { pages, label: *label, codes, photo }),
            _ => Err(broken()),
        }
    }

    /// The first of the shots as a photo to keep.
    pub(crate) async fn photo(&self, place: Place, shots: Shots) -> Result<Vec<u8>, Problem> {
        Ok(self.ask("photo", place, shots).await?.1)
    }

    async fn ask(&self, what: &str, _place: Place, shots: Shots) -> Result<(Told, Vec<u8>), Problem> {
        let turn = tokio::time::timeout(DEADLINE, self.turn.clone().acquire_owned());
        let _turn = turn.await.map_err(|_| busy())?;
        let mut command = Command::new("/proc/self/exe");
        command.args(["labels", what]).stderr(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        command.stdin(Stdio::from(shots.into_file()?));
        let output = tokio::time::timeout(DEADLINE, command.output()).await;
        let output =
            output.map_err(|_| Problem::unavailable("the label was not read in time; try a smaller picture"))?;
        let mut output = output.map_err(|error| {
            tracing::error!(%error, "the reader of labels cannot be started");
            Problem::unavailable("the reader of labels cannot be started; the server's log has the cause")
        })?;
        let end = output.stdout.iter().position(|byte| *byte == b'\n').unwrap_or(output.stdout.len());
        let photo = output.stdout.split_off((end + 1).min(output.stdout.len()));
        match serde_json::from_slice(&output.stdout) {
            Ok(Told::Shot(why)) => Err(Problem::field("shot", why)),
            Ok(Told::Missing(cure)) => Err(Problem::unavailable(cure)),
            Ok(told) if !photo.is_empty() => Ok((told, photo)),
            // It was killed, or has panicked.
            _ => {
                let said = String::from_utf8_lossy(&output.stderr);
                tracing::error!(status = %output.status, said = said.trim(), "the reader of labels broke off");
                Err(broken())
            }
        }
    }
}

fn broken() -> Problem {
    Problem::unavailable("the reader of labels broke off; the server's log has the cause")
}
