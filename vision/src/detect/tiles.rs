//! Cuts a bin into square tiles and samples each onto the network's canvas.

use image::RgbImage;

use crate::geometry::{Point, bounds, contains};
use crate::rectify::sample;

/// Side of the network's canvas in pixels.
pub const CANVAS: usize = 128;
/// A bin longer than this many times its width is read in several overlapping tiles.
const MAX_ASPECT: f64 = 1.6;
/// Share of a tile's side left free around the bin, so that an end at the wall is not cut.
const MARGIN: f64 = 0.02;

/// A square of the straightened picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tile {
    /// Left side in pixels.
    pub left: f64,
    /// Upper side in pixels.
    pub top: f64,
    /// Side in pixels.
    pub side: f64,
}

impl Tile {
    /// The middle, in pixels of the straightened picture.
    pub fn middle(&self) -> Point {
        [self.left + self.side / 2.0, self.top + self.side / 2.0]
    }

    /// Pixels of the straightened picture per pixel of the canvas.
    pub fn scale(&self) -> f64 {
        self.side / CANVAS as f64
    }
}

/// The tiles that together cover a polygon: one for a bin of ordinary shape, a row or column for a long one.
pub fn tiles(polygon: &[Point]) -> Vec<Tile> {
    let [left, top, right, bottom] = bounds(polygon);
    let (width, height) = (right - left, bottom - top);
    let (long, short) = (width.max(height), width.min(height).max(1.0));
    let middle = [(left + right) / 2.0, (top + bottom) / 2.0];
    let side = if long / short <= MAX_ASPECT { long } else { short } * (1.0 + 2.0 * MARGIN);
    // Neighbours overlap by half, so that each end is whole in one of them; a sliver gets no more than 32.
    let count = if side >= long { 1 } else { (((long - side) / (side * 0.5)).ceil() as usize + 1).min(32) };
    (0..count)
        .map(|i| {
            let share = if count == 1 { 0.0 } else { i as f64 / (count - 1) as f64 - 0.5 };
            let shift = share * (long * (1.0 + 0.5 * MARGIN) - side).max(0.0);
            let [x, y] = if width >= height { [middle[0] + shift, middle[1]] } else { [middle[0], middle[1] + shift] };
            Tile { left: x - side / 2.0, top: y - side / 2.0, side }
        })
        .collect()
}

/// A tile as four planes of bytes: red, green, blue (0 outside the polygon) and the mask (255 inside).
///
/// `origin` is where the picture's upper left corner lies in the straightened picture.
pub fn canvas(picture: &RgbImage, origin: Point, polygon: &[Point], tile: &Tile) -> Vec<u8> {
    let plane = CANVAS * CANVAS;
    let mut out = vec![0u8; 4 * plane];
    let scale = tile.scale();
    // Shrinking averages as many samples as there are pixels under one canvas pixel, lest fine grain alias.
    let fine = (scale.ceil() as usize).clamp(1, 6);
    for y in 0..CANVAS {
        for x in 0..CANVAS {
            let place = [tile.left + (x as f64 + 0.5) * scale, tile.top + (y as f64 + 0.5) * scale];
            if !contains(polygon, place) {
                continue;
            }
            let mut sum = [0.0f32; 3];
            for i in 0..fine * fine {
                let offset = |k: usize| ((k as f64 + 0.5) / fine as f64 - 0.5) * scale;
                let at = [place[0] + offset(i % fine) - origin[0], place[1] + offset(i / fine) - origin[1]];
                sum.iter_mut().zip(sample(picture, at)).for_each(|(s, v)| *s += v);
            }
            let i = y * CANVAS + x;
            for (c, v) in sum.into_iter().enumerate() {
                out[c * plane + i] = (v / (fine * fine) as f32 + 0.5) as u8;
            }
            out[3 * plane + i] = 255;
        }
    }
    out
}

/// The network's input: colours with their mean inside the mask taken off and divided by their spread, then the mask.
///
/// This makes a dim and a bright picture of the same bin nearly alike.
pub fn normalise(canvas: &[u8]) -> Vec<f32> {
    let plane = CANVAS * CANVAS;
    let (colours, mask) = canvas.split_at(3 * plane);
    let inside = |i: usize| mask[i % plane] > 0;
    let values = || colours.iter().enumerate().filter(|(i, _)| inside(*i)).map(|(_, v)| f32::from(*v) / 255.0);
    let n = values().count().max(1) as f32;
    let mean = values().sum::<f32>() / n;
    let spread = (values().map(|v| (v - mean).powi(2)).sum::<f32>() / n).sqrt().max(0.05);
    let colour = |(i, v): (usize, &u8)| if inside(i) { (f32::from(*v) / 255.0 - mean) / spread } else { 0.0 };
    colours.iter().enumerate().map(colour).chain(mask.iter().map(|m| f32::from(*m) / 255.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::rectangle;

    #[test]
    fn long_bins_get_overlapping_tiles() {
        assert_eq!(tiles(&rectangle(100.0, 90.0)).len(), 1);
        let row = tiles(&rectangle(800.0, 100.0));
        assert!(row.len() > 10 && row[0].left <= 0.0, "{row:?}");
        let last = row[row.len() - 1];
        assert!(last.left + last.side >= 800.0);
        assert!(row.windows(2).all(|w| w[1].left - w[0].left <= 0.55 * w[0].side));
    }

    #[test]
    fn canvas_masks() {
        let picture = RgbImage::from_pixel(64, 64, image::Rgb([90, 100, 110]));
        let polygon = [[32.0, 0.0], [64.0, 32.0], [32.0, 64.0], [0.0, 32.0]];
        let bytes = canvas(&picture, [0.0, 0.0], &polygon, &tiles(&polygon)[0]);
        let plane = CANVAS * CANVAS;
        assert_eq!((bytes[0], bytes[3 * plane]), (0, 0));
        let middle = plane / 2 + CANVAS / 2;
        assert_eq!((bytes[middle], bytes[2 * plane + middle], bytes[3 * plane + middle]), (90, 110, 255));
        assert!(normalise(&bytes).iter().all(|v| v.is_finite()));
    }
}
