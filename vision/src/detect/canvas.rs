//! Samples a bin onto the network's canvas, straight from the camera's frame, in one interpolation.

use image::RgbImage;

use super::framing::Framing;
use crate::geometry::{Point, edges};

/// Takes a place of the straightened picture to the same place of the frame, both in pixels.
///
/// Any `Fn(Point) -> Point` that threads may share is one; [`same`] is the map of a picture onto itself.
pub trait PixelMap: Sync {
    /// Where the place lies in the frame; not finite where the frame does not show it.
    fn map(&self, at: Point) -> Point;
}

impl<F: Fn(Point) -> Point + Sync> PixelMap for F {
    fn map(&self, at: Point) -> Point {
        self(at)
    }
}

/// The map for a picture that is straight already.
pub fn same(at: Point) -> Point {
    at
}

/// The map is asked at places this many canvas pixels apart; between them a straight line is off by less than 0.01
/// pixels for any rack a camera can see.
const MESH: usize = 8;
/// Most samples per axis under one canvas pixel, lest a huge picture of few bins takes for ever.
const FINEST: usize = 8;
/// The mask's word for a pixel that the frame does not show, or for padding.
pub const NOTHING: u8 = 0;
/// For a pixel outside the bin.
pub const AROUND: u8 = 1;
/// For a pixel of the bin.
pub const INSIDE: u8 = 2;

/// A bin as the network will see it, before normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Canvas {
    /// Where it lies.
    pub framing: Framing,
    /// Red, green and blue planes of width × height bytes each.
    pub colours: Vec<u8>,
    /// [`NOTHING`], [`AROUND`] or [`INSIDE`] for each pixel.
    pub mask: Vec<u8>,
}

/// How many pixels the frame has for one of the straightened picture at a bin's middle; 1 where it cannot be told.
pub fn detail(map: &dyn PixelMap, polygon: &[Point]) -> f64 {
    let [left, top, width, height] = super::framing::padded_box(polygon);
    let (x, y) = (left + width / 2.0, top + height / 2.0);
    let [a, b, c] = [[x, y], [x + 1.0, y], [x, y + 1.0]].map(|at| map.map(at));
    let area = ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).abs();
    if area.is_finite() && area > 1e-6 { area.sqrt() } else { 1.0 }
}

/// Draws a bin onto its canvas. `origin` is the frame's pixel in which `picture` begins (0, 0 for a whole frame).
pub fn draw(picture: &RgbImage, origin: Point, map: &dyn PixelMap, polygon: &[Point], framing: Framing) -> Canvas {
    let (width, height) = (framing.width, framing.height);
    let plane = width * height;
    let mut canvas = Canvas { framing, colours: vec![0; 3 * plane], mask: vec![NOTHING; plane] };
    let [used_width, used_height] = framing.used;
    let (columns, rows) = (used_width.div_ceil(MESH), used_height.div_ceil(MESH));
    let place = |x: usize, y: usize| {
        let at = map.map(framing.outwards([(x * MESH) as f64, (y * MESH) as f64]));
        [at[0] - origin[0], at[1] - origin[1]]
    };
    let mut upper: Vec<Point> = (0..=columns).map(|x| place(x, 0)).collect();
    let source = Source::new(picture);
    for row in 0..rows {
        let lower: Vec<Point> = (0..=columns).map(|x| place(x, row + 1)).collect();
        for column in 0..columns {
            let corners = [upper[column], upper[column + 1], lower[column], lower[column + 1]];
            if corners.iter().flatten().all(|v| v.is_finite()) {
                let (x, y) = (column * MESH, row * MESH);
                let size = [MESH.min(used_width - x), MESH.min(used_height - y)];
                patch(&source, corners, [x, y], size, &mut canvas);
            }
        }
        upper = lower;
    }
    fill_polygon(&mut canvas, polygon);
    canvas
}

