//! Finds a small piece of the reference again in the frame, to a fraction of a pixel.
//!
//! B. D. Lucas and T. Kanade, "An iterative image registration technique", 1981, with brightness and contrast as two
//! more unknowns, so that other light does not move the result. Only pixels of the structure count.

use super::{
    field::Field,
    fit::solve,
    structure::{Mask, Place},
};
use crate::geometry::Point;

/// Pixels on each side of a piece's middle.
const REACH: isize = 6;

/// Fewer pixels of structure than that are no piece.
const LEAST_PIXELS: usize = 24;

/// Less variance of brightness per pixel than that is a bare wall.
const PLAIN: f64 = 0.5;

/// A piece of the reference that is taken to where it should be seen in the frame.
pub(super) struct Expected {
    /// Middle in the frame.
    pub(super) at: Point,
    /// How a step of one pixel across and one down in the reference is seen there.
    pub(super) across: Point,
    pub(super) down: Point,
}

/// Where a piece was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// How far from where it was expected, in pixels.
    pub(super) by: Point,
    /// How well each direction is known, 0 to 1: `[xx, xy, yy]`. An edge knows nothing of the direction along it.
    pub(super) weight: [f64; 3],
}

/// Looks for the piece around `place` near where it is expected; none if it is not there within `most` pixels, or looks
/// different.
pub(super) fn find(
    reference: &Field,
    mask: &Mask,
    place: &Place,
    frame: &Field,
    expected: &Expected,
    most: f64,
) -> Option<Found> {
    let mut piece: Vec<(Point, [f64; 3])> = Vec::with_capacity(169);
    for dy in -REACH..=REACH {
        for dx in -REACH..=REACH {
            let (x, y) = (place.x as isize + dx, place.y as isize + dy);
            if x < 1 || y < 1 || !mask.at(x as usize, y as usize) || x + 1 >= reference.width as isize {
                continue;
            }
            let slope = reference.slope(x as usize, y as usize).map(f64::from);
            let (u, v) = (dx as f64, dy as f64);
            let there = [0, 1].map(|i| expected.at[i] + u * expected.across[i] + v * expected.down[i]);
            piece.push((there, [slope[0], slope[1], f64::from(reference.at(x, y))]));
        }
    }
    if piece.len() < LEAST_PIXELS {
        return None;
    }
    let mean = piece.iter().map(|(_, [.., t])| t).sum::<f64>() / piece.len() as f64;
    piece.iter_mut().for_each(|(_, sample)| sample[2] -= mean);
    let power: f64 = piece.iter().map(|(_, [.., t])| t * t).sum();
    // Slopes are those of the reference; the frame's are turned by next to nothing.
    let (mut by, mut gain) = ([0.0f64; 2], 1.0f64);
    let mut agreement = 0.0;
    let mut normal = [[0.0f64; 4]; 4];
    for _ in 0..12 {
        normal = [[0.0; 4]; 4];
        let (mut right, mut sum, mut square, mut product) = ([0.0f64; 4], 0.0, 0.0, 0.0);
        for (there, [sx, sy, t]) in &piece {
            let value = f64::from(frame.sample([there[0] + by[0], there[1] + by[1]])?);
            let row = [gain * sx, gain * sy, -t, -1.0];
            let error = value - gain * t - mean;
            for i in 0..4 {
                right[i] -= row[i] * error;
                (0..4).for_each(|j| normal[i][j] += row[i] * row[j]);
            }
            sum += value;
            square += value * value;
            product += value * t;
        }
        let spread = square - sum * sum / piece.len() as f64;
        if spread.min(power) < PLAIN * piece.len() as f64 {
            return None;
        }
        agreement = product / (power * spread).sqrt();
        let mut damped = normal;
        let trace = 0.02 * (normal[0][0] + normal[1][1]) + 1e-6;
        damped[0][0] += trace;
        damped[1][1] += trace;
        let step = solve(damped, right)?;
        // Brightness is solved for anew in each turn, from the reference's own.
        gain = (gain + step[2]).clamp(0.1, 8.0);
        by = [by[0] + step[0].clamp(-1.0, 1.0), by[1] + step[1].clamp(-1.0, 1.0)];
        if by[0].hypot(by[1]) > most {
            return None;
        }
        if step[0].hypot(step[1]) < 0.01 {
            break;
        }
    }
    if agreement < 0.75 {
        return None;
    }
    Some(Found { by, weight: knowledge(&normal)? })
}

/// What is known of the displacement once brightness and contrast are taken out, scaled so that the best known direction
/// has 1.
fn knowledge(n: &[[f64; 4]; 4]) -> Option<[f64; 3]> {
    let det = n[2][2] * n[3][3] - n[2][3] * n[3][2];
    if det <= 0.0 {
        return None;
    }
    let inverse = [n[3][3] / det, -n[2][3] / det, n[2][2] / det];
    let part = |i: usize, j: usize| {
        let (a, b) = ([n[i][2], n[i][3]], [n[j][2], n[j][3]]);
        n[i][j] - (a[0] * (inverse[0] * b[0] + inverse[1] * b[1]) + a[1] * (inverse[1] * b[0] + inverse[2] * b[1]))
    };
    let (xx, xy, yy) = (part(0, 0), part(0, 1), part(1, 1));
    let root = ((xx - yy) * (xx - yy) / 4.0 + xy * xy).sqrt();
    let best = (xx + yy) / 2.0 + root;
    (best > 1e-6).then(|| [xx / best, xy / best, yy / best])
}
