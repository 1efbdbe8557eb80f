//! Takes pictures from a Video4Linux device such as a USB webcam, in a process that does nothing else.
//!
//! Rules learnt from drivers and from the `v4l` crate's source: only the format that the driver *answers* counts; a buffer is
//! valid for its first `bytesused` bytes only; without a poll timeout a driver that drops its buffers is waited for for ever;
//! `next` starts the stream, and after a STREAMON that was refused the buffers stay queued, so a new try needs a new stream;
//! `Stream` panics on drop when STREAMOFF fails. So this process makes one try and ends; the kernel tidies up.

mod exposure;
mod fault;
mod list;
mod pixels;

pub use list::{Webcam, webcams};

use std::io;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::time::{Duration, Instant};

use v4l::buffer::{Flags, Type};
use v4l::capability::Flags as Can;
use v4l::io::traits::CaptureStream;
use v4l::prelude::*;
use v4l::video::Capture;
use v4l::{Format, FourCC};

use super::helper::Shot;
use super::{CaptureError, Shots, decode, mjpeg};
use crate::source::Mode;
use exposure::Exposure;
use fault::{broken, explain};
use pixels::{Layout, to_rgb};

/// A camera that sends nothing for so long has lost its buffers; another try may help.
const SILENCE: Duration = Duration::from_secs(5);
/// Pictures thrown away at the most while the camera finds its exposure: 2 s of a usual webcam, more of a slow one.
const MOST_WARM_UP: usize = 60;
/// Broken pictures in a row that are put up with.
const MOST_TORN: usize = 20;
/// Asked for unless the mode says otherwise.
const USUAL_SIZE: (u32, u32) = (1920, 1080);

/// Hands each picture to `each` as it comes. The stream is left to the end of the process: see above.
pub(super) fn stream(
    path: &Path,
    mode: &Mode,
    shots: &Shots,
    until: Instant,
    each: &mut dyn FnMut(&Shot) -> io::Result<()>,
) -> Result<(), CaptureError> {
    let failed = |error: io::Error| explain(path, &error);
    let device = ManuallyDrop::new(Device::with_path(path).map_err(failed)?);
    let can = device.query_caps().map_err(failed)?.capabilities;
    if !can.contains(Can::VIDEO_CAPTURE) || !can.contains(Can::STREAMING) {
        let problem = "sends no pictures; webcams often have a second device for data: try another /dev/videoN";
        return Err(broken(path, problem, false));
    }
    let (format, layout) = negotiate(&device, path, mode)?;
    let mut stream = ManuallyDrop::new(MmapStream::with_buffers(&device, Type::VideoCapture, 4).map_err(failed)?);
    let mut next = || -> Result<Shot, CaptureError> {
        for _ in 0..MOST_TORN {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(broken(path, "sent too few pictures in time", true));
            }
            stream.set_timeout(left.clamp(Duration::from_millis(1), SILENCE));
            let (buffer, meta) = stream.next().map_err(failed)?;
            let used = &buffer[..buffer.len().min(meta.bytesused as usize)];
            if !meta.flags.contains(Flags::ERROR)
                && let Some(shot) = shot(used, &format, layout)
            {
                return Ok(shot);
            }
        }
        Err(broken(path, "sends only broken pictures: check the cable, or ask for a smaller ?size=", true))
    };
    warm_up(&mut next, until)?;
    let mut last = None::<Instant>;
    let mut sent = 0;
    while sent < shots.frames {
        let shot = next()?;
        // Between pictures the stream goes on, or old ones would wait in the queue.
        if last.is_none_or(|last| last.elapsed() >= shots.spacing) {
            each(&shot).map_err(failed)?;
            last = Some(Instant::now());
            sent += 1;
        }
    }
    Ok(())
}

/// Throws pictures away until the exposure is steady, with a bound on their number and on time.
fn warm_up(next: &mut impl FnMut() -> Result<Shot, CaptureError>, until: Instant) -> Result<(), CaptureError> {
    let patience = Instant::now() + until.saturating_duration_since(Instant::now()) / 2;
    let mut exposure = Exposure::default();
    for _ in 0..MOST_WARM_UP {
        if exposure.settles(brightness(&next()?)) || Instant::now() > patience {
            break;
        }
    }
    Ok(())
}

/// Mean luminance, 0 to 1, of every 16th pixel or so.
fn brightness(shot: &Shot) -> f32 {
    let decoded;
    let image = match shot {
        Shot::Pixels(image) => image,
        // A torn picture counts as black: it will not look settled.
        Shot::Jpeg(bytes) => {
            decoded = decode(bytes).unwrap_or_default();
            &decoded
        }
    };
    let (mut sum, mut count) = (0u64, 0u64);
    for pixel in image.as_raw().chunks_exact(3).step_by(17) {
        sum += pixel.iter().map(|value| u64::from(*value)).sum::<u64>();
        count += 3;
    }
    sum as f32 / (count.max(1) as f32 * 255.0)
}

/// The first known format that the driver really gives.
fn negotiate(device: &Device, path: &Path, mode: &Mode) -> Result<(Format, Layout), CaptureError> {
    let failed = |error: io::Error| explain(path, &error);
    let mut wanted = device.format().map_err(failed)?;
    (wanted.width, wanted.height) = mode.size.unwrap_or(USUAL_SIZE);
    // A stride or size left from another format would be taken for a wish.
    (wanted.stride, wanted.size) = (0, 0);
    for (code, layout) in pixels::KNOWN.iter().filter(|(code, _)| mode.format.is_none_or(|only| only == **code)) {
        wanted.fourcc = FourCC::new(code);
        match device.set_format(&wanted) {
            Ok(actual) if actual.fourcc == wanted.fourcc => {
                if !pixels::fits(&actual, *layout) {
                    return Err(broken(path, "answers with an impossible picture size", false));
                }
                return Ok((actual, *layout));
            }
            Ok(_) => {}
            Err(error) if error.raw_os_error() == Some(fault::BUSY) => return Err(failed(error)),
            Err(_) => {}
        }
    }
    let asked = mode.format.map_or_else(
        || "none of the formats known here (MJPEG, YUYV, UYVY, RGB, NV12, grey)".to_owned(),
        |format| format!("no {}", String::from_utf8_lossy(&format)),
    );
    let cure = "for a Raspberry Pi camera use cmd:rpicam-still -n -t 2000 -e jpg -o -";
    Err(broken(path, &format!("gives {asked}; {cure}"), false))
}

/// The picture, or none if bytes are missing.
fn shot(bytes: &[u8], format: &Format, layout: Layout) -> Option<Shot> {
    if layout == Layout::Jpeg {
        return mjpeg::is_whole(bytes).then(|| Shot::Jpeg(bytes.to_vec()));
    }
    to_rgb(bytes, format.width, format.height, format.stride, layout).map(Shot::Pixels)
}
