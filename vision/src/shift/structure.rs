//! What of the reference belongs to the rack itself: boards and the edges of openings, not the bottles between them.

use rayon::prelude::*;

use super::field::Field;
use crate::geometry::{FrameMap, Point, bounds, edges};
use crate::layout::Layout;

/// How deep the edge of an opening reaches into it, in pixels of the field.
const EDGE: usize = 3;

/// How far around the rack's corners its own outline and the wall behind it count, as a share of the rack's sides.
const SURROUND: f64 = 0.02;

/// What is not the rack, and what is not in a bin.
const OUTSIDE: u16 = u16::MAX;
const BOARD: u16 = u16::MAX - 1;

/// For each pixel of a field whether it shows structure.
pub(super) struct Mask {
    width: usize,
    height: usize,
    structure: Vec<bool>,
}

impl Mask {
    /// The mask of a field of `width`×`height` pixels that shows the rack as calibrated.
    pub(super) fn new(layout: &Layout, map: &FrameMap, width: usize, height: usize) -> Self {
        let mut shown = vec![OUTSIDE; width * height];
        let [w, h] = layout.rectified.map(f64::from);
        let (dx, dy) = (w * SURROUND, h * SURROUND);
        fill(&mut shown, width, &seen(map, &[[-dx, -dy], [w + dx, -dy], [w + dx, h + dy], [-dx, h + dy]]), BOARD);
        for (i, bin) in layout.bins.iter().enumerate() {
            fill(&mut shown, width, &seen(map, &bin.polygon), (i % usize::from(BOARD)) as u16);
        }
        let mut structure = vec![false; width * height];
        structure.par_chunks_mut(width).enumerate().for_each(|(y, line)| {
            for (x, pixel) in line.iter_mut().enumerate() {
                let own = shown[y * width + x];
                // A pixel is deep in a bin where that bin is on all sides of it.
                let inner = x >= EDGE && y >= EDGE && x + EDGE < width && y + EDGE < height;
                let around = [-1isize, 1, -(width as isize), width as isize].map(|step| step * EDGE as isize);
                let deep = |step: &isize| shown[((y * width + x) as isize + step) as usize] == own;
                *pixel = own == BOARD || (own != OUTSIDE && !(inner && around.iter().all(deep)));
            }
        });
        Self { width, height, structure }
    }

    /// Whether a pixel shows structure; what is outside does not.
    pub(super) fn at(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.structure[y * self.width + x]
    }
}

/// Sets every pixel whose middle lies in the outline, row by row between the outline's crossings.
fn fill(shown: &mut [u16], width: usize, outline: &[Point], value: u16) {
    let [_, top, _, bottom] = bounds(outline);
    if outline.iter().flatten().any(|v| !v.is_finite()) {
        return;
    }
    // Casts saturate at 0.
    let rows = (top.floor() as usize)..(bottom.ceil().max(0.0) as usize).min(shown.len() / width);
    let mut crossings = Vec::new();
    for y in rows {
        let middle = y as f64 + 0.5;
        crossings.clear();
        crossings.extend(
            edges(outline)
                .filter(|(a, b)| (a[1] > middle) != (b[1] > middle))
                .map(|(a, b)| a[0] + (b[0] - a[0]) * (middle - a[1]) / (b[1] - a[1])),
        );
        crossings.sort_by(f64::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let [from, to] = [pair[0], pair[1]].map(|x| ((x - 0.5).ceil().max(0.0) as usize).min(width));
            shown[y * width + from..y * width + to.max(from)].fill(value);
        }
    }
}

/// An outline of the plane as the field shows it; long sides get points between, because a lens may bend them.
fn seen(map: &FrameMap, outline: &[Point]) -> Vec<Point> {
    const PARTS: usize = 4;
    edges(outline)
        .flat_map(|(a, b)| {
            (0..PARTS).map(move |i| {
                let t = i as f64 / PARTS as f64;
                [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]
            })
        })
        .map(|p| map.map(p))
        .collect()
}

/// A pixel of the structure that can be recognised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) x: usize,
    pub(super) y: usize,
    /// Slope there.
    pub(super) slope: [f32; 2],
}

/// The places of the structure with the strongest slopes: the best of each of many small squares, so that they are spread
/// over the whole rack, at most `most`. `corners` prefers places where slopes of both directions meet.
pub(super) fn places(field: &Field, mask: &Mask, most: usize, corners: bool) -> Vec<Place> {
    let area = mask.structure.iter().filter(|v| **v).count();
    // Squares of a size that gives about twice the wanted number where all is structure.
    let side = ((area as f64 / most as f64 / 2.0).sqrt().ceil() as usize).clamp(3, 24);
    let (across, down) = (field.width.div_ceil(side), field.height.div_ceil(side));
    let slopes = field.slopes();
    let mut found: Vec<(f32, Place)> = (0..across * down)
        .into_par_iter()
        .filter_map(|i| {
            let (x0, y0) = (i % across * side, i / across * side);
            let pixels = (y0..y0 + side).flat_map(|y| (x0..x0 + side).map(move |x| (x, y)));
            pixels
                .filter(|(x, y)| *x > 1 && *y > 1 && x + 2 < field.width && y + 2 < field.height && mask.at(*x, *y))
                .map(|(x, y)| {
                    let slope = slopes[y * field.width + x];
                    let strength = slope[0].hypot(slope[1]);
                    let corner = if corners { 2.0 * cornerness(&slopes, field.width, x, y) } else { 0.0 };
                    (strength + corner, Place { x, y, slope })
                })
                .max_by(|a, b| a.0.total_cmp(&b.0))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    // Less than that is noise or the grain of the wood.
    let floor = found.get(found.len() / 10).map_or(0.0, |(best, _)| (best * 0.08).max(1.0));
    found.into_iter().take_while(|(strength, _)| *strength >= floor).take(most).map(|(_, place)| place).collect()
}

/// The weaker of the two main slopes around a pixel (Shi and Tomasi, "Good features to track", 1994).
fn cornerness(slopes: &[[f32; 2]], width: usize, x: usize, y: usize) -> f32 {
    let (mut xx, mut xy, mut yy) = (0.0f32, 0.0f32, 0.0f32);
    for row in y - 1..=y + 1 {
        for [u, v] in &slopes[row * width + x - 1..=row * width + x + 1] {
            xx += u * u;
            xy += u * v;
            yy += v * v;
        }
    }
    let root = ((xx - yy) * (xx - yy) / 4.0 + xy * xy).sqrt();
    (((xx + yy) / 2.0 - root) / 9.0).max(0.0).sqrt()
}
