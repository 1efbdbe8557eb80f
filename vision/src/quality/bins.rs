//! Can this bin be read? Measured in the frame, where the light fell, and not in the straightened picture.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::grey::spread;
use super::{BLACK, Grey, Outlines, WHITE};
use crate::clean::Motion;
use crate::geometry::{Point, bounds, contains, middle};
use crate::layout::{BinShape, Layout};

/// Measuring places per row and column of a bin's box: as many as it has cells, so that no edge is missed, within these bounds.
const PLACES: (usize, usize) = (14, 56);
/// With fewer places inside its outline a bin is too small to be judged.
const FEWEST: usize = 12;
/// A bin is looked at a little beyond its outline: the rack's own edges are there, whatever lies in it.
const MARGIN: f64 = 1.12;
const MAX_BLACK: f64 = 0.95;
/// As dim as this, and with as little contrast, a bottle does not stand out from the dark behind it: 8 and 3 of 255 steps.
const DIM: f64 = 0.03;
const DIM_CONTRAST: f64 = 0.012;
const MAX_BURNT: f64 = 0.5;
const MAX_GLARE: f64 = 0.25;
const MAX_MOVING: f64 = 0.2;
/// What covers so much of the outline may cover a bottle.
const MAX_CHANGED: f64 = 0.2;
/// A bin with this much contrast must have an edge that is at least so sharp, also compared with the other bins.
const BLUR_CONTRAST: f64 = 0.03;
const MIN_SHARPNESS: f64 = 0.12;
const MIN_RELATIVE: f64 = 0.3;

/// How well one bin is seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BinQuality {
    /// The bin.
    pub id: String,
    /// Mean luminance, 0 to 1.
    pub brightness: f64,
    /// Standard deviation of the luminance, 0 to 0.5.
    pub contrast: f64,
    /// Its sharpest edges by its contrast; below about 0.1 they are blurred.
    pub sharpness: f64,
    /// Share without any light, 0 to 1.
    pub black: f64,
    /// Share that is saturated, 0 to 1.
    pub burnt: f64,
    /// Share within highlights without anything in them, 0 to 1.
    pub glare: f64,
    /// Share that did not come to rest while the pictures were taken, 0 to 1.
    pub moving: f64,
    /// Share of its outline that is not seen as in the last good picture, 0 to 1; none without such a picture.
    pub changed: Option<f64>,
    /// Why it gets no opinion; none if it can be read.
    pub refusal: Option<String>,
}

/// Measures every bin, in the layout's order. `to_frame` leads from the straightened picture to the frame, both in pixels.
pub fn assess_bins(
    grey: &Grey,
    motion: &Motion,
    last_good: Option<&Outlines>,
    layout: &Layout,
    to_frame: impl Fn(Point) -> Point + Sync,
) -> Vec<BinQuality> {
    let changed = match last_good {
        Some(outlines) => outlines.changed(grey, layout, &to_frame),
        None => vec![None; layout.bins.len()],
    };
    let mut bins: Vec<BinQuality> = layout
        .bins
        .par_iter()
        .zip(changed)
        .map(|(bin, changed)| measure(grey, motion, bin, changed, &to_frame))
        .collect();
    let mut sharp: Vec<f64> = bins.iter().filter(|b| b.contrast >= BLUR_CONTRAST).map(|b| b.sharpness).collect();
    sharp.sort_by(f64::total_cmp);
    let usual = sharp.get(sharp.len() / 2).copied().unwrap_or(0.0);
    bins.iter_mut().for_each(|bin| bin.refusal = bin.reason(usual));
    bins
}

fn measure(
    grey: &Grey,
    motion: &Motion,
    bin: &BinShape,
    changed: Option<f64>,
    to_frame: &impl Fn(Point) -> Point,
) -> BinQuality {
    let centre = middle(&bin.polygon);
    let wide: Vec<Point> =
        bin.polygon.iter().map(|p| [0, 1].map(|i| centre[i] + MARGIN * (p[i] - centre[i]))).collect();
    let [left, top, right, bottom] = bounds(&wide);
    let mapped: Vec<Point> = wide.iter().map(|p| to_frame(*p)).collect();
    let [x0, y0, x1, y1] = bounds(&mapped);
    // A polygon beyond the horizon has no size; `as` makes that 0.
    let places = ((x1 - x0).max(y1 - y0) / f64::from(grey.step)).ceil() as usize;
    let places = places.clamp(PLACES.0, PLACES.1);
    let step = [(right - left) / places as f64, (bottom - top) / places as f64];
    let (mut values, mut edges) = (Vec::new(), Vec::new());
    let (mut inside, mut glare, mut moving) = (0usize, 0usize, 0usize);
    for n in 0..places * places {
        let at = [left + step[0] * ((n % places) as f64 + 0.5), top + step[1] * ((n / places) as f64 + 0.5)];
        let place = to_frame(at);
        let (Some((x, y)), true) = (grey.cell(place), contains(&wide, at)) else { continue };
        edges.push(grey.edge(x, y));
        if contains(&bin.polygon, at) {
            inside += 1;
            values.push(grey.at(x, y));
            glare += usize::from(grey.glares(x, y, 2));
            moving += usize::from(motion.is_unsettled(place));
        }
    }
    let share = |count: usize| count as f64 / inside.max(1) as f64;
    let (brightness, contrast) = spread(values.iter().copied());
    edges.sort_by(f32::total_cmp);
    let sharpest = edges.get(edges.len() * 98 / 100).copied().unwrap_or(0.0);
    let count = |test: &dyn Fn(f32) -> bool| values.iter().filter(|value| test(**value)).count();
    BinQuality {
        id: bin.id.clone(),
        brightness: rounded(brightness),
        contrast: rounded(contrast),
        sharpness: if inside < FEWEST { 1.0 } else { rounded(f64::from(sharpest) / contrast.max(0.01)) },
        black: rounded(share(count(&|value| value < BLACK))),
        burnt: rounded(share(count(&|value| value >= WHITE))),
        glare: rounded(share(glare)),
        moving: rounded(share(moving)),
        changed: changed.map(rounded),
        refusal: None,
    }
}

impl BinQuality {
    /// Whether something stands or moves in front of it.
    pub fn is_hidden(&self) -> bool {
        self.moving > MAX_MOVING || self.changed.is_some_and(|share| share > MAX_CHANGED)
    }

    /// Why nobody should count in this bin; `usual` is the sharpness of the bin in the middle.
    fn reason(&self, usual: f64) -> Option<String> {
        let blurred =
            self.contrast >= BLUR_CONTRAST && self.sharpness < MIN_SHARPNESS && self.sharpness < MIN_RELATIVE * usual;
        let percent = |share: f64| (share * 100.0).round();
        if self.moving > MAX_MOVING {
            Some(format!("something moved in front of {} % of it", percent(self.moving)))
        } else if self.changed.is_some_and(|share| share > MAX_CHANGED) {
            Some("its outline is not seen as in the last good picture: something stands in front".to_owned())
        } else if self.black > MAX_BLACK {
            Some("it is in complete darkness".to_owned())
        } else if self.brightness < DIM && self.contrast < DIM_CONTRAST {
            Some("it is too dark to tell a bottle from none".to_owned())
        } else if self.burnt > MAX_BURNT {
            Some(format!("{} % of it is overexposed", percent(self.burnt)))
        } else if self.glare > MAX_GLARE {
            Some(format!("glare covers {} % of it", percent(self.glare)))
        } else if blurred {
            Some("it is blurred where other bins are sharp: is the lens clean?".to_owned())
        } else {
            None
        }
    }
}

/// To a thousandth, for files that people read.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
