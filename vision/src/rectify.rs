//! Straightens the rack: the four calibrated corners become the corners of an upright picture.

use image::{Rgb, RgbImage};
use rayon::prelude::*;

use crate::geometry::{FrameMap, Point};
use crate::layout::Layout;

/// Why a picture could not be straightened.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RectifyError {
    /// The frame has no pixels.
    #[error("the frame is empty")]
    EmptyFrame,
    /// The corners span no area, or the sizes are out of range.
    #[error("the calibration is unusable: {0}")]
    Layout(#[from] crate::layout::LayoutError),
}

/// The straightened picture of `layout.rectified` pixels, of a camera that stands as it was calibrated.
pub fn rectify(frame: &RgbImage, layout: &Layout) -> Result<RgbImage, RectifyError> {
    if frame.width() == 0 || frame.height() == 0 {
        return Err(RectifyError::EmptyFrame);
    }
    layout.validate()?;
    let map = FrameMap::new(layout, [frame.width(), frame.height()])?;
    Ok(rectify_by(frame, layout.rectified, |p| map.map(p)))
}

/// A picture of `size` pixels, width and height, each pixel taken from where `map` says it is seen in the frame; black
/// where that is outside.
pub fn rectify_by(frame: &RgbImage, size: [u32; 2], map: impl Fn(Point) -> Point + Sync) -> RgbImage {
    let [width, height] = size;
    let mut out = RgbImage::new(width, height);
    let row_bytes = (width as usize * 3).max(1);
    out.as_mut().par_chunks_mut(row_bytes).enumerate().for_each(|(y, row)| {
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let at = map([x as f64 + 0.5, y as f64 + 0.5]);
            pixel.copy_from_slice(&sample(frame, at).map(|v| (v + 0.5) as u8));
        }
    });
    out
}

/// Bilinear colour at a place given in pixel units (the first pixel's middle is 0.5, 0.5); black outside.
pub fn sample(image: &RgbImage, [x, y]: Point) -> [f32; 3] {
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    // Also false for NaN, which the horizon of a projection gives.
    if !(x >= 0.0 && y >= 0.0 && x < width && y < height) {
        return [0.0; 3];
    }
    let (x, y) = ((x - 0.5).clamp(0.0, width - 1.0), (y - 0.5).clamp(0.0, height - 1.0));
    let (left, top) = (x as u32, y as u32);
    let (right, bottom) = ((left + 1).min(image.width() - 1), (top + 1).min(image.height() - 1));
    let (fx, fy) = ((x - f64::from(left)) as f32, (y - f64::from(top)) as f32);
    let at = |x, y, c: usize| {
        let Rgb(colour) = image.get_pixel(x, y);
        f32::from(colour[c])
    };
    [0, 1, 2].map(|c| {
        let upper = at(left, top, c) * (1.0 - fx) + at(right, top, c) * fx;
        let lower = at(left, bottom, c) * (1.0 - fx) + at(right, bottom, c) * fx;
        upper * (1.0 - fy) + lower * fy
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Homography, rectangle};

    fn layout(corners: [Point; 4], frame: [u32; 2], rectified: [u32; 2]) -> Layout {
        Layout { corners, frame, rectified, lens: None, size_mm: None, bins: Vec::new() }
    }

    /// A smooth pattern, drawn in the frame through a known warp, must come back in place to a fraction of a pixel.
    #[test]
    fn places_points_to_a_fraction_of_a_pixel() {
        let corners = [[31.3, 22.8], [371.6, 41.2], [352.9, 281.4], [18.4, 260.7]];
        let layout = layout(corners, [400, 300], [320, 240]);
        let back = Homography::from_quads(&corners, &rectangle(320.0, 240.0)).expect("a map");
        let dots = [[40.25, 30.5], [160.0, 120.75], [300.5, 50.0], [77.3, 201.9]];
        let frame = RgbImage::from_fn(400, 300, |x, y| {
            let p = back.map([f64::from(x) + 0.5, f64::from(y) + 0.5]);
            let value: f64 = dots.iter().map(|d| (-((p[0] - d[0]).powi(2) + (p[1] - d[1]).powi(2)) / 18.0).exp()).sum();
            Rgb([(value.min(1.0) * 255.0) as u8; 3])
        });
        let straight = rectify(&frame, &layout).expect("straightened");
        for dot in dots {
            let (mut sum, mut at) = (0.0, [0.0, 0.0]);
            for (x, y, Rgb([v, ..])) in straight.enumerate_pixels() {
                let (px, py) = (f64::from(x) + 0.5, f64::from(y) + 0.5);
                if (px - dot[0]).hypot(py - dot[1]) < 10.0 {
                    let v = f64::from(*v);
                    sum += v;
                    at = [at[0] + v * px, at[1] + v * py];
                }
            }
            let error = (at[0] / sum - dot[0]).hypot(at[1] / sum - dot[1]);
            assert!(error < 0.1, "dot {dot:?} is off by {error} px");
        }
    }

    #[test]
    fn refuses_nonsense() {
        let layout = layout([[5.0, 5.0]; 4], [10, 10], [20, 20]);
        assert!(rectify(&RgbImage::new(10, 10), &layout).is_err());
        assert_eq!(rectify(&RgbImage::new(0, 0), &layout), Err(RectifyError::EmptyFrame));
    }
}
