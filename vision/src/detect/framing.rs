//! How large a bin is shown to the network: all constants of the geometry stand here, with their reasons.

use crate::geometry::{Point, bounds};

/// Sides of a canvas are multiples of this: the network halves its picture five times.
pub const STEP: usize = 32;
/// Share of the box's longer side added on each side, so that an end at the wall is seen whole and its neighbours
/// beyond the wall are seen as such.
pub const MARGIN: f64 = 0.08;
/// Canvas pixels per source pixel; more would only show the camera's blur larger.
pub const MAX_ZOOM: f64 = 2.0;
/// Longest side of a canvas, so that a sliver cannot ask for a row of pixels without end.
pub const MAX_SIDE: usize = 1024;
/// Pixels of a canvas for a bin of one or two bottles: an end then has a radius of 20 to 40 pixels.
const FEW: f64 = 96.0 * 96.0;
/// For three to six bottles, so that a radius stays above 12 pixels.
const SOME: f64 = 128.0 * 128.0;
/// For more than six.
const MANY: f64 = 192.0 * 192.0;
/// When nobody said how many fit: of several sizes the one at which most held-out racks were counted exactly.
const UNKNOWN: f64 = 136.0 * 136.0;
/// For the second look at a crowd or at ends too small for the first.
pub const CLOSE: f64 = 192.0 * 192.0;
/// A first look that finds more ends than this is followed by a second.
pub const CROWD: usize = 8;
/// Ends of a smaller radius in canvas pixels are followed by a second look: the network's cells are 4 pixels wide.
pub const SMALL: f64 = 5.0;

/// Pixels of the first look's canvas for a bin that holds so many bottles (0 = nobody said).
pub fn budget(capacity: u32) -> f64 {
    match capacity {
        0 => UNKNOWN,
        1..=2 => FEW,
        3..=6 => SOME,
        _ => MANY,
    }
}

/// Where a canvas lies in the straightened picture. The bin is at the canvas's upper left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Framing {
    /// Left side in straightened pixels.
    pub left: f64,
    /// Upper side in straightened pixels.
    pub top: f64,
    /// Canvas pixels per straightened pixel, to the right and downwards.
    pub zoom: [f64; 2],
    /// The canvas in pixels.
    pub width: usize,
    /// The canvas in pixels.
    pub height: usize,
    /// The part of it that shows the picture, in pixels; the rest is black. A network that takes any size has learned with
    /// the surroundings on the whole canvas; one of a fixed size gets its letterbox.
    pub used: [usize; 2],
}

/// The bin's box with its margin: left, top, width, height; at least one pixel wide and high.
pub fn padded_box(polygon: &[Point]) -> [f64; 4] {
    let [left, top, right, bottom] = bounds(polygon);
    let (width, height) = ((right - left).max(1.0), (bottom - top).max(1.0));
    let margin = MARGIN * width.max(height);
    [left - margin, top - margin, width + 2.0 * margin, height + 2.0 * margin]
}

impl Framing {
    /// The canvas of about `budget` pixels for a polygon. `detail` is how many pixels the source has for one of the
    /// straightened picture (1 when they are the same): the zoom is limited by what the source has to show.
    pub fn new(polygon: &[Point], budget: f64, detail: f64) -> Self {
        let [left, top, width, height] = padded_box(polygon);
        let longest = MAX_SIDE as f64 / width.max(height);
        let zoom = (budget / (width * height)).sqrt().min(MAX_ZOOM * detail.max(1e-3)).min(longest);
        let side = |length: f64| ((length * zoom - 1e-5).ceil() as usize).clamp(1, MAX_SIDE).next_multiple_of(STEP);
        let used = [side(width), side(height)];
        Self { left, top, zoom: [zoom; 2], width: used[0], height: used[1], used }
    }

