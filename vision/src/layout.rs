//! Where the rack stands in the camera's picture and where its bins are in the straightened picture.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::geometry::{Homography, Point, area, rectangle};

/// The calibration of one camera.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// The rack's corners in the frame, in pixels: top left, top right, bottom right, bottom left.
    pub corners: [Point; 4],
    /// Width and height in pixels of the frames that the corners belong to.
    pub frame: [u32; 2],
    /// Width and height in pixels of the straightened picture, each 16 to 8192.
    pub rectified: [u32; 2],
    /// The bins, in the order in which they are shown.
    pub bins: Vec<BinShape>,
}

/// One bin's outline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BinShape {
    /// The bin's name, unique within its layout.
    pub id: String,
    /// Corners in pixels of the straightened picture, 3 or more.
    pub polygon: Vec<Point>,
    /// How many bottles fit, as its owner says; 0 when nobody said.
    #[serde(default)]
    pub capacity: u32,
}

/// Why a layout cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LayoutError {
    /// The text is no JSON, or JSON of another shape.
    #[error("the layout is no valid JSON: {0}")]
    Json(String),
    /// One value is missing or wrong.
    #[error("{field}: {problem}")]
    Field {
        /// Path of the value, such as `cells[3].polygon`.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
}

fn wrong(field: impl Into<String>, problem: impl Into<String>) -> LayoutError {
    LayoutError::Field { field: field.into(), problem: problem.into() }
}

impl Layout {
    /// Reads a whole layout from JSON and checks it.
    pub fn from_json(text: &str) -> Result<Self, LayoutError> {
        let layout: Self = serde_json::from_str(text).map_err(|e| LayoutError::Json(e.to_string()))?;
        layout.validate()?;
        Ok(layout)
    }

    /// The corners for a frame of another size, as after a change of the camera's resolution.
    pub fn corners_for(&self, width: u32, height: u32) -> [Point; 4] {
        let scale = [f64::from(width) / f64::from(self.frame[0]), f64::from(height) / f64::from(self.frame[1])];
        self.corners.map(|[x, y]| [x * scale[0], y * scale[1]])
    }

    /// Checks every value, naming the first wrong one.
    pub fn validate(&self) -> Result<(), LayoutError> {
        if self.frame.contains(&0) {
            return Err(wrong("frame", "width and height must be above 0"));
        }
        if self.rectified.iter().any(|side| !(16..=8192).contains(side)) {
            return Err(wrong("rectified", "width and height must lie between 16 and 8192 pixels"));
        }
        for (i, corner) in self.corners.iter().enumerate() {
            if !corner.iter().all(|v| v.is_finite() && v.abs() < 1e5) {
                return Err(wrong(format!("corners[{i}]"), "must be a place in the frame"));
            }
        }
        // In the order top left, top right, bottom right, bottom left every turn is to the right.
        for i in 0..4 {
            let [a, b, c] = [0, 1, 2].map(|k| self.corners[(i + k) % 4]);
            let turn = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
            if turn < 1.0 {
                let problem = "must go top left, top right, bottom right, bottom left around a convex shape";
                return Err(wrong("corners", problem));
            }
        }
        let to = rectangle(f64::from(self.rectified[0]), f64::from(self.rectified[1]));
        if Homography::from_quads(&to, &self.corners).is_none() {
            return Err(wrong("corners", "do not span an area"));
        }
        check_bins(&self.bins, "bins")?;
        let limit = to[2];
        for (i, bin) in self.bins.iter().enumerate() {
            let outside = |p: &Point| {
                p[0] < -0.5 * limit[0] || p[0] > 1.5 * limit[0] || p[1] < -0.5 * limit[1] || p[1] > 1.5 * limit[1]
            };
            if bin.polygon.iter().any(outside) {
                return Err(wrong(format!("bins[{i}].polygon"), format!("bin {} lies outside the picture", bin.id)));
            }
        }
        Ok(())
    }
}

fn check_bins(bins: &[BinShape], list: &str) -> Result<(), LayoutError> {
    let mut seen = HashSet::new();
    for (i, bin) in bins.iter().enumerate() {
        if bin.id.trim().is_empty() {
            return Err(wrong(format!("{list}[{i}].id"), "must not be empty"));
        }
        if !seen.insert(&bin.id) {
            return Err(wrong(format!("{list}[{i}].id"), format!("{:?} is used twice", bin.id)));
        }
        let field = format!("{list}[{i}].polygon");
        if !(3..=200).contains(&bin.polygon.len()) {
            return Err(wrong(field, format!("needs 3 to 200 corners, has {}", bin.polygon.len())));
        }
        if !bin.polygon.iter().flatten().all(|v| v.is_finite() && v.abs() < 1e5) {
            return Err(wrong(field, "has a corner that is no place in a picture"));
        }
        if area(&bin.polygon) < 16.0 {
            return Err(wrong(field, "encloses no area"));
        }
    }
    Ok(())
}

