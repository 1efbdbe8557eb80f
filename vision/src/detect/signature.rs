//! What a bottle end looks like, as a short vector: two pictures of the same end lie close, of different ends apart.
//!
//! The first [`COLOURS`] values are colours: in three rings around the middle (inner 0.45, 0.45 to 0.75, 0.75 to 1.0
//! of the radius) the mean of CIE L*, a*, b* and the spread of L* and of the two others together, then the radius
//! against the bin's box. Colours are taken against the bin's own mean light, so that a lamp that burns lower or
//! warmer changes little. The other values are the network's features, averaged over the end's cells and folded into
//! the remaining places. Both parts weigh the same, and the whole has length 1.

use super::canvas::{Canvas, NOTHING};
use super::peaks::HeatMap;
use crate::geometry::bounds;

/// Values of a signature.
pub const LENGTH: usize = 64;
/// Values that are colours.
const COLOURS: usize = 16;
/// Outer borders of the rings in radii.
const RINGS: [f64; 3] = [0.45, 0.75, 1.0];
/// L* of 100 and a* of 60 become about 1.
const UNITS: [f32; 5] = [50.0, 30.0, 30.0, 25.0, 25.0];

/// Linear light of a byte of sRGB (IEC 61966-2-1).
fn linear(byte: u8) -> f32 {
    let v = f32::from(byte) / 255.0;
    if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
}

