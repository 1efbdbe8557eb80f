//! Racks and bins: where bottles lie and what the camera looks at.

use plan::lens::Lens;
use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    error::RuleError,
    ids::{BinId, RackId},
    word_enum,
};

/// A point in pixels, `[x, y]`, x to the right and y down.
pub type Point = [f64; 2];

word_enum! {
    /// How a rack is built.
    RackKind {
        /// Rectangular cells in rows and columns.
        Grid = "grid",
        /// Cells standing on their corner.
        Diamond = "diamond",
        /// Six-cornered cells, as in a honeycomb.
        Hexagonal = "hexagonal",
        /// Large squares parted by an X into four bins.
        X = "x",
        /// Shelves on which bottles lie side by side.
        Shelf = "shelf",
        /// One heap, box or case.
        Bulk = "bulk",
        /// A cabinet or refrigerator with pull-out shelves.
        Cabinet = "cabinet",
        /// Bins drawn freely.
        Free = "free",
    }
}

/// A rack that one camera faces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rack {
    /// Identifier.
    pub id: RackId,
    /// What a person has entered.
    #[serde(flatten)]
    pub facts: RackFacts,
    /// Whether it was taken down.
    pub archived: bool,
    /// Counts up with each change.
    pub revision: i32,
}

/// What is entered of a rack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RackFacts {
    /// Name, 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100, example = "Main rack"))]
    pub name: String,
    /// Where it stands, up to 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100, example = "Cellar, north wall"))]
    pub place: String,
    /// How it is built.
    #[serde(default = "grid")]
    pub kind: RackKind,
    /// Rows of bins, 1 to 100, where there are such.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100))]
    pub row_count: Option<i32>,
    /// Bins in a row, 1 to 100.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100))]
    pub column_count: Option<i32>,
    /// Whether every second row is shifted by half a bin.
    #[serde(default)]
    pub staggered: bool,
    /// Bottles behind each other, 1 to 4; the camera sees the front ones only.
    #[serde(default = "one")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 4))]
    pub depth: i32,
    /// The shelf's corners in the camera frame, in the order TL, TR, BR, BL.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<[f64; 2]>, min_items = 4, max_items = 4))]
    pub corners: [Point; 4],
    /// Width of the camera frame the corners were set on, 16 to 16384 pixels.
    #[cfg_attr(feature = "openapi", schema(minimum = 16, maximum = 16_384))]
    pub frame_width: i32,
    /// Height of that frame.
    #[cfg_attr(feature = "openapi", schema(minimum = 16, maximum = 16_384))]
    pub frame_height: i32,
    /// Width of the rectified picture, 16 to 16384 pixels.
    #[cfg_attr(feature = "openapi", schema(minimum = 16, maximum = 16_384))]
    pub rectified_width: i32,
    /// Height of the rectified picture.
    #[cfg_attr(feature = "openapi", schema(minimum = 16, maximum = 16_384))]
    pub rectified_height: i32,
    /// What the camera's lens does to straight lines; none for one that keeps them straight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lens: Option<Lens>,
    /// Width between the corners, 10 to 100000 millimetres, where somebody has measured it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 10, maximum = 100_000))]
    pub width_mm: Option<i32>,
    /// Height between the corners; where it is left out, the rectified picture is taken to have the rack's proportions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 10, maximum = 100_000))]
    pub height_mm: Option<i32>,
}

fn grid() -> RackKind {
    RackKind::Grid
}

fn one() -> i32 {
    1
}

impl RackFacts {
    /// A rack of which nothing is known but how it is built.
    pub fn blank(kind: RackKind) -> Self {
        Self {
            name: String::new(),
            place: String::new(),
            kind,
            row_count: None,
            column_count: None,
            staggered: false,
            depth: 1,
            corners: [[0.0; 2]; 4],
            frame_width: 0,
            frame_height: 0,
            rectified_width: 0,
            rectified_height: 0,
            lens: None,
            width_mm: None,
            height_mm: None,
        }
    }

    /// Width and height between the corners in millimetres, where the rack has been measured.
    pub fn size_mm(&self) -> Option<[f64; 2]> {
        let width = f64::from(self.width_mm?);
        let shown = f64::from(self.rectified_height) / f64::from(self.rectified_width);
        Some([width, self.height_mm.map_or(width * shown, f64::from)])
    }

