//! Counts the bottle ends in each bin.
//!
//! A bin becomes one or more square [`tiles`], the network answers each with a heat map of centres,
//! its peaks become [`End`]s, and a judge decides on the count or on having no opinion.

mod judge;
mod network;
mod peaks;
pub mod tiles;

use image::RgbImage;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::crop::pixel_box;
use crate::geometry::Point;
use crate::layout::BinShape;
pub use judge::{MIN_CONFIDENCE, raw_log_odds};
pub use network::ModelError;
use network::Network;

/// One bottle end: a capsule, a cork or a punt, whichever faces the camera.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// Middle, to the right, in pixels of the straightened picture.
    pub x: f64,
    /// Middle, downwards, in pixels of the straightened picture.
    pub y: f64,
    /// Radius in the same pixels.
    pub r: f64,
    /// How sure it is an end, 0 to 1.
    pub confidence: f64,
}

/// What the detector has to say about one bin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BinReading {
    /// The bin's name.
    pub id: String,
    /// Bottles seen; none means no opinion.
    pub count: Option<u32>,
    /// Calibrated probability that the count is exact, 0 to 1; 0 when the network failed.
    pub confidence: f64,
    /// Why a person should look, if so.
    pub needs_look: Option<String>,
    /// The ends that were counted (also when they are too doubtful for a count).
    pub ends: Vec<End>,
}

/// The built-in bottle end detector; shareable between threads.
pub struct Detector {
    network: Network,
}

impl Detector {
    /// Loads the network that is part of the program and checks it against recorded results (below 1 s).
    pub fn builtin() -> Result<Self, ModelError> {
        Ok(Self { network: Network::builtin()? })
    }

    /// Name and version of the network.
    pub fn name(&self) -> &str {
        &self.network.name
    }

    /// Reads all bins of a straightened picture, in their order.
    pub fn read(&self, rectified: &RgbImage, bins: &[BinShape]) -> Vec<BinReading> {
        bins.par_iter().map(|bin| self.read_region(rectified, [0.0, 0.0], bin)).collect()
    }

    /// Reads one bin from its own crop (see [`crate::crop::crop`]); the ends are still in straightened pixels.
    pub fn read_crop(&self, crop: &RgbImage, bin: &BinShape) -> BinReading {
        let origin = match pixel_box(bin, u32::MAX, u32::MAX) {
            Some([left, top, ..]) => [f64::from(left), f64::from(top)],
            None => [0.0, 0.0],
        };
        self.read_region(crop, origin, bin)
    }

    /// All peaks of a bin with their raw probabilities, surest first: for calibration.
    pub fn peaks(&self, rectified: &RgbImage, bin: &BinShape) -> Result<Vec<End>, ModelError> {
        self.find(rectified, [0.0, 0.0], bin)
    }

    fn read_region(&self, picture: &RgbImage, origin: Point, bin: &BinShape) -> BinReading {
        match self.find(picture, origin, bin) {
            Ok(peaks) => judge::judge(bin, peaks, self.network.calibration),
            Err(error) => BinReading {
                id: bin.id.clone(),
                count: None,
                confidence: 0.0,
                needs_look: Some(error.to_string()),
                ends: Vec::new(),
            },
        }
    }

    fn find(&self, picture: &RgbImage, origin: Point, bin: &BinShape) -> Result<Vec<End>, ModelError> {
        let all = tiles::tiles(&bin.polygon);
        let mut found = Vec::new();
        for (i, tile) in all.iter().enumerate() {
            let bytes = tiles::canvas(picture, origin, &bin.polygon, tile);
            let answer = self.network.run_mirrored(tiles::normalise(&bytes))?;
            // Near its border a tile shows only parts: an end belongs to the tile in whose middle it lies.
            let own = |end: &End| {
                let distance = |t: &tiles::Tile| (t.middle()[0] - end.x).hypot(t.middle()[1] - end.y);
                let slack = tile.side * 0.06;
                all.iter().enumerate().all(|(k, other)| k == i || distance(tile) <= distance(other) + slack)
            };
            found.extend(peaks::peaks(&answer, tile).into_iter().filter(own));
        }
        Ok(peaks::suppress(found))
    }
}
