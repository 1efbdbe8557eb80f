//! Finds the lines of text: the network says for each pixel whether it is text; what hangs together is a line.

use std::path::Path;

use image::{RgbImage, imageops::FilterType};

use super::{
    curve,
    network::{self, Network},
    region::Region,
};
use crate::reader::ReadError;

/// The sides of what the network looks at are multiples of this.
const STEP: u32 = 32;
/// Longer side of what the network looks at, in pixels.
const LONG_SIDE: u32 = 768;
/// A pixel is text from here on.
const TEXT: f32 = 0.3;
/// A line is one when its pixels are this on average.
const LINE: f32 = 0.5;
/// How far the marked middle of the letters grows to hold all of them.
const GROWTH: f32 = 1.6;
/// Lower lines are no text, in pixels of what the network looks at.
const LOWEST: f32 = 4.0;

/// The network that finds lines.
pub(super) struct Detector(Network);

impl Detector {
    pub(super) fn open(path: &Path) -> Result<Self, ReadError> {
        Network::new(&network::open(path)?).map(Self)
    }

    /// The lines on a picture, in its pixels.
    pub(super) fn find(&self, picture: &RgbImage) -> Result<Vec<Region>, ReadError> {
        let (width, height) = picture.dimensions();
        if width < 8 || height < 8 {
            return Ok(Vec::new());
        }
        let (w, h) = canvas(width, height);
        let small = image::imageops::resize(picture, w, h, FilterType::Triangle);
        let (w, h) = (w as usize, h as usize);
        let (shape, marks) = self.0.run([1, 3, h, w], &planes(&small))?;
        if shape != [1, 1, h, w] || marks.len() != w * h {
            return Err(ReadError::Model(format!("the detector answers {shape:?} for a picture of {w}x{h}")));
        }
        let (x, y) = (width as f32 / w as f32, height as f32 / h as f32);
        Ok(regions(&marks, w).into_iter().map(|region| region.scaled(x, y)).collect())
    }
}

/// What the network looks at: the picture with its longer side at [`LONG_SIDE`], rounded to the step.
fn canvas(width: u32, height: u32) -> (u32, u32) {
    let scale = f64::from(LONG_SIDE) / f64::from(width.max(height));
    let side = |n: u32| {
        let steps = (f64::from(n) * scale / f64::from(STEP)).round();
        STEP * (steps as u32).max(1)
    };
    (side(width), side(height))
}

/// Blue, green and red one after another (the networks were trained so), -1 to 1.
pub(super) fn planes(picture: &RgbImage) -> Vec<f32> {
    let plane = |channel: usize| picture.pixels().map(move |pixel| f32::from(pixel.0[channel]) / 127.5 - 1.0);
    plane(2).chain(plane(1)).chain(plane(0)).collect()
}

/// What hangs together, as rectangles. `width` is that of the map.
fn regions(marks: &[f32], width: usize) -> Vec<Region> {
    let height = marks.len() / width;
    let mut seen = vec![false; marks.len()];
    let mut found = Vec::new();
    let mut queue = Vec::new();
    for start in 0..marks.len() {
        if seen[start] || marks[start] < TEXT {
            continue;
        }
        seen[start] = true;
        queue.push(start);
        let (mut points, mut middles, mut sum, mut count) = (Vec::new(), Vec::new(), 0.0, 0.0);
        while let Some(place) = queue.pop() {
            let (x, y) = (place % width, place / width);
            sum += marks[place];
            count += 1.0;
            middles.push([x as f32 + 0.5, y as f32 + 0.5]);
            let mut edge = x == 0 || y == 0 || x + 1 == width || y + 1 == height;
            let columns = x.saturating_sub(1)..=(x + 1).min(width - 1);
            for (nx, ny) in
                columns.flat_map(|nx| (y.saturating_sub(1)..=(y + 1).min(height - 1)).map(move |ny| (nx, ny)))
            {
                let next = ny * width + nx;
                if marks[next] < TEXT {
                    edge = true;
                } else if !seen[next] {
                    seen[next] = true;
                    queue.push(next);
                }
            }
            // The hull is made of pixels at the edge: their corners, since a pixel has a size.
            if edge {
                let (x, y) = (x as f32, y as f32);
                points.extend([[x, y], [x + 1.0, y], [x, y + 1.0], [x + 1.0, y + 1.0]]);
            }
        }
        if sum / count < LINE {
            continue;
        }
        found.extend(Region::around(&points).filter(|region| region.height() >= LOWEST).map(|region| {
            let mut grown = curve::follow(region, &middles).grown(GROWTH);
            // A lower strip would grow less at its ends too, and lose letters there.
            grown.half[0] = grown.half[0].max(region.grown(GROWTH).half[0]);
            grown
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canvas_keeps_the_shape_in_steps() {
        assert_eq!(canvas(480, 640), (576, 768));
        assert_eq!(canvas(4000, 10), (768, 32));
    }

    #[test]
    fn what_hangs_together_is_a_line_and_faint_marks_are_none() {
        let mut marks = vec![0.0; 100 * 60];
        let mut paint = |xs: std::ops::Range<usize>, ys: std::ops::Range<usize>, value: f32| {
            ys.for_each(|y| xs.clone().for_each(|x| marks[y * 100 + x] = value));
        };
        paint(10..60, 10..18, 0.9);
        paint(10..60, 30..38, 0.4);
        paint(70..72, 50..52, 0.9);
        let found = regions(&marks, 100);
        assert_eq!(found.len(), 1);
        assert!((found[0].centre[0] - 35.0).abs() < 0.01 && (found[0].centre[1] - 14.0).abs() < 0.01);
        assert!(found[0].half[1] > 4.0 + 4.0, "grown by some letters' height: {:?}", found[0]);
    }
}
