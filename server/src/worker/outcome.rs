//! What a scan reports: to a program as JSON, to a person as lines.

use models::{
    ids::{BinId, ProposalId, ScanId},
    scan::{ScanStatus, StageTime},
};
use serde::{Deserialize, Serialize};
use vision::shift::Moved;

use crate::config::DataDir;

use super::snapshot::Report;

/// The outcome of one scan. Written as `run.json` and printed by `stock run --json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// The scan, also its folder below `snapshots/`.
    pub(crate) scan: ScanId,
    /// How it ended.
    pub(crate) status: ScanStatus,
    /// One sentence for a person.
    pub(crate) message: String,
    /// Where the frame came from, without credentials.
    pub(crate) source: String,
    /// The model that counted.
    pub(crate) model: String,
    /// Bins read with an opinion.
    pub(crate) bins_read: usize,
    /// How far the camera has moved since calibration, corrected here; none while no reference picture is kept.
    #[serde(default)]
    pub(crate) shift: Option<Moved>,
    /// The bins that differ from the book.
    pub(crate) changed: Vec<Change>,
    /// The bins without an opinion.
    pub(crate) no_opinion: Vec<Doubt>,
    /// Wall milliseconds per stage.
    pub(crate) stages: Vec<StageTime>,
    /// How the picture came about and how well the frame and each bin are seen; none without a picture.
    #[serde(default)]
    pub(crate) snapshot: Option<Report>,
    /// Folder of the pictures.
    pub(crate) folder: String,
}

/// A bin that differs from the book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Change {
    /// The bin.
    pub(crate) bin: BinId,
    /// Bottles by the book.
    pub(crate) expected: i32,
    /// Bottles seen.
    pub(crate) seen: i32,
    /// Seen less expected.
    pub(crate) difference: i32,
    /// Confidence of the reading, 0 to 1.
    pub(crate) confidence: f64,
    /// The open proposal that says so; none where a person has already answered the same mismatch with "wrong".
    pub(crate) proposal: Option<ProposalId>,
}

/// A bin without an opinion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Doubt {
    /// The bin.
    pub(crate) bin: BinId,
    /// Why.
    pub(crate) reason: String,
}

/// By how many pixels on average the camera had moved when that scan looked, as its summary says.
pub(crate) fn shift_of(data: &DataDir, scan: &ScanId) -> Option<f64> {
    let summary = std::fs::read(data.snapshots().join(scan.as_str()).join("run.json")).ok()?;
    let outcome: Outcome = serde_json::from_slice(&summary).ok()?;
    outcome.shift.map(|shift| shift.mean_px)
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "scan {}: {}", self.scan, self.message)?;
        for change in &self.changed {
            let Change { bin, expected, seen, confidence, .. } = change;
            writeln!(
                f,
                "  {bin}: the book says {expected}, the camera counts {seen} (confidence {:.0} %)",
                confidence * 100.0
            )?;
        }
        for doubt in &self.no_opinion {
            writeln!(f, "  {}: no opinion, {}", doubt.bin, doubt.reason)?;
        }
        let times: Vec<String> = self.stages.iter().map(|s| format!("{} {:.0} ms", s.stage, s.ms)).collect();
        writeln!(f, "  {}", times.join(", "))?;
        write!(f, "  pictures: {}", self.folder)
    }
}
