//! The picture against which a camera's shift is measured, kept beside the calibration in the data folder.
//!
//! `references/<rack>-<fingerprint>.png` is named by what the camera's pose was when it was taken: corners, frame size,
//! straightened size and lens. A new calibration has another fingerprint and so no reference, until its first good scan
//! or the calibration itself leaves one. Bins are left out of it on purpose: whoever moves a bin does so in the
//! straightened picture, which stands still however the camera hangs, and the old reference stays right.

use std::{
    io::Cursor,
    path::{Path, PathBuf},
};

use anyhow::Context;
use image::{ImageFormat, RgbImage};
use models::{hex, ids::RackId};
use sha2::{Digest, Sha256};
use vision::{
    layout::Layout,
    shift::{self, Moved, Reference, Refusal, Shift},
};

use super::atomic;
use crate::config::DataDir;

/// Shifts below this many pixels are corrected without a word: a camera breathes with the warmth.
const WORTH_TELLING: f64 = 1.0;

/// What a frame says of the camera's pose.
pub(crate) enum Seen {
    /// No reference is kept: nothing is claimed.
    Missing,
    /// The shift, to be corrected.
    Shifted(Shift),
    /// Nothing can be said, and why.
    Refused(String),
    /// The rack is recognised, but too far from its place.
    Elsewhere(String),
}

/// The file of a rack's reference.
pub(crate) fn path(data: &DataDir, rack: &RackId, layout: &Layout) -> anyhow::Result<PathBuf> {
    let pose = serde_json::to_vec(&(layout.corners, layout.frame, layout.rectified, layout.lens))?;
    let print = hex::hex(&Sha256::digest(&pose)[..8]);
    Ok(data.references().join(format!("{rack}-{print}.png")))
}

/// Reads a reference; none if there is no such file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Option<Reference>> {
    let cure = || format!("{}: remove it, check the calibration, and the next scan makes a new one", path.display());
    let data = match std::fs::read(path) {
        Ok(data) => data,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(cure),
    };
    let picture = image::load_from_memory_with_format(&data, ImageFormat::Png).with_context(cure)?;
    Reference::from_picture(picture.into_luma8()).with_context(cure).map(Some)
}

/// How far the camera has moved since the reference in this file was taken.
pub(crate) fn since(path: &Path, layout: &Layout, frame: &RgbImage) -> anyhow::Result<Seen> {
    Ok(match read(path) {
        Ok(None) => Seen::Missing,
        Ok(Some(reference)) => match shift::estimate(&reference, frame, layout) {
            Ok(shift) => Seen::Shifted(shift),
            Err(reason @ Refusal::TooFar { .. }) => Seen::Elsewhere(reason.to_string()),
            Err(reason) => Seen::Refused(reason.to_string()),
        },
        Err(error) => Seen::Refused(format!("the reference picture is not to be read: {error:#}")),
    })
}

/// Keeps a frame as the rack's reference, in place of an older one.
pub(crate) fn keep(data: &DataDir, rack: &RackId, layout: &Layout, frame: &RgbImage) -> anyhow::Result<()> {
    let Some(reference) = Reference::of(frame) else { return Ok(()) };
    let mut png = Cursor::new(Vec::new());
    reference.picture().write_to(&mut png, ImageFormat::Png)?;
    let folder = data.references();
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    atomic::write(&path(data, rack, layout)?, &png.into_inner())
}

/// A shift in words; none for one too small to be told.
pub(crate) fn told(moved: &Moved) -> Option<String> {
    let mm = moved.mean_mm.map_or_else(String::new, |mm| format!(" ({mm} mm)"));
    (moved.mean_px >= WORTH_TELLING)
        .then(|| format!("the camera has moved by {} px{mm} since it was calibrated, corrected", moved.mean_px))
}
