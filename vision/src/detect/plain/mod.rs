//! A second engine, in plain Rust, for plain convolutional networks.
//!
//! It needs no plan for each size of canvas, keeps one copy of the weights and starts at once; what it cannot compute
//! (any operator not listed in [`graph`]) is left to tract. Both answer the same self-test.

mod budget;
mod conv;
mod graph;
mod kernel;
mod layers;

use std::collections::HashMap;

use tract_onnx::pb::ModelProto;

use super::engine::{Answer, Engine, ModelError, checked, guarded};
use graph::{Graph, Layer};
use layers::Tensor;

/// A network run by the plain engine.
pub(super) struct Plain {
    graph: Graph,
}

impl Plain {
    /// Takes a network, if all of its operators are known here.
    pub(super) fn new(model: &ModelProto) -> Option<Self> {
        Some(Self { graph: Graph::read(model)? })
    }

    fn forward(&self, input: Tensor) -> Result<Vec<Answer>, ModelError> {
        let graph = &self.graph;
        let mut values: HashMap<usize, Tensor> = HashMap::from([(0, input)]);
        let mut uses = graph.uses.clone();
        for step in &graph.steps {
            let missing = || ModelError::Run("a layer's input is missing".into());
            let input = |k: usize| values.get(&step.inputs[k]).ok_or_else(missing);
            let out = match &step.layer {
                Layer::Conv(conv) => conv.apply(values.get_mut(&step.inputs[0]).ok_or_else(missing)?)?,
                Layer::Pointwise(kind) => layers::pointwise(input(0)?, *kind),
                Layer::Add | Layer::Multiply => {
                    layers::combine(input(0)?, input(1)?, matches!(step.layer, Layer::Add))?
                }
                Layer::Enlarge(by) => layers::enlarge(input(0)?, *by),
                Layer::Join => {
                    let all: Result<Vec<&Tensor>, _> = (0..step.inputs.len()).map(input).collect();
                    layers::join(&all?)?
                }
                Layer::MaxPool(pool) => pool.apply(input(0)?)?,
                Layer::Mean => layers::mean(input(0)?),
                Layer::Flat => input(0)?.clone(),
                Layer::Dense(dense) => dense.apply(input(0)?)?,
                Layer::Softmax => layers::softmax(input(0)?),
            };
            for i in &step.inputs {
                uses[*i] -= 1;
                if uses[*i] == 0 {
                    values.remove(i);
                }
            }
            values.insert(step.output, out);
        }
        let outputs = graph.outputs.iter().map(|i| {
            let tensor = values.get(i).ok_or_else(|| ModelError::Run("an output is missing".into()))?;
            let shape = if graph.flat.contains(i) {
                vec![1, tensor.values.len()]
            } else {
                vec![1, tensor.channels, tensor.height, tensor.width]
            };
            Ok(Answer { shape, values: tensor.values.clone() })
        });
        outputs.collect()
    }
}

impl Engine for Plain {
    fn run(&self, [batch, channels, height, width]: [usize; 4], input: Vec<f32>) -> Result<Vec<Answer>, ModelError> {
        if batch != 1 || input.len() != channels * height * width {
            return Err(ModelError::Run("the input has the wrong size".into()));
        }
        self.afford([channels, height, width])?;
        let input = Tensor { channels, height, width, values: input };
        guarded(|| checked(self.forward(input)?))
    }

    fn name(&self) -> &'static str {
        "plain"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::vetting::parsed;
    use crate::detect::with_tract::WithTract;

    /// Networks of every layer known here give what tract gives, at several sizes.
    #[test]
    fn agrees_with_tract() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let cases = [
            ("tests/models/layers.onnx", 4, vec![[64, 64], [96, 32]]),
            ("tests/models/heat.onnx", 4, vec![[64, 96]]),
            ("tests/models/shared.onnx", 4, vec![[32, 32]]),
            ("tests/models/classes.onnx", 3, vec![[32, 32]]),
            ("../models/onnx/bottle_ends.onnx", 4, vec![[128, 128]]),
        ];
        for (file, channels, sizes) in cases {
            let model = parsed(&std::fs::read(folder.join(file)).expect(file)).expect(file);
            let plain = Plain::new(&model).expect(file);
            let tract = WithTract::new(&model).expect(file);
            for [height, width] in sizes {
                let shape = [1, channels, height, width];
                let input: Vec<f32> =
                    (0..channels * height * width).map(|i| ((i * 7919 % 1009) as f32 / 1009.0 - 0.5) * 2.0).collect();
                let ours = plain.run(shape, input.clone()).expect(file);
                let theirs = tract.run(shape, input).expect(file);
                assert_eq!(ours.len(), theirs.len(), "{file}");
                for (a, b) in ours.iter().zip(&theirs) {
                    assert_eq!(a.shape, b.shape, "{file}");
                    let far = a
                        .values
                        .iter()
                        .zip(&b.values)
                        .map(|(x, y)| (x - y).abs() / (1.0 + y.abs()))
                        .fold(0.0, f32::max);
                    assert!(far < 1e-3, "{file} at {height}×{width}: off by {far}");
                }
            }
        }
    }
}
