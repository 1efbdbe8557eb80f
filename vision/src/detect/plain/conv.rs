//! Convolutions without a matrix of patches: the padded input is split by the stride into planes on which each pixel of
//! the kernel is a shift, so that whole rows run through one loop.

use super::kernel::{CHANNELS, Instructions, PIXELS, four, one};
use super::layers::{Pointwise, Tensor};
use crate::detect::engine::ModelError;

/// A convolution with its bias and what follows at once.
pub(super) struct Conv {
    /// Output channels.
    outputs: usize,
    /// Input channels.
    inputs: usize,
    /// Each output channel looks at its own input channel only.
    depthwise: bool,
    kernel: [usize; 2],
    stride: [usize; 2],
    /// Top, left, bottom, right.
    pads: [usize; 4],
    /// By block of [`CHANNELS`] outputs, then input, kernel pixel, output; by output and kernel pixel if depthwise.
    weights: Vec<f32>,
    bias: Vec<f32>,
    /// Applied to the sums.
    pub(super) then: Pointwise,
    how: Instructions,
}

/// What the file says of a convolution.
pub(super) struct Plan {
    /// Outputs, inputs of a group, height, width.
    pub(super) shape: [usize; 4],
    pub(super) groups: usize,
    pub(super) stride: [usize; 2],
    pub(super) pads: [usize; 4],
}

impl Conv {
    /// Orders the weights; none for groups that are neither one nor depthwise, or weights of another length.
    pub(super) fn new(plan: &Plan, weights: &[f32], bias: Option<Vec<f32>>) -> Option<Self> {
        let [outputs, per_group, height, width] = plan.shape;
        let taps = height * width;
        let depthwise = plan.groups > 1;
        let known = !depthwise || (per_group == 1 && plan.groups == outputs);
        let bias = bias.unwrap_or_else(|| vec![0.0; outputs]);
        let whole = weights.len() == outputs * per_group * taps && bias.len() == outputs && outputs > 0 && taps > 0;
        if !known || !whole || plan.stride.contains(&0) {
            return None;
        }
        let ordered = if depthwise {
            weights.to_vec()
        } else {
            let blocks = outputs.div_ceil(CHANNELS);
            let mut ordered = vec![0.0; blocks * CHANNELS * per_group * taps];
            for (o, of_output) in weights.chunks_exact(per_group * taps).enumerate() {
                let block = o / CHANNELS * CHANNELS * per_group * taps;
                for (i, w) in of_output.iter().enumerate() {
                    ordered[block + i * CHANNELS + o % CHANNELS] = *w;
                }
            }
            ordered
        };
        Some(Self {
            outputs,
            inputs: if depthwise { outputs } else { per_group },
            depthwise,
            kernel: [height, width],
            stride: plan.stride,
            pads: plan.pads,
            weights: ordered,
            bias,
            then: Pointwise::Same,
            how: Instructions::of_this_machine(),
        })
    }

    /// Multiplications for one value of the output.
    pub(super) fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1] * if self.depthwise { 1 } else { self.inputs }
    }

    /// Channels, rows and columns of the output for an input of such.
    pub(super) fn shape(&self, [channels, height, width]: [usize; 3]) -> Result<[usize; 3], ModelError> {
        let [top, left, bottom, right] = self.pads;
        let padded = [height + top + bottom, width + left + right];
        if channels != self.inputs || padded[0] < self.kernel[0] || padded[1] < self.kernel[1] {
            let told = format!("a convolution of {} channels got {channels}×{height}×{width}", self.inputs);
            return Err(ModelError::Run(told));
        }
        let side = |k: usize| (padded[k] - self.kernel[k]) / self.stride[k] + 1;
        Ok([self.outputs, side(0), side(1)])
    }

    pub(super) fn apply(&self, input: &Tensor) -> Result<Tensor, ModelError> {
        let [_, height, width] = self.shape(input.shape())?;
        let [sy, sx] = self.stride;
        // One plane for each remainder of the stride; a row as long as an output row and the kernel's reach.
        let row = width + (self.kernel[1] - 1) / sx;
        let rows = height + (self.kernel[0] - 1) / sy;
        let plane = row * rows;
        let taps: Vec<usize> = (0..self.kernel[0] * self.kernel[1])
            .map(|k| {
                let (ky, kx) = (k / self.kernel[1], k % self.kernel[1]);
                (ky % sy * sx + kx % sx) * plane + ky / sy * row + kx / sx
            })
            .collect();
        let flat = (height * row).next_multiple_of(PIXELS);
        // The last pixels of the loop read beyond the planes by less than the rounding.
        let stride = sy * sx * plane + flat - height * row + PIXELS;
        let split = self.split(input, [row, rows], stride);
        let mut out = Tensor::new(self.outputs, height, width);
        let mut sums = vec![0.0f32; flat * if self.depthwise { 1 } else { CHANNELS }];
        let area = height * width;
        if self.depthwise {
            for (c, weights) in self.weights.chunks_exact(taps.len()).enumerate() {
                one(self.how, &split[c * stride..(c + 1) * stride], &taps, weights, &mut sums);
                self.finish(c, &sums, row, &mut out.values[c * area..(c + 1) * area], width);
            }
        } else {
            for (block, weights) in self.weights.chunks_exact(CHANNELS * self.inputs * taps.len()).enumerate() {
                four(self.how, &split, stride, &taps, weights, &mut sums);
                for (k, sums) in sums.chunks_exact(flat).enumerate() {
                    let c = block * CHANNELS + k;
                    if c < self.outputs {
                        self.finish(c, sums, row, &mut out.values[c * area..(c + 1) * area], width);
                    }
                }
            }
        }
        Ok(out)
    }

    /// The padded input, split by the stride.
    fn split(&self, input: &Tensor, [row, rows]: [usize; 2], stride: usize) -> Vec<f32> {
        let [sy, sx] = self.stride;
        let [top, left, ..] = self.pads;
        let mut out = vec![0.0f32; self.inputs * stride];
        for (c, pixels) in input.values.chunks_exact(input.height * input.width).enumerate() {
            let target = &mut out[c * stride..(c + 1) * stride];
            for (y, line) in pixels.chunks_exact(input.width).enumerate() {
                let (py, at_y) = ((y + top) % sy, (y + top) / sy);
                if at_y >= rows {
                    continue;
                }
                for px in 0..sx {
                    let start = (py * sx + px) * row * rows + at_y * row;
                    // The first x with (x + left) % sx == px.
                    let first = (px + sx - left % sx) % sx;
                    let to = (first + left) / sx;
                    if sx == 1 {
                        let n = line.len().min(row.saturating_sub(to));
                        target[start + to..start + to + n].copy_from_slice(&line[..n]);
                    } else if to < row {
                        let cells = &mut target[start + to..start + row];
                        cells.iter_mut().zip(line.iter().skip(first).step_by(sx)).for_each(|(cell, v)| *cell = *v);
                    }
                }
            }
        }
        out
    }

    /// Adds the bias, applies what follows, and leaves out the columns between the rows.
    fn finish(&self, channel: usize, sums: &[f32], row: usize, out: &mut [f32], width: usize) {
        let bias = self.bias[channel];
        for (line, sums) in out.chunks_exact_mut(width).zip(sums.chunks(row)) {
            line.iter_mut().zip(sums).for_each(|(o, s)| *o = s + bias);
        }
        self.then.apply(out);
    }
}