/// One mesh of the canvas, of at most [`MESH`]×[`MESH`] pixels.
fn patch(source: &Source, corners: [Point; 4], [left, top]: [usize; 2], size: [usize; 2], canvas: &mut Canvas) {
    let side = MESH as f64;
    let [a, b, c, d] = corners;
    let along = [(b[0] - a[0] + d[0] - c[0]) / (2.0 * side), (b[1] - a[1] + d[1] - c[1]) / (2.0 * side)];
    let down = [(c[0] - a[0] + d[0] - b[0]) / (2.0 * side), (c[1] - a[1] + d[1] - b[1]) / (2.0 * side)];
    // Shrinking averages as many samples as there are pixels under one canvas pixel, lest fine grain alias.
    let reach = along[0].hypot(along[1]).max(down[0].hypot(down[1]));
    let fine = (reach - 0.05).ceil().clamp(1.0, FINEST as f64) as usize;
    let share = 1.0 / ((fine * fine) as f32 * WHOLE);
    let offsets: Vec<[i32; 2]> = (0..fine * fine)
        .map(|i| {
            let [u, v] = [i % fine, i / fine].map(|k| (k as f64 + 0.5) / fine as f64 - 0.5);
            [along[0] * u + down[0] * v, along[1] * u + down[1] * v].map(Source::fixed)
        })
        .collect();
    let (width, plane) = (canvas.framing.width, canvas.mask.len());
    for y in 0..size[1] {
        let v = (y as f64 + 0.5) / side;
        let edge = |from: Point, to: Point| [0, 1].map(|k| from[k] * (1.0 - v) + to[k] * v);
        let (first, last) = (edge(a, c), edge(b, d));
        for x in 0..size[0] {
            let u = (x as f64 + 0.5) / side;
            let at = [0, 1].map(|k| first[k] + (last[k] - first[k]) * u);
            if !source.holds(at) {
                continue;
            }
            // The first pixel's middle is 0.5, 0.5.
            let middle = at.map(|v| Source::fixed(v - 0.5));
            let mut sum = [0u32; 3];
            for offset in &offsets {
                let colour = source.colour([middle[0] + offset[0], middle[1] + offset[1]]);
                (0..3).for_each(|c| sum[c] += colour[c]);
            }
            let i = (top + y) * width + left + x;
            (0..3).for_each(|c| canvas.colours[c * plane + i] = (sum[c] as f32 * share + 0.5) as u8);
            canvas.mask[i] = AROUND;
        }
    }
}

/// The frame's bytes with what sampling asks for again and again. Places are whole numbers of 2⁻¹⁰ pixels.
struct Source<'a> {
    raw: &'a [u8],
    width: f64,
    height: f64,
    /// The last column and row.
    end: [i32; 2],
    stride: usize,
}

/// Bits behind the point of a place.
const BITS: u32 = 10;
/// Of those, how many tell the shares of two neighbours.
const SHARES: u32 = 6;
/// What the shares of four pixels add up to.
const WHOLE: f32 = (1 << (2 * SHARES)) as f32;

impl<'a> Source<'a> {
    fn new(picture: &'a RgbImage) -> Self {
        let last = |n: u32| i32::try_from(n.saturating_sub(1)).unwrap_or(i32::MAX).min(i32::MAX >> BITS) << BITS;
        let (width, height) = picture.dimensions();
        Self {
            raw: picture.as_raw(),
            width: width.into(),
            height: height.into(),
            end: [last(width), last(height)],
            stride: width as usize * 3,
        }
    }

    fn fixed(v: f64) -> i32 {
        (v * f64::from(1 << BITS)) as i32
    }

    fn holds(&self, [x, y]: Point) -> bool {
        !self.raw.is_empty() && x >= 0.0 && y >= 0.0 && x < self.width && y < self.height
    }

    /// Bilinear colour at a place counted from the first pixel's middle, times [`WHOLE`]; the border's beyond the border.
    /// The three colours are computed together, in 21 bits each of one number: 255 times [`WHOLE`] needs 20.
    fn colour(&self, at: [i32; 2]) -> [u32; 3] {
        let [x, y] = [0, 1].map(|k| at[k].clamp(0, self.end[k]));
        let [fx, fy] = [x, y].map(|v| (v >> (BITS - SHARES)) as u64 & ((1 << SHARES) - 1));
        let i = (y >> BITS) as usize * self.stride + (x >> BITS) as usize * 3;
        let below = if y < self.end[1] { self.stride } else { 0 };
        let upper = self.pair(i, x < self.end[0], fx);
        let lower = self.pair(i + below, x < self.end[0], fx);
        let sum = upper * ((1 << SHARES) - fy) + lower * fy;
        [0, 21, 42].map(|shift| (sum >> shift) as u32 & 0x1F_FFFF)
    }

    /// The pixel at `i` and, if there is one, the next on its right, in shares; the colours 21 bits apart.
    fn pair(&self, i: usize, right: bool, share: u64) -> u64 {
        let apart = |bytes: u64| (bytes & 0xFF) | (bytes & 0xFF00) << 13 | (bytes & 0xFF_0000) << 26;
        let bytes = match self.raw.get(i..i + 8).and_then(|eight| eight.first_chunk()) {
            Some(eight) => u64::from_le_bytes(*eight),
            // The last pixels of the picture have little behind them.
            None => self.raw[i..].iter().take(6).rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        };
        let first = apart(bytes);
        let second = if right { apart(bytes >> 24) } else { first };
        first * ((1 << SHARES) - share) + second * share
    }
}

