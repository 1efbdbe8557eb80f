//! Takes pictures from a source, never for longer than the deadline.
//!
//! Every source works in a thread of its own, and a Video4Linux camera in a process of its own: a driver, pipe or network
//! folder that hangs keeps that thread or process, but never the scan. See docs/CAPTURE.md for the reasons.

mod child;
mod command;
mod decode;
mod digest;
mod error;
mod helper;
mod http;
mod jpegs;
pub mod light;
mod mjpeg;
mod stills;
mod v4l2;

use std::io::{self, Read, Write};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use image::RgbImage;

use crate::source::SourceSpec;
pub use decode::decode;
pub use error::CaptureError;
pub use helper::Helper;
pub use v4l2::{Webcam, webcams};

/// No source may deliver more bytes than this for one picture (64 MiB).
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Of a folder, a stream or a program's output at most this many pictures are read.
pub const MAX_FRAMES: usize = 9;
/// All pictures of a burst together have at most this many pixels (three bytes each), else the first ones are left out.
const MAX_BURST_PIXELS: u64 = 68_000_000;
/// First wait after a fault that may pass; it doubles up to [`LAST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LAST_WAIT: Duration = Duration::from_secs(2);

/// One picture of a source.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The camera's own JPEG, if it sent one.
    pub bytes: Option<Vec<u8>>,
    /// The picture, upright.
    pub image: RgbImage,
}

impl Frame {
    fn pixels(&self) -> u64 {
        u64::from(self.image.width()) * u64::from(self.image.height())
    }
}

/// How many pictures are wanted of a camera, and how.
#[derive(Debug, Clone)]
pub struct Shots {
    /// How many, 1 to [`MAX_FRAMES`]. A program or web server that gives one at a time is asked for three at the most.
    pub frames: usize,
    /// Least time between two.
    pub spacing: Duration,
    /// What holds a Video4Linux camera; none = this program reads no such camera.
    pub helper: Option<Helper>,
}

/// What a source gave.
#[derive(Debug)]
pub struct Burst {
    /// The pictures that differ, in the order in which they were taken; never empty.
    pub frames: Vec<Frame>,
    /// How often the camera was asked: two equal pictures are told as one frame.
    pub shots: usize,
    /// Faults that were overcome, a line each.
    pub overcome: Vec<String>,
}

/// Takes pictures; ends with an error at the latest shortly after the deadline. Faults that may pass are tried again until then.
pub fn capture(spec: &SourceSpec, shots: &Shots, deadline: Duration) -> Result<Burst, CaptureError> {
    let until = Instant::now() + deadline;
    let mut overcome = Vec::new();
    let mut wait = FIRST_WAIT;
    let still = matches!(spec, SourceSpec::File(_) | SourceSpec::Dir(_));
    loop {
        let error = match attempt(spec, shots, until) {
            Ok((frames, shots)) => return Ok(Burst { frames, shots, overcome }),
            // The deadline is the whole scan's, not this attempt's.
            Err(CaptureError::Deadline { what, .. }) if overcome.is_empty() => {
                return Err(CaptureError::Deadline { what, seconds: deadline.as_secs_f64() });
            }
            Err(error) => error,
        };
        if let CaptureError::Deadline { .. } = error {
            // What went wrong before tells more than that time is up.
            let problem = format!("{error}; before that: {}", overcome.join("; "));
            return Err(CaptureError::Device { problem, passing: false });
        }
        if still || !error.may_pass() || Instant::now() + wait >= until {
            return Err(error);
        }
        let word = error.to_string();
        if overcome.last() != Some(&word) {
            overcome.push(word);
        }
        thread::sleep(wait);
        wait = (wait * 2).min(LAST_WAIT);
    }
}

