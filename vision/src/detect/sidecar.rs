//! What a model file does not say itself: how pictures become its input and its output becomes a count.
//!
//! A user's own `counter.onnx` has a `counter.json` beside it; docs/VISION.md tells the format with examples.

use serde::{Deserialize, Serialize};

use super::engine::ModelError;
use super::planes::{Channels, Outside, Scaling};

/// Longest side of an input of fixed size.
const MOST_SIDE: usize = 1280;

/// The description of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sidecar {
    /// Name and version, as reports show it.
    pub name: String,
    /// How a bin is shown to the network.
    pub input: InputSpec,
    /// What its output means.
    pub decoding: Decoding,
    /// Slope and shift that turn the raw log-odds of a count into honest ones.
    #[serde(default = "as_it_is")]
    pub calibration: [f64; 2],
    /// Answers to the test input, recorded where the model was made; may be left out.
    #[serde(default)]
    pub golden: Vec<Golden>,
}

fn as_it_is() -> [f64; 2] {
    [1.0, 0.0]
}

/// How a bin is shown to the network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// Width and height in pixels. Left out, the network takes any multiples of 32 and gets what the bin needs.
    #[serde(default)]
    pub size: Option<[usize; 2]>,
    /// The planes.
    #[serde(default)]
    pub channels: Channels,
    /// How colours become numbers.
    #[serde(default)]
    pub scaling: Scaling,
    /// What stands outside the bin's polygon.
    #[serde(default)]
    pub outside: Outside,
    /// How a bin's box is fitted to a fixed size.
    #[serde(default)]
    pub fit: Fit,
    /// Whether the box gets a margin of 8 % of its longer side.
    #[serde(default)]
    pub margin: bool,
}

/// How a bin's box is fitted to an input of fixed size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// It fills the input, whatever becomes of its proportions.
    #[default]
    Stretch,
    /// It keeps its proportions; the rest, on the right or below, is padding.
    Letterbox,
}

/// What the output means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Decoding {
    /// 1×K: the class of the largest value is the count. Values that are no probabilities go through a softmax.
    Classification {},
    /// 1×4×h×w, as the built-in network: centre logit, log(radius / 8 px), shift to the right, shift downwards; a
    /// second output 1×D×h×w of features makes learning on the box possible.
    HeatMap {},
    /// 1×N×(5+classes): middle, size, objectness, scores.
    YoloV5(Boxes),
    /// 1×(4+classes)×N: middle, size, scores.
    YoloV8(Boxes),
    /// As v8.
    YoloV11(Boxes),
}

/// How boxes are chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boxes {
    /// From this score on a box is a bottle, 0.01 to 0.99.
    #[serde(default = "quarter")]
    pub score: f64,
    /// Of two boxes that overlap by more than this (intersection over union) the surer one stays, 0 to 1.
    #[serde(default = "nearly_half")]
    pub nms: f64,
    /// The classes that are bottle ends; empty = all.
    #[serde(default)]
    pub classes: Vec<usize>,
    /// Whether places are shares of the input's sides instead of its pixels.
    #[serde(default)]
    pub relative: bool,
}

fn quarter() -> f64 {
    0.25
}

fn nearly_half() -> f64 {
    0.45
}

/// Recorded values of one output's answer to the test input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Golden {
    /// Which output, from 0.
    #[serde(default)]
    pub output: usize,
    /// Places in the answer, counted along its last axis first.
    pub indices: Vec<usize>,
    /// The values there.
    pub values: Vec<f32>,
}

fn wrong(field: &str, problem: impl Into<String>) -> ModelError {
    ModelError::Sidecar { field: field.into(), problem: problem.into() }
}

impl Sidecar {
    /// Reads and checks a description.
    pub fn from_json(text: &str) -> Result<Self, ModelError> {
        let sidecar: Self = serde_json::from_str(text).map_err(|e| wrong("JSON", e.to_string()))?;
        sidecar.check()?;
        Ok(sidecar)
    }

