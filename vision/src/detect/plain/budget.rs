//! What a network asks for, worked out before anything is computed: a hostile file can write down layers that no memory
//! holds or no patience waits for.

use super::Plain;
use super::graph::Layer;
use crate::detect::engine::{Budget, ModelError};

/// Channels, rows, columns.
type Shape = [usize; 3];

impl Plain {
    /// Refuses an input for which the layers together want more than the [`Budget`].
    pub(super) fn afford(&self, input: Shape) -> Result<(), ModelError> {
        let mut budget = Budget::default();
        let mut shapes = vec![input; self.graph.uses.len()];
        for step in &self.graph.steps {
            let inputs: Vec<Shape> = step.inputs.iter().map(|i| shapes[*i]).collect();
            shapes[step.output] = layer(&step.layer, &inputs, &mut budget)?;
        }
        Ok(())
    }
}

fn volume(shape: Shape) -> usize {
    shape.iter().fold(1, |all, n| all.saturating_mul(*n))
}

/// The shape of a layer's output; what it takes is taken from the budget.
fn layer(layer: &Layer, inputs: &[Shape], budget: &mut Budget) -> Result<Shape, ModelError> {
    let first = inputs[0];
    let (shape, work) = match layer {
        Layer::Conv(conv) => {
            let shape = conv.shape(first)?;
            // Beside its output a convolution holds its input, padded and split.
            budget.take(volume(first).saturating_mul(2), 0)?;
            (shape, volume(shape).saturating_mul(conv.taps()))
        }
        Layer::Enlarge([down, along]) => {
            let shape = [first[0], first[1].saturating_mul(*down), first[2].saturating_mul(*along)];
            (shape, volume(shape))
        }
        Layer::Join => {
            let channels = inputs.iter().fold(0usize, |all, shape| all.saturating_add(shape[0]));
            let shape = [channels, first[1], first[2]];
            (shape, volume(shape))
        }
        Layer::MaxPool(pool) => {
            let shape = pool.shape(first)?;
            (shape, volume(shape).saturating_mul(pool.kernel[0] * pool.kernel[1]))
        }
        Layer::Mean => ([first[0], 1, 1], volume(first)),
        Layer::Dense(dense) => ([dense.bias.len(), 1, 1], dense.weights.len()),
        Layer::Pointwise(_) | Layer::Add | Layer::Multiply | Layer::Flat | Layer::Softmax => (first, volume(first)),
    };
    budget.take(volume(shape), work)?;
    Ok(shape)
}
