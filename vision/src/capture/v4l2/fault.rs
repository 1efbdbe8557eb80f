//! What the kernel's answers mean for the owner of a webcam.

use std::io;
use std::path::Path;

use crate::capture::CaptureError;

pub(super) const BUSY: i32 = 16;
const IO: i32 = 5;
const NO_ADDRESS: i32 = 6;
const GONE: i32 = 19;
const INVALID: i32 = 22;
const NO_ROOM: i32 = 28;
const NOT_SUCH: i32 = 25;
const PROTOCOL: i32 = 71;

pub(super) fn broken(path: &Path, problem: &str, passing: bool) -> CaptureError {
    CaptureError::Device { problem: format!("{} {problem}", path.display()), passing }
}

/// The error of a call on the device, as a sentence.
pub(super) fn explain(path: &Path, error: &io::Error) -> CaptureError {
    let (problem, passing) = match (error.raw_os_error(), error.kind()) {
        (Some(BUSY), _) => ("is in use by another program", true),
        (Some(GONE | NO_ADDRESS), _) => ("was unplugged", true),
        (Some(IO), _) => ("reports an I/O error: check the cable and the power supply", true),
        (Some(PROTOCOL), _) => ("lost the connection: check the cable", true),
        (Some(NO_ROOM), _) => ("finds the USB bus full: use another port, or ask for a smaller ?size=", true),
        (Some(INVALID), _) => ("refused to stream (invalid argument)", true),
        (Some(NOT_SUCH), _) => ("is no camera", false),
        (_, io::ErrorKind::NotFound) => ("is not there: is the camera plugged in?", false),
        (_, io::ErrorKind::PermissionDenied) => ("may not be opened: add the service's user to the group video", false),
        (_, io::ErrorKind::TimedOut) => ("sent no picture in time: it lost its buffers, or its cable is loose", true),
        (_, io::ErrorKind::Interrupted) => ("was interrupted", true),
        _ => return broken(path, &format!("fails: {error}"), true),
    };
    broken(path, problem, passing)
}