    fn check(&self) -> Result<(), ModelError> {
        let name = self.name.trim();
        if name.is_empty() || name.len() > 80 || name.contains(char::is_control) {
            return Err(wrong("name", "must be 1 to 80 characters on one line"));
        }
        if let Some([width, height]) = self.input.size
            && ![width, height].iter().all(|n| (8..=MOST_SIDE).contains(n))
        {
            return Err(wrong("input.size", format!("must be [width, height], each 8 to {MOST_SIDE}")));
        }
        if self.input.size.is_none() && !matches!(self.decoding, Decoding::HeatMap {}) {
            return Err(wrong("input.size", "is missing: only heat maps may have any size"));
        }
        self.input.scaling.check()?;
        if !self.calibration.iter().all(|v| v.is_finite() && v.abs() < 100.0) || self.calibration[0] < 0.0 {
            return Err(wrong("calibration", "must be [slope, shift], the slope 0 or more"));
        }
        if let Decoding::YoloV5(boxes) | Decoding::YoloV8(boxes) | Decoding::YoloV11(boxes) = &self.decoding {
            if !(0.01..=0.99).contains(&boxes.score) {
                return Err(wrong("decoding.score", "must lie between 0.01 and 0.99"));
            }
            if !(0.0..=1.0).contains(&boxes.nms) {
                return Err(wrong("decoding.nms", "must lie between 0 and 1"));
            }
        }
        for (i, golden) in self.golden.iter().enumerate() {
            if golden.indices.is_empty() || golden.indices.len() != golden.values.len() {
                let field = format!("golden[{i}].indices");
                return Err(wrong(&field, "must be a list as long as values, and not empty"));
            }
        }
        Ok(())
    }
}

/// The description of the built-in network: what the trainer writes into `bottle_ends.golden.json`.
///
/// `ends` and `features` are recorded from the two outputs for the test input of 1×4×`side`×`side`.
#[derive(Deserialize)]
struct BuiltIn {
    name: String,
    calibration: [f64; 2],
    #[serde(default)]
    side: Option<usize>,
    ends: Recorded,
    #[serde(default)]
    features: Option<Recorded>,
    #[serde(default)]
    input: Option<InputSpec>,
}

#[derive(Deserialize)]
struct Recorded {
    indices: Vec<usize>,
    values: Vec<f32>,
}

/// Side in pixels of the test input for a network that takes any size.
pub(super) const TEST_SIDE: usize = 96;

/// Reads the built-in network's description.
pub(super) fn built_in(text: &str) -> Result<Sidecar, ModelError> {
    let read: BuiltIn = serde_json::from_str(text).map_err(|e| wrong("JSON", e.to_string()))?;
    if read.side.is_some_and(|side| side != TEST_SIDE) {
        return Err(wrong("side", format!("must be {TEST_SIDE}")));
    }
    let recorded = |output: usize, of: Recorded| Golden { output, indices: of.indices, values: of.values };
    let mut golden = vec![recorded(0, read.ends)];
    golden.extend(read.features.map(|features| recorded(1, features)));
    let input = read.input.unwrap_or(InputSpec {
        size: None,
        channels: Channels::RgbMask,
        scaling: Scaling::Bin,
        outside: Outside::Context,
        fit: Fit::Letterbox,
        margin: true,
    });
    let decoding = Decoding::HeatMap {};
    let sidecar = Sidecar { name: read.name, input, decoding, calibration: read.calibration, golden };
    sidecar.check()?;
    Ok(sidecar)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const YOLO: &str = r#"{"name": "mine 2", "input": {"size": [640, 640], "fit": "letterbox"},
        "decoding": {"kind": "yolo_v8", "score": 0.3, "classes": [0]}}"#;

    #[test]
    fn reads_what_is_written_and_fills_in_the_rest() {
        let sidecar = Sidecar::from_json(YOLO).expect("a description");
        assert_eq!(sidecar.calibration, [1.0, 0.0]);
        assert!(matches!(&sidecar.decoding, Decoding::YoloV8(boxes) if boxes.nms == 0.45 && boxes.score == 0.3));
        let text = serde_json::to_string(&sidecar).expect("JSON");
        assert_eq!(Sidecar::from_json(&text), Ok(sidecar));
    }

    #[test]
    fn names_the_wrong_field() {
        let told = |from: &str, to: &str| Sidecar::from_json(&YOLO.replace(from, to)).expect_err(to).to_string();
        assert!(told("640, 640", "640, 0").contains("input.size"));
        assert!(told("\"size\": [640, 640], ", "").contains("input.size: is missing"));
        assert!(told("0.3", "1.5").contains("decoding.score"));
        assert!(told("mine 2", " ").contains("name"));
        assert!(told("yolo_v8", "yolo_v99").contains("yolo_v99"));
        assert!(told("fit", "fitt").contains("fitt"));
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,200}") {
            let _ = Sidecar::from_json(&text);
            let _ = built_in(&text);
        }
    }
}
