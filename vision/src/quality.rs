//! Is the picture worth reading? A refused picture gives no opinion instead of a wrong count.

use image::RgbImage;
use serde::{Deserialize, Serialize};

/// What can be measured of a picture without knowing what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FrameQuality {
    /// Mean luminance, 0 (black) to 1 (white).
    pub brightness: f64,
    /// Standard deviation of the luminance, 0 to 0.5.
    pub contrast: f64,
    /// Mean absolute Laplacian of the halved picture divided by its contrast; below about 0.05 nothing has an edge.
    pub sharpness: f64,
    /// Share of pixels that are nearly black or nearly white, 0 to 1.
    pub clipped: f64,
}

const MIN_BRIGHTNESS: f64 = 0.06;
const MAX_BRIGHTNESS: f64 = 0.93;
const MIN_CONTRAST: f64 = 0.025;
const MIN_SHARPNESS: f64 = 0.035;
const MAX_CLIPPED: f64 = 0.75;
/// Pictures are looked at with about this many pixels on the longer side, so that cameras compare.
const WORKING_SIDE: u32 = 640;

/// Measures a picture; an empty one measures as black.
pub fn assess(image: &RgbImage) -> FrameQuality {
    let (width, height) = image.dimensions();
    let step = width.max(height).div_ceil(WORKING_SIDE).max(1);
    let (columns, rows) = ((width / step) as usize, (height / step) as usize);
    if columns < 3 || rows < 3 {
        return FrameQuality { brightness: 0.0, contrast: 0.0, sharpness: 0.0, clipped: 1.0 };
    }
    let mut grey = Vec::with_capacity(columns * rows);
    for y in 0..rows as u32 {
        for x in 0..columns as u32 {
            grey.push(block_mean(image, x * step, y * step, step));
        }
    }
    let n = grey.len() as f64;
    let brightness = grey.iter().sum::<f64>() / n;
    let contrast = (grey.iter().map(|v| (v - brightness).powi(2)).sum::<f64>() / n).sqrt();
    let clipped = grey.iter().filter(|v| !(0.02..=0.98).contains(*v)).count() as f64 / n;
    let mut edges = 0.0;
    for y in 1..rows - 1 {
        for x in 1..columns - 1 {
            let at = |x: usize, y: usize| grey[y * columns + x];
            edges += (4.0 * at(x, y) - at(x - 1, y) - at(x + 1, y) - at(x, y - 1) - at(x, y + 1)).abs();
        }
    }
    let edges = edges / ((columns - 2) * (rows - 2)) as f64;
    FrameQuality { brightness, contrast, sharpness: edges / contrast.max(1e-3), clipped }
}

fn block_mean(image: &RgbImage, left: u32, top: u32, side: u32) -> f64 {
    let mut sum = 0u32;
    for y in top..top + side {
        for x in left..left + side {
            let [r, g, b] = image.get_pixel(x, y).0.map(u32::from);
            sum += 2 * r + 5 * g + b;
        }
    }
    f64::from(sum) / (8.0 * 255.0 * f64::from(side * side))
}

impl FrameQuality {
    /// Why nobody should count bottles in this picture, as a sentence for a person; none if it is good enough.
    pub fn refusal(&self) -> Option<String> {
        let percent = |share: f64| (share * 100.0).round();
        if self.brightness < MIN_BRIGHTNESS {
            Some(format!("The picture is too dark ({} % bright): is the light on?", percent(self.brightness)))
        } else if self.brightness > MAX_BRIGHTNESS {
            Some(format!(
                "The picture is washed out ({} % bright): shade the light or lower the exposure.",
                percent(self.brightness)
            ))
        } else if self.contrast < MIN_CONTRAST {
            Some("The picture shows nothing but one tone: is the lens covered or fogged?".into())
        } else if self.clipped > MAX_CLIPPED {
            Some(format!("{} % of the picture is pure black or white: correct the exposure.", percent(self.clipped)))
        } else if self.sharpness < MIN_SHARPNESS {
            Some("The picture is blurred: clean the lens, or focus the camera again.".into())
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn refused(image: &RgbImage) -> String {
        assess(image).refusal().unwrap_or_default()
    }

    #[test]
    fn refuses_what_shows_nothing() {
        assert!(refused(&RgbImage::from_pixel(320, 240, Rgb([4; 3]))).contains("dark"));
        assert!(refused(&RgbImage::from_pixel(320, 240, Rgb([251; 3]))).contains("washed out"));
        assert!(refused(&RgbImage::from_pixel(320, 240, Rgb([90; 3]))).contains("covered"));
        assert!(refused(&RgbImage::new(0, 0)).contains("dark"));
        let smooth = RgbImage::from_fn(640, 480, |x, y| {
            let wave = (f64::from(x) / 90.0).sin() + (f64::from(y) / 80.0).cos();
            Rgb([(128.0 + 40.0 * wave) as u8; 3])
        });
        assert!(refused(&smooth).contains("blurred"));
    }

    #[test]
    fn accepts_edges() {
        let board = RgbImage::from_fn(640, 480, |x, y| Rgb([if (x / 24 + y / 24) % 2 == 0 { 60 } else { 170 }; 3]));
        assert_eq!(assess(&board).refusal(), None);
    }
}
