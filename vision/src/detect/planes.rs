//! From a drawn canvas to the numbers a network reads.

use serde::{Deserialize, Serialize};

use super::canvas::{Canvas, INSIDE, NOTHING};
use super::engine::ModelError;

/// Least spread of a bin's colours that is taken for a picture and not for noise, in shares of white.
const MIN_SPREAD: f32 = 0.05;
/// A highlight counts no more than this many spreads: what lies around a bin may be far brighter than all in it.
const MOST: f32 = 4.0;

/// Which planes a network wants, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channels {
    /// Red, green, blue.
    #[default]
    Rgb,
    /// Blue, green, red, as OpenCV has them.
    Bgr,
    /// Red, green, blue and the bin's mask (1 inside, 0 outside).
    RgbMask,
}

/// How colours become numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scaling {
    /// By the bin itself: the mean over all colours of its pixels taken off, divided by their spread, at most ±4.
    /// A dim and a bright picture of the same bin become nearly alike.
    Bin,
    /// By fixed numbers: a byte divided by 255 and multiplied by `white`, less `mean`, divided by `std`.
    Fixed {
        /// What white becomes before mean and std: 1 or 255, mostly.
        #[serde(default = "one")]
        white: f32,
        /// One for each colour, in the network's order.
        #[serde(default)]
        mean: [f32; 3],
        /// One for each colour, in the network's order; not 0.
        #[serde(default = "ones")]
        std: [f32; 3],
    },
}

fn one() -> f32 {
    1.0
}

fn ones() -> [f32; 3] {
    [1.0; 3]
}

impl Default for Scaling {
    fn default() -> Self {
        Self::Fixed { white: one(), mean: [0.0; 3], std: ones() }
    }
}

/// What the network is shown of the pixels outside the bin's polygon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// They are as they are.
    Context,
    /// They are black.
    #[default]
    Black,
}

impl Channels {
    /// How many planes there are.
    pub fn count(self) -> usize {
        if self == Self::RgbMask { 4 } else { 3 }
    }
}

/// Mean and spread of the colours inside the mask, in shares of white; 0 and 1 for an empty mask.
fn mean_and_spread(canvas: &Canvas) -> [f32; 2] {
    let plane = canvas.mask.len();
    let (mut n, mut sum, mut squares) = (0u64, 0u64, 0u64);
    for colours in canvas.colours.chunks_exact(plane.max(1)) {
        for (v, _) in colours.iter().zip(&canvas.mask).filter(|(_, m)| **m == INSIDE) {
            let v = u64::from(*v);
            n += 1;
            sum += v;
            squares += v * v;
        }
    }
    if n == 0 {
        return [0.0, 1.0];
    }
    let mean = sum as f64 / n as f64;
    let spread = (squares as f64 / n as f64 - mean * mean).max(0.0).sqrt();
    [(mean / 255.0) as f32, ((spread / 255.0) as f32).max(MIN_SPREAD)]
}

/// The input's planes, one after the other.
pub fn planes(canvas: &Canvas, channels: Channels, scaling: &Scaling, outside: Outside) -> Vec<f32> {
    let plane = canvas.mask.len();
    let mut out = Vec::with_capacity(channels.count() * plane);
    let own = mean_and_spread(canvas);
    for k in 0..3 {
        let colour = if channels == Channels::Bgr { 2 - k } else { k };
        let black = scaled(0, k, scaling, own);
        // 256 possible bytes: a table is quicker than a division for each pixel.
        let table: Vec<f32> = (0..=255).map(|byte| scaled(byte, k, scaling, own)).collect();
        let bytes = &canvas.colours[colour * plane..(colour + 1) * plane];
        out.extend(bytes.iter().zip(&canvas.mask).map(|(byte, mask)| match (*mask, scaling) {
            (INSIDE, _) => table[usize::from(*byte)],
            (NOTHING, Scaling::Bin) => 0.0,
            (NOTHING, Scaling::Fixed { .. }) => black,
            _ => match (outside, scaling) {
                (Outside::Context, _) => table[usize::from(*byte)],
                (Outside::Black, Scaling::Bin) => 0.0,
                (Outside::Black, Scaling::Fixed { .. }) => black,
            },
        }));
    }
    if channels == Channels::RgbMask {
        out.extend(canvas.mask.iter().map(|m| f32::from(u8::from(*m == INSIDE))));
    }
    out
}

