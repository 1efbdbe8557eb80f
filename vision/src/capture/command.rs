//! Runs a program that writes one picture to its standard output.

use std::io::{ErrorKind, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::{CaptureError, read_bounded};
use crate::source::{SourceSpec, redact};

/// Of the program's complaints only so much is kept, in bytes.
const MAX_STDERR: u64 = 64 * 1024;

/// A child that is killed with all its descendants when it is dropped.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(Some(_))) {
            // std can kill the child but not its group; the shell's own `kill` can.
            let group = format!("kill -9 -{}", self.0.id());
            let quiet = Command::new("/bin/sh").args(["-c", &group]).stderr(Stdio::null()).status();
            drop(quiet);
            drop(self.0.kill());
        }
        drop(self.0.wait());
    }
}

pub(super) fn picture(
    program: &str,
    args: &[String],
    spec: &SourceSpec,
    until: Instant,
) -> Result<Vec<u8>, CaptureError> {
    let start = Instant::now();
    let failed = |problem: String| CaptureError::Program(problem);
    let child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn();
    let mut child = match child {
        Ok(child) => Group(child),
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(failed(missing(program))),
        Err(error) => return Err(failed(format!("cannot start {program}: {error}"))),
    };
    let what = spec.to_string();
    let (out, out_ready) = mpsc::channel();
    if let Some(stdout) = child.0.stdout.take() {
        thread::spawn(move || drop(out.send(read_bounded(stdout, &what))));
    }
    let (err, err_ready) = mpsc::channel();
    if let Some(stderr) = child.0.stderr.take() {
        thread::spawn(move || {
            let mut text = Vec::new();
            drop(stderr.take(MAX_STDERR).read_to_end(&mut text));
            drop(err.send(last_line(&text)));
        });
    }
    let late = || CaptureError::Deadline { what: spec.to_string(), seconds: (until - start).as_secs_f64() };
    let bytes = match out_ready.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(bytes) => bytes?,
        Err(_) => return Err(late()),
    };
    loop {
        match child.0.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(bytes),
            Ok(Some(status)) => {
                let said = err_ready.recv_timeout(Duration::from_millis(200)).unwrap_or_default();
                let said = if said.is_empty() { String::new() } else { format!(": {}", redact(&said)) };
                return Err(failed(format!("{program} failed ({status}){said}")));
            }
            Ok(None) if Instant::now() >= until => return Err(late()),
            Ok(None) => thread::sleep(Duration::from_millis(10)),
            Err(error) => return Err(failed(format!("cannot wait for {program}: {error}"))),
        }
    }
}

fn missing(program: &str) -> String {
    match program {
        "ffmpeg" => "ffmpeg is needed for rtsp:// sources and is not installed: apt install ffmpeg".into(),
        "rpicam-still" => "rpicam-still is not installed: apt install rpicam-apps".into(),
        _ => format!("the program {program} is not installed, or not on PATH"),
    }
}

fn last_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.trim().chars().take(300).collect()
}
