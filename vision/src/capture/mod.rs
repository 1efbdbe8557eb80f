//! Takes pictures from a source, never for longer than the deadline.
//!
//! Every source works in a thread (or a process) of its own: a driver, pipe or network folder that hangs
//! keeps that thread, but never the scan.

mod command;
mod decode;
mod http;
mod mjpeg;
mod v4l2;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use image::RgbImage;

use crate::source::SourceSpec;
pub use decode::decode;

/// No source may deliver more bytes than this for one picture (64 MiB).
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Of a folder at most this many pictures are read, the last by name.
pub const MAX_FRAMES: usize = 9;

/// One picture of a source.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The camera's own JPEG, if it sent one.
    pub bytes: Option<Vec<u8>>,
    /// The picture, upright.
    pub image: RgbImage,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The source did not answer in time.
    #[error("{what} gave no picture within {seconds:.1} s")]
    Deadline {
        /// The source, without credentials.
        what: String,
        /// The time allowed, in seconds.
        seconds: f64,
    },
    /// A file or device cannot be read.
    #[error("cannot read {what}: {error}")]
    Read {
        /// File, folder or device.
        what: String,
        /// The system's word.
        error: std::io::Error,
    },
    /// The folder holds no picture.
    #[error("{0} holds no .jpg, .jpeg, .png or .webp file")]
    EmptyFolder(PathBuf),
    /// More bytes than [`MAX_BYTES`].
    #[error("{0} sent more than 64 MiB for one picture")]
    TooLarge(String),
    /// The bytes are no picture, are cut off, or would unpack to an absurd size.
    #[error("the picture cannot be used: {0}")]
    Picture(String),
    /// A program could not be started, or failed.
    #[error("{0}")]
    Program(String),
    /// The camera's web server refused or failed.
    #[error("{what}: {problem}")]
    Http {
        /// The address without credentials.
        what: String,
        /// What went wrong.
        problem: String,
    },
    /// A Video4Linux device is busy, unplugged or speaks no known format.
    #[error("{0}")]
    Device(String),
}

/// Takes one or more pictures; ends with an error at the latest shortly after the deadline.
pub fn capture(spec: &SourceSpec, deadline: Duration) -> Result<Vec<Frame>, CaptureError> {
    let until = Instant::now() + deadline;
    let (sender, receiver) = mpsc::channel();
    let work = spec.clone();
    let late = || CaptureError::Deadline { what: spec.to_string(), seconds: deadline.as_secs_f64() };
    thread::Builder::new()
        .name("capture".into())
        // The receiver is gone when the deadline has passed: then nobody wants the pictures any more.
        .spawn(move || drop(sender.send(take(&work, until))))
        .map_err(|error| CaptureError::Read { what: spec.to_string(), error })?;
    // A little grace lets a source that keeps the deadline itself say what it was waiting for.
    match receiver.recv_timeout(deadline + Duration::from_millis(300)) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(late()),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(CaptureError::Device(format!("reading {spec} broke off; the device may have been unplugged")))
        }
    }
}

fn take(spec: &SourceSpec, until: Instant) -> Result<Vec<Frame>, CaptureError> {
    match spec {
        SourceSpec::File(path) => Ok(vec![frame_of(read_file(path)?)?]),
        SourceSpec::Dir(path) => take_dir(path),
        SourceSpec::V4l2(path) => v4l2::take(path, until),
        SourceSpec::Command { program, args } => Ok(vec![frame_of(command::picture(program, args, spec, until)?)?]),
        SourceSpec::Http(url) => Ok(vec![frame_of(http::picture(url, until)?)?]),
        SourceSpec::Rtsp(url) => {
            let args = ["-nostdin", "-loglevel", "error", "-rtsp_transport", "tcp", "-i", url];
            let output = ["-frames:v", "1", "-f", "image2", "-c:v", "mjpeg", "-q:v", "2", "-"];
            let args: Vec<String> = args.into_iter().chain(output).map(str::to_owned).collect();
            Ok(vec![frame_of(command::picture("ffmpeg", &args, spec, until)?)?])
        }
    }
}

fn frame_of(bytes: Vec<u8>) -> Result<Frame, CaptureError> {
    let image = decode(&bytes)?;
    let jpeg = bytes.starts_with(&[0xff, 0xd8]);
    Ok(Frame { bytes: jpeg.then_some(bytes), image })
}

fn take_dir(path: &Path) -> Result<Vec<Frame>, CaptureError> {
    let unreadable = |error| CaptureError::Read { what: path.display().to_string(), error };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let ending = file.extension().map(|e| e.to_string_lossy().to_lowercase());
        if ending.is_some_and(|e| ["jpg", "jpeg", "png", "webp"].contains(&e.as_str())) {
            names.push(file);
        }
    }
    if names.is_empty() {
        return Err(CaptureError::EmptyFolder(path.to_owned()));
    }
    names.sort();
    let first = names.len().saturating_sub(MAX_FRAMES);
    names[first..].iter().map(|name| frame_of(read_file(name)?)).collect()
}

fn read_file(path: &Path) -> Result<Vec<u8>, CaptureError> {
    let what = path.display().to_string();
    let unreadable = |error| CaptureError::Read { what: what.clone(), error };
    read_bounded(File::open(path).map_err(unreadable)?, &what)
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
