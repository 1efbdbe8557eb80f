//! Is the picture worth reading? A refused picture or bin gives no opinion instead of a wrong count.

mod bins;
mod grey;
mod outline;
#[cfg(test)]
mod tests;

use image::RgbImage;
use serde::{Deserialize, Serialize};

pub use bins::{BinQuality, assess_bins};
pub use grey::Grey;
pub use outline::Outlines;

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
    /// Share that lies within highlights without anything in them, 0 to 1.
    pub glare: f64,
    /// Share that did not come to rest while the pictures were taken, 0 to 1; 0 for a single picture.
    pub moving: f64,
    /// Brightest picture of the series by its darkest; 1 for a single picture.
    pub flicker: f64,
}

const MIN_BRIGHTNESS: f64 = 0.06;
const MAX_BRIGHTNESS: f64 = 0.93;
const MIN_CONTRAST: f64 = 0.025;
const MIN_SHARPNESS: f64 = 0.035;
const MAX_CLIPPED: f64 = 0.75;
const MAX_GLARE: f64 = 0.4;
const MAX_MOVING: f64 = 0.25;
const MAX_FLICKER: f64 = 1.5;
/// At this luminance a cell is saturated, below [`BLACK`] it holds nothing.
const WHITE: f32 = 0.975;
const BLACK: f32 = 0.02;
/// Pictures are looked at with about this many pixels on the longer side, so that cameras compare.
const WORKING_SIDE: u32 = 640;

/// Measures a picture; an empty one measures as black.
pub fn assess(image: &RgbImage) -> FrameQuality {
    let grey = Grey::of(image, WORKING_SIDE);
    if grey.width < 3 || grey.height < 3 {
        return FrameQuality {
            brightness: 0.0,
            contrast: 0.0,
            sharpness: 0.0,
            clipped: 1.0,
            glare: 0.0,
            moving: 0.0,
            flicker: 1.0,
        };
    }
    let n = grey.values.len() as f64;
    let (brightness, contrast) = grey::spread(grey.values.iter().copied());
    let clipped = grey.values.iter().filter(|v| !(BLACK..=1.0 - BLACK).contains(*v)).count() as f64 / n;
    let (mut edges, mut glare) = (0.0, 0usize);
    for y in 1..grey.height as isize - 1 {
        for x in 1..grey.width as isize - 1 {
            edges += f64::from(grey.edge(x, y));
            glare += usize::from(grey.glares(x, y, 2));
        }
    }
    let edges = edges / ((grey.width - 2) * (grey.height - 2)) as f64;
    let sharpness = edges / contrast.max(1e-3);
    FrameQuality { brightness, contrast, sharpness, clipped, glare: glare as f64 / n, moving: 0.0, flicker: 1.0 }
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
        } else if self.glare > MAX_GLARE {
            Some(format!("Glare covers {} % of the picture: turn the light or the camera.", percent(self.glare)))
        } else if self.sharpness < MIN_SHARPNESS {
            Some("The picture is blurred: clean the lens, or focus the camera again.".into())
        } else if self.moving > MAX_MOVING {
            Some(format!(
                "{} % of the picture does not come to rest: somebody stands there, or the camera shakes.",
                percent(self.moving)
            ))
        } else if self.flicker > MAX_FLICKER {
            Some(format!(
                "The light changes by {} % from picture to picture: let it settle.",
                percent(self.flicker - 1.0)
            ))
        } else {
            None
        }
    }
}
