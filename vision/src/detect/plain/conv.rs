//! Convolutions without a matrix of patches: the padded input is split by the stride into planes on which each pixel of
//! the kernel is a shift, so that whole rows run through one loop.

use super::kernel::{BEYOND, Block, Instructions, one, several};
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
    /// By block of [`Instructions::channels`] outputs, then input, kernel pixel, output; by output and kernel pixel if depthwise.
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
        Self::for_processor(Instructions::of_this_machine(), plan, weights, bias)
    }

    fn for_processor(how: Instructions, plan: &Plan, weights: &[f32], bias: Option<Vec<f32>>) -> Option<Self> {
        let [outputs, per_group, height, width] = plan.shape;
        let taps = height * width;
        let depthwise = plan.groups > 1;
        let known = !depthwise || (per_group == 1 && plan.groups == outputs);
        let mut bias = bias.unwrap_or_else(|| vec![0.0; outputs]);
        let whole = weights.len() == outputs * per_group * taps && bias.len() == outputs && outputs > 0 && taps > 0;
        if !known || !whole || plan.stride.contains(&0) {
            return None;
        }
        let channels = how.channels();
        bias.resize(outputs.next_multiple_of(channels), 0.0);
        let ordered = if depthwise {
            weights.to_vec()
        } else {
            let blocks = outputs.div_ceil(channels);
            let mut ordered = vec![0.0; blocks * channels * per_group * taps];
            for (o, of_output) in weights.chunks_exact(per_group * taps).enumerate() {
                let block = o / channels * channels * per_group * taps;
                for (i, w) in of_output.iter().enumerate() {
                    ordered[block + i * channels + o % channels] = *w;
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
            how,
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

    /// Computes it. The input is as it was afterwards.
    pub(super) fn apply(&self, input: &mut Tensor) -> Result<Tensor, ModelError> {
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
        let flat = height * row;
        let stride = sy * sx * plane;
        // One pixel of the kernel, one of the input: what is there is used as it lies.
        let known = input.values.len();
        let as_it_lies = [sy, sx] == [1, 1] && self.kernel == [1, 1] && self.pads == [0; 4];
        let parted;
        let split: &[f32] = if as_it_lies {
            input.values.resize(known + BEYOND, 0.0);
            &input.values
        } else {
            parted = self.split(input, [row, rows], stride);
            &parted
        };
        let (bounds, then) = match self.then {
            Pointwise::Clip(low, high) => ([low, high], Pointwise::Same),
            other => ([f32::NEG_INFINITY, f32::INFINITY], other),
        };
        let together = if self.depthwise { 1 } else { self.how.channels() };
        let area = height * width;
        let mut out = Tensor::new(self.outputs, height, width);
        // Rows without columns between them are computed where they belong, all others apart.
        let mut apart = Vec::new();
        let of_block = together * taps.len() * if self.depthwise { 1 } else { self.inputs };
        for (k, (weights, bias)) in self.weights.chunks(of_block).zip(self.bias.chunks(together)).enumerate() {
            let input = if self.depthwise { &split[k * stride..] } else { &split[..] };
            let block = Block { input, stride, taps: &taps, weights, bias, bounds };
            let compute = |out: &mut [f32]| match self.depthwise {
                true => one(self.how, &block, out),
                false => several(self.how, &block, out),
            };
            let first = k * together;
            let here = together.min(self.outputs - first);
            let target = &mut out.values[first * area..(first + here) * area];
            if row == width && here == together {
                compute(target);
            } else {
                apart.resize(flat * together, 0.0);
                compute(&mut apart);
                for (target, sums) in target.chunks_exact_mut(area).zip(apart.chunks_exact(flat)) {
                    let lines = target.chunks_exact_mut(width).zip(sums.chunks_exact(row));
                    lines.for_each(|(line, sums)| line.copy_from_slice(&sums[..width]));
                }
            }
        }
        input.values.truncate(known);
        then.apply(&mut out.values);
        Ok(out)
    }

    /// The padded input, split by the stride, with what may be read beyond it.
    fn split(&self, input: &Tensor, [row, rows]: [usize; 2], stride: usize) -> Vec<f32> {
        let [sy, sx] = self.stride;
        let [top, left, ..] = self.pads;
        // The last row reaches beyond its plane by the kernel's width.
        let mut out = vec![0.0f32; self.inputs * stride + BEYOND + self.kernel[1]];
        // Which row (column) of the input is the first on each plane, and where it lies there.
        let begin = |step: usize, pad: usize| {
            move |remainder: usize| {
                let first = (remainder + step - pad % step) % step;
                (first, (first + pad) / step)
            }
        };
        let down: Vec<(usize, usize)> = (0..sy).map(begin(sy, top)).collect();
        let along: Vec<(usize, usize)> = (0..sx).map(begin(sx, left)).collect();
        for (c, pixels) in input.values.chunks_exact(input.height * input.width).enumerate() {
            let channel = &mut out[c * stride..(c + 1) * stride];
            for (k, plane) in channel.chunks_exact_mut(row * rows).enumerate() {
                let ((first_y, to_y), (first_x, to_x)) = (down[k / sx], along[k % sx]);
                let lines = pixels.chunks_exact(input.width).skip(first_y).step_by(sy);
                for (target, line) in plane.chunks_exact_mut(row).skip(to_y).zip(lines) {
                    let Some(target) = target.get_mut(to_x..) else { continue };
                    if sx == 1 {
                        let n = line.len().min(target.len());
                        target[..n].copy_from_slice(&line[..n]);
                    } else {
                        target.iter_mut().zip(line.iter().skip(first_x).step_by(sx)).for_each(|(cell, v)| *cell = *v);
                    }
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plain sums, one output value after the other.
    fn slow(plan: &Plan, weights: &[f32], bias: &[f32], input: &Tensor) -> Vec<f32> {
        let [outputs, per_group, kh, kw] = plan.shape;
        let [top, left, bottom, right] = plan.pads;
        let side = |n: usize, pads: usize, k: usize, step: usize| (n + pads - k) / step + 1;
        let height = side(input.height, top + bottom, kh, plan.stride[0]);
        let width = side(input.width, left + right, kw, plan.stride[1]);
        let mut out = Vec::new();
        for o in 0..outputs {
            for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
                let mut sum = bias[o];
                for i in 0..per_group {
                    let channel = if plan.groups > 1 { o } else { i };
                    for (ky, kx) in (0..kh).flat_map(|ky| (0..kw).map(move |kx| (ky, kx))) {
                        let (py, px) = (y * plan.stride[0] + ky, x * plan.stride[1] + kx);
                        if (top..top + input.height).contains(&py) && (left..left + input.width).contains(&px) {
                            let at = (channel * input.height + py - top) * input.width + px - left;
                            sum += weights[((o * per_group + i) * kh + ky) * kw + kx] * input.values[at];
                        }
                    }
                }
                out.push(sum.clamp(-0.5, 0.75));
            }
        }
        out
    }

    #[test]
    fn every_kind_of_processor_computes_the_same() {
        let noise = |n: usize, salt: usize| -> Vec<f32> {
            (0..n).map(|i| (((i + salt) * 7919 % 1009) as f32 / 1009.0 - 0.5) * 0.5).collect()
        };
        // Outputs, inputs of a group, kernel; groups; stride; pads; input height and width.
        let cases = [
            ([11, 5, 1, 1], 1, [1, 1], [0; 4], [7, 9]),
            ([8, 3, 1, 1], 1, [1, 1], [0; 4], [1, 1]),
            ([9, 4, 3, 3], 1, [1, 1], [1; 4], [3, 3]),
            ([16, 3, 3, 3], 1, [2, 2], [0, 0, 1, 1], [16, 12]),
            ([13, 2, 5, 3], 1, [2, 1], [2, 1, 2, 1], [9, 33]),
            ([6, 1, 3, 3], 6, [1, 1], [1; 4], [6, 6]),
            ([6, 1, 3, 3], 6, [2, 2], [1; 4], [13, 40]),
            ([3, 1, 5, 5], 3, [3, 2], [2, 0, 2, 0], [20, 17]),
        ];
        for (shape, groups, stride, pads, [height, width]) in cases {
            let plan = Plan { shape, groups, stride, pads };
            let (weights, bias) = (noise(shape.iter().product(), 3), noise(shape[0], 17));
            let channels = if groups > 1 { groups } else { shape[1] };
            let mut input = Tensor { channels, height, width, values: noise(channels * height * width, 29) };
            let wanted = slow(&plan, &weights, &bias, &input);
            for how in Instructions::all() {
                let mut conv = Conv::for_processor(how, &plan, &weights, Some(bias.clone())).expect("a convolution");
                conv.then = Pointwise::Clip(-0.5, 0.75);
                let before = input.clone();
                let got = conv.apply(&mut input).expect("an answer");
                assert_eq!(input, before, "{how:?} {shape:?}");
                assert_eq!(got.values.len(), wanted.len(), "{how:?} {shape:?}");
                let far = got.values.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(far < 1e-5, "{how:?} {shape:?}: off by {far}");
            }
        }
    }
}
