//! Runs a network by tract: one plan for each size of input, made when it is first needed and shared by all threads.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::*;

use crate::reader::ReadError;

/// Plans kept at a time; each holds the network's weights in its own order.
const MOST_PLANS: usize = 12;

type Plan = Arc<TypedRunnableModel>;
type Slot = Arc<OnceLock<Result<Plan, ReadError>>>;

/// A network without sizes, and its plans.
pub(super) struct Network {
    template: InferenceModel,
    plans: Mutex<HashMap<[usize; 4], Slot>>,
}

/// Reads an ONNX file.
pub(super) fn open(path: &Path) -> Result<ModelProto, ReadError> {
    tract_onnx::onnx()
        .proto_model_for_path(path)
        .map_err(|error| ReadError::Model(format!("{}: {}", path.display(), brief(&error))))
}

impl Network {
    /// Takes a network; wrong sizes show when it is first run.
    pub(super) fn new(model: &ModelProto) -> Result<Self, ReadError> {
        let template = tract_onnx::onnx()
            .with_ignore_value_info(true)
            .with_ignore_output_shapes(true)
            .model_for_proto_model(model)
            .map_err(|error| ReadError::Model(brief(&error)))?;
        Ok(Self { template, plans: Mutex::default() })
    }

    /// The first output for one input of 1 x channels x height x width: its shape and its values.
    pub(super) fn run(&self, shape: [usize; 4], input: &[f32]) -> Result<(Vec<usize>, Vec<f32>), ReadError> {
        let failed = |error: TractError| ReadError::Failed(brief(&error));
        let input = Tensor::from_shape(&shape, input).map_err(failed)?;
        let outputs = self.plan(shape)?.run(tvec!(input.into())).map_err(failed)?;
        let output = outputs.first().ok_or_else(|| ReadError::Failed("the network gives no answer".into()))?;
        let view = output.to_plain_array_view::<f32>().map_err(failed)?;
        Ok((view.shape().to_vec(), view.iter().copied().collect()))
    }

    fn plan(&self, shape: [usize; 4]) -> Result<Plan, ReadError> {
        let slot = {
            // A thread that panicked while it held the lock has left the map whole.
            let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
            if plans.len() >= MOST_PLANS && !plans.contains_key(&shape) {
                plans.clear();
            }
            plans.entry(shape).or_default().clone()
        };
        // Made outside the lock: other sizes go on meanwhile, threads of the same size wait for the first.
        slot.get_or_init(|| self.build(shape)).clone()
    }

    fn build(&self, shape: [usize; 4]) -> Result<Plan, ReadError> {
        self.template
            .clone()
            .with_input_fact(0, f32::fact(shape).into())
            .and_then(InferenceModel::into_typed)
            .and_then(TypedModel::into_optimized)
            .and_then(TypedModel::into_runnable)
            .map_err(|error| ReadError::Model(brief(&error)))
    }
}

/// An error with its causes on one line of bounded length.
fn brief(error: &TractError) -> String {
    format!("{error:#}").replace(['\n', '\r'], " ").chars().take(300).collect()
}
