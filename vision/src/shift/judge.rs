//! Whether a fitted shift can be trusted, and how it is told.

use super::{Evidence, Moved, Refusal, Shift, pieces::Compared};
use crate::geometry::{FrameMap, Homography, Point};
use crate::layout::{Layout, LayoutError};

/// Fewer pieces than that are chance, in number and as a share of those that were looked for. A tag's corner is known by
/// its number and does not come by chance, but one of three tags may have fallen down.
const fn least(seen_from: Evidence) -> (u32, f64) {
    match seen_from {
        Evidence::Structure => (25, 0.25),
        Evidence::Tags => (8, 0.6),
    }
}

/// How well each corner of the rack must be known, in pixels of frames that are 1280 wide: better than people draw the
/// outlines of bins. Where something stands before a part of the rack, corners are known less well than with all in view.
const MOST_DOUBT: f64 = 1.5;

/// How far a typical piece may lie from the map, in the same pixels.
const MOST_SPREAD: f64 = 1.0;

/// Shifts that are corrected by themselves, as a share of the frame's diagonal; at least this many pixels.
const MOST_SHIFT: f64 = 0.06;
const ALWAYS_CORRECTED: f64 = 30.0;

/// The verdict on what the pieces say.
pub(super) fn judge(
    compared: Compared,
    seen_from: Evidence,
    layout: &Layout,
    frame: [u32; 2],
) -> Result<Shift, Refusal> {
    let Compared { fit, units, found, sought } = compared;
    let count = found.len() as u32;
    let (least_count, least_share) = least(seen_from);
    if count < least_count || f64::from(count) < least_share * f64::from(sought) {
        return Err(Refusal::TooFew { found: count, sought });
    }
    let standard = f64::from(layout.frame[0].max(layout.frame[1])) / 1280.0;
    let pixels = units.unit / standard;
    if fit.spread * pixels > MOST_SPREAD {
        return Err(Refusal::Unclear(format!("they lie {:.1} pixels apart", fit.spread * pixels)));
    }
    let plain = FrameMap::new(layout, layout.frame)?;
    let corners = layout.corners.map(|corner| units.of(plain.to_ideal(corner)));
    let doubt = corners.iter().map(|corner| fit.doubt(*corner)).fold(0.0, f64::max) * pixels;
    // Also true for a doubt that is no number.
    if !(doubt <= MOST_DOUBT) {
        return Err(Refusal::Unclear(format!("a corner of the rack may be {doubt:.1} pixels off")));
    }
    let map = units.in_pixels(&fit.map).ok_or_else(|| Refusal::Unclear("the view is flat".to_owned()))?;
    let spread = fit.spread * units.unit * f64::from(frame[0]) / f64::from(layout.frame[0]);
    told(&map, layout, frame, seen_from, [count, sought], spread)
}

/// Puts a shift into words, and refuses one that is too large.
fn told(
    map: &Homography,
    layout: &Layout,
    frame: [u32; 2],
    seen_from: Evidence,
    [found, sought]: [u32; 2],
    spread_px: f64,
) -> Result<Shift, Refusal> {
    let before = FrameMap::new(layout, frame)?;
    let flat = || Refusal::from(LayoutError::field("corners", "are seen as a line by the moved camera"));
    let after = before.shifted(map).ok_or_else(flat)?;
    let rack = layout.rectified.map(f64::from);
    let corners = crate::geometry::rectangle(rack[0], rack[1]).to_vec();
    let bins: Vec<Point> = layout.bins.iter().flat_map(|bin| bin.polygon.iter().copied()).collect();
    let places = if bins.is_empty() { &corners } else { &bins };
    let moves: Vec<(f64, Point)> = places
        .iter()
        .map(|p| {
            let (was, is) = (before.map(*p), after.map(*p));
            let slid = before.unmap(is);
            ((is[0] - was[0]).hypot(is[1] - was[1]), [slid[0] - p[0], slid[1] - p[1]])
        })
        .filter(|(px, _)| px.is_finite())
        .collect();
    let n = moves.len().max(1) as f64;
    let mean_px = moves.iter().map(|(px, _)| px).sum::<f64>() / n;
    let limit = (MOST_SHIFT * f64::from(frame[0]).hypot(f64::from(frame[1]))).max(ALWAYS_CORRECTED);
    if !(mean_px <= limit) || moves.is_empty() {
        return Err(Refusal::TooFar { px: mean_px, limit });
    }
    let mean_mm = layout.mm_per_pixel().map(|mm| {
        let far = |slid: &Point| (slid[0] * mm[0]).hypot(slid[1] * mm[1]);
        tenths(moves.iter().map(|(_, slid)| far(slid)).sum::<f64>() / n)
    });
    let [left, right] = [[0.0, rack[1] / 2.0], [rack[0], rack[1] / 2.0]];
    let slant = |map: &FrameMap| {
        let (a, b) = (map.map(left), map.map(right));
        (b[1] - a[1]).atan2(b[0] - a[0]).to_degrees()
    };
    let moved = Moved {
        mean_px: tenths(mean_px),
        most_px: tenths(moves.iter().map(|(px, _)| *px).fold(0.0, f64::max)),
        mean_mm,
        turn_degrees: (100.0 * (slant(&after) - slant(&before))).round() / 100.0,
        seen_from,
        found,
        sought,
        spread_px: (100.0 * spread_px).round() / 100.0,
    };
    Ok(Shift { map: *map, moved })
}

fn tenths(v: f64) -> f64 {
    (v * 10.0).round() / 10.0
}
