//! One clean picture of the rack: several pictures, their median, and patience until light and view have come to rest.

mod median;
mod motion;

use std::thread;
use std::time::{Duration, Instant};

use image::RgbImage;

use crate::capture::{self, Burst, Frame, Shots};
use crate::quality::{FrameQuality, assess};
use crate::source::SourceSpec;
pub use motion::Motion;

/// First wait after a picture that was not clean; it doubles up to [`LAST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LAST_WAIT: Duration = Duration::from_secs(4);
/// More motion than this is worth another try, though bins that it does not touch could be read.
const CALM: f64 = 0.01;
const SINGLE: &str =
    "The camera gave a single picture in time, so nothing tells whether a hand passed: raise --deadline.";
/// So many tries are spent on a picture that could be better but can be read.
const TRIES_FOR_BETTER: u32 = 4;

/// A picture with what is known of how it came about.
#[derive(Debug)]
pub struct Snapshot {
    /// The median picture. With a single picture also the camera's own JPEG.
    pub frame: Frame,
    /// Its measures.
    pub quality: FrameQuality,
    /// What moved.
    pub motion: Motion,
    /// Pictures in the median.
    pub frames: usize,
    /// Series that were taken until it was clean.
    pub attempts: u32,
    /// Faults of the camera that were overcome.
    pub overcome: Vec<String>,
}

/// Why there is no clean picture.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Refused {
    /// One sentence for a person.
    pub reason: String,
    /// The last picture that was taken, if any.
    pub seen: Option<Box<Snapshot>>,
}

/// What a further look at a picture says: see [`snapshot`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// All bins can be read.
    Clear,
    /// So many bins cannot be read: another picture may be better.
    Partly(usize),
    /// The picture is of no use, for this reason.
    Hidden(String),
}

/// Takes pictures until one is clean, at the latest until the deadline. A source that is a file gets one try.
///
/// `view` judges what the measures of the whole frame do not: whether something stands in front of the bins.
pub fn snapshot(
    spec: &SourceSpec,
    shots: &Shots,
    deadline: Duration,
    mut view: impl FnMut(&Snapshot) -> View,
) -> Result<Snapshot, Refused> {
    let until = Instant::now() + deadline;
    let still = matches!(spec, SourceSpec::File(_) | SourceSpec::Dir(_));
    let (mut wait, mut attempts) = (FIRST_WAIT, 0);
    let mut overcome = Vec::new();
    let mut readable: Option<(usize, Snapshot)> = None;
    let mut refused: Option<Refused> = None;
    loop {
        attempts += 1;
        let burst = match capture::capture(spec, shots, until.saturating_duration_since(Instant::now())) {
            Ok(burst) => burst,
            Err(error) => {
                return match (readable, refused) {
                    (Some((_, mut snapshot)), _) => {
                        snapshot.overcome.push(error.to_string());
                        Ok(snapshot)
                    }
                    (None, Some(before)) => Err(Refused { reason: format!("{before} Then: {error}"), ..before }),
                    (None, None) => Err(Refused { reason: error.to_string(), seen: None }),
                };
            }
        };
        let single = burst.shots < 2 && !still;
        let mut snapshot = calm(burst, attempts);
        // What went wrong in an earlier series went wrong.
        overcome.append(&mut snapshot.overcome);
        overcome.dedup();
        snapshot.overcome.clone_from(&overcome);
        let verdict = match snapshot.quality.refusal() {
            Some(reason) => View::Hidden(reason),
            None if single => View::Hidden(SINGLE.to_owned()),
            None => view(&snapshot),
        };
        let late = still || Instant::now() + wait >= until;
        match verdict {
            View::Clear if snapshot.motion.share() <= CALM => return Ok(snapshot),
            View::Hidden(reason) => refused = Some(Refused { reason, seen: Some(Box::new(snapshot)) }),
            View::Clear | View::Partly(_) => {
                let lost = if let View::Partly(lost) = verdict { lost } else { 0 };
                // What another series did not better is not going to pass.
                let settled = readable.as_ref().is_some_and(|(before, _)| *before == lost);
                if late || settled || attempts >= TRIES_FOR_BETTER {
                    return Ok(snapshot);
                }
                readable = Some((lost, snapshot));
            }
        }
        if late {
            return match (readable, refused) {
                (Some((_, snapshot)), _) => Ok(snapshot),
                (None, refused) => Err(refused.unwrap_or_else(|| Refused { reason: SINGLE.to_owned(), seen: None })),
            };
        }
        thread::sleep(wait);
        wait = (wait * 2).min(LAST_WAIT);
    }
}

/// The median of a series, with its measures. Pictures of another size than the last are left out.
fn calm(burst: Burst, attempts: u32) -> Snapshot {
    let Burst { mut frames, overcome, .. } = burst;
    let size = frames.last().map(|frame| frame.image.dimensions());
    frames.retain(|frame| Some(frame.image.dimensions()) == size);
    let images: Vec<&RgbImage> = frames.iter().map(|frame| &frame.image).collect();
    let motion = Motion::of(&images);
    let count = images.len();
    // The median of two would be the lighter of both, pixel by pixel: the last picture is at least one that was seen.
    let median = (count >= 3).then(|| median::over_time(&images));
    let frame = match (median, frames.pop()) {
        (Some(image), _) => Frame { bytes: None, image },
        (None, Some(last)) => last,
        (None, None) => Frame { bytes: None, image: RgbImage::new(0, 0) },
    };
    let quality = FrameQuality { moving: motion.share(), flicker: motion.flicker(), ..assess(&frame.image) };
    Snapshot { frame, quality, motion, frames: count, attempts, overcome }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn board(hand: Option<u32>) -> Frame {
        let image = RgbImage::from_fn(320, 240, |x, y| {
            let dark = (x / 24 + y / 24).is_multiple_of(2);
            let covered = hand.is_some_and(|at| (at..at + 60).contains(&x));
            Rgb([if covered {
                200
            } else if dark {
                60
            } else {
                170
            }; 3])
        });
        Frame { bytes: Some(Vec::new()), image }
    }

    fn burst(frames: Vec<Frame>) -> Burst {
        Burst { shots: frames.len(), frames, overcome: Vec::new() }
    }

    #[test]
    fn a_passing_hand_drops_out() {
        let calm = calm(burst(vec![board(None), board(Some(40)), board(None), board(Some(120)), board(None)]), 1);
        assert_eq!(calm.frame.image, board(None).image);
        assert_eq!((calm.frames, calm.motion.share(), calm.frame.bytes), (5, 0.0, None));
    }

    #[test]
    fn few_pictures_give_the_last() {
        let single = calm(burst(vec![board(None)]), 1);
        assert!(single.frame.bytes.is_some() && single.motion.share() == 0.0);
        let other = Frame { bytes: None, image: RgbImage::new(5, 5) };
        let two = calm(burst(vec![other, board(Some(40)), board(None)]), 1);
        assert_eq!(two.frame.image, board(None).image);
        assert!(two.frames == 2 && two.quality.moving > 0.05, "{:?}", two.quality);
        assert_eq!(calm(burst(Vec::new()), 1).quality.brightness, 0.0);
    }
}
