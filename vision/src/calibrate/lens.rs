//! What the lens does, seen from the rack's own sides: they are straight, so what bends them is the lens ("plumb lines", Brown,
//! *Close-range camera calibration*, 1971).

use image::RgbImage;

use super::{
    Unsure,
    edges::{Edges, frame},
};
use crate::{geometry::Point, layout::Lens};

const LONGEST: u32 = 1280;
/// Places along each side at which its edge is looked for.
const PLACES: usize = 64;
/// Strongest barrel and cushion that are tried.
const MOST: f64 = 0.3;
/// A side that bends by less than this share of the diagonal is straight.
const STRAIGHT: f64 = 0.0008;

const TOO_LITTLE: Unsure =
    Unsure("too little of the rack's sides is seen to tell what the lens does: it is taken to keep lines straight");

/// The lens that makes the rack's sides straight, for corners in pixels of the picture; none where they are straight already.
pub fn fit(image: &RgbImage, corners: &[Point; 4]) -> Result<Option<Lens>, Unsure> {
    let edges = Edges::of(image, LONGEST).ok_or(TOO_LITTLE)?;
    let here = corners.map(|p| p.map(|v| v / edges.scale));
    let sides: Vec<Vec<Point>> = (0..4).filter_map(|i| side(&edges, here[i], here[(i + 1) % 4])).collect();
    if sides.len() < 3 {
        return Err(TOO_LITTLE);
    }
    let size = [edges.width as u32, edges.height as u32];
    let diagonal = (edges.width as f64).hypot(edges.height as f64);
    let bend = |k1: f64| -> f64 {
        let Some(lens) = Lens { k1, ..Lens::default() }.on(size) else { return f64::INFINITY };
        let off = sides.iter().map(|points| crooked(points.iter().map(|p| lens.straighten(*p)).collect()));
        off.sum::<f64>() / sides.len() as f64
    };
    let plain = sides.iter().map(|points| crooked(points.clone())).sum::<f64>() / sides.len() as f64;
    let tries = (-60..=60).map(|i| f64::from(i) / 60.0 * MOST).filter(|k1| *k1 != 0.0);
    let mut best = tries.map(|k1| (bend(k1), k1)).min_by(|a, b| a.0.total_cmp(&b.0)).ok_or(TOO_LITTLE)?;
    let mut step = MOST / 60.0;
    while step > 1e-4 {
        step /= 2.0;
        for k1 in [best.1 - step, best.1 + step] {
            let here = bend(k1);
            if here < best.0 {
                best = (here, k1);
            }
        }
    }
    // Only what bends clearly, and is clearly straighter afterwards, is the lens and not the wood.
    let bends = plain > STRAIGHT * diagonal && best.0 < 0.6 * plain;
    Ok(bends.then_some(Lens { k1: (best.1 * 1e4).round() / 1e4, ..Lens::default() }))
}

/// The edge along a side: the strongest path beside the straight line that does not jump, by dynamic programming. None where
/// less than half of it is seen.
fn side(edges: &Edges, a: Point, b: Point) -> Option<Vec<Point>> {
    let (along, normal, length) = frame(a, b);
    let reach = (0.045 * length).ceil() as i64;
    let n = (2 * reach + 1) as usize;
    let place = |k: usize, t: i64| {
        let s = length * (k as f64 + 0.5) / PLACES as f64;
        [0, 1].map(|i| a[i] + s * along[i] + t as f64 * normal[i])
    };
    let strength = |k: usize, t: i64| edges.across(place(k, t), normal).min(40.0);
    // A side starts and ends in its corners: there the path may not be far from the line.
    let allowed = |k: usize| {
        let u = (k as f64 + 0.5) / PLACES as f64;
        2.0 + 4.0 * u * (1.0 - u) * reach as f64
    };
    let mut sum = vec![vec![0.0f64; n]; PLACES];
    let mut from = vec![vec![0usize; n]; PLACES];
    for k in 0..PLACES {
        for j in 0..n {
            let t = j as i64 - reach;
            let own = if (t.abs() as f64) <= allowed(k) { strength(k, t) } else { -1e6 };
            let before = (k > 0).then(|| {
                let near = j.saturating_sub(1)..=(j + 1).min(n - 1);
                let cost = |i: usize| sum[k - 1][i] - if i == j { 0.0 } else { 1.0 };
                near.map(|i| (cost(i), i)).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((0.0, j))
            });
            let (best, i) = before.unwrap_or((0.0, j));
            sum[k][j] = best + own;
            from[k][j] = i;
        }
    }
    let mut j = (0..n).max_by(|p, q| sum[PLACES - 1][*p].total_cmp(&sum[PLACES - 1][*q]))?;
    let mut points = Vec::new();
    for k in (0..PLACES).rev() {
        let t = j as i64 - reach;
        if strength(k, t) > 0.0 {
            // The pixel's middle: the path itself is of whole steps.
            points.push(place(k, t));
        }
        j = from[k][j];
    }
    (points.len() * 2 > PLACES).then_some(points)
}

/// How far points lie from the line through them, root mean square without the worst tenth.
fn crooked(points: Vec<Point>) -> f64 {
    let n = points.len().max(1) as f64;
    let mean = [0, 1].map(|k| points.iter().map(|p| p[k]).sum::<f64>() / n);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in &points {
        let d = [p[0] - mean[0], p[1] - mean[1]];
        (xx, xy, yy) = (xx + d[0] * d[0], xy + d[0] * d[1], yy + d[1] * d[1]);
    }
    let turn = 0.5 * (2.0 * xy).atan2(xx - yy);
    let normal = [-turn.sin(), turn.cos()];
    let mut off: Vec<f64> =
        points.iter().map(|p| ((p[0] - mean[0]) * normal[0] + (p[1] - mean[1]) * normal[1]).powi(2)).collect();
    off.sort_by(f64::total_cmp);
    let kept = &off[..off.len() - off.len() / 10];
    (kept.iter().sum::<f64>() / kept.len().max(1) as f64).sqrt()
}
