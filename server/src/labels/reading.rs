//! The child process that reads: a hostile picture ends it and nothing else, and the models' memory is gone with it.

use std::{io::Write, process::Stdio, sync::Arc, time::Duration};

use labels::Page;
use tokio::{process::Command, sync::Semaphore};

use crate::{labels::pace::Pace, problem::Problem};

/// A reading takes a second or two; on a box that scans meanwhile some more.
const DEADLINE: Duration = Duration::from_secs(45);
/// Readings that may wait for their turn, the one that is read included.
const AT_ONCE: usize = 3;

/// Starts the child processes, one at a time.
#[derive(Clone)]
pub(crate) struct Reading {
    turn: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// How often an address may ask.
    pub(crate) pace: Pace,
}

impl Default for Reading {
    fn default() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), waiting: Arc::new(Semaphore::new(AT_ONCE)), pace: Pace::default() }
    }
}

impl Reading {
    /// The lines on each shot, in their order.
    pub(crate) async fn pages(&self, shots: Vec<Vec<u8>>) -> Result<Vec<Page>, Problem> {
        let busy = |_| Problem::unavailable("other labels are being read; try again in some seconds");
        let _place = self.waiting.clone().try_acquire_owned().map_err(|_| busy(()))?;
        let _turn = tokio::time::timeout(DEADLINE, self.turn.clone().acquire_owned()).await.map_err(|_| busy(()))?;
        // Files without a name: they are gone with the last who holds them.
        let mut command = Command::new("/proc/self/exe");
        command.args(["labels", "shots"]).stderr(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let file = tokio::task::spawn_blocking(move || packed(&shots)).await?.map_err(|error| {
            tracing::error!(%error, "the shots of a label cannot be passed on");
            Problem::unavailable("the shots cannot be kept: is there room?")
        })?;
        command.stdin(Stdio::from(file));
        let output = tokio::time::timeout(DEADLINE, command.output()).await;
        let output =
            output.map_err(|_| Problem::unavailable("the label was not read in time; try a smaller picture"))?;
        let output = output.map_err(|error| {
            tracing::error!(%error, "the reader of labels cannot be started");
            Problem::unavailable("the reader of labels cannot be started; the server's log has the cause")
        })?;
        if output.status.success() {
            return serde_json::from_slice(&output.stdout).map_err(|error| {
                tracing::error!(%error, "the reader of labels says something else");
                Problem::unavailable("the reader of labels broke off")
            });
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or("it said nothing").trim_start_matches("winecellar: ").to_owned();
        // The child tells a picture that cannot be used from a reader that cannot.
        match last.strip_prefix("shot: ") {
            Some(why) => Err(Problem::field("shot", why)),
            None => {
                tracing::warn!(last, "a label was not read");
                Err(Problem::unavailable(last))
            }
        }
    }
}

/// All shots in one file without a name, each after its length.
fn packed(shots: &[Vec<u8>]) -> std::io::Result<std::fs::File> {
    use std::io::Seek;
    let mut file = std::fs::File::from(rustix::fs::memfd_create("shots", rustix::fs::MemfdFlags::CLOEXEC)?);
    for shot in shots {
        file.write_all(&(shot.len() as u64).to_le_bytes())?;
        file.write_all(shot)?;
    }
    file.rewind()?;
    Ok(file)
}
