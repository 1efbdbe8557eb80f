//! The child process that decodes: a hostile picture ends it and nothing else, and the models' memory is gone with it.

use std::{process::Stdio, time::Duration};

use labels::{Label, Page};
use serde::{Deserialize, Serialize};
use tokio::process::Command;

use super::{google::Sendable, upload::Shots};
use crate::problem::Problem;

/// A reading takes a second or two; on a box that scans meanwhile some more.
pub(super) const DEADLINE: Duration = Duration::from_secs(45);

/// What the child is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// Read the shots by the local models.
    Read,
    /// Make of them what may be sent to another machine.
    Clean,
}

/// What the child says on its standard output.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    /// What was read, shot by shot, and what it means.
    Read { pages: Vec<Page>, label: Box<Label> },
    /// The shots as they may be sent.
    Clean(Vec<Sendable>),
    /// Why a shot cannot be used.
    Shot(String),
    /// No reader is set up, and how to.
    Missing(String),
}

/// Starts the child and waits for its word, which is no error of the shots or of the set-up.
pub(super) async fn ask(task: Task, shots: &Shots) -> Result<Told, Problem> {
    let mut command = Command::new("/proc/self/exe");
    command.args(["labels", "shots"]).stderr(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    if task == Task::Clean {
        command.arg("--clean");
    }
    command.stdin(Stdio::from(shots.file()?));
    let output = tokio::time::timeout(DEADLINE, command.output()).await;
    let output = output.map_err(|_| Problem::unavailable("the label was not read in time; try a smaller picture"))?;
    let output = output.map_err(|error| {
        tracing::error!(%error, "the reader of labels cannot be started");
        Problem::unavailable("the reader of labels cannot be started; the server's log has the cause")
    })?;
    match serde_json::from_slice(&output.stdout) {
        Ok(Told::Shot(why)) => Err(Problem::field("shot", why)),
        Ok(Told::Missing(cure)) => Err(Problem::unavailable(cure)),
        Ok(told) => Ok(told),
        // It was killed, or has panicked.
        Err(_) => {
            let said = String::from_utf8_lossy(&output.stderr);
            tracing::error!(status = %output.status, said = said.trim(), "the reader of labels broke off");
            Err(broke_off())
        }
    }
}

/// What the child has said is not what it was asked for.
pub(super) fn broke_off() -> Problem {
    Problem::unavailable("the reader of labels broke off; the server's log has the cause")
}