/// CIE L*a*b* (1976) of linear sRGB under its own white.
fn lab([r, g, b]: [f32; 3]) -> [f32; 3] {
    let f = |t: f32| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The colours of a canvas in light, evened out by the mean of what the frame shows.
pub struct Light {
    table: Vec<f32>,
    gain: [f32; 3],
}

impl Light {
    /// Measures the light of a bin once, for all its ends.
    pub fn of(canvas: &Canvas) -> Self {
        let table: Vec<f32> = (0..=255).map(linear).collect();
        let plane = canvas.mask.len();
        let mut sum = [0.0f32; 3];
        let mut n = 0.0f32;
        for i in (0..plane).filter(|i| canvas.mask[*i] != NOTHING) {
            (0..3).for_each(|c| sum[c] += table[usize::from(canvas.colours[c * plane + i])]);
            n += 1.0;
        }
        // The mean becomes a middle grey of 18 %; a black picture stays as it is.
        let gain = sum.map(|s| if s > 1e-4 * n { 0.18 * n / s } else { 1.0 });
        Self { table, gain }
    }

    fn lab(&self, canvas: &Canvas, i: usize) -> [f32; 3] {
        let plane = canvas.mask.len();
        lab([0, 1, 2].map(|c| (self.table[usize::from(canvas.colours[c * plane + i])] * self.gain[c]).min(1.5)))
    }
}

/// The signature of an end at a place of the canvas with a radius, both in canvas pixels; `map` adds the features.
pub fn signature(canvas: &Canvas, light: &Light, map: Option<&HeatMap>, [x, y]: [f64; 2], r: f64) -> Vec<f32> {
    let mut colours = rings(canvas, light, [x, y], r);
    let [used_width, used_height] = canvas.framing.used;
    colours.push((r / used_width.max(used_height) as f64 * 4.0) as f32);
    let features = map.map_or_else(Vec::new, |map| pooled(canvas, map, [x, y], r));
    let mut whole = unit(colours);
    whole.extend(unit(features));
    whole.resize(LENGTH, 0.0);
    unit(whole)
}

/// Fifteen values: five for each ring.
fn rings(canvas: &Canvas, light: &Light, [x, y]: [f64; 2], r: f64) -> Vec<f32> {
    let mut sums = [[0.0f32; 6]; 3];
    let mut counts = [0.0f32; 3];
    let width = canvas.framing.width;
    let span = |middle: f64, most: usize| {
        let [from, _, to, _] = bounds(&[[middle - r, 0.0], [middle + r + 1.0, 0.0]]);
        // Casting saturates at the borders of the canvas.
        (from as usize).min(most)..(to as usize).min(most)
    };
    for py in span(y, canvas.framing.height) {
        for px in span(x, width) {
            let i = py * width + px;
            let share = (px as f64 + 0.5 - x).hypot(py as f64 + 0.5 - y) / r.max(1.0);
            let Some(ring) = RINGS.iter().position(|edge| share <= *edge) else { continue };
            if canvas.mask[i] == NOTHING {
                continue;
            }
            let [l, a, b] = light.lab(canvas, i);
            [l, a, b, l * l, a * a, b * b].iter().zip(&mut sums[ring]).for_each(|(v, sum)| *sum += v);
            counts[ring] += 1.0;
        }
    }
    let mut out = Vec::with_capacity(COLOURS);
    for (sum, n) in sums.iter().zip(counts) {
        let [l, a, b, ll, aa, bb] = sum.map(|s| s / n.max(1.0));
        let spread = |squares: f32, mean: f32| (squares - mean * mean).max(0.0);
        let values = [l - 50.0, a, b, spread(ll, l).sqrt(), (spread(aa, a) + spread(bb, b)).sqrt()];
        out.extend(values.iter().zip(UNITS).map(|(v, unit)| if n > 0.0 { v / unit } else { 0.0 }));
    }
    out
}

/// The features' mean over the cells within 0.8 of the radius, folded into the places that are left.
fn pooled(canvas: &Canvas, map: &HeatMap, [x, y]: [f64; 2], r: f64) -> Vec<f32> {
    let cell = canvas.framing.width as f64 / map.width as f64;
    let middle = [x / cell - 0.5, y / cell - 0.5];
    let reach = (0.8 * r / cell).max(0.75);
    let within = |k: f64, most: usize| {
        let from = (k - reach).ceil().max(0.0) as usize;
        from..((k + reach).floor().max(0.0) as usize + 1).min(most)
    };
    let mut sum = vec![0.0f32; map.depth()];
    let mut n = 0.0;
    for cy in within(middle[1], map.height) {
        for cx in within(middle[0], map.width) {
            if (cx as f64 - middle[0]).hypot(cy as f64 - middle[1]) <= reach {
                map.features_at(cx, cy).iter().zip(&mut sum).for_each(|(v, s)| *s += v);
                n += 1.0;
            }
        }
    }
    let places = LENGTH - COLOURS;
    let mut out = vec![0.0f32; places.min(sum.len())];
    for (i, v) in sum.iter().enumerate() {
        // More features than places: neighbours in the list share one, with changing sign so that they do not add up.
        let sign = if (i / places).is_multiple_of(2) { 1.0 } else { -1.0 };
        out[i % places] += sign * v / f32::max(n, 1.0);
    }
    out
}

fn unit(mut values: Vec<f32>) -> Vec<f32> {
    let length = values.iter().map(|v| v * v).sum::<f32>().sqrt();
    if length > 1e-9 && length.is_finite() {
        values.iter_mut().for_each(|v| *v /= length);
    } else {
        values.iter_mut().for_each(|v| *v = 0.0);
    }
    values
}

/// How alike two signatures are: 1 the same, 0 nothing in common.
pub fn likeness(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::canvas::{draw, same};
    use crate::detect::framing::Framing;
    use crate::geometry::rectangle;
    use image::{Rgb, RgbImage};

    /// A disc of one colour on grey, under a light.
    fn end(colour: [u8; 3], light: f32) -> Vec<f32> {
        let picture = RgbImage::from_fn(80, 80, |x, y| {
            let far = (f64::from(x) - 40.0).hypot(f64::from(y) - 40.0);
            let base = if far < 20.0 { colour } else { [120, 115, 110] };
            Rgb(base.map(|v| (f32::from(v) * light) as u8))
        });
        let polygon = rectangle(80.0, 80.0);
        let canvas = draw(&picture, [0.0, 0.0], &same, &polygon, Framing::new(&polygon, 9216.0, 1.0));
        let framing = canvas.framing;
        signature(&canvas, &Light::of(&canvas), None, framing.inwards([40.0, 40.0]), 20.0 * framing.scale())
    }

    #[test]
    fn the_same_end_in_other_light_is_closer_than_another_end() {
        let (red, dim, gold) = (end([150, 20, 30], 1.0), end([150, 20, 30], 0.7), end([190, 160, 60], 1.0));
        assert_eq!(red.len(), LENGTH);
        assert!((likeness(&red, &red) - 1.0).abs() < 1e-5);
        assert!(likeness(&red, &dim) > 0.97, "{}", likeness(&red, &dim));
        assert!(likeness(&red, &gold) < 0.7, "{}", likeness(&red, &gold));
    }

    #[test]
    fn an_end_off_the_canvas_is_no_number_less() {
        let polygon = rectangle(20.0, 20.0);
        let canvas = draw(&RgbImage::new(4, 4), [0.0, 0.0], &same, &polygon, Framing::new(&polygon, 9216.0, 1.0));
        let found = signature(&canvas, &Light::of(&canvas), None, [-500.0, 9e9], 3.0);
        assert!(found.len() == LENGTH && found.iter().all(|v| v.is_finite()));
    }
}
