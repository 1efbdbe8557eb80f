//! Runs a program and reads its output, never past a moment, and leaves nothing of it behind.

use std::io::{ErrorKind, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::CaptureError;
use crate::source::redact;

/// Of the program's complaints only so much is read, in bytes.
const MAX_STDERR: u64 = 64 * 1024;
/// After a kill a child is gone at once, unless a driver holds it; then it is left to the system.
const LAST_WAIT: Duration = Duration::from_millis(500);

/// A child that is killed with all its descendants when it is dropped.
struct Group {
    child: Child,
    /// Waited for: its number may be another's by now.
    reaped: bool,
}

impl Group {
    fn id(&self) -> Option<Pid> {
        i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
    }

    /// Whether the child has ended. It is not waited for, so that its number stays its own until the group is killed.
    fn ended(&self) -> std::io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match self.id() {
            Some(id) => Ok(waitid(WaitId::Pid(id), options)?.is_some()),
            None => Ok(true),
        }
    }

    fn kill(&self) {
        if let Some(group) = self.id() {
            // An error says that the group is gone already.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }

    /// How the child ended. What it left running in its group must not outlive it.
    fn end(&mut self) -> std::io::Result<ExitStatus> {
        self.kill();
        let status = self.child.wait()?;
        self.reaped = true;
        Ok(status)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.reaped {
            return;
        }
        self.kill();
        let until = Instant::now() + LAST_WAIT;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < until {
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Starts the command, lets `read` consume its standard output, and waits for success until `until`.
///
/// `what` names the source in messages. Whatever happens, the program and its children do not go on.
pub(super) fn output<T: Send + 'static>(
    command: &mut Command,
    what: &str,
    until: Instant,
    read: impl FnOnce(ChildStdout) -> Result<T, CaptureError> + Send + 'static,
) -> Result<T, CaptureError> {
    let start = Instant::now();
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = match command.spawn() {
        Ok(child) => Group { child, reaped: false },
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(failed(missing(&program), false)),
        Err(error) => return Err(failed(format!("cannot start {program}: {error}"), true)),
    };
    let result = child.child.stdout.take().map(|stdout| aside(move || read(stdout)));
    let said = child.child.stderr.take().map(|stderr| aside(move || last_line(stderr)));
    let late = || CaptureError::Deadline { what: what.to_owned(), seconds: (until - start).as_secs_f64() };
    let left = until.saturating_duration_since(Instant::now());
    let result = result.and_then(|result| result.recv_timeout(left).ok()).ok_or_else(late)?;
    if matches!(result, Err(CaptureError::TooLarge(_))) {
        return result; // The program may be waiting for us to read on: it would never end by itself.
    }
    let lost = |error: std::io::Error| failed(format!("cannot wait for {program}: {error}"), false);
    while !child.ended().map_err(lost)? {
        if Instant::now() >= until {
            return Err(late());
        }
        thread::sleep(Duration::from_millis(2));
    }
    let status = child.end().map_err(lost)?;
    if status.success() {
        return result;
    }
    let said = said.and_then(|said| said.recv_timeout(Duration::from_millis(200)).ok()).unwrap_or_default();
    let said = if said.is_empty() { String::new() } else { format!(": {}", redact(&said)) };
    Err(failed(format!("{program} failed ({status}){said}"), true))
}

/// Does the work on a thread of its own; its result can be waited for with a limit.
fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> mpsc::Receiver<T> {
    let (sender, receiver) = mpsc::channel();
    // The receiver may be gone: then nobody wants the result any more.
    thread::spawn(move || drop(sender.send(work())));
    receiver
}

fn failed(problem: String, passing: bool) -> CaptureError {
    CaptureError::Program { problem, passing }
}

fn missing(program: &str) -> String {
    match program {
        "ffmpeg" => "ffmpeg is needed for rtsp:// sources and is not installed: apt install ffmpeg".into(),
        "rpicam-still" => "rpicam-still is not installed: apt install rpicam-apps".into(),
        _ => format!("the program {program} is not installed, or not on PATH"),
    }
}

fn last_line(stderr: impl Read) -> String {
    let mut text = Vec::new();
    let mut stderr = stderr.take(MAX_STDERR);
    // What came before an error is still worth telling.
    let _ = stderr.read_to_end(&mut text);
    // Read on without keeping it, or a talkative program would wait for ever on a full pipe.
    let _ = std::io::copy(&mut stderr.into_inner(), &mut std::io::sink());
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.trim().chars().take(300).collect()
}
