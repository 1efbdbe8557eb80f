//! A picture's luminance at a smaller size: what all measures look at, so that cameras of different sizes compare.

use image::RgbImage;
use rayon::prelude::*;

/// Luminance, 0 to 1, of square cells of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Grey {
    /// Cells in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Side of a cell in pixels of the picture.
    pub step: u32,
    /// Row by row.
    pub values: Vec<f32>,
}

impl Grey {
    /// The picture with at most `longest` cells on its longer side. Rows and columns that fill no whole cell are left out.
    pub fn of(image: &RgbImage, longest: u32) -> Self {
        let step = image.width().max(image.height()).div_ceil(longest).max(1);
        let (width, height) = ((image.width() / step) as usize, (image.height() / step) as usize);
        let row_bytes = image.width() as usize * 3;
        let side = step as usize;
        let scale = 1.0 / (8.0 * 255.0 * (step * step) as f32);
        let mut values = vec![0f32; width * height];
        let pixels = image.as_raw();
        values.par_chunks_mut(width.max(1)).enumerate().for_each(|(y, out)| {
            let mut sums = vec![0u32; width];
            for row in pixels.chunks_exact(row_bytes.max(1)).skip(y * side).take(side) {
                for (sum, cell) in sums.iter_mut().zip(row.chunks_exact(side * 3)) {
                    *sum += cell
                        .chunks_exact(3)
                        .map(|c| 2 * u32::from(c[0]) + 5 * u32::from(c[1]) + u32::from(c[2]))
                        .sum::<u32>();
                }
            }
            out.iter_mut().zip(sums).for_each(|(value, sum)| *value = sum as f32 * scale);
        });
        Self { width, height, step, values }
    }

    /// The cell at a column and a row, the nearest one for places outside; 0 for an empty picture.
    pub fn at(&self, x: isize, y: isize) -> f32 {
        if self.values.is_empty() {
            return 0.0;
        }
        let clamp = |at: isize, length: usize| at.clamp(0, length as isize - 1) as usize;
        self.values[clamp(y, self.height) * self.width + clamp(x, self.width)]
    }

    /// The cell that holds a place of the picture in pixels; none outside.
    pub fn cell(&self, [x, y]: [f64; 2]) -> Option<(isize, isize)> {
        let (x, y) = (x / f64::from(self.step), y / f64::from(self.step));
        let inside = x >= 0.0 && y >= 0.0 && x < self.width as f64 && y < self.height as f64;
        inside.then_some((x as isize, y as isize))
    }

    /// The luminance at a place of the picture in pixels, between the middles of the cells around it; none outside. A camera
    /// that has moved by half a cell sees the same.
    pub fn between(&self, place: [f64; 2]) -> Option<f64> {
        self.cell(place)?;
        let [x, y] = place.map(|v| v / f64::from(self.step) - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (right, low) = (x - left, y - top);
        let at = |dx: isize, dy: isize| f64::from(self.at(left as isize + dx, top as isize + dy));
        let row = |dy: isize| at(0, dy) * (1.0 - right) + at(1, dy) * right;
        Some(row(0) * (1.0 - low) + row(1) * low)
    }

    /// Absolute Laplacian of a cell: its difference to its four neighbours.
    pub fn edge(&self, x: isize, y: isize) -> f32 {
        let around = self.at(x - 1, y) + self.at(x + 1, y) + self.at(x, y - 1) + self.at(x, y + 1);
        (4.0 * self.at(x, y) - around).abs()
    }

    /// Whether a cell and its neighbours `reach` cells away are all saturated: a highlight without anything in it.
    pub fn glares(&self, x: isize, y: isize, reach: isize) -> bool {
        let white = |x, y| self.at(x, y) >= super::WHITE;
        white(x, y)
            && [-reach, 0, reach].into_iter().all(|dy| [-reach, 0, reach].into_iter().all(|dx| white(x + dx, y + dy)))
    }
}

/// Mean and standard deviation; 0 and 0 without values.
pub(super) fn spread(values: impl Iterator<Item = f32> + Clone) -> (f64, f64) {
    let count = values.clone().count().max(1) as f64;
    let mean = values.clone().map(f64::from).sum::<f64>() / count;
    let variance = values.map(|value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn between_two_cells_it_is_between() {
        let grey = Grey::of(&RgbImage::from_fn(8, 8, |x, _| Rgb([if x < 4 { 0 } else { 255 }; 3])), 4);
        let at = |x: f64| grey.between([x, 3.0]);
        assert_eq!((at(1.0), at(4.0), at(7.5), at(8.1)), (Some(0.0), Some(0.5), Some(1.0), None));
    }

    #[test]
    fn cells_are_means() {
        let image = RgbImage::from_fn(5, 4, |x, _| Rgb([if x % 2 == 0 { 0 } else { 200 }; 3]));
        let grey = Grey::of(&image, 3);
        assert_eq!((grey.width, grey.height, grey.step), (2, 2, 2));
        assert!(grey.values.iter().all(|value| (value - 100.0 / 255.0).abs() < 1e-4), "{grey:?}");
        assert_eq!(grey.cell([3.9, 0.5]), Some((1, 0)));
        assert_eq!(grey.cell([4.5, 0.5]), None);
        assert_eq!(Grey::of(&RgbImage::new(0, 0), 3).at(1, 1), 0.0);
    }
}
