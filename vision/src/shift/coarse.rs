//! A first guess of the shift: which turn and displacement bring the edges of the reference onto edges of the frame.
//!
//! The score is the mean of the scalar products of unit slopes (C. Steger, "Similarity measures for occlusion, clutter,
//! and illumination invariant object recognition", 2001): it does not care how bright the edges are, and an edge that is
//! hidden or gone only fails to add.

use rayon::prelude::*;

use super::{field::Field, structure::Place};

/// A turn in radians around the field's middle, then a displacement in its pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Guess {
    pub(super) turn: f64,
    pub(super) by: [f64; 2],
    pub(super) score: f32,
}

/// Largest turn that is looked for, in radians: 3.5 degrees.
const MOST_TURN: f64 = 0.061;

/// Slopes weaker than that are noise, in values per pixel.
const NOISE: f32 = 1.5;

/// The field's slopes, each of length 1, or less where it is no more than noise.
pub(super) fn directions(field: &Field) -> Vec<[f32; 2]> {
    let mut all = field.slopes();
    for slope in &mut all {
        let length = (slope[0] * slope[0] + slope[1] * slope[1] + NOISE * NOISE).sqrt();
        *slope = slope.map(|v| v / length);
    }
    all
}

/// The best guesses within `reach` pixels, best first, none near a better one.
pub(super) fn search(field: &Field, directions: &[[f32; 2]], places: &[Place], reach: usize) -> Vec<Guess> {
    // One step turns the field's far end by a pixel.
    let step = 2.0 / field.width.max(field.height) as f64;
    let turns = (MOST_TURN / step).ceil() as isize;
    let side = 2 * reach + 1;
    let mut guesses: Vec<Guess> = (-turns..=turns)
        .into_par_iter()
        .flat_map_iter(|i| {
            let turn = i as f64 * step;
            let scores = scores(field, directions, places, turn, reach as isize);
            let best = peaks(&scores, side);
            best.into_iter().map(move |(k, score)| {
                let by = [(k % side) as f64 - reach as f64, (k / side) as f64 - reach as f64];
                Guess { turn, by, score }
            })
        })
        .collect();
    guesses.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Guess> = Vec::new();
    for guess in guesses {
        let near = |other: &Guess| {
            (guess.by[0] - other.by[0]).hypot(guess.by[1] - other.by[1]) < 3.0
                && (guess.turn - other.turn).abs() < 4.0 * step
        };
        if !kept.iter().any(near) {
            kept.push(guess);
        }
        if kept.len() == 5 {
            break;
        }
    }
    kept
}

/// The score of each displacement, row by row, for one turn.
fn scores(field: &Field, directions: &[[f32; 2]], places: &[Place], turn: f64, reach: isize) -> Vec<f32> {
    let side = (2 * reach + 1) as usize;
    let mut sum = vec![0.0f32; side * side];
    let (sin, cos) = turn.sin_cos();
    let middle = [field.width as f64 / 2.0, field.height as f64 / 2.0];
    for place in places {
        let (dx, dy) = (place.x as f64 + 0.5 - middle[0], place.y as f64 + 0.5 - middle[1]);
        let x = (middle[0] + cos * dx - sin * dy).floor() as isize;
        let y = (middle[1] + sin * dx + cos * dy).floor() as isize;
        let length = place.slope[0].hypot(place.slope[1]).max(1e-6);
        let (u, v) = (f64::from(place.slope[0] / length), f64::from(place.slope[1] / length));
        let unit = [(cos * u - sin * v) as f32, (sin * u + cos * v) as f32];
        for (j, line) in sum.chunks_exact_mut(side).enumerate() {
            let row = y + j as isize - reach;
            if row < 0 || row >= field.height as isize {
                continue;
            }
            let (from, to) = ((x - reach).max(0), (x + reach + 1).min(field.width as isize));
            if from >= to {
                continue;
            }
            let start = row as usize * field.width;
            let seen = &directions[start + from as usize..start + to as usize];
            let out = &mut line[(from - (x - reach)) as usize..];
            for (out, d) in out.iter_mut().zip(seen) {
                *out += d[0] * unit[0] + d[1] * unit[1];
            }
        }
    }
    sum.iter_mut().for_each(|v| *v /= places.len().max(1) as f32);
    sum
}

/// The highest few local maxima of a square table, as index and value.
fn peaks(table: &[f32], side: usize) -> Vec<(usize, f32)> {
    let at = |x: isize, y: isize| {
        let inside = x >= 0 && y >= 0 && x < side as isize && y < side as isize;
        if inside { table[y as usize * side + x as usize] } else { f32::NEG_INFINITY }
    };
    let mut found: Vec<(usize, f32)> = (0..table.len())
        .filter(|k| {
            let (x, y) = ((k % side) as isize, (k / side) as isize);
            (0..9).all(|n| at(x + n % 3 - 1, y + n / 3 - 1) <= table[*k])
        })
        .map(|k| (k, table[k]))
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.truncate(5);
    found
}