/// Reads the bins of a `cells_polygons.json`: `{"cells": [{"id", "polygon": [[x, y], …]}, …]}`.
///
/// `bin_ID` and `name` stand for `id`, `points` for `polygon`; a number serves as a name; `capacity` is optional.
pub fn read_cells(text: &str) -> Result<Vec<BinShape>, LayoutError> {
    let value: Value = serde_json::from_str(text).map_err(|e| LayoutError::Json(e.to_string()))?;
    let cells = value.get("cells").and_then(Value::as_array).ok_or_else(|| wrong("cells", "must be a list"))?;
    let mut bins = Vec::with_capacity(cells.len());
    for (i, cell) in cells.iter().enumerate() {
        let at = |name: &str| format!("cells[{i}].{name}");
        let id = match ["id", "bin_ID", "name"].iter().find_map(|key| cell.get(key)) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(wrong(at("id"), "must be text")),
            None => return Err(wrong(at("id"), "is missing (also bin_ID or name)")),
        };
        let polygon = ["polygon", "points"].iter().find_map(|key| cell.get(key));
        let polygon = polygon.ok_or_else(|| wrong(at("polygon"), "is missing (also points)"))?;
        let polygon: Vec<Point> = serde_json::from_value(polygon.clone())
            .map_err(|e| wrong(at("polygon"), format!("must be a list of [x, y]: {e}")))?;
        let capacity = match cell.get("capacity") {
            None | Some(Value::Null) => 0,
            Some(number) => number
                .as_u64()
                .and_then(|n| u32::try_from(n).ok())
                .ok_or_else(|| wrong(at("capacity"), "must be a whole number from 0"))?,
        };
        bins.push(BinShape { id, polygon, capacity });
    }
    check_bins(&bins, "cells")?;
    Ok(bins)
}

/// Writes bins as a `cells_polygons.json`.
pub fn write_cells(bins: &[BinShape]) -> String {
    format!("{:#}\n", serde_json::json!({ "cells": bins }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        let bin = BinShape { id: "01_01".into(), polygon: rectangle(50.0, 50.0).to_vec(), capacity: 4 };
        Layout { corners: rectangle(200.0, 100.0), frame: [200, 100], rectified: [100, 100], bins: vec![bin] }
    }

    #[test]
    fn accepts_and_scales() {
        let layout = layout();
        layout.validate().expect("valid");
        assert_eq!(layout.corners_for(400, 50)[2], [400.0, 50.0]);
        let text = serde_json::to_string(&layout).expect("json");
        assert_eq!(Layout::from_json(&text), Ok(layout));
    }

    #[test]
    fn names_the_wrong_field() {
        let mut mirrored = layout();
        mirrored.corners.swap(0, 1);
        assert!(mirrored.validate().expect_err("mirrored").to_string().starts_with("corners:"));
        let mut twice = layout();
        twice.bins.push(twice.bins[0].clone());
        assert!(twice.validate().expect_err("twice").to_string().starts_with("bins[1].id:"));
        let mut nan = layout();
        nan.bins[0].polygon[1][0] = f64::NAN;
        assert!(nan.validate().expect_err("NaN").to_string().starts_with("bins[0].polygon:"));
    }

    #[test]
    fn cells_file() {
        let text = r#"{"cells": [{"bin_ID": "a", "points": [[0,0],[10,0],[5,9]]}, {"name": 7, "polygon": [[0,0],[10,0],[5,9]]}]}"#;
        let bins = read_cells(text).expect("cells");
        assert_eq!((bins[0].id.as_str(), bins[1].id.as_str()), ("a", "7"));
        assert_eq!(read_cells(&write_cells(&bins)), Ok(bins));
        let error = read_cells(r#"{"cells": [{"id": "a", "polygon": [[0,0],[1]]}]}"#).expect_err("short point");
        assert!(error.to_string().starts_with("cells[0].polygon:"), "{error}");
        assert!(read_cells("[]").expect_err("no cells").to_string().starts_with("cells:"));
    }
}
