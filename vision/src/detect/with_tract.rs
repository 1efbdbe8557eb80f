//! Runs a network by tract: one plan per size of canvas, made when it is first needed and shared by all threads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::*;

use super::engine::{Answer, Budget, Engine, ModelError, checked, guarded};

/// Plans kept at a time; a rack needs three to eight. Each holds the network's weights in its own order.
const MOST_PLANS: usize = 24;

type Plan = Arc<TypedRunnableModel>;
type Slot = Arc<OnceLock<Result<Plan, ModelError>>>;

/// A network in ONNX, run by tract.
pub(super) struct WithTract {
    /// Parsed, but without sizes.
    template: InferenceModel,
    plans: Mutex<HashMap<[usize; 4], Slot>>,
}

impl WithTract {
    /// Reads a model. Nothing is computed yet, so wrong sizes show when it is first run.
    pub(super) fn new(model: &ModelProto) -> Result<Self, ModelError> {
        let template = guarded(|| {
            tract_onnx::onnx()
                .with_ignore_value_info(true)
                .with_ignore_output_shapes(true)
                .model_for_proto_model(model)
                .map_err(|e| ModelError::Load(brief(&e)))
        })?;
        if template.inputs.is_empty() {
            return Err(ModelError::Load("it takes no picture: its graph has no input".to_owned()));
        }
        Ok(Self { template, plans: Mutex::default() })
    }

    fn plan(&self, shape: [usize; 4]) -> Result<Plan, ModelError> {
        let slot = {
            // A thread that panicked while it held the lock has left the map whole.
            let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
            if plans.len() >= MOST_PLANS && !plans.contains_key(&shape) {
                plans.clear();
            }
            plans.entry(shape).or_default().clone()
        };
        // Made outside the lock: other sizes go on meanwhile, threads of the same size wait for the first.
        slot.get_or_init(|| guarded(|| self.build(shape))).clone()
    }

    fn build(&self, shape: [usize; 4]) -> Result<Plan, ModelError> {
        let load = |e: TractError| ModelError::Load(brief(&e));
        let typed = self
            .template
            .clone()
            .with_input_fact(0, f32::fact(shape).into())
            .and_then(InferenceModel::into_typed)
            .map_err(load)?;
        let mut budget = Budget::default();
        for fact in typed.nodes().iter().flat_map(|node| &node.outputs).map(|outlet| &outlet.fact) {
            let volume =
                fact.shape.as_concrete().map(|sides| sides.iter().fold(1usize, |all, n| all.saturating_mul(*n)));
            // tract knows the multiplications of some operators only; what a value takes at least is one.
            let volume = volume.unwrap_or(usize::MAX);
            budget.take(volume, volume)?;
        }
        typed.into_optimized().and_then(TypedModel::into_runnable).map_err(load)
    }
}

impl Engine for WithTract {
    fn run(&self, shape: [usize; 4], input: Vec<f32>) -> Result<Vec<Answer>, ModelError> {
        let plan = self.plan(shape)?;
        let fail = |e: TractError| ModelError::Run(brief(&e));
        guarded(|| {
            let input = Tensor::from_shape(&shape, &input).map_err(fail)?;
            let outputs = plan.run(tvec!(input.into())).map_err(fail)?;
            let answers = outputs.iter().map(|output| {
                let view = output.to_plain_array_view::<f32>().map_err(fail)?;
                Ok(Answer { shape: view.shape().to_vec(), values: view.iter().copied().collect() })
            });
            checked(answers.collect::<Result<_, ModelError>>()?)
        })
    }

    fn name(&self) -> &'static str {
        "tract"
    }
}

/// An error with its causes on one line of bounded length: a hostile file writes parts of it.
fn brief(error: &TractError) -> String {
    let whole = format!("{error:#}").replace(['\n', '\r'], " ");
    match whole.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &whole[..end]),
        None => whole,
    }
}
