//! One map for all the pieces that were found again, in spite of those that were mistaken.
//!
//! Gauss–Newton on the map's entries, with Tukey's weights (P. J. Huber, "Robust statistics", 1981): a piece that lies
//! farther from the map than the others do loses its say altogether. Each piece counts only in the directions it knows.

use crate::geometry::{Homography, Point};

/// One piece of evidence: where a place of the reference is in the frame, both in normalised coordinates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub(super) from: Point,
    pub(super) to: Point,
    /// How well each direction is known: `[xx, xy, yy]`, the best 1.
    pub(super) weight: [f64; 3],
}

/// Which maps are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freedom {
    /// Displacement, turn and size.
    Similarity,
    /// Any view of a plane.
    Full,
}

/// A map and how well it is known.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub(super) map: Homography,
    /// How far a typical good match lies from the map, in normalised units.
    pub(super) spread: f64,
    /// Which matches agree with the map.
    pub(super) agree: Vec<bool>,
    /// Covariance of the map's eight entries.
    covariance: [[f64; 8]; 8],
}

/// Directions in which the eight entries (the ninth is 1) may move.
fn basis(freedom: Freedom) -> Vec<[f64; 8]> {
    let unit = |i: usize| std::array::from_fn(|k| if k == i { 1.0 } else { 0.0 });
    match freedom {
        Freedom::Full => (0..8).map(unit).collect(),
        Freedom::Similarity => {
            vec![[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0], [0.0, -1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], unit(2), unit(5)]
        }
    }
}

/// Fits from `start`. Matches within `tolerance` always count in full. None where they do not determine a map.
pub(super) fn fit(matches: &[Match], start: &Homography, freedom: Freedom, tolerance: f64) -> Option<Fit> {
    let basis = basis(freedom);
    let mut m = start.matrix().map(|v| v / start.matrix()[8]);
    if freedom == Freedom::Similarity {
        // What a similarity cannot hold is left out of the start.
        let (a, b) = ((m[0] + m[4]) / 2.0, (m[3] - m[1]) / 2.0);
        m = [a, -b, m[2], b, a, m[5], 0.0, 0.0, 1.0];
    }
    let mut spread = f64::INFINITY;
    let mut covariance = [[0.0; 8]; 8];
    for _ in 0..20 {
        let map = Homography::from_matrix(m)?;
        let errors: Vec<f64> = matches.iter().map(|m| error(&map, m)).collect();
        let mut sorted = errors.clone();
        sorted.sort_by(f64::total_cmp);
        spread = (1.4826 * sorted.get(sorted.len() / 2)?).max(tolerance);
        let (normal, right) = equations(&map, matches, &errors, 4.685 * spread);
        let reduced = reduce(&normal, &basis);
        let side: Vec<f64> = basis.iter().map(|b| (0..8).map(|i| b[i] * right[i]).sum()).collect();
        let inverse = invert(&reduced)?;
        let step: Vec<f64> = inverse.iter().map(|row| row.iter().zip(&side).map(|(a, b)| a * b).sum()).collect();
        let moved: [f64; 8] = std::array::from_fn(|i| basis.iter().zip(&step).map(|(b, s)| b[i] * s).sum());
        (0..8).for_each(|i| m[i] += moved[i]);
        covariance = expand(&inverse, &basis, spread * spread);
        if moved.iter().all(|v| v.abs() < 1e-8) {
            break;
        }
    }
    let map = Homography::from_matrix(m)?;
    let agree = matches.iter().map(|m| error(&map, m) <= 2.5 * spread).collect();
    Some(Fit { map, spread, agree, covariance })
}

impl Fit {
    /// How well it is known where a place goes: the standard deviation, in normalised units.
    pub(super) fn doubt(&self, from: Point) -> f64 {
        let rows = derivative(&self.map, from);
        let of = |row: &[f64; 8]| -> f64 {
            (0..8).map(|i| (0..8).map(|j| row[i] * self.covariance[i][j] * row[j]).sum::<f64>()).sum()
        };
        (of(&rows[0]) + of(&rows[1])).max(0.0).sqrt()
    }
}

/// How far a match lies from the map in the directions it knows.
fn error(map: &Homography, m: &Match) -> f64 {
    let to = map.map(m.from);
    let (x, y) = (m.to[0] - to[0], m.to[1] - to[1]);
    let square = m.weight[0] * x * x + 2.0 * m.weight[1] * x * y + m.weight[2] * y * y;
    square.max(0.0).sqrt()
}

/// Derivatives of the two coordinates of a mapped point by the eight entries.
fn derivative(map: &Homography, [x, y]: Point) -> [[f64; 8]; 2] {
    let [u, v, w] = map.project([x, y]);
    let (u, v) = (u / w, v / w);
    [
        [x / w, y / w, 1.0 / w, 0.0, 0.0, 0.0, -x * u / w, -y * u / w],
        [0.0, 0.0, 0.0, x / w, y / w, 1.0 / w, -x * v / w, -y * v / w],
    ]
}

fn equations(map: &Homography, matches: &[Match], errors: &[f64], limit: f64) -> ([[f64; 8]; 8], [f64; 8]) {
    let (mut normal, mut right) = ([[0.0; 8]; 8], [0.0; 8]);
    for (m, error) in matches.iter().zip(errors) {
        let share = error / limit;
        if share >= 1.0 {
            continue;
        }
        let tukey = (1.0 - share * share).powi(2);
        let to = map.map(m.from);
        let miss = [m.to[0] - to[0], m.to[1] - to[1]];
        let [a, b, c] = m.weight.map(|v| v * tukey);
        let [p, q] = derivative(map, m.from);
        for i in 0..8 {
            let (wp, wq) = (a * p[i] + b * q[i], b * p[i] + c * q[i]);
            right[i] += wp * miss[0] + wq * miss[1];
            (0..8).for_each(|j| normal[i][j] += wp * p[j] + wq * q[j]);
        }
    }
    (normal, right)
}

