//! The pictures and tables of a scan in the data folder.
//!
//! `snapshots/<scan>/` appears whole, by one rename, or not at all. The `…_runtime` folders always hold the latest of
//! each file, written atomically one by one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use image::RgbImage;
use models::ids::ScanId;
use rayon::prelude::*;

use super::{atomic, results};
use crate::config::DataDir;

/// Quality of the JPEG files written here, 1 to 100. 88 keeps the rim of a bottle end sharp at half the size of 95.
const JPEG_QUALITY: u8 = 88;

/// A picture as JPEG.
pub(crate) fn jpeg(image: &RgbImage) -> anyhow::Result<Vec<u8>> {
    Ok(vision::encode::jpeg(image, JPEG_QUALITY)?)
}

/// What a scan leaves as files. A scan without an opinion has the frame alone.
pub(crate) struct Artifacts<'a> {
    /// The frame, as the camera sent it where it sent a JPEG.
    pub(crate) frame: &'a [u8],
    /// Rectified and annotated picture, and what was read in them.
    pub(crate) seen: Option<Seen<'a>>,
}

/// The pictures of a scan that had an opinion.
pub(crate) struct Seen<'a> {
    /// The frontal view.
    pub(crate) rectified: &'a RgbImage,
    /// The same with outlines and counts.
    pub(crate) annotated: &'a RgbImage,
    /// One crop per bin.
    pub(crate) crops: &'a [(String, RgbImage)],
    /// The rows of results.csv.
    pub(crate) rows: &'a [results::ResultRow],
}

/// Writes everything; the database is told only afterwards.
pub(crate) fn write(data: &DataDir, scan: &ScanId, artifacts: &Artifacts<'_>) -> anyhow::Result<PathBuf> {
    let snapshots = data.snapshots();
    for folder in [&snapshots, &data.cells(), &data.results()] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let partial = snapshots.join(format!(".{scan}.partial"));
    let written = fill(data, &partial, artifacts);
    if written.is_err() {
        // On a full disk the half of it must not stay.
        let _ = fs::remove_dir_all(&partial);
    }
    written?;
    let folder = snapshots.join(scan.as_str());
    fs::rename(&partial, &folder).with_context(|| format!("cannot name {}", folder.display()))?;
    atomic::sync_dir(&snapshots)?;
    Ok(folder)
}

/// Removes what scans and clearings that were killed have left half, an hour ago or longer.
pub(crate) fn sweep(data: &DataDir, now: models::Instant) -> anyhow::Result<()> {
    let Ok(entries) = fs::read_dir(data.snapshots()) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let changed = chrono::DateTime::<chrono::Utc>::from(entry.metadata()?.modified()?).naive_utc();
        if name.starts_with('.') && name.ends_with(".partial") && now - changed > chrono::TimeDelta::hours(1) {
            fs::remove_dir_all(entry.path()).with_context(|| format!("cannot remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}

fn fill(data: &DataDir, partial: &Path, artifacts: &Artifacts<'_>) -> anyhow::Result<()> {
    let bins = partial.join("bins");
    fs::create_dir_all(&bins).with_context(|| format!("cannot make {}", bins.display()))?;
    atomic::put(&partial.join("frame.jpg"), artifacts.frame)?;
    if let Some(seen) = &artifacts.seen {
        write_seen(data, partial, &bins, seen)?;
    }
    atomic::sync_dir(&bins)?;
    atomic::sync_dir(partial)
}

fn write_seen(data: &DataDir, partial: &Path, bins: &Path, seen: &Seen<'_>) -> anyhow::Result<()> {
    let annotated = jpeg(seen.annotated)?;
    atomic::put(&partial.join("rectified.jpg"), &jpeg(seen.rectified)?)?;
    atomic::put(&partial.join("annotated.jpg"), &annotated)?;
    let table = results::to_csv(seen.rows, results::RESULT_COLUMNS)?;
    atomic::put(&partial.join("results.csv"), &table)?;
    let cells = data.cells();
    seen.crops.par_iter().try_for_each(|(bin, crop)| {
        let picture = jpeg(crop)?;
        atomic::put(&bins.join(format!("{bin}.jpg")), &picture)?;
        atomic::put(&cells.join(format!("{bin}.jpg")), &picture)
    })?;
    atomic::sync_dir(&cells)?;
    let out = data.results();
    atomic::put(&out.join("annotated.jpg"), &annotated)?;
    atomic::write(&out.join("results.csv"), &table)
}
