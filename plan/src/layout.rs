//! Where the rack stands in the camera's picture and where its bins are in the straightened picture.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{
    frame_map::FrameMap,
    lens::Lens,
    polygon::{Point, area},
};

/// Longest and shortest side of a straightened picture, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 16..=8192;

/// The calibration of one camera.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The rack's corners in the frame, in pixels: top left, top right, bottom right, bottom left.
    pub corners: [Point; 4],
    /// Width and height in pixels of the frames that the corners belong to.
    pub frame: [u32; 2],
    /// Width and height in pixels of the straightened picture, each 16 to 8192.
    pub rectified: [u32; 2],
    /// What the camera's lens does; none for one that keeps lines straight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lens: Option<Lens>,
    /// Width and height in millimetres between the rack's corners, where somebody has measured them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_mm: Option<[f64; 2]>,
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
        /// What is wrong with it, and what would be right.
        problem: String,
    },
}

impl LayoutError {
    /// One wrong value.
    pub fn field(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Field { field: field.into(), problem: problem.into() }
    }
}

impl Layout {
    /// Reads a whole layout from JSON and checks it.
    pub fn from_json(text: &str) -> Result<Self, LayoutError> {
        let layout: Self = serde_json::from_str(text).map_err(|e| LayoutError::Json(e.to_string()))?;
        layout.validate()?;
        Ok(layout)
    }

    /// Writes the layout as JSON, one value per line.
    pub fn to_json(&self) -> String {
        format!("{:#}\n", serde_json::json!(self))
    }

    /// The corners for a frame of another size, as after a change of the camera's resolution.
    pub fn corners_for(&self, width: u32, height: u32) -> [Point; 4] {
        let scale = [f64::from(width) / f64::from(self.frame[0]), f64::from(height) / f64::from(self.frame[1])];
        self.corners.map(|[x, y]| [x * scale[0], y * scale[1]])
    }

    /// Millimetres per pixel of the straightened picture, across and down, where the rack has been measured.
    pub fn mm_per_pixel(&self) -> Option<[f64; 2]> {
        self.size_mm.map(|size| [0, 1].map(|i| size[i] / f64::from(self.rectified[i])))
    }

    /// Checks every value, naming the first wrong one.
    pub fn validate(&self) -> Result<(), LayoutError> {
        let wrong = |field: &str, problem: &str| Err(LayoutError::field(field, problem));
        if self.frame.contains(&0) {
            return wrong("frame", "width and height must be above 0");
        }
        if self.rectified.iter().any(|side| !SIDES.contains(side)) {
            return wrong("rectified", "width and height must lie between 16 and 8192 pixels");
        }
        for (i, corner) in self.corners.iter().enumerate() {
            if !corner.iter().all(|v| v.is_finite() && v.abs() < 1e5) {
                return wrong(&format!("corners[{i}]"), "must be a place in the frame");
            }
        }
        // In the order top left, top right, bottom right, bottom left every turn is to the right.
        for i in 0..4 {
            let [a, b, c] = [0, 1, 2].map(|k| self.corners[(i + k) % 4]);
            let turn = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
            if turn < 1.0 {
                return wrong(
                    "corners",
                    "must go top left, top right, bottom right, bottom left around a convex shape",
                );
            }
        }
        if self.size_mm.is_some_and(|size| size.iter().any(|mm| !(10.0..=100_000.0).contains(mm))) {
            return wrong("size_mm", "width and height between the corners are 10 to 100000 millimetres");
        }
        FrameMap::new(self, self.frame)?;
        check_bins(&self.bins, "bins")?;
        let limit = self.rectified.map(f64::from);
        for (i, bin) in self.bins.iter().enumerate() {
            let outside = |p: &Point| (0..2).any(|k| p[k] < -0.5 * limit[k] || p[k] > 1.5 * limit[k]);
            if bin.polygon.iter().any(outside) {
                let problem = format!("bin {} lies outside the picture of {} x {}", bin.id, limit[0], limit[1]);
                return wrong(&format!("bins[{i}].polygon"), &problem);
            }
        }
        Ok(())
    }
}

/// Checks names, outlines and areas; `list` is the field's name.
pub(crate) fn check_bins(bins: &[BinShape], list: &str) -> Result<(), LayoutError> {
    let mut seen = HashSet::new();
    for (i, bin) in bins.iter().enumerate() {
        let wrong = |field: &str, problem: String| Err(LayoutError::field(format!("{list}[{i}].{field}"), problem));
        if bin.id.trim().is_empty() {
            return wrong("id", "must not be empty".into());
        }
        // It becomes part of file names.
        if bin.id.len() > 64
            || bin.id.starts_with('.')
            || bin.id.contains(|c: char| c.is_control() || "/\\".contains(c))
        {
            return wrong("id", "must be at most 64 bytes without / and \\, and not begin with a dot".into());
        }
        if !seen.insert(&bin.id) {
            return wrong("id", format!("{:?} is used twice", bin.id));
        }
        if !(3..=200).contains(&bin.polygon.len()) {
            return wrong("polygon", format!("needs 3 to 200 corners, has {}", bin.polygon.len()));
        }
        if !bin.polygon.iter().flatten().all(|v| v.is_finite() && v.abs() < 1e5) {
            return wrong("polygon", "has a corner that is no place in a picture".into());
        }
        if area(&bin.polygon) < 16.0 {
            return wrong("polygon", "encloses no area".into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polygon::rectangle;

    fn layout() -> Layout {
        let bin = BinShape { id: "01_01".into(), polygon: rectangle(50.0, 50.0).to_vec(), capacity: 4 };
        Layout {
            corners: rectangle(200.0, 100.0),
            frame: [200, 100],
            rectified: [100, 100],
            lens: None,
            size_mm: None,
            bins: vec![bin],
        }
    }

    #[test]
    fn reads_what_it_wrote_and_what_was_written_before_lenses() {
        let mut full = layout();
        full.lens = Some(Lens { k1: -0.08, ..Lens::default() });
        full.size_mm = Some([1200.0, 900.5]);
        for layout in [layout(), full] {
            assert_eq!(Layout::from_json(&layout.to_json()), Ok(layout));
        }
        assert!(!layout().to_json().contains("lens"));
    }

    #[test]
    fn follows_the_camera_resolution() {
        assert_eq!(layout().corners_for(400, 200)[2], [400.0, 200.0]);
    }

    #[test]
    fn names_the_wrong_field() {
        let told = |change: fn(&mut Layout)| {
            let mut wrong = layout();
            change(&mut wrong);
            wrong.validate().expect_err("wrong").to_string()
        };
        assert!(told(|l| l.corners.swap(0, 1)).starts_with("corners:"));
        assert!(told(|l| l.bins.push(l.bins[0].clone())).starts_with("bins[1].id:"));
        assert!(told(|l| l.bins[0].polygon[1][0] = f64::NAN).starts_with("bins[0].polygon:"));
        assert!(told(|l| l.bins[0].polygon[2] = [400.0, 0.0]).contains("outside the picture"));
        assert!(told(|l| l.lens = Some(Lens { k1: 3.0, ..Lens::default() })).starts_with("lens.k1:"));
        assert!(told(|l| l.size_mm = Some([0.0, 500.0])).starts_with("size_mm:"));
        let unknown = layout().to_json().replace("\"frame\"", "\"frames\"");
        assert!(Layout::from_json(&unknown).expect_err("unknown").to_string().contains("frames"));
    }
}
