//! Calibrations: where a camera sees which bin, each version of it that was ever in force.

use std::collections::BTreeMap;

use plan::polygon::{area, overlap};
use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    bin::{Bin, Point, RackFacts},
    error::RuleError,
    ids::{BinId, CalibrationId, RackId},
    word_enum,
};

/// Longest name of a camera, in characters.
const LONGEST_CAMERA: usize = 500;
/// From this share of what two outlines cover together they are one bin that was drawn twice.
const SAME_BIN: f64 = 0.5;

word_enum! {
    /// How a version came about.
    Origin {
        /// Drawn by a person.
        Drawn = "drawn",
        /// An older version that was put back into force.
        Restored = "restored",
        /// The camera's shift, taken over by a person.
        Shifted = "shifted",
        /// From a file.
        Imported = "imported",
        /// Rack or bins were edited one by one; a scan found them so.
        Found = "found",
    }
}

/// One version of a rack's calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Calibration {
    /// Identifier (UUIDv7 text).
    pub id: CalibrationId,
    /// Whose.
    pub rack_id: RackId,
    /// 1, 2, 3 … of this rack; the highest is the current one.
    pub number: i32,
    /// How it came about.
    pub origin: Origin,
    /// The rack: corners, lens, sizes, kind.
    pub facts: RackFacts,
    /// Its bins, in use or not.
    pub bins: Vec<PlacedBin>,
    /// The camera, by a name that stays the same; empty: the one of the settings.
    pub camera: String,
    /// Whether the picture it was drawn on is kept.
    pub has_picture: bool,
    /// What was counted in that picture by bin, as a person has seen and corrected it.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, i32>))]
    pub counts: BTreeMap<BinId, i32>,
    /// Those of them that a person gave.
    #[serde(default)]
    pub corrected: Vec<BinId>,
    /// Who made it.
    pub made_by: String,
    /// When (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub made_at: Instant,
    /// What they wrote about it.
    pub note: String,
}

/// A bin as a version has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlacedBin {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{1,32}$", example = "03_03"))]
    pub id: BinId,
    /// Outline in pixels of the straightened picture, 3 to 64 corners.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<[f64; 2]>, min_items = 3, max_items = 64))]
    pub polygon: Vec<Point>,
    /// How many bottles fit, 1 to 200.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 200))]
    pub capacity: i32,
    /// Whether it is used.
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

impl From<&PlacedBin> for plan::layout::BinShape {
    fn from(bin: &PlacedBin) -> Self {
        Self { id: bin.id.0.clone(), polygon: bin.polygon.clone(), capacity: bin.capacity.max(0).unsigned_abs() }
    }
}

impl From<&Bin> for PlacedBin {
    fn from(bin: &Bin) -> Self {
        Self { id: bin.id.clone(), polygon: bin.polygon.clone(), capacity: bin.capacity, enabled: bin.enabled }
    }
}

/// What stands beside the layout in a version.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct About {
    /// The camera; empty: the one of the settings.
    pub camera: String,
    /// Whether a picture is kept.
    pub has_picture: bool,
    /// How many bottles it shows, by bin: as a person counted, or left as the program had.
    pub counts: BTreeMap<BinId, i32>,
    /// Those of them that a person gave.
    pub corrected: Vec<BinId>,
    /// What they wrote.
    pub note: String,
}

impl About {
    /// Checks every field; the error names it.
    pub fn check(&self, bins: &[PlacedBin]) -> Result<(), RuleError> {
        crate::wine::text("note", &self.note, 0, 500)?;
        crate::wine::text("camera", &self.camera, 0, LONGEST_CAMERA)?;
        for (bin, count) in &self.counts {
            let field = format!("counts.{bin}");
            let Some(placed) = bins.iter().find(|placed| placed.id == *bin) else {
                return Err(RuleError::field(field, "is of no bin of this calibration"));
            };
            if !(0..=200).contains(count) {
                return Err(RuleError::field(field, format!("is {count}; 0 to 200 are allowed")));
            }
            if *count > placed.capacity {
                let problem =
                    format!("is {count}, but only {} fit: count again, or raise its capacity", placed.capacity);
                return Err(RuleError::field(field, problem));
            }
        }
        for (i, bin) in self.corrected.iter().enumerate() {
            if !self.counts.contains_key(bin) {
                return Err(RuleError::field(
                    format!("corrected[{i}]"),
                    format!("is {bin}, of which no count is given"),
                ));
            }
        }
        Ok(())
    }
}