    /// The bin's padded or bare box on a canvas of fixed size, as networks with one input size need it: either its
    /// proportions are kept and the rest is padding on the right and below, or it is stretched to fill the canvas.
    pub fn fixed(polygon: &[Point], size: [usize; 2], margin: bool, stretch: bool) -> Self {
        let [left, top, width, height] = match bounds(polygon) {
            _ if margin => padded_box(polygon),
            [left, top, right, bottom] => [left, top, (right - left).max(1.0), (bottom - top).max(1.0)],
        };
        let [full_width, full_height] = size;
        let (x, y) = (full_width as f64 / width, full_height as f64 / height);
        let zoom = if stretch { [x, y] } else { [x.min(y); 2] };
        let side = |length: f64, zoom: f64, most: usize| ((length * zoom).ceil() as usize).clamp(1, most);
        let used = [side(width, zoom[0], full_width), side(height, zoom[1], full_height)];
        Self { left, top, zoom, width: full_width, height: full_height, used }
    }

    /// A place of the canvas in straightened pixels.
    pub fn outwards(&self, [x, y]: Point) -> Point {
        [self.left + x / self.zoom[0], self.top + y / self.zoom[1]]
    }

    /// A place of the straightened picture in canvas pixels.
    pub fn inwards(&self, [x, y]: Point) -> Point {
        [(x - self.left) * self.zoom[0], (y - self.top) * self.zoom[1]]
    }

    /// Canvas pixels per straightened pixel as one number, for radii.
    pub fn scale(&self) -> f64 {
        (self.zoom[0] * self.zoom[1]).sqrt()
    }

    /// Whether a second look of [`CLOSE`] pixels would show more than this one.
    pub fn can_come_closer(&self, polygon: &[Point], detail: f64) -> bool {
        Self::new(polygon, CLOSE, detail).scale() > 1.15 * self.scale()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::rectangle;
    use proptest::prelude::*;

    #[test]
    fn a_bin_lies_at_the_upper_left() {
        let framing = Framing::new(&rectangle(200.0, 100.0), budget(4), 1.0);
        assert_eq!([framing.left, framing.top], [-16.0, -16.0]);
        let zoom = (128.0f64 * 128.0 / (232.0 * 132.0)).sqrt();
        assert!((framing.zoom[0] - zoom).abs() < 1e-12);
        assert_eq!((framing.used, framing.width, framing.height), ([192, 128], 192, 128));
        assert_eq!(framing.outwards(framing.inwards([31.0, 17.0])), [31.0, 17.0]);
        // A bin of few pixels is not blown up beyond what it shows.
        let tiny = Framing::new(&rectangle(10.0, 10.0), budget(0), 1.0);
        assert_eq!((tiny.zoom, tiny.width), ([2.0; 2], 32));
        assert!(
            !tiny.can_come_closer(&rectangle(10.0, 10.0), 1.0) && tiny.can_come_closer(&rectangle(10.0, 10.0), 4.0)
        );
    }

    proptest! {
        #[test]
        fn canvases_are_bounded_multiples(
            width in 0.0f64..20_000.0, height in 0.0f64..20_000.0, capacity in 0u32..40, detail in 0.0f64..20.0,
        ) {
            let polygon = rectangle(width, height);
            let framing = Framing::new(&polygon, budget(capacity), detail);
            prop_assert!(framing.width % STEP == 0 && framing.height % STEP == 0);
            prop_assert!((STEP..=MAX_SIDE).contains(&framing.width) && (STEP..=MAX_SIDE).contains(&framing.height));
            // Rounding up adds less than a step on each axis.
            let [_, _, wide, high] = padded_box(&rectangle(width, height));
            let most = (wide * framing.zoom[0] + STEP as f64) * (high * framing.zoom[1] + STEP as f64);
            prop_assert!((framing.width * framing.height) as f64 <= most + 1.0);
            let [x, y] = framing.inwards([width, height]);
            prop_assert!(x <= framing.width as f64 + 1.0 && y <= framing.height as f64 + 1.0);
        }
    }
}
