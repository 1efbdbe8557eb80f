//! How far the camera has moved since it was calibrated, seen from the rack itself.
//!
//! A picture of the rack from the time of calibration, the [`Reference`], is compared with a new frame. Only structure
//! counts: boards between the bins and the edges of their openings, for bottles come and go. First the edges as a whole
//! are laid over each other ([`coarse`]), then some hundred small pieces are found again one by one ([`patch`]), at last
//! one map is fitted to all of them, though many were mistaken ([`fit`]). Where AprilTags are stuck to the rack they go
//! first. What cannot be trusted is refused with a reason; method and limits are in `docs/GEOMETRY.md`.

mod coarse;
pub(crate) mod field;
mod fit;
mod judge;
mod marks;
mod patch;
mod pieces;
mod structure;

use image::{GrayImage, RgbImage};
use serde::{Deserialize, Serialize};

use self::field::Field;
use crate::geometry::Homography;
use crate::layout::{Layout, LayoutError};

/// Longest side of the pictures that are compared, in pixels: a tenth of a pixel there is a third of one in a 4K frame.
const LONGEST: u32 = 1280;

/// What the rack looked like when its layout was right, downsized and without colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    picture: GrayImage,
}

impl Reference {
    /// From a frame of the calibrated camera; none from an empty one.
    pub fn of(frame: &RgbImage) -> Option<Self> {
        let [width, height] = working_size(frame.width(), frame.height())?;
        Some(Self { picture: Field::of_rgb(frame, width, height).to_gray() })
    }

    /// From a picture that [`Reference::picture`] gave; none from one without pixels or larger than such pictures are.
    pub fn from_picture(picture: GrayImage) -> Option<Self> {
        let fits = picture.width().max(picture.height()) <= LONGEST && picture.width().min(picture.height()) >= 16;
        fits.then_some(Self { picture })
    }

    /// The picture, to be kept.
    pub fn picture(&self) -> &GrayImage {
        &self.picture
    }
}

/// Size at which frames are compared; none for frames too small to show a rack.
fn working_size(width: u32, height: u32) -> Option<[usize; 2]> {
    if width.min(height) < 16 {
        return None;
    }
    let share = (f64::from(LONGEST) / f64::from(width.max(height))).min(1.0);
    Some([width, height].map(|side| ((f64::from(side) * share).round() as usize).max(16)))
}

/// What the shift was seen from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// The rack's own boards and edges.
    Structure,
    /// AprilTags stuck to it.
    Tags,
}

/// How far the camera has moved, for a person and for a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// Mean distance of the bins' corners from where they were, in pixels of the frame.
    pub mean_px: f64,
    /// The largest of these distances.
    pub most_px: f64,
    /// The mean distance in millimetres on the rack, where its size is known.
    pub mean_mm: Option<f64>,
    /// Turn around the line of sight in degrees, clockwise positive.
    pub turn_degrees: f64,
    /// What it was seen from.
    pub seen_from: Evidence,
    /// Pieces of the reference that were found again and agree, or corners of tags.
    pub found: u32,
    /// Pieces that were looked for.
    pub sought: u32,
    /// How far a typical piece lies from the fitted map, in pixels of the frame.
    pub spread_px: f64,
}

/// A shift that can be trusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// From places of the ideal picture at calibration to the same now, in pixels of frames of the calibrated size: what
    /// [`crate::geometry::FrameMap::shifted`] wants.
    pub map: Homography,
    /// The same in words and numbers.
    pub moved: Moved,
}

/// Why no shift is claimed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The rack is not recognised.
    #[error(
        "camera moved, or the rack is not to be recognised: only {found} of {sought} pieces of its structure were found \
         again; look at the picture, and calibrate anew if the camera hangs otherwise"
    )]
    TooFew {
        /// Pieces that agree.
        found: u32,
        /// Pieces looked for.
        sought: u32,
    },
    /// What was found lies on one side only, or contradicts itself.
    #[error("camera moved, but its pieces do not tell how ({0}); calibrate anew")]
    Unclear(String),
    /// It is recognised, but too far from its place.
    #[error(
        "camera moved by {px:.0} pixels, more than the {limit:.0} that are corrected by themselves; calibrate anew"
    )]
    TooFar {
        /// Mean distance of the rack's corners in pixels of the frame.
        px: f64,
        /// What would have been corrected.
        limit: f64,
    },
    /// The reference shows no structure.
    #[error(
        "the reference picture shows no structure of the rack: take it anew in better light, with the rack's edges in view"
    )]
    NoStructure,
    /// The layout itself is wrong.
    #[error("the calibration is unusable: {0}")]
    Layout(#[from] LayoutError),
}

/// Estimates the shift of `frame` since the reference was taken.
pub fn estimate(reference: &Reference, frame: &RgbImage, layout: &Layout) -> Result<Shift, Refusal> {
    layout.validate()?;
    if frame.width().min(frame.height()) < 16 {
        return Err(LayoutError::field("frame", "is less than 16 pixels wide or high").into());
    }
    // A camera that gives smaller frames by now is compared at their size.
    let width = reference.picture.width().min(frame.width()) as usize;
    let height = reference.picture.height().min(frame.height()) as usize;
    let before = Field::of_gray(&reference.picture, width, height);
    let now = Field::of_rgb(frame, width, height);
    let size = [frame.width(), frame.height()];
    // Tags go first. Where they contradict each other, as one that has fallen down does, the rack itself decides.
    let tags = marks::compare(&before, &now, layout)?;
    if let Some(Ok(shift)) = tags.map(|tags| judge::judge(tags, Evidence::Tags, layout, size)) {
        return Ok(shift);
    }
    judge::judge(pieces::compare(&before, &now, layout)?, Evidence::Structure, layout, size)
}
