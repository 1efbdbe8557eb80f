//! Brightness as a field of numbers that can be asked between its pixels.

use image::{GrayImage, RgbImage};
use rayon::prelude::*;

use crate::geometry::Point;

/// One value per pixel, 0 to 255, row by row. A pixel's middle is at `.5`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) data: Vec<f32>,
}

impl Field {
    /// Brightness (Rec. 601) of a picture, averaged into `width`×`height` pixels; both at least 1 and at most the picture's.
    pub(crate) fn of_rgb(image: &RgbImage, width: usize, height: usize) -> Self {
        let row = image.width() as usize * 3;
        let light = |y: usize, x: usize| {
            let p = &image.as_raw()[y * row + 3 * x..y * row + 3 * x + 3];
            0.299 * f32::from(p[0]) + 0.587 * f32::from(p[1]) + 0.114 * f32::from(p[2])
        };
        average(image.width() as usize, image.height() as usize, width, height, light)
    }

    /// The same of a grey picture.
    pub(crate) fn of_gray(image: &GrayImage, width: usize, height: usize) -> Self {
        let (w, data) = (image.width() as usize, image.as_raw());
        average(w, image.height() as usize, width, height, |y, x| f32::from(data[y * w + x]))
    }

    /// As a picture of whole numbers.
    pub(crate) fn to_gray(&self) -> GrayImage {
        let data = self.data.iter().map(|v| (v + 0.5) as u8).collect();
        GrayImage::from_raw(self.width as u32, self.height as u32, data).unwrap_or_default()
    }

    /// Half as wide and high.
    pub(crate) fn halved(&self) -> Self {
        self.resized((self.width / 2).max(1), (self.height / 2).max(1))
    }

    /// Averaged into `width`×`height` pixels, at most as many as there are.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        average(self.width, self.height, width, height, |y, x| self.data[y * self.width + x])
    }

    /// The value of a pixel; the border goes on for ever.
    pub(crate) fn at(&self, x: isize, y: isize) -> f32 {
        let x = x.clamp(0, self.width as isize - 1) as usize;
        let y = y.clamp(0, self.height as isize - 1) as usize;
        self.data[y * self.width + x]
    }

    /// The value at any place, bilinear; none outside.
    pub(crate) fn sample(&self, [x, y]: Point) -> Option<f32> {
        let (x, y) = (x - 0.5, y - 0.5);
        let inside = x >= 0.0 && y >= 0.0 && x < (self.width - 1) as f64 && y < (self.height - 1) as f64;
        if !inside {
            return None;
        }
        let (left, top) = (x as usize, y as usize);
        let (fx, fy) = ((x - left as f64) as f32, (y - top as f64) as f32);
        let row = &self.data[top * self.width + left..];
        let (a, b, c, d) = (row[0], row[1], row[self.width], row[self.width + 1]);
        let upper = a + (b - a) * fx;
        Some(upper + (c + (d - c) * fx - upper) * fy)
    }

    /// The slope of every pixel, see [`Field::slope`].
    pub(crate) fn slopes(&self) -> Vec<[f32; 2]> {
        let mut all = vec![[0.0f32; 2]; self.data.len()];
        let w = self.width;
        all.par_chunks_mut(w).enumerate().for_each(|(y, line)| {
            if y == 0 || y + 1 >= self.height || w < 3 {
                line.iter_mut().enumerate().for_each(|(x, out)| *out = self.slope(x, y));
                return;
            }
            let rows = [y - 1, y, y + 1].map(|y| &self.data[y * w..(y + 1) * w]);
            for x in 1..w - 1 {
                let across = |row: &[f32]| row[x + 1] - row[x - 1];
                let down = |x: usize| rows[2][x] - rows[0][x];
                line[x] = [
                    (3.0 * across(rows[0]) + 10.0 * across(rows[1]) + 3.0 * across(rows[2])) / 32.0,
                    (3.0 * down(x - 1) + 10.0 * down(x) + 3.0 * down(x + 1)) / 32.0,
                ];
            }
            (line[0], line[w - 1]) = (self.slope(0, y), self.slope(w - 1, y));
        });
        all
    }

    /// The slope across and down at a pixel, in values per pixel, smoothed along the edge (Scharr's weights).
    pub(crate) fn slope(&self, x: usize, y: usize) -> [f32; 2] {
        let (x, y) = (x as isize, y as isize);
        let across = |y: isize| self.at(x + 1, y) - self.at(x - 1, y);
        let down = |x: isize| self.at(x, y + 1) - self.at(x, y - 1);
        [
            (3.0 * across(y - 1) + 10.0 * across(y) + 3.0 * across(y + 1)) / 32.0,
            (3.0 * down(x - 1) + 10.0 * down(x) + 3.0 * down(x + 1)) / 32.0,
        ]
    }
}

/// Averages over areas, first along rows, then along columns.
fn average(w: usize, h: usize, width: usize, height: usize, at: impl Fn(usize, usize) -> f32 + Sync) -> Field {
    let (columns, rows) = (spans(w, width), spans(h, height));
    let mut narrow = vec![0.0f32; width * h];
    narrow.par_chunks_mut(width).enumerate().for_each(|(y, line)| {
        for (out, span) in line.iter_mut().zip(&columns) {
            *out = span.iter().map(|(x, share)| share * at(y, *x)).sum();
        }
    });
    let mut data = vec![0.0f32; width * height];
    data.par_chunks_mut(width).zip(rows).for_each(|(line, span)| {
        for (y, share) in span {
            for (out, value) in line.iter_mut().zip(&narrow[y * width..(y + 1) * width]) {
                *out += share * value;
            }
        }
    });
    Field { width, height, data }
}

/// For each of `to` equal parts of `from` pixels: which pixels lie in it, and by what share of the part.
fn spans(from: usize, to: usize) -> Vec<Vec<(usize, f32)>> {
    let step = from as f64 / to as f64;
    (0..to)
        .map(|i| {
            let (low, high) = (i as f64 * step, (i + 1) as f64 * step);
            let pixels = low as usize..(high.ceil() as usize).min(from);
            let share = |x: usize| ((high.min((x + 1) as f64) - low.max(x as f64)) / step) as f32;
            pixels.map(|x| (x, share(x))).filter(|(_, share)| *share > 0.0).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_keep_the_light_and_its_place() {
        let image = GrayImage::from_fn(30, 20, |x, _| image::Luma([(x * 8) as u8]));
        let small = Field::of_gray(&image, 20, 10);
        // A slope of 8 per pixel stays one: pixel 7 of 20 covers 10.5 to 12 of 30.
        assert!((small.at(7, 5) - (11.25 - 0.5) * 8.0).abs() < 0.7, "{}", small.at(7, 5));
        let middle = small.sample([10.0, 5.0]).expect("inside");
        assert!((middle - 14.5 * 8.0).abs() < 0.7, "{middle}");
        assert_eq!(small.sample([0.2, 5.0]), None);
        let slope = small.slope(9, 4);
        assert!((slope[0] - 12.0).abs() < 0.7 && slope[1].abs() < 1e-3, "{slope:?}");
        assert_eq!(small.to_gray().dimensions(), (20, 10));
    }
}