fn reduce(normal: &[[f64; 8]; 8], basis: &[[f64; 8]]) -> Vec<Vec<f64>> {
    let product = |a: &[f64; 8], b: &[f64; 8]| -> f64 {
        (0..8).map(|i| a[i] * (0..8).map(|j| normal[i][j] * b[j]).sum::<f64>()).sum()
    };
    basis.iter().map(|a| basis.iter().map(|b| product(a, b)).collect()).collect()
}

fn expand(inverse: &[Vec<f64>], basis: &[[f64; 8]], variance: f64) -> [[f64; 8]; 8] {
    let mut out = [[0.0; 8]; 8];
    for (a, row) in basis.iter().zip(inverse) {
        for (b, value) in basis.iter().zip(row) {
            for i in 0..8 {
                (0..8).for_each(|j| out[i][j] += a[i] * value * b[j] * variance);
            }
        }
    }
    out
}

/// The inverse of a symmetric positive matrix; none where it is singular to the machine.
fn invert(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let scale: Vec<f64> = (0..n).map(|i| matrix[i][i].max(0.0).sqrt()).collect();
    if scale.iter().any(|s| s.is_nan() || *s < 1e-9) {
        return None;
    }
    let mut a: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let left = (0..n).map(|j| matrix[i][j] / scale[i] / scale[j]);
            left.chain((0..n).map(|j| if i == j { 1.0 } else { 0.0 })).collect()
        })
        .collect();
    for col in 0..n {
        let pivot = (col..n).max_by(|&i, &j| a[i][col].abs().total_cmp(&a[j][col].abs()))?;
        a.swap(col, pivot);
        let lead = a[col][col];
        if lead.is_nan() || lead.abs() < 1e-10 {
            return None;
        }
        a[col].iter_mut().for_each(|v| *v /= lead);
        let row = a[col].clone();
        for (other, target) in a.iter_mut().enumerate() {
            if other != col {
                let factor = target[col];
                target.iter_mut().zip(&row).for_each(|(t, r)| *t -= factor * r);
            }
        }
    }
    Some((0..n).map(|i| (0..n).map(|j| a[i][n + j] / scale[i] / scale[j]).collect()).collect())
}

/// Solves four equations; none where they are singular.
pub(super) fn solve(matrix: [[f64; 4]; 4], right: [f64; 4]) -> Option<[f64; 4]> {
    let mut a = matrix;
    let mut b = right;
    for col in 0..4 {
        let pivot = (col..4).max_by(|&i, &j| a[i][col].abs().total_cmp(&a[j][col].abs()))?;
        a.swap(col, pivot);
        b.swap(col, pivot);
        let lead = a[col][col];
        if lead.is_nan() || lead.abs() < 1e-9 {
            return None;
        }
        for row in col + 1..4 {
            let factor = a[row][col] / lead;
            for k in col..4 {
                a[row][k] -= factor * a[col][k];
            }
            b[row] -= factor * b[col];
        }
    }
    for row in (0..4).rev() {
        let rest: f64 = (row + 1..4).map(|k| a[row][k] * b[k]).sum();
        b[row] = (b[row] - rest) / a[row][row];
    }
    Some(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A spread of places with a third of the matches wrong, and every other one knowing one direction only.
    fn matches(truth: &Homography) -> Vec<Match> {
        (0..120)
            .map(|i| {
                let from = [f64::from(i % 12) / 6.0 - 0.9, f64::from(i / 12) / 5.0 - 0.9];
                let mut to = truth.map(from);
                if i % 3 == 0 {
                    to = [to[0] + 0.05 * f64::from(i % 7 - 3), to[1] + 0.04 * f64::from(i % 5 - 2)];
                }
                let weight = [[1.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.5, 0.5, 0.5]][i as usize % 4];
                Match { from, to, weight }
            })
            .collect()
    }

    #[test]
    fn a_third_of_lies_does_not_move_the_map() {
        let truth = Homography::from_matrix([1.01, -0.03, 0.02, 0.028, 0.99, -0.03, 0.01, -0.02, 1.0]).expect("a map");
        let fit = fit(&matches(&truth), &Homography::IDENTITY, Freedom::Full, 1e-4).expect("a fit");
        for p in [[-0.9, -0.9], [0.9, 0.9], [0.9, -0.9], [0.0, 0.0]] {
            let (got, want) = (fit.map.map(p), truth.map(p));
            assert!((got[0] - want[0]).hypot(got[1] - want[1]) < 1e-4, "{got:?} {want:?}");
            assert!(fit.doubt(p) < 1e-3);
        }
        assert!(fit.agree.iter().filter(|v| **v).count() >= 80);
    }

    #[test]
    fn edges_of_one_direction_determine_nothing() {
        let truth = Homography::IDENTITY;
        let lines: Vec<Match> = matches(&truth).into_iter().map(|m| Match { weight: [1.0, 0.0, 0.0], ..m }).collect();
        assert!(fit(&lines, &truth, Freedom::Similarity, 1e-4).is_none_or(|fit| fit.doubt([0.5, 0.5]) > 1e-2));
        assert!(fit(&[], &truth, Freedom::Full, 1e-4).is_none());
    }
}
