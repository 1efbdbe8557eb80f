//! Cameras behind a program: it writes pictures to its standard output.

use std::process::Command;
use std::time::Instant;

use super::{CaptureError, Shots, child, read_bounded};
use crate::source::SourceSpec;

/// What the program writes in one run: one picture, or several JPEGs after one another.
pub(super) fn pictures(
    program: &str,
    args: &[String],
    spec: &SourceSpec,
    until: Instant,
) -> Result<Vec<u8>, CaptureError> {
    let what = spec.to_string();
    let name = what.clone();
    child::output(Command::new(program).args(args), &what, until, move |out| read_bounded(out, &name))
}

/// `shots.frames` pictures of a stream, taken by one ffmpeg: to connect takes longer than to look.
pub(super) fn rtsp(url: &str, spec: &SourceSpec, shots: &Shots, until: Instant) -> Result<Vec<u8>, CaptureError> {
    let rate = (1.0 / shots.spacing.as_secs_f64().max(0.04)).min(25.0);
    let (rate, frames) = (format!("fps={rate:.3}"), shots.frames.to_string());
    let input = ["-nostdin", "-loglevel", "error", "-rtsp_transport", "tcp", "-i", url];
    let output = ["-an", "-vf", &rate, "-frames:v", &frames, "-f", "image2pipe", "-c:v", "mjpeg", "-q:v", "2", "-"];
    let args: Vec<String> = input.into_iter().chain(output).map(str::to_owned).collect();
    pictures("ffmpeg", &args, spec, until)
}
