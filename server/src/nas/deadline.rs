//! Work on a folder that may hang: on a thread of its own, step by step, each with a deadline.

use std::{
    sync::mpsc::{self, RecvTimeoutError, Sender},
    time::Duration,
};

use anyhow::bail;

/// One step (open, read, write or name one file) may take so long.
pub(crate) const STEP: Duration = Duration::from_secs(20);

/// Where the work says what it does next.
pub(crate) struct Steps(Sender<Said>);

enum Said {
    Next(String),
}

impl Steps {
    /// The step before is done; this one begins.
    pub(crate) fn next(&self, what: impl Into<String>) {
        // Whoever has given up listens no more: the work ends with its next step, or never.
        let _ = self.0.send(Said::Next(what.into()));
    }
}

/// Runs the work. A step that takes longer than `step` ends the waiting; the thread that hangs is left behind and ends
/// with the process, which should therefore not live long.
pub(crate) fn run<T: Send + 'static>(
    step: Duration,
    work: impl FnOnce(&Steps) -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let (sender, steps) = mpsc::channel();
    let worker = std::thread::spawn(move || work(&Steps(sender)));
    let mut doing = "begin".to_owned();
    loop {
        match steps.recv_timeout(step) {
            Ok(Said::Next(what)) => doing = what,
            // The work is done, and its end of the channel with it.
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => bail!(
                "the NAS does not answer: it was asked to {doing} and has not done so for {} s. Nothing is lost: it is tried again",
                step.as_secs_f32()
            ),
        }
    }
    match worker.join() {
        Ok(done) => done,
        Err(_) => bail!("the work on the NAS broke off ({doing})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_hangs_is_left_behind_and_named() {
        let (hold, held) = mpsc::channel::<()>();
        let hung = run(Duration::from_millis(50), move |steps| {
            steps.next("read a.jpg");
            // Until the test is over: as a file of a dead NAS.
            let _ = held.recv();
            Ok(())
        });
        let said = hung.expect_err("hangs").to_string();
        assert!(said.contains("asked to read a.jpg"), "{said}");
        drop(hold);
        assert_eq!(run(STEP, |_| Ok(7)).expect("done"), 7);
    }
}
