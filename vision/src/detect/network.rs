//! The trained network, run by tract, and the proof at start that this machine computes what the trainer computed.

use std::io::Cursor;
use std::sync::Arc;

use serde::Deserialize;
use tract_onnx::prelude::*;

use super::tiles::CANVAS;

/// Side of the network's answer; each of its cells stands for 4×4 canvas pixels.
pub(super) const GRID: usize = CANVAS / 4;
/// Planes of the answer: centre logit, log of radius, shift to the right, shift downwards.
pub(super) const PLANES: usize = 4;
/// Largest deviation allowed in the self-test; other processors round differently, wrong kernels are far off.
const TOLERANCE: f32 = 0.02;

const MODEL: &[u8] = include_bytes!("../../../models/onnx/bottle_ends.onnx");
const GOLDEN: &str = include_str!("../../../models/onnx/bottle_ends.golden.json");

/// Why the detector cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// The file is no network that tract can run.
    #[error("the model cannot be loaded: {0}")]
    Load(String),
    /// The network failed on a picture.
    #[error("the model failed: {0}")]
    Run(String),
    /// The results differ from those recorded in training.
    #[error("the model computes wrong numbers on this machine: {0}")]
    SelfTest(String),
}

/// Recorded in training: some cells of the answer to [`golden_input`].
#[derive(Deserialize)]
struct Golden {
    name: String,
    calibration: [f64; 2],
    indices: Vec<usize>,
    values: Vec<f32>,
}

pub(super) struct Network {
    plan: Arc<TypedRunnableModel>,
    pub(super) name: String,
    /// Slope and shift that turn the raw log-odds of a bin's count into honest ones.
    pub(super) calibration: [f64; 2],
}

impl Network {
    pub(super) fn builtin() -> Result<Self, ModelError> {
        let load = |e: TractError| ModelError::Load(e.to_string());
        let plan = tract_onnx::onnx()
            .with_ignore_value_info(true)
            .model_for_read(&mut Cursor::new(MODEL))
            .and_then(|m| m.with_input_fact(0, f32::fact([1, 4, CANVAS, CANVAS]).into()))
            .and_then(|m| m.into_optimized())
            .and_then(|m| m.into_runnable())
            .map_err(load)?;
        let golden: Golden = serde_json::from_str(GOLDEN).map_err(|e| ModelError::Load(e.to_string()))?;
        let network = Self { plan, name: golden.name.clone(), calibration: golden.calibration };
        network.self_test(&golden)?;
        Ok(network)
    }

    fn self_test(&self, golden: &Golden) -> Result<(), ModelError> {
        let answer = self.run(golden_input())?;
        if golden.values.is_empty() || golden.indices.len() != golden.values.len() {
            return Err(ModelError::SelfTest("there is nothing to compare with".into()));
        }
        for (&i, &want) in golden.indices.iter().zip(&golden.values) {
            let got = answer.get(i).copied().unwrap_or(f32::NAN);
            // Written so that NaN fails too.
            let close = (got - want).abs() <= TOLERANCE * (1.0 + want.abs());
            if !close {
                return Err(ModelError::SelfTest(format!("cell {i} is {got} instead of {want}")));
            }
        }
        Ok(())
    }

    /// The mean of the answers to the picture and to its mirror image, turned back: what the network sees from both
    /// sides is an end, what it sees from one only becomes a doubt. Twice the arithmetic, far fewer lost ends.
    pub(super) fn run_mirrored(&self, input: Vec<f32>) -> Result<Vec<f32>, ModelError> {
        let mut mirrored = input.clone();
        mirrored.chunks_exact_mut(CANVAS).for_each(<[f32]>::reverse);
        let mut answer = self.run(input)?;
        let mut other = self.run(mirrored)?;
        other.chunks_exact_mut(GRID).for_each(<[f32]>::reverse);
        for (i, (mine, its)) in answer.iter_mut().zip(other).enumerate() {
            // Plane 2 is the shift to the right, which the mirror has made one to the left.
            let its = if i / (GRID * GRID) == 2 { -its } else { its };
            *mine = (*mine + its) / 2.0;
        }
        Ok(answer)
    }

    /// The answer's four planes of [`GRID`]×[`GRID`] cells.
    pub(super) fn run(&self, input: Vec<f32>) -> Result<Vec<f32>, ModelError> {
        let fail = |e: TractError| ModelError::Run(e.to_string());
        let input = Tensor::from_shape(&[1, 4, CANVAS, CANVAS], &input).map_err(fail)?;
        let outputs = self.plan.run(tvec!(input.into())).map_err(fail)?;
        let answer: Vec<f32> = outputs[0].to_plain_array_view::<f32>().map_err(fail)?.iter().copied().collect();
        if answer.len() == PLANES * GRID * GRID && answer.iter().all(|v| v.is_finite()) {
            Ok(answer)
        } else {
            Err(ModelError::Run("the answer has the wrong size or is not finite".into()))
        }
    }
}

/// A picture that needs no file: the trainer computes the same one.
fn golden_input() -> Vec<f32> {
    (0..4 * CANVAS * CANVAS).map(|i| ((i * 7919 % 1009) as f32 / 1009.0 - 0.5) * 2.0).collect()
}
