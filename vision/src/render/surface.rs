//! Wood, wall and the depth of a bin.

use super::rng::{mix, noise};
use super::scene::{Colour, Scene, SceneBin};
use crate::geometry::{Point, bounds, distance_to_segment, edges};

pub(super) fn scale(c: Colour, by: f32) -> Colour {
    c.map(|v| v * by)
}

pub(super) fn blend(a: Colour, b: Colour, share: f32) -> Colour {
    let t = share.clamp(0.0, 1.0);
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * t)
}

/// The wall around and behind the rack: plaster with large soft blotches.
pub(super) fn wall(scene: &Scene, [x, y]: Point) -> Colour {
    let soft = noise(scene.seed ^ 11, x / 160.0, y / 160.0) - 0.5;
    let fine = noise(scene.seed ^ 12, x / 4.0, y / 4.0) - 0.5;
    scale(scene.look.wall, 0.86 + 0.16 * soft + 0.05 * fine)
}

/// A board's front, its grain along the nearest opening's side.
pub(super) fn board(scene: &Scene, p: Point, nearest: Option<(&SceneBin, f64)>) -> Colour {
    let (mut along, mut gap, mut key) = ([0.0, 1.0], 20.0, 0);
    if let Some((bin, distance)) = nearest {
        gap = distance;
        let side = edges(&bin.opening)
            .min_by(|a, b| distance_to_segment(p, a.0, a.1).total_cmp(&distance_to_segment(p, b.0, b.1)));
        if let Some((a, b)) = side {
            let length = (b[0] - a[0]).hypot(b[1] - a[1]).max(1e-9);
            along = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
            // One direction per board, whichever of its two sides is nearer.
            if along[0] < 0.0 || (along[0] == 0.0 && along[1] < 0.0) {
                along = [-along[0], -along[1]];
            }
            key = (along[0] * 8.0).round() as u64;
        }
    }
    let (u, v) = (p[0] * along[0] + p[1] * along[1], p[1] * along[0] - p[0] * along[1]);
    let look = &scene.look;
    let seed = mix(scene.seed ^ key);
    let wave = f64::from(noise(seed, u / 90.0, v / 30.0)) * 14.0;
    let rings = noise(seed ^ 1, u / 130.0, (v + wave) / 2.6) - 0.5;
    let pores = noise(seed ^ 2, u / 24.0, v / 1.1) - 0.5;
    let tone = 1.0 + look.grain * (0.34 * rings + 0.16 * pores) + 0.05 * (noise(seed ^ 3, u / 60.0, v / 60.0) - 0.5);
    // The rounded edge catches light above an opening's lower side and loses it elsewhere.
    let bevel = if gap < 2.5 { 0.82 + 0.07 * gap as f32 } else { 1.0 };
    scale(look.board, tone * bevel)
}

/// What one sees in a bin beside and behind its bottles.
pub(super) fn inside(scene: &Scene, bin: &SceneBin, index: usize, p: Point) -> Colour {
    let look = &scene.look;
    let [left, top, right, bottom] = bounds(&bin.opening);
    let (width, height) = ((right - left).max(1.0), (bottom - top).max(1.0));
    let v = ((p[1] - top) / height) as f32;
    let seed = mix(scene.seed ^ (index as u64).wrapping_mul(77));
    let mut colour = scale(look.inside, 0.72 + 0.5 * v * v);
    let texture = noise(seed, p[0] / 40.0, p[1] / 9.0) - 0.5;
    colour = scale(colour, 1.0 + 0.22 * texture);
    if look.clutter > 0.0 {
        // Boxes, labels and gaps behind the rack: soft-edged patches of other tones.
        let a = noise(seed ^ 5, p[0] / (width * 0.35), p[1] / (height * 0.45));
        let b = noise(seed ^ 6, p[0] / (width * 0.2), p[1] / 300.0);
        let patch = ((a - 0.5) * 12.0).clamp(-1.0, 1.0) * 0.35 + ((b - 0.6) * 20.0).clamp(0.0, 1.0) * 0.3;
        colour = scale(colour, (1.0 + look.clutter * patch).max(0.1));
    }
    // The boards' inner sides are lit at their front edge and shade the depth behind them.
    let mut nearest = (f64::INFINITY, [0.0, 0.0]);
    for (a, b) in edges(&bin.opening) {
        let distance = distance_to_segment(p, a, b);
        if distance < nearest.0 {
            nearest = (distance, [b[0] - a[0], (a[1] + b[1]) / 2.0]);
        }
    }
    let depth = (width.min(height) * 0.09).max(3.0);
    if nearest.0 < depth {
        let t = (nearest.0 / depth) as f32;
        let below = nearest.1[1] > (top + bottom) / 2.0;
        let lit = scale(look.board, if below { 0.62 } else { 0.3 });
        colour = blend(lit, colour, 0.25 + 0.75 * t);
    }
    colour
}
