//! Racks and bins: where bottles lie and what the camera looks at.

use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    error::RuleError,
    ids::{BinId, RackId},
};

/// A point in pixels, `[x, y]`, x to the right and y down.
pub type Point = [f64; 2];

/// A rack that one camera faces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rack {
    /// Identifier.
    pub id: RackId,
    /// Name, such as `Main rack`.
    pub name: String,
    /// The shelf's corners in the camera frame, in the order TL, TR, BR, BL.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<f64>>))]
    pub corners: [Point; 4],
    /// Width of the camera frame the corners were set on, in pixels.
    pub frame_width: i32,
    /// Height of that frame.
    pub frame_height: i32,
    /// Width of the rectified picture, in pixels.
    pub rectified_width: i32,
    /// Height of the rectified picture.
    pub rectified_height: i32,
}

/// What is entered for a new rack: a [`Rack`] without its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRack {
    /// Name, 1 to 100 characters.
    pub name: String,
    /// The shelf's corners in the camera frame, in the order TL, TR, BR, BL.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<f64>>))]
    pub corners: [Point; 4],
    /// Width of the camera frame the corners were set on, in pixels.
    pub frame_width: i32,
    /// Height of that frame.
    pub frame_height: i32,
    /// Width of the rectified picture, in pixels.
    pub rectified_width: i32,
    /// Height of the rectified picture.
    pub rectified_height: i32,
}

impl NewRack {
    /// Checks name, corners and sizes.
    pub fn check(&self) -> Result<(), RuleError> {
        crate::wine::text("name", &self.name, 1, 100)?;
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
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<f64>>))]
    pub polygon: Vec<Point>,
    /// How many bottles fit, 1 to 200.
    pub capacity: i32,
    /// Whether it is used: a disabled bin is neither filled nor read.
    pub enabled: bool,
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
    pub seen_at: Option<Instant>,
    /// Whether a proposal waits for an answer.
    pub open_proposal: bool,
}