/// One try, on a thread that is left behind if it hangs.
fn attempt(spec: &SourceSpec, shots: &Shots, until: Instant) -> Result<(Vec<Frame>, usize), CaptureError> {
    let (sender, receiver) = mpsc::channel();
    let (work, how) = (spec.clone(), shots.clone());
    thread::Builder::new()
        .name("capture".into())
        // The receiver is gone when the deadline has passed: then nobody wants the pictures any more.
        .spawn(move || drop(sender.send(take(&work, &how, until))))
        .map_err(|error| CaptureError::Read { what: spec.to_string(), error })?;
    // A little grace lets a source that keeps the deadline itself say what it was waiting for.
    let left = until.saturating_duration_since(Instant::now());
    match receiver.recv_timeout(left + Duration::from_millis(800)) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => {
            Err(CaptureError::Deadline { what: spec.to_string(), seconds: left.as_secs_f64() })
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(CaptureError::Device { problem: format!("reading {spec} broke off"), passing: true })
        }
    }
}

fn take(spec: &SourceSpec, shots: &Shots, until: Instant) -> Result<(Vec<Frame>, usize), CaptureError> {
    let all = |frames: Vec<Frame>| {
        let count = frames.len();
        (frames, count)
    };
    match spec {
        SourceSpec::File(path) => stills::file(path).map(|frame| all(vec![frame])),
        SourceSpec::Dir(path) => stills::folder(path).map(all),
        SourceSpec::V4l2 { .. } => {
            let missing =
                || CaptureError::Device { problem: format!("{spec} cannot be read by this program"), passing: false };
            let helper = shots.helper.as_ref().ok_or_else(missing)?;
            helper::take(helper, spec, shots, until).map(all)
        }
        SourceSpec::Command { program, args } => {
            stills::one_by_one(shots, until, || command::pictures(program, args, spec, until))
        }
        SourceSpec::Http(url) => stills::one_by_one(shots, until, || http::picture(url, until)),
        SourceSpec::Rtsp(url) => stills::all(&command::rtsp(url, spec, shots, until)?).map(all),
    }
}

/// What a [`Helper`] does: takes pictures of a Video4Linux camera and writes them to `out`. The process must then end; see
/// docs/CAPTURE.md. What went wrong with the camera is told in the stream; the error is of writing only.
pub fn serve(spec: &SourceSpec, shots: &Shots, deadline: Duration, out: &mut dyn Write) -> io::Result<()> {
    let result = match spec {
        SourceSpec::V4l2 { device, mode } => {
            let mut each = |shot: &helper::Shot| helper::write(out, shot);
            v4l2::stream(device, mode, shots, Instant::now() + deadline, &mut each)
        }
        other => Err(CaptureError::Device { problem: format!("{other} needs no helper"), passing: false }),
    };
    helper::write_end(out, &result)
}

/// Decodes one after another as long as the pictures fit into memory together. Torn pictures are usual on USB and at the end of
/// a stream: they are passed over when there are others.
fn decoded<T>(
    sources: impl Iterator<Item = T>,
    decode: impl Fn(T) -> Result<Frame, CaptureError>,
) -> Result<Vec<Frame>, CaptureError> {
    let (mut frames, mut pixels, mut fault) = (Vec::new(), 0, None);
    for source in sources {
        match decode(source) {
            Ok(frame) => {
                pixels += frame.pixels();
                if pixels > MAX_BURST_PIXELS && !frames.is_empty() {
                    break;
                }
                frames.push(frame);
            }
            Err(error) => fault = Some(error),
        }
    }
    match fault {
        Some(error) if frames.is_empty() => Err(error),
        _ => Ok(frames),
    }
}

/// Reads to the end, but no more than [`MAX_BYTES`].
fn read_bounded(reader: impl Read, what: &str) -> Result<Vec<u8>, CaptureError> {
    let mut bytes = Vec::new();
    let read = reader.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| CaptureError::Read { what: what.to_owned(), error })?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(CaptureError::TooLarge(what.to_owned()));
    }
    Ok(bytes)
}
