//! The child process that decodes: a hostile picture ends it and nothing else, and the models' memory is gone with it.

use std::{process::Stdio, time::Duration};

use labels::{Label, Page, codes::Code};
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
    /// Read codes, and no letters.
    Codes,
}

/// What the child says on the first line of its standard output. Behind it stands the front as a JPEG to keep: turned, of
/// at most 1200 pixels, without anything beside the picture.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    /// What was read, shot by shot, what it means, and the codes on the shots. No letters were read where a code says all.
    Read { pages: Vec<Page>, label: Box<Label>, codes: Vec<Code> },
    /// The shots as they may be sent, and the codes on them.
    Clean { pictures: Vec<Sendable>, codes: Vec<Code> },
    /// Why a shot cannot be used.
    Shot(String),
    /// No reader is set up, and how to.
    Missing(String),
}

/// Starts the child and waits for its word, which is no error of the shots or of the set-up.
pub(super) async fn ask(task: Task, shots: &Shots) -> Result<(Told, Vec<u8>), Problem> {
    let mut command = Command::new("/proc/self/exe");
    command.args(["labels", "shots"]).stderr(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    match task {
        Task::Read => {}
        Task::Clean => drop(command.arg("--clean")),
        Task::Codes => drop(command.arg("--codes")),
    }
    command.stdin(Stdio::from(shots.file()?));
    let output = tokio::time::timeout(DEADLINE, command.output()).await;
    let output = output.map_err(|_| Problem::unavailable("the label was not read in time; try a smaller picture"))?;
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
            Err(broke_off())
        }
    }
}

/// What the child has said is not what it was asked for.
pub(super) fn broke_off() -> Problem {
    Problem::unavailable("the reader of labels broke off; the server's log has the cause")
}