fn scaled(byte: u8, k: usize, scaling: &Scaling, [own_mean, own_spread]: [f32; 2]) -> f32 {
    let share = f32::from(byte) / 255.0;
    match scaling {
        Scaling::Bin => ((share - own_mean) / own_spread).clamp(-MOST, MOST),
        Scaling::Fixed { white, mean, std } => (share * white - mean[k]) / std[k],
    }
}

impl Scaling {
    /// Refuses numbers that would make none of every pixel.
    pub(super) fn check(&self) -> Result<(), ModelError> {
        let wrong = |field: &str, problem: &str| {
            Err(ModelError::Sidecar { field: format!("input.scaling.{field}"), problem: problem.into() })
        };
        match self {
            Self::Bin => Ok(()),
            Self::Fixed { white, .. } if !white.is_finite() || !(1e-3..=1e5).contains(white) => {
                wrong("white", "must lie between 0.001 and 100000, mostly 1 or 255")
            }
            Self::Fixed { mean, .. } if mean.iter().any(|v| !v.is_finite()) => wrong("mean", "must be three numbers"),
            Self::Fixed { std, .. } if std.iter().any(|v| !v.is_finite() || v.abs() < 1e-6) => {
                wrong("std", "must be three numbers other than 0")
            }
            Self::Fixed { .. } => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::canvas::{AROUND, draw, same};
    use crate::detect::framing::Framing;
    use crate::geometry::rectangle;
    use image::{Rgb, RgbImage};

    #[test]
    fn light_and_dark_are_alike_and_nothing_is_zero() {
        let canvas = |gain: u32| {
            let picture =
                RgbImage::from_fn(40, 40, |x, y| Rgb([((x + y) * gain) as u8, (x * gain) as u8, 8 * gain as u8]));
            let polygon = [[4.0, 4.0], [36.0, 4.0], [20.0, 36.0]];
            draw(&picture, [0.0, 0.0], &same, &polygon, Framing::new(&polygon, 4096.0, 1.0))
        };
        let (dim, bright) = (canvas(1), canvas(3));
        let of = |canvas: &Canvas| planes(canvas, Channels::RgbMask, &Scaling::Bin, Outside::Context);
        let (a, b) = (of(&dim), of(&bright));
        assert_eq!(a.len(), 4 * dim.mask.len());
        let plane = dim.mask.len();
        for i in 0..3 * plane {
            match bright.mask[i % plane] {
                NOTHING => assert_eq!(b[i], 0.0),
                AROUND | INSIDE => assert!(b[i].abs() <= 4.0),
                other => unreachable!("mask {other}"),
            }
        }
        assert_eq!(
            a[3 * plane..].iter().filter(|v| **v == 1.0).count(),
            dim.mask.iter().filter(|m| **m == INSIDE).count()
        );
        let inside: Vec<f32> = b[..3 * plane]
            .iter()
            .zip(bright.mask.iter().cycle())
            .filter(|(_, m)| **m == INSIDE)
            .map(|(v, _)| *v)
            .collect();
        let n = inside.len() as f32;
        assert!((inside.iter().sum::<f32>() / n).abs() < 1e-3);
        assert!((inside.iter().map(|v| v * v).sum::<f32>() / n - 1.0).abs() < 1e-2);
    }

    #[test]
    fn fixed_scaling_orders_and_blackens() {
        let polygon = rectangle(8.0, 8.0);
        let picture = RgbImage::from_pixel(16, 16, Rgb([255, 128, 0]));
        let canvas = draw(&picture, [0.0, 0.0], &same, &polygon, Framing::fixed(&polygon, [32, 32], true, true));
        let scaling = Scaling::Fixed { white: 255.0, mean: [1.0, 2.0, 3.0], std: [1.0, 1.0, 2.0] };
        let values = planes(&canvas, Channels::Bgr, &scaling, Outside::Black);
        let middle = 16 * 32 + 16;
        assert_eq!((values[middle], values[2 * 1024 + middle]), (-1.0, 126.0));
        assert_eq!(values[31 * 32 + 31], -1.0, "outside the polygon is black");
        assert!(Scaling::Fixed { white: 1.0, mean: [0.0; 3], std: [0.0; 3] }.check().is_err());
    }
}
