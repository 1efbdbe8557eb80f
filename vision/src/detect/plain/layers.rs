//! The layers other than convolutions.

use crate::detect::engine::ModelError;

/// One picture of several channels, channel by channel, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tensor {
    pub(super) channels: usize,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) values: Vec<f32>,
}

impl Tensor {
    pub(super) fn new(channels: usize, height: usize, width: usize) -> Self {
        // A convolution puts a few values behind them for a moment.
        let mut values = Vec::with_capacity(channels * height * width + super::kernel::BEYOND);
        values.resize(channels * height * width, 0.0);
        Self { channels, height, width, values }
    }

    pub(super) fn shape(&self) -> [usize; 3] {
        [self.channels, self.height, self.width]
    }
}

/// What is done to each value alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pointwise {
    Same,
    /// Held between two bounds; with 0 and infinity this is the rectifier.
    Clip(f32, f32),
    Sigmoid,
    HardSwish,
    Leaky(f32),
}

impl Pointwise {
    pub(super) fn apply(self, values: &mut [f32]) {
        match self {
            Self::Same => {}
            Self::Clip(low, high) => values.iter_mut().for_each(|v| *v = v.max(low).min(high)),
            Self::Sigmoid => values.iter_mut().for_each(|v| *v = 1.0 / (1.0 + (-*v).exp())),
            Self::HardSwish => values.iter_mut().for_each(|v| *v *= (*v / 6.0 + 0.5).clamp(0.0, 1.0)),
            Self::Leaky(slope) => values.iter_mut().for_each(|v| *v = if *v < 0.0 { *v * slope } else { *v }),
        }
    }
}

pub(super) fn pointwise(input: &Tensor, kind: Pointwise) -> Tensor {
    let mut out = input.clone();
    kind.apply(&mut out.values);
    out
}

fn unlike(a: &Tensor, b: &Tensor) -> ModelError {
    ModelError::Run(format!("layers of {:?} and {:?} do not fit together", a.shape(), b.shape()))
}

/// Sum or product of two tensors of one shape.
pub(super) fn combine(a: &Tensor, b: &Tensor, add: bool) -> Result<Tensor, ModelError> {
    if a.shape() != b.shape() {
        return Err(unlike(a, b));
    }
    let mut out = a.clone();
    let pairs = out.values.iter_mut().zip(&b.values);
    if add {
        pairs.for_each(|(x, y)| *x += y)
    } else {
        pairs.for_each(|(x, y)| *x *= y)
    }
    Ok(out)
}

/// Every pixel becomes a rectangle of pixels.
pub(super) fn enlarge(input: &Tensor, [down, along]: [usize; 2]) -> Tensor {
    let (height, width) = (input.height * down, input.width * along);
    let mut out = Tensor::new(input.channels, height, width);
    let rows = input.values.chunks_exact(input.width.max(1));
    for (line, block) in rows.zip(out.values.chunks_exact_mut((width * down).max(1))) {
        let (first, others) = block.split_at_mut(width);
        first.chunks_exact_mut(along).zip(line).for_each(|(cells, v)| cells.fill(*v));
        others.chunks_exact_mut(width).for_each(|row| row.copy_from_slice(first));
    }
    out
}

/// Channels of several tensors one after the other.
pub(super) fn join(parts: &[&Tensor]) -> Result<Tensor, ModelError> {
    let first = parts.first().ok_or_else(|| ModelError::Run("nothing to join".into()))?;
    let mut out = Tensor { channels: 0, height: first.height, width: first.width, values: Vec::new() };
    for part in parts {
        if [part.height, part.width] != [first.height, first.width] {
            return Err(unlike(first, part));
        }
        out.channels += part.channels;
        out.values.extend_from_slice(&part.values);
    }
    Ok(out)
}

/// The mean of each channel.
pub(super) fn mean(input: &Tensor) -> Tensor {
    let area = input.height * input.width;
    let values = input.values.chunks_exact(area.max(1)).map(|c| c.iter().sum::<f32>() / area as f32).collect();
    Tensor { channels: input.channels, height: 1, width: 1, values }
}

/// All values become shares of 1.
pub(super) fn softmax(input: &Tensor) -> Tensor {
    let highest = input.values.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
    let mut out = input.clone();
    out.values.iter_mut().for_each(|v| *v = (*v - highest).exp());
    let sum: f32 = out.values.iter().sum();
    out.values.iter_mut().for_each(|v| *v /= sum);
    out
}

/// The largest of each window.
pub(super) struct MaxPool {
    pub(super) kernel: [usize; 2],
    pub(super) stride: [usize; 2],
    /// Top, left, bottom, right.
    pub(super) pads: [usize; 4],
}

impl MaxPool {
    /// Channels, rows and columns of the output for an input of such.
    pub(super) fn shape(&self, [channels, height, width]: [usize; 3]) -> Result<[usize; 3], ModelError> {
        let [top, left, bottom, right] = self.pads;
        let [kh, kw] = self.kernel;
        let (full_height, full_width) = (height + top + bottom, width + left + right);
        if full_height < kh || full_width < kw {
            return Err(ModelError::Run(format!("a window of {kh}×{kw} is larger than its picture")));
        }
        Ok([channels, (full_height - kh) / self.stride[0] + 1, (full_width - kw) / self.stride[1] + 1])
    }

    pub(super) fn apply(&self, input: &Tensor) -> Result<Tensor, ModelError> {
        let [top, left, ..] = self.pads;
        let [kh, kw] = self.kernel;
        let [channels, height, width] = self.shape(input.shape())?;
        let mut out = Tensor::new(channels, height, width);
        for (i, cell) in out.values.iter_mut().enumerate() {
            let (c, y, x) = (i / (height * width), i / width % height, i % width);
            let (from_y, from_x) = (y * self.stride[0], x * self.stride[1]);
            let mut best = f32::NEG_INFINITY;
            for py in from_y.max(top)..(from_y + kh).min(input.height + top) {
                for px in from_x.max(left)..(from_x + kw).min(input.width + left) {
                    best = best.max(input.values[(c * input.height + py - top) * input.width + px - left]);
                }
            }
            *cell = best;
        }
        Ok(out)
    }
}

/// A fully connected layer on the flattened input.
pub(super) struct Dense {
    /// Row by row for each output.
    pub(super) weights: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Dense {
    pub(super) fn apply(&self, input: &Tensor) -> Result<Tensor, ModelError> {
        let n = input.values.len();
        if n == 0 || self.weights.len() != self.bias.len() * n {
            return Err(ModelError::Run(format!("a layer of {} weights got {n} values", self.weights.len())));
        }
        let sum = |row: &[f32]| row.iter().zip(&input.values).map(|(w, v)| w * v).sum::<f32>();
        let values: Vec<f32> = self.weights.chunks_exact(n).zip(&self.bias).map(|(row, b)| sum(row) + b).collect();
        Ok(Tensor { channels: values.len(), height: 1, width: 1, values })
    }
}
