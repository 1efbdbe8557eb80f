//! Pictures that come as files: from a disk, or one after another from a program or a web server.

use std::fs::File;
use std::path::Path;
use std::thread;
use std::time::Instant;

use super::{CaptureError, Frame, MAX_BURST_PIXELS, MAX_FRAMES, Shots, decode, decoded, jpegs, read_bounded};

/// Programs and web servers take a picture anew for each request, which can take seconds: so few are enough for a median.
const ONE_BY_ONE: usize = 3;

/// The picture in a file.
pub(super) fn file(path: &Path) -> Result<Frame, CaptureError> {
    frame(read_file(path)?)
}

/// The last pictures of a folder by name.
pub(super) fn folder(path: &Path) -> Result<Vec<Frame>, CaptureError> {
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
    // The newest first, in case that not all fit into memory.
    let mut frames = decoded(names.iter().rev().take(MAX_FRAMES), |name| file(name))?;
    frames.reverse();
    Ok(frames)
}

/// Asks again and again, with the wanted time between, until there are enough pictures; with how often it was asked.
///
/// A later fault does not spoil what there is already, if that is enough to compare.
pub(super) fn one_by_one(
    shots: &Shots,
    until: Instant,
    mut ask: impl FnMut() -> Result<Vec<u8>, CaptureError>,
) -> Result<(Vec<Frame>, usize), CaptureError> {
    let wanted = shots.frames.min(ONE_BY_ONE);
    let (mut frames, mut last, mut count) = (Vec::new(), Vec::new(), 0);
    while count < wanted {
        let asked = Instant::now();
        match ask() {
            // The same bytes are the same picture: not worth decoding twice.
            Ok(bytes) if bytes == last => count += 1,
            Ok(bytes) => {
                let new = all(&bytes)?;
                count += new.len();
                let pixels: u64 = frames.iter().chain(&new).map(Frame::pixels).sum();
                if pixels > MAX_BURST_PIXELS && !frames.is_empty() {
                    break;
                }
                frames.extend(new);
                last = bytes;
            }
            Err(error) if frames.is_empty() => return Err(error),
            Err(_) => break,
        }
        if count < wanted {
            if Instant::now() + shots.spacing >= until {
                break;
            }
            thread::sleep(shots.spacing.saturating_sub(asked.elapsed()));
        }
    }
    Ok((frames, count))
}

/// The pictures in one program's output: at least one, at the most [`MAX_FRAMES`].
pub(super) fn all(bytes: &[u8]) -> Result<Vec<Frame>, CaptureError> {
    decoded(jpegs::split(bytes).into_iter().take(MAX_FRAMES), |picture| frame(picture.to_vec()))
}

fn frame(bytes: Vec<u8>) -> Result<Frame, CaptureError> {
    let image = decode(&bytes)?;
    let jpeg = bytes.starts_with(&[0xff, 0xd8]);
    Ok(Frame { bytes: jpeg.then_some(bytes), image })
}

fn read_file(path: &Path) -> Result<Vec<u8>, CaptureError> {
    let what = path.display().to_string();
    let unreadable = |error| CaptureError::Read { what: what.clone(), error };
    read_bounded(File::open(path).map_err(unreadable)?, &what)
}
