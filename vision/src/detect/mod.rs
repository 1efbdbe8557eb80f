//! Counts the bottle ends in each bin.
//!
//! A bin is drawn straight from the camera's frame onto a [`canvas`] whose size its [`framing`] decides, the network
//! answers with a heat map of centres, its peaks become [`End`]s with a [`signature`] each, and a judge decides on the
//! count or on having no opinion. A user's own model is described by a [`sidecar`] and looked through before it is run.

mod boxes;
pub mod canvas;
mod classes;
mod engine;
pub mod framing;
mod head;
mod judge;
mod look;
mod network;
mod peaks;
mod plain;
pub mod planes;
pub mod sidecar;
pub mod signature;
mod vetting;
mod with_tract;

use std::path::Path;

use image::RgbImage;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::layout::BinShape;
use canvas::{PixelMap, same};
pub use engine::{Answer, Engine, ModelError};
pub use head::Head;
pub use judge::{DOUBT, MIN_CONFIDENCE, raw_log_odds};
use look::Scene;
use network::Network;
pub use network::decode;
pub use peaks::{Peak, log_odds, sigmoid};

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
    /// What it looks like, [`signature::LENGTH`] values of length 1 together; empty where nobody looked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signature: Vec<f32>,
}

impl End {
    /// An end whose looks nobody has described yet.
    pub fn new(x: f64, y: f64, r: f64, confidence: f64) -> Self {
        Self { x, y, r, confidence, signature: Vec::new() }
    }
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
    /// How far below the bar the likeliest place lies that was not counted, in log-odds: 0 (or unknown) to 4 (none is in doubt).
    #[serde(default)]
    pub others: f64,
}

/// A bottle end detector; threads share it.
pub struct Detector {
    network: Network,
    head: Option<Head>,
}

impl Detector {
    /// Loads the network that is part of the program and checks it against recorded results.
    pub fn builtin() -> Result<Self, ModelError> {
        Ok(Self { network: Network::builtin()?, head: None })
    }

    /// Loads a user's own model with the description beside it (`counter.onnx`, `counter.json`), or without a path the
    /// built-in one.
    pub fn open(path: Option<&Path>) -> Result<Self, ModelError> {
        match path {
            None => Self::builtin(),
            Some(path) => Ok(Self { network: Network::open(path)?, head: None }),
        }
    }

    /// Takes a model of unknown origin, after it has been looked through.
    pub fn from_bytes(onnx: &[u8], sidecar: sidecar::Sidecar) -> Result<Self, ModelError> {
        Ok(Self { network: Network::from_bytes(onnx, sidecar)?, head: None })
    }

    /// Uses what a rack has taught; a head of another model, or with unusable numbers, is left aside (false).
    pub fn learned(&mut self, head: Head) -> bool {
        let fits = head.model == self.identity() && head.is_sound();
        self.head = fits.then_some(head);
        fits
    }

    /// Name and version of the network.
    pub fn name(&self) -> &str {
        &self.network.sidecar.name
    }

    /// Name and fingerprint: another network of the same name is another one, and what a rack has taught the one says nothing
    /// of the other.
    pub fn identity(&self) -> String {
        format!("{} {}", self.name(), self.network.fingerprint)
    }

    /// Name of the network, with a word if a rack has taught it something.
    pub fn title(&self) -> String {
        if self.head.is_some() { format!("{}, taught", self.name()) } else { self.name().to_owned() }
    }

    /// What does the arithmetic: `plain` or `tract`.
    pub fn engine(&self) -> &'static str {
        self.network.engine()
    }

    /// Whether it can learn: it sees single ends on a heat map, each with log-odds that can be corrected.
    pub fn learns(&self) -> bool {
        matches!(self.network.sidecar.decoding, sidecar::Decoding::HeatMap {})
    }

    /// Slope and shift that the network came with.
    pub fn calibration(&self) -> [f64; 2] {
        self.network.sidecar.calibration
    }

    /// Reads all bins of a straightened picture, in their order.
    pub fn read(&self, rectified: &RgbImage, bins: &[BinShape]) -> Vec<BinReading> {
        self.read_through(rectified, &same, bins)
    }

    /// Reads all bins straight from the frame: `map` takes places of the straightened picture to places of the frame.
    pub fn read_through(&self, frame: &RgbImage, map: &dyn PixelMap, bins: &[BinShape]) -> Vec<BinReading> {
        bins.par_iter().map(|bin| self.read_bin(&Scene { picture: frame, origin: [0.0, 0.0], map }, bin)).collect()
    }

    /// All peaks of a bin with the network's own log-odds and its features, surest first, as [`Self::read_through`] sees
    /// them before what was learned is applied: what learning works on. Empty for a classifier.
    pub fn peaks_through(&self, frame: &RgbImage, map: &dyn PixelMap, bin: &BinShape) -> Result<Vec<Peak>, ModelError> {
        let scene = Scene { picture: frame, origin: [0.0, 0.0], map };
        Ok(look::look(&self.network, None, &scene, bin)?.peaks)
    }

    /// How sure a count is as the answer to what has changed, 0 to 1, where ends lay at `before` (middles and radii in straightened
    /// pixels) when book and camera last agreed: an end that lies where one lay is no doubt about that, however faint it is. What
    /// is in doubt are the ends that came, and all places that were not counted. At least the reading's confidence.
    pub fn sure_of_change(&self, reading: &BinReading, before: &[[f64; 3]]) -> f64 {
        judge::sure_of_change(reading, before, look::calibration(&self.network, self.head.as_ref()))
    }

    /// Looks closer at bins in which an end is no longer seen where one lay (`before`, as for [`Self::sure_of_change`]): where the closer
    /// look sees one more, and one of those, the bin has no opinion. What else it sees is nothing that has gone.
    pub fn confirm_gone(
        &self,
        frame: &RgbImage,
        map: &dyn PixelMap,
        bins: &[BinShape],
        readings: &mut [BinReading],
        before: &(dyn Fn(&str) -> Vec<[f64; 3]> + Sync),
    ) {
        let scene = Scene { picture: frame, origin: [0.0, 0.0], map };
        bins.par_iter().zip(readings).for_each(|(bin, reading)| {
            let missed = judge::missed(reading, &before(&bin.id));
            if reading.confidence == 0.0 || missed.is_empty() {
                return;
            }
            let Ok(Some(closer)) = look::closer(&self.network, self.head.as_ref(), &scene, bin) else { return };
            let closer = closer.reading(bin, look::calibration(&self.network, self.head.as_ref()));
            if closer.ends.len() > reading.ends.len() && judge::missed(&closer, &missed).len() < missed.len() {
                judge::of_two_minds(reading, closer.ends.len());
            }
        });
    }

    fn read_bin(&self, scene: &Scene<'_>, bin: &BinShape) -> BinReading {
        let silent = |reason: String| BinReading {
            id: bin.id.clone(),
            count: None,
            confidence: 0.0,
            needs_look: Some(reason),
            ends: Vec::new(),
            others: 0.0,
        };
        match look::look(&self.network, self.head.as_ref(), scene, bin) {
            Ok(seen) if seen.shown < look::LEAST_SHOWN => {
                silent(format!("only {} % of the bin lie in the picture", (seen.shown * 100.0).round()))
            }
            Ok(seen) => seen.reading(bin, look::calibration(&self.network, self.head.as_ref())),
            Err(error) => silent(error.to_string()),
        }
    }
}
