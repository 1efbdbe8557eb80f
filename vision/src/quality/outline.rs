//! Does something stand in front of a bin? Bottles come and go, but the bin's own outline stays: what the camera saw along
//! it in the last good picture is compared with what it sees now.
//!
//! The comparison allows for another light (a gain and an offset, fitted by least squares) and for a small shift.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Grey;
use super::grey::spread;
use crate::geometry::{Point, area, edges, middle};
use crate::layout::{BinShape, Layout};

/// Places along an outline, and at each so many across it, from the outline outwards: within it lies what comes and goes. (Of
/// 480 bins of rendered racks that were filled anew 1.9 % count as hidden with these; with places 6 % within, 6 % beyond and
/// on the outline it was 13.5 %, and no more of what stood in front was found.)
const ALONG: usize = 32;
const ACROSS: [f64; 3] = [0.0, 0.03, 0.06];
/// Shifts that are tried each way, as a share of the bin's side.
const SHIFTS: [f64; 3] = [-0.03, 0.0, 0.03];
/// An outline with less contrast than this tells nothing.
const MIN_CONTRAST: f64 = 0.02;
/// With so little left of its contrast the outline is not seen any more.
const MIN_GAIN: f64 = 0.3;
/// A place differs when it is off by this much, or by this share of the outline's contrast if that is more.
const MIN_DIFFERENCE: f64 = 0.05;
const DIFFERENCE: f64 = 0.8;

/// What the camera saw along the outlines of the bins in a good picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outlines {
    /// Which pose of the camera and picture size it belongs to.
    key: String,
    /// Luminance of each place along each bin's outline, 0 to 255.
    bins: Vec<Seen>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Seen {
    id: String,
    /// Which outline it was: a bin that was drawn anew is another one.
    outline: String,
    places: Vec<u8>,
}

impl Outlines {
    /// What this picture shows. `to_frame` leads from the straightened picture to the frame.
    pub fn of(grey: &Grey, layout: &Layout, to_frame: impl Fn(Point) -> Point + Sync) -> Self {
        let seen = |bin: &BinShape| {
            let places = places(bin, grey, &to_frame, [0.0, 0.0]);
            let places = places.iter().map(|value| (value * 255.0).round() as u8).collect();
            Seen { id: bin.id.clone(), outline: print(&bin.polygon), places }
        };
        Self { key: key(grey, layout), bins: layout.bins.par_iter().map(seen).collect() }
    }

    /// For each bin of the layout the share of its outline that is not seen any more as in this picture, 0 to 1; none where nothing
    /// can be said. None at all for another calibration.
    pub fn changed(&self, grey: &Grey, layout: &Layout, to_frame: impl Fn(Point) -> Point + Sync) -> Vec<Option<f64>> {
        if self.key != key(grey, layout) {
            return vec![None; layout.bins.len()];
        }
        let known: HashMap<&str, &Seen> = self.bins.iter().map(|seen| (seen.id.as_str(), seen)).collect();
        let of = |bin: &BinShape| {
            let before = known.get(bin.id.as_str()).filter(|seen| seen.outline == print(&bin.polygon))?;
            let before: Vec<f64> = before.places.iter().map(|value| f64::from(*value) / 255.0).collect();
            let shifts = SHIFTS.iter().flat_map(|dy| SHIFTS.map(|dx| [dx, *dy]));
            shifts.filter_map(|shift| difference(&before, &places(bin, grey, &to_frame, shift))).min_by(f64::total_cmp)
        };
        layout.bins.par_iter().map(of).collect()
    }

    /// Takes over what a newer picture shows of the bins that were well seen in it; of the others what was known stays, if it
    /// is of the same calibration.
    pub fn renew(before: Option<Self>, newer: Self, well_seen: impl Fn(&str) -> bool) -> Self {
        let mut known: HashMap<String, Seen> = match before {
            Some(before) if before.key == newer.key => before.bins.into_iter().map(|s| (s.id.clone(), s)).collect(),
            _ => HashMap::new(),
        };
        let kept = |fresh: Seen| if well_seen(&fresh.id) { Some(fresh) } else { known.remove(&fresh.id) };
        Self { key: newer.key, bins: newer.bins.into_iter().filter_map(kept).collect() }
    }
}

/// The fingerprint of a camera's pose and of where it is looked at: another one makes what was seen worthless.
fn key(grey: &Grey, layout: &Layout) -> String {
    print(&(grey.width, grey.height, layout.corners, layout.frame, layout.rectified, layout.lens, ALONG, ACROSS))
}

fn print(of: &impl Serialize) -> String {
    // Numbers always become JSON; if they ever did not, no picture would be compared with another.
    let text = serde_json::to_string(of).unwrap_or_default();
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Luminance at the places of a bin's outline, moved by a share of the bin's side.
fn places(bin: &BinShape, grey: &Grey, to_frame: &impl Fn(Point) -> Point, shift: Point) -> Vec<f64> {
    let side = area(&bin.polygon).sqrt();
    let centre = middle(&bin.polygon);
    let length: f64 = edges(&bin.polygon).map(|(a, b)| (b[0] - a[0]).hypot(b[1] - a[1])).sum();
    let mut found = Vec::with_capacity(ALONG * ACROSS.len());
    for n in 0..ALONG {
        let mut left = length * (n as f64 + 0.5) / ALONG as f64;
        for (a, b) in edges(&bin.polygon) {
            let step = (b[0] - a[0]).hypot(b[1] - a[1]);
            if left > step {
                left -= step;
                continue;
            }
            let t = if step > 0.0 { left / step } else { 0.0 };
            let at = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
            for across in ACROSS {
                let out = [0, 1].map(|i| at[i] + across * (at[i] - centre[i]) * 2.0 + shift[i] * side);
                found.push(grey.between(to_frame(out)).unwrap_or(0.0));
            }
            break;
        }
    }
    found
}

/// Share of places that differ once gain and offset are fitted.
fn difference(before: &[f64], now: &[f64]) -> Option<f64> {
    let values = |values: &[f64]| spread(values.iter().map(|value| *value as f32).collect::<Vec<_>>().into_iter());
    if before.len() != now.len() || before.is_empty() {
        return None;
    }
    let ((mean_before, contrast), (mean_now, _)) = (values(before), values(now));
    if contrast < MIN_CONTRAST {
        return None;
    }
    let product: f64 = before.iter().zip(now).map(|(a, b)| (a - mean_before) * (b - mean_now)).sum();
    let gain = product / (contrast * contrast * before.len() as f64);
    // A darker picture has less contrast everywhere: what counts is the contrast that its light allows.
    if gain < MIN_GAIN * (mean_now / mean_before.max(0.02)).min(1.0) {
        return Some(1.0);
    }
    let limit = MIN_DIFFERENCE.max(DIFFERENCE * contrast * gain);
    let off = before.iter().zip(now).filter(|(a, b)| (*b - mean_now - gain * (*a - mean_before)).abs() > limit).count();
    Some(off as f64 / before.len() as f64)
}