    /// Checks every field; the error names it.
    pub fn check(&self) -> Result<(), RuleError> {
        crate::wine::text("name", &self.name, 1, 100)?;
        crate::wine::text("place", &self.place, 0, 100)?;
        for (field, count) in [("row_count", self.row_count), ("column_count", self.column_count)] {
            if let Some(n) = count.filter(|n| !(1..=100).contains(n)) {
                return Err(RuleError::field(field, format!("is {n}; 1 to 100 are allowed")));
            }
        }
        if !(1..=4).contains(&self.depth) {
            return Err(RuleError::field("depth", format!("is {}; 1 to 4 are allowed", self.depth)));
        }
        for (field, size) in [("width_mm", self.width_mm), ("height_mm", self.height_mm)] {
            if let Some(mm) = size.filter(|mm| !(10..=100_000).contains(mm)) {
                return Err(RuleError::field(field, format!("is {mm}; 10 to 100000 millimetres are allowed")));
            }
        }
        if self.height_mm.is_some() && self.width_mm.is_none() {
            return Err(RuleError::field("width_mm", "is missing: with a height the width must be known too"));
        }
        if let Some(lens) = &self.lens {
            lens.check("lens")?;
        }
        if let Some(i) = self.corners.iter().position(|p| !p[0].is_finite() || !p[1].is_finite()) {
            return Err(RuleError::field(format!("corners[{i}]"), "is not a pair of finite numbers"));
        }
        let sides = [
            ("frame_width", self.frame_width),
            ("frame_height", self.frame_height),
            ("rectified_width", self.rectified_width),
            ("rectified_height", self.rectified_height),
        ];
        match sides.iter().find(|(_, pixels)| !(16..=16_384).contains(pixels)) {
            Some((field, pixels)) => {
                Err(RuleError::field(*field, format!("is {pixels}; 16 to 16384 pixels are allowed")))
            }
            None => Ok(()),
        }
    }
}

/// A cell of the rack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bin {
    /// Name, unique in the cellar.
    pub id: BinId,
    /// Its rack.
    pub rack_id: RackId,
    /// Outline in pixels of the rectified picture, 3 to 64 corners.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<[f64; 2]>))]
    pub polygon: Vec<Point>,
    /// How many bottles fit, 1 to 200.
    pub capacity: i32,
    /// Whether it is used: a disabled bin is neither filled nor read.
    pub enabled: bool,
    /// Counts up with each change.
    #[serde(default)]
    pub revision: i32,
}

impl Bin {
    /// Checks name, outline and capacity.
    pub fn check(&self) -> Result<(), RuleError> {
        if !self.id.is_valid() {
            return Err(RuleError::field("id", "a bin is named by 1 to 32 of A-Z a-z 0-9 _ -"));
        }
        if !(3..=64).contains(&self.polygon.len()) {
            return Err(RuleError::field(
                "polygon",
                format!("has {} corners; 3 to 64 are allowed", self.polygon.len()),
            ));
        }
        if let Some(i) = self.polygon.iter().position(|p| !p[0].is_finite() || !p[1].is_finite()) {
            return Err(RuleError::field(format!("polygon[{i}]"), "is not a pair of finite numbers"));
        }
        if !(1..=200).contains(&self.capacity) {
            return Err(RuleError::field("capacity", "must be 1 to 200"));
        }
        Ok(())
    }
}

/// What the book and the camera say of one bin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BinSummary {
    /// The bin's name, under the name existing clients know.
    pub st_bin: BinId,
    /// Bottles in it by the book.
    pub qty: i32,
    /// How many fit.
    pub capacity: i32,
    /// Its rack.
    pub rack_id: RackId,
    /// Bottles the last scan counted; none when it had no opinion, or no scan was made.
    pub seen: Option<i32>,
    /// Confidence of that count, 0 to 1.
    pub confidence: Option<f64>,
    /// Whether the last scan asks a person to look, with the reason.
    pub needs_look: Option<String>,
    /// When the bin was last scanned with an opinion (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(with = "crate::instant::optional", default)]
    pub seen_at: Option<Instant>,
    /// Whether a proposal waits for an answer.
    pub open_proposal: bool,
}