/// Marks the pixels whose middle lies inside the polygon (even–odd rule), row by row.
fn fill_polygon(canvas: &mut Canvas, polygon: &[Point]) {
    let framing = canvas.framing;
    let corners: Vec<Point> = polygon.iter().map(|p| framing.inwards(*p)).collect();
    let mut crossings = Vec::new();
    for y in 0..framing.used[1] {
        let middle = y as f64 + 0.5;
        crossings.clear();
        for (a, b) in edges(&corners) {
            if (a[1] > middle) != (b[1] > middle) {
                crossings.push((b[0] - a[0]) * (middle - a[1]) / (b[1] - a[1]) + a[0]);
            }
        }
        crossings.sort_by(f64::total_cmp);
        for pair in crossings.chunks_exact(2) {
            // Casting saturates, so that what lies beyond the border ends there.
            let from = (pair[0] - 0.5).ceil().max(0.0) as usize;
            let to = ((pair[1] - 0.5).ceil().max(0.0) as usize).min(framing.used[0]);
            for cell in canvas.mask.iter_mut().skip(y * framing.width).take(to).skip(from) {
                *cell = if *cell == NOTHING { NOTHING } else { INSIDE };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Homography, contains, rectangle};
    use image::Rgb;

    fn wave(x: u32, y: u32) -> Rgb<u8> {
        Rgb([(x * 2) as u8, (y * 3) as u8, 90])
    }

    #[test]
    fn masks_the_polygon_and_shows_what_lies_around() {
        let picture = RgbImage::from_fn(64, 64, wave);
        let polygon = [[32.0, 4.0], [60.0, 32.0], [32.0, 60.0], [4.0, 32.0]];
        let framing = Framing::new(&polygon, 96.0 * 96.0, 1.0);
        let canvas = draw(&picture, [0.0, 0.0], &same, &polygon, framing);
        for y in 0..framing.height {
            for x in 0..framing.width {
                let at = framing.outwards([x as f64 + 0.5, y as f64 + 0.5]);
                let shown = x < framing.used[0] && y < framing.used[1] && contains(&rectangle(64.0, 64.0), at);
                let word = canvas.mask[y * framing.width + x];
                assert_eq!(word != NOTHING, shown, "{x} {y}");
                assert_eq!(word == INSIDE, shown && contains(&polygon, at), "{x} {y}");
                if shown && (1.0..63.0).contains(&at[0]) && (1.0..63.0).contains(&at[1]) {
                    let red = f64::from(canvas.colours[y * framing.width + x]);
                    assert!((red - (at[0] - 0.5) * 2.0).abs() < 1.0, "{red} at {at:?}");
                }
            }
        }
    }

    #[test]
    fn samples_through_a_projection_and_averages_when_it_shrinks() {
        // Straightened 40×40 lies in a frame five times as large, seen at an angle.
        let to = [[20.0, 10.0], [230.0, 25.0], [215.0, 240.0], [12.0, 228.0]];
        let map = Homography::from_quads(&rectangle(40.0, 40.0), &to).expect("a map");
        let through = move |p: Point| map.map(p);
        let chequered = RgbImage::from_fn(256, 256, |x, y| Rgb([if (x + y) % 2 == 0 { 0 } else { 200 }; 3]));
        let polygon = rectangle(40.0, 40.0);
        let framing = Framing::new(&polygon, 32.0 * 32.0, detail(&through, &polygon));
        let canvas = draw(&chequered, [0.0, 0.0], &through, &polygon, framing);
        let inside: Vec<u8> =
            canvas.colours.iter().zip(&canvas.mask).filter(|(_, m)| **m == INSIDE).map(|(v, _)| *v).collect();
        assert!(inside.len() > 500 && inside.iter().all(|v| (70..=130).contains(v)), "grain must not alias");
        assert!((4.5..6.0).contains(&detail(&through, &polygon)));
    }

    #[test]
    fn survives_places_that_are_nowhere() {
        let polygon = rectangle(30.0, 30.0);
        let framing = Framing::new(&polygon, 96.0 * 96.0, 1.0);
        let nowhere = |_: Point| [f64::NAN, 0.0];
        let picture = RgbImage::new(8, 8);
        assert!(draw(&picture, [0.0, 0.0], &nowhere, &polygon, framing).mask.iter().all(|m| *m == NOTHING));
        let far = |p: Point| [p[0] + 1e9, p[1]];
        assert!(draw(&picture, [0.0, 0.0], &far, &polygon, framing).mask.iter().all(|m| *m == NOTHING));
        let empty = RgbImage::new(0, 0);
        assert!(draw(&empty, [0.0, 0.0], &same, &polygon, framing).mask.iter().all(|m| *m == NOTHING));
        assert_eq!(detail(&nowhere, &polygon), 1.0);
    }
}
