//! Pictures on their way from the child process that holds the camera to the scan: a small stream of frames.
//!
//! Each item is a head of 16 bytes (`WCF1`, kind, three bytes of zero, then width and height or zero and the length as
//! little-endian numbers of 16, 16 and 32 bits) and its bytes. The kinds: `J` a JPEG, `R` an RGB picture, `E` an error's text
//! (with 1 as its first byte where another try may help), `Z` the end.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::Command;
use std::time::Instant;

use image::RgbImage;

use super::{CaptureError, Frame, MAX_BYTES, MAX_FRAMES, Shots, child, decode, decoded, mjpeg};
use crate::source::SourceSpec;

/// The program that is started to hold a Video4Linux camera: `PROGRAM ARGS… SPEC FRAMES SPACING_MS DEADLINE_MS`,
/// which must call [`super::serve`] with these on its standard output.
#[derive(Debug, Clone)]
pub struct Helper {
    /// The program.
    pub program: OsString,
    /// What comes before the source.
    pub args: Vec<OsString>,
}

/// What a camera has sent: bytes that are decoded on this side, or pixels.
#[derive(Debug, PartialEq)]
pub(super) enum Shot {
    Jpeg(Vec<u8>),
    Pixels(RgbImage),
}

/// Takes pictures through the helper.
pub(super) fn take(
    helper: &Helper,
    spec: &SourceSpec,
    shots: &Shots,
    until: Instant,
) -> Result<Vec<Frame>, CaptureError> {
    let left = until.saturating_duration_since(Instant::now());
    let what = spec.to_string();
    let mut command = Command::new(&helper.program);
    command.args(&helper.args).arg(&what);
    command.args([shots.frames as u128, shots.spacing.as_millis(), left.as_millis()].map(|n| n.to_string()));
    let sent = child::output(&mut command, &what, until, read)?;
    decoded(sent.into_iter(), frame)
}

fn frame(shot: Shot) -> Result<Frame, CaptureError> {
    match shot {
        Shot::Pixels(image) => Ok(Frame { bytes: None, image }),
        Shot::Jpeg(bytes) => {
            let image = decode(&bytes)?;
            Ok(Frame { bytes: Some(mjpeg::with_huffman_tables(&bytes).into_owned()), image })
        }
    }
}

pub(super) fn write(out: &mut dyn Write, shot: &Shot) -> io::Result<()> {
    match shot {
        Shot::Jpeg(bytes) => item(out, b'J', (0, 0), bytes),
        Shot::Pixels(image) => item(out, b'R', image.dimensions(), image.as_raw()),
    }
}

/// Tells how the series ended; the last thing to be written.
pub(super) fn write_end(out: &mut dyn Write, result: &Result<(), CaptureError>) -> io::Result<()> {
    match result {
        Ok(()) => item(out, b'Z', (0, 0), &[]),
        Err(error) => item(out, b'E', (0, 0), &[&[u8::from(error.may_pass())], error.to_string().as_bytes()].concat()),
    }?;
    out.flush()
}

fn item(out: &mut dyn Write, kind: u8, (width, height): (u32, u32), bytes: &[u8]) -> io::Result<()> {
    let size = |n: u32| u16::try_from(n).map(u16::to_le_bytes).map_err(io::Error::other);
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    out.write_all(&[b'W', b'C', b'F', b'1', kind, 0, 0, 0])?;
    out.write_all(&size(width)?)?;
    out.write_all(&size(height)?)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}

/// The frames of a stream; an error that the helper told is this one's too.
pub(super) fn read(mut stream: impl Read) -> Result<Vec<Shot>, CaptureError> {
    let broken =
        |problem: &str| CaptureError::Device { problem: format!("the camera's helper {problem}"), passing: true };
    let mut shots = Vec::new();
    loop {
        let mut head = [0u8; 16];
        stream.read_exact(&mut head).map_err(|_| broken("broke off"))?;
        let [b'W', b'C', b'F', b'1', kind, 0, 0, 0, w0, w1, h0, h1, l @ ..] = head else {
            return Err(broken("sent something else than pictures"));
        };
        let (width, height) = (u32::from(u16::from_le_bytes([w0, w1])), u32::from(u16::from_le_bytes([h0, h1])));
        let length = u32::from_le_bytes(l);
        if u64::from(length) > MAX_BYTES {
            return Err(CaptureError::TooLarge("the camera".into()));
        }
        // The buffer grows with what really comes, not with what the head claims.
        let mut bytes = Vec::new();
        let got = (&mut stream).take(u64::from(length)).read_to_end(&mut bytes);
        if got.ok() != usize::try_from(length).ok() {
            return Err(broken("broke off in a picture"));
        }
        shots.push(match kind {
            b'J' => Shot::Jpeg(bytes),
            b'R' if bytes.len() as u64 == 3 * u64::from(width) * u64::from(height) => {
                Shot::Pixels(RgbImage::from_raw(width, height, bytes).ok_or_else(|| broken("sent half a picture"))?)
            }
            b'E' => {
                let (passing, text) = bytes.split_first().ok_or_else(|| broken("failed without a word"))?;
                let problem = String::from_utf8_lossy(text).into_owned();
                return Err(CaptureError::Device { problem, passing: *passing != 0 });
            }
            b'Z' => return Ok(shots),
            _ => return Err(broken("sent a picture that is none")),
        });
        if shots.len() > MAX_FRAMES {
            return Err(broken("sent more pictures than were asked for"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;
    use proptest::prelude::*;

    #[test]
    fn frames_and_errors_arrive() {
        let mut stream = Vec::new();
        let shots = [Shot::Jpeg(vec![1, 2, 3]), Shot::Pixels(RgbImage::from_pixel(3, 2, Rgb([1, 2, 3])))];
        for shot in &shots {
            write(&mut stream, shot).expect("written");
        }
        let cut = read(stream.as_slice()).expect_err("no end").to_string();
        assert!(cut.contains("broke off"), "{cut}");
        let mut failed = stream.clone();
        write_end(&mut stream, &Ok(())).expect("written");
        assert_eq!(read(stream.as_slice()).expect("frames"), shots);
        let busy = CaptureError::Device { problem: "in use".into(), passing: true };
        write_end(&mut failed, &Err(busy)).expect("written");
        let error = read(failed.as_slice()).expect_err("told");
        assert!(error.may_pass() && error.to_string() == "in use", "{error}");
    }

    proptest! {
        #[test]
        fn any_stream_ends_in_frames_or_a_word(kind in prop_oneof![Just(b'R'), Just(b'J'), Just(b'E'), any::<u8>()], rest in proptest::collection::vec(any::<u8>(), 0..40)) {
            let stream = [b"WCF1", [kind, 0, 0, 0].as_slice(), &rest].concat();
            prop_assert!(read(stream.as_slice()).is_ok_and(|shots| shots.is_empty()) || read(stream.as_slice()).is_err());
        }
    }
}
