//! Bins that a person counted while the rack was calibrated: the truth of the picture that it was drawn on.

use models::{
    db::{Db, calibrations},
    ids::RackId,
};
use vision::{detect::Detector, rectify::rectify_by};

use super::{
    super::{
        layout,
        lessons::{Lessons, MOST_EXAMPLES},
        scan::frame_map,
    },
    AGREEING, View, picture,
};
use crate::config::DataDir;

/// Versions that are learned from, newest first.
const MOST_VERSIONS: i64 = 20;

/// Brings the examples of a rack's calibrations up to date; returns how many were made anew. Some bins whose count was left as it was go
/// along, so that what is learned does not forget what works. `held` examples are there of scans, which count first.
pub(super) fn harvest(
    db: &Db,
    data: &DataDir,
    rack: &RackId,
    detector: &Detector,
    lessons: &Lessons,
    mut held: usize,
) -> anyhow::Result<usize> {
    let mut made = 0;
    for version in db.read(|conn| calibrations::calibration_counted(conn, rack, MOST_VERSIONS))? {
        let layout = layout::from_facts(&version.facts, &version.bins)?;
        let given = |bin: &str| version.corrected.iter().any(|one| one.as_str() == bin);
        let left: Vec<&str> = version.counts.keys().map(|bin| bin.as_str()).filter(|bin| !given(bin)).collect();
        let stride = left.len().div_ceil(AGREEING).max(1);
        let along: Vec<&str> = left.into_iter().step_by(stride).collect();
        let mut seen = None;
        for (bin, count) in &version.counts {
            let (name, answered) = (format!("{}_{bin}", version.id), given(bin.as_str()));
            let Some(shape) = layout.bins.iter().find(|shape| shape.id == bin.as_str()) else { continue };
            let Ok(truth) = u32::try_from(*count) else { continue };
            if !(answered || along.contains(&bin.as_str())) {
                continue;
            }
            held += 1;
            // What would be the oldest beyond the number that is kept is not made anew each time.
            if held > MOST_EXAMPLES {
                return Ok(made);
            }
            if lessons.holds(&name, &detector.identity(), truth) {
                continue;
            }
            if seen.is_none() {
                // The picture may have been tidied away, or its disk was full.
                let Ok(frame) = picture(&data.calibrations(), &format!("{}.jpg", version.id)) else { break };
                let map = frame_map(&layout, &frame, None)?;
                let straight = rectify_by(&frame, layout.rectified, |place| map.map(place));
                seen = Some(View { frame, map, straight });
            }
            let Some(view) = &seen else { continue };
            view.keep(detector, lessons, version.id.as_str(), shape, (truth, answered))?;
            made += 1;
        }
    }
    Ok(made)
}
