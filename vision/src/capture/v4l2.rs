//! Takes pictures from a Video4Linux device such as a USB webcam.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use image::RgbImage;
use v4l::FourCC;
use v4l::buffer::Type;
use v4l::io::traits::CaptureStream;
use v4l::prelude::*;
use v4l::video::Capture;

use super::{CaptureError, Frame, decode, mjpeg};

/// Pictures thrown away while the camera finds its exposure.
const WARM_UP: usize = 10;
/// Pictures kept, for the median over time.
const KEPT: usize = 3;

pub(super) fn take(path: &Path, until: Instant) -> Result<Vec<Frame>, CaptureError> {
    let failed = |error: io::Error| CaptureError::Device(explain(path, &error));
    let device = Device::with_path(path).map_err(failed)?;
    let mut format = device.format().map_err(failed)?;
    (format.width, format.height) = (1920, 1080);
    let mut accepted = None;
    for code in [b"MJPG", b"YUYV"] {
        format.fourcc = FourCC::new(code);
        // A driver may answer with another format than the one asked for: only its answer counts.
        match device.set_format(&format) {
            Ok(actual) if actual.fourcc == FourCC::new(code) => {
                accepted = Some(actual);
                break;
            }
            Ok(_) => {}
            Err(error) if error.raw_os_error() == Some(16) => return Err(failed(error)),
            Err(_) => {}
        }
    }
    let format = accepted.ok_or_else(|| {
        CaptureError::Device(format!(
            "{} gives neither MJPEG nor YUYV; for a Raspberry Pi camera use cmd:rpicam-still -n -t 2000 -e jpg -o -",
            path.display()
        ))
    })?;
    let mut stream = MmapStream::with_buffers(&device, Type::VideoCapture, 4).map_err(failed)?;
    let mut frames = Vec::with_capacity(KEPT);
    for taken in 0..WARM_UP + KEPT {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        stream.set_timeout(left.min(Duration::from_secs(5)));
        let (buffer, meta) = stream.next().map_err(failed)?;
        if taken >= WARM_UP {
            // The buffer is as long as the largest picture; only its first `bytesused` bytes are this one.
            let used = buffer.len().min(meta.bytesused as usize);
            frames.push(frame_of(&buffer[..used], &format));
        }
    }
    // A torn picture now and then is usual on USB: one good one is enough.
    let (good, bad): (Vec<_>, Vec<_>) = frames.into_iter().partition(Result::is_ok);
    let good: Vec<Frame> = good.into_iter().flatten().collect();
    match bad.into_iter().find_map(Result::err) {
        _ if !good.is_empty() => Ok(good),
        Some(error) => Err(error),
        None => Err(CaptureError::Device(format!("{} gave no picture in time", path.display()))),
    }
}

fn frame_of(bytes: &[u8], format: &v4l::Format) -> Result<Frame, CaptureError> {
    if format.fourcc == FourCC::new(b"MJPG") {
        let image = decode(bytes)?;
        return Ok(Frame { bytes: Some(mjpeg::with_huffman_tables(bytes).into_owned()), image });
    }
    let image = yuyv(bytes, format.width, format.height, format.stride)
        .ok_or_else(|| CaptureError::Picture("the camera's picture is cut off".into()))?;
    Ok(Frame { bytes: None, image })
}

/// YUYV 4:2:2 (BT.601, limited range) to RGB; none if bytes are missing.
fn yuyv(bytes: &[u8], width: u32, height: u32, stride: u32) -> Option<RgbImage> {
    let row_bytes = width as usize * 2;
    let stride = (stride as usize).max(row_bytes);
    let mut out = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height as usize {
        let row = bytes.get(y * stride..y * stride + row_bytes)?;
        for quad in row.chunks_exact(4) {
            let (u, v) = (f32::from(quad[1]) - 128.0, f32::from(quad[3]) - 128.0);
            for luma in [quad[0], quad[2]] {
                let luma = 1.164 * (f32::from(luma) - 16.0);
                let rgb = [luma + 1.596 * v, luma - 0.392 * u - 0.813 * v, luma + 2.017 * u];
                out.extend(rgb.map(|c| c as u8));
            }
        }
    }
    RgbImage::from_raw(width, height, out)
}

fn explain(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match (error.raw_os_error(), error.kind()) {
        (Some(16), _) => format!("{path} is in use by another program"),
        (Some(19), _) => format!("{path} was unplugged"),
        (_, io::ErrorKind::NotFound) => format!("there is no camera at {path}: is it plugged in?"),
        (_, io::ErrorKind::PermissionDenied) => {
            format!("{path} may not be opened: add the service's user to the group video")
        }
        (_, io::ErrorKind::TimedOut) => format!("{path} sent no picture in time"),
        _ => format!("{path}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_yuyv() {
        let image = yuyv(&[126, 128, 126, 128].repeat(8), 4, 4, 8).expect("complete");
        assert_eq!(image.dimensions(), (4, 4));
        assert!(image.as_raw().iter().all(|v| (127..=129).contains(v)));
        assert!(yuyv(&[0; 31], 4, 4, 8).is_none());
    }
}
