//! Turns people's answers into examples: every proposal that was approved, rejected or settled by setting the book right
//! tells the true count of a bin on a picture that is still there. Some bins of the same scans on which book and camera
//! agree go along, so that what is learned does not forget what works.

mod drawn;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context;
use image::{RgbImage, imageops};
use models::{
    db::{Db, DbError, proposals, scans},
    ids::{RackId, ScanId},
    scan::ScanStatus,
};
use serde::{Deserialize, Serialize};
use vision::{
    capture,
    detect::{BinReading, Detector, framing::padded_box},
    geometry::{FrameMap, Homography},
    layout::{BinShape, Layout},
    learn::{Candidate, Example},
};

use super::{
    artifacts,
    lessons::{Lessons, MOST_EXAMPLES, Stored},
    scan::frame_map,
};
use crate::config::DataDir;

/// Proposals looked through, newest first: far more than there are examples kept.
const MOST_PROPOSALS: i64 = 4000;
/// Bins of one scan that go along because book and camera agree.
const AGREEING: usize = 6;
/// Only a reading as sure as this goes along.
const SURE: f64 = 0.9;
/// The name of a scan's record in its folder.
const RECORD: &str = "readings.json";

/// What a scan leaves for learning: its bins as they were, and what was read.
#[derive(Serialize, Deserialize)]
pub(crate) struct Record {
    /// The model that read.
    pub(crate) model: String,
    /// Where rack and bins were seen.
    pub(crate) layout: Layout,
    /// How the camera had moved.
    pub(crate) shift: Option<Homography>,
    /// What was read in them, in the same order.
    pub(crate) readings: Vec<BinReading>,
}

impl Record {
    /// Writes it into a scan's folder.
    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        super::atomic::write(&folder.join(RECORD), &serde_json::to_vec(self)?)
    }

    fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(RECORD);
        let data = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_slice(&data).with_context(|| path.display().to_string())
    }
}

/// Bins of a scan with what is known of them: the truth (none = the answer was taken back) and whether a person told.
type Told = BTreeMap<String, (Option<u32>, bool)>;

/// Brings a rack's examples up to date with the answers; returns how many were made anew.
pub(crate) fn harvest(db: &Db, data: &DataDir, rack: &RackId, detector: &Detector) -> anyhow::Result<usize> {
    let lessons = Lessons::of(data, rack);
    let mut made = 0;
    let mut held = 0;
    // The newest first: what would be the oldest beyond the number that is kept is not made anew each time.
    for (scan, told) in answers(db, rack)?.into_iter().rev() {
        for (bin, _) in told.iter().filter(|(_, (truth, _))| truth.is_none()) {
            lessons.forget(&format!("{scan}_{bin}"))?;
        }
        if held > MOST_EXAMPLES || told.values().all(|(truth, _)| truth.is_none()) {
            continue;
        }
        let folder = data.snapshots().join(scan.as_str());
        // Pictures may have been tidied away, or the scan may be of a release that kept no record.
        let Ok(record) = Record::read(&folder) else { continue };
        let mut seen = None;
        for (bin, (truth, answered)) in told {
            let name = format!("{scan}_{bin}");
            let Some(truth) = truth else { continue };
            let Some(shape) = record.layout.bins.iter().find(|shape| shape.id == bin) else { continue };
            held += 1;
            if held > MOST_EXAMPLES {
                break;
            }
            if lessons.holds(&name, &detector.identity(), truth) {
                continue;
            }
            if seen.is_none() {
                let frame = picture(&folder, "frame.jpg")?;
                let map = frame_map(&record.layout, &frame, record.shift.as_ref())?;
                seen = Some(View { frame, map, straight: picture(&folder, "rectified.jpg")? });
            }
            let Some(view) = &seen else { continue };
            view.keep(detector, &lessons, scan.as_str(), shape, (truth, answered))?;
            made += 1;
        }
    }
    made += drawn::harvest(db, data, rack, detector, &lessons, held)?;
    lessons.trim()?;
    Ok(made)
}

/// A picture of a rack, as a scan would see it.
struct View {
    frame: RgbImage,
    /// From the straightened picture to the frame.
    map: FrameMap,
    straight: RgbImage,
}

impl View {
    /// Keeps a bin of it as an example; `of` names the picture. With the truth goes whether a person told it.
    fn keep(
        &self,
        detector: &Detector,
        lessons: &Lessons,
        of: &str,
        shape: &BinShape,
        (truth, answered): (u32, bool),
    ) -> anyhow::Result<()> {
        let peaks = detector.peaks_through(&self.frame, &|place| self.map.map(place), shape);
        let peaks = peaks.with_context(|| format!("bin {} of {of}", shape.id))?;
        let example = Example {
            scan: of.to_owned(),
            bin: shape.id.clone(),
            truth,
            answered,
            peaks: peaks.iter().map(Candidate::from).collect(),
        };
        let stored = Stored { model: detector.identity(), example };
        lessons.keep(&format!("{of}_{}", shape.id), &stored, &artifacts::jpeg(&cut(&self.straight, shape))?)
    }
}

/// What people have answered, by scan of this rack.
fn answers(db: &Db, rack: &RackId) -> anyhow::Result<BTreeMap<ScanId, Told>> {
    let found = db.read(|conn| {
        let mut found: BTreeMap<ScanId, Told> = BTreeMap::new();
        for proposal in proposals::proposal_list(conn, None, None, MOST_PROPOSALS)? {
            let truth = proposal.truth().and_then(|n| u32::try_from(n).ok());
            found.entry(proposal.scan_id).or_default().insert(proposal.bin.0, (truth, true));
        }
        let mut of_rack = BTreeMap::new();
        for (id, mut told) in found {
            let scan = scans::scan_get(conn, &id)?;
            if scan.rack_id != *rack || scan.status != ScanStatus::Ok {
                continue;
            }
            if told.values().all(|(truth, _)| truth.is_none()) {
                of_rack.insert(id, told);
                continue;
            }
            let agree = scans::reading_list(conn, &id)?.into_iter().filter(|reading| {
                reading.count == Some(reading.expected)
                    && reading.confidence >= SURE
                    && !told.contains_key(reading.bin.as_str())
            });
            let agree: Vec<_> = agree.collect();
            // Spread over the rack, so that not one corner is remembered.
            let stride = agree.len().div_ceil(AGREEING).max(1);
            for reading in agree.into_iter().step_by(stride) {
                told.insert(reading.bin.0, (u32::try_from(reading.expected).ok(), false));
            }
            of_rack.insert(id, told);
        }
        Ok::<_, DbError>(of_rack)
    })?;
    Ok(found)
}

fn picture(folder: &Path, name: &str) -> anyhow::Result<RgbImage> {
    let path = folder.join(name);
    let data = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    capture::decode(&data).with_context(|| path.display().to_string())
}

/// The bin with its margin, as the network sees it.
fn cut(picture: &RgbImage, shape: &BinShape) -> RgbImage {
    let [left, top, width, height] = padded_box(&shape.polygon);
    // Casts saturate at the borders of the picture.
    let (x, y) = ((left as u32).min(picture.width() - 1), (top as u32).min(picture.height() - 1));
    let right = ((left + width).ceil() as u32).clamp(x + 1, picture.width());
    let bottom = ((top + height).ceil() as u32).clamp(y + 1, picture.height());
    imageops::crop_imm(picture, x, y, right - x, bottom - y).to_image()
}