/// Names for outlines that were drawn anew: one that lies where a bin of the rack lay keeps that bin's name, and so its bottles
/// and history; of the others each keeps its own name, or gets a free one where that is taken.
///
/// `old` and `new` are outlines with names, in pixels of straightened pictures of these sizes: both show the same rack between the same
/// corners, however the camera hung.
pub fn keep_names(old: &[(BinId, Vec<Point>)], old_size: Point, new: &mut [(BinId, Vec<Point>)], new_size: Point) {
    let unit = |outline: &[Point], size: Point| outline.iter().map(|p| [p[0] / size[0], p[1] / size[1]]).collect();
    let before: Vec<Vec<Point>> = old.iter().map(|(_, outline)| unit(outline, old_size)).collect();
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, (_, outline)) in new.iter().enumerate() {
        let here: Vec<Point> = unit(outline, new_size);
        for (j, there) in before.iter().enumerate() {
            let common = overlap(&here, there).min(overlap(there, &here));
            let share = common / (area(&here) + area(there) - common).max(1e-12);
            if share >= SAME_BIN {
                pairs.push((share, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut given: Vec<Option<BinId>> = vec![None; new.len()];
    let mut used = vec![false; old.len()];
    for (_, i, j) in pairs {
        if given[i].is_none() && !used[j] {
            given[i] = Some(old[j].0.clone());
            used[j] = true;
        }
    }
    let mut taken: std::collections::BTreeSet<BinId> = old.iter().map(|(id, _)| id.clone()).collect();
    for ((id, _), kept) in new.iter_mut().zip(given) {
        let own = id.clone();
        *id = kept.unwrap_or_else(|| free_name(&own, &taken));
        taken.insert(id.clone());
    }
}

/// The name itself, or with a small letter behind it.
fn free_name(own: &BinId, taken: &std::collections::BTreeSet<BinId>) -> BinId {
    let with = (b'a'..=b'z').map(|letter| BinId(format!("{own}{}", char::from(letter))));
    std::iter::once(own.clone()).chain(with).find(|id| !taken.contains(id)).unwrap_or_else(|| own.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(id: &str, x: f64, y: f64, side: f64) -> (BinId, Vec<Point>) {
        (id.into(), vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
    }

    #[test]
    fn a_bin_that_is_drawn_again_keeps_its_name() {
        let old = [cell("A", 0.0, 0.0, 100.0), cell("B", 100.0, 0.0, 100.0), cell("01_03", 200.0, 0.0, 100.0)];
        // The straightened picture is twice as large by now, and a fourth bin was added on the left of the third.
        let mut new = [
            cell("01_01", 4.0, 0.0, 196.0),
            cell("01_02", 200.0, 6.0, 190.0),
            cell("01_03", 500.0, 300.0, 100.0),
            cell("01_04", 400.0, 0.0, 180.0),
        ];
        keep_names(&old, [300.0, 200.0], &mut new, [600.0, 400.0]);
        let names: Vec<&str> = new.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(names, ["A", "B", "01_03a", "01_03"]);
    }

    #[test]
    fn counts_are_of_bins_that_are_there_and_fit() {
        let bins = [PlacedBin { id: "A".into(), polygon: vec![[0.0; 2]; 3], capacity: 3, enabled: true }];
        let about = |bin: &str, n| About { counts: [(BinId::from(bin), n)].into(), ..About::default() };
        assert!(about("A", 3).check(&bins).is_ok());
        for (wrong, told) in [(about("B", 1), "no bin"), (about("A", 4), "only 3 fit"), (about("A", -1), "0 to 200")] {
            let error = wrong.check(&bins).unwrap_err().to_string();
            assert!(error.starts_with("counts.") && error.contains(told), "{error}");
        }
    }
}
