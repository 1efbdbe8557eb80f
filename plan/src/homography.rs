//! Projective maps of the plane: how one flat thing looks from another side.

use serde::{Deserialize, Serialize};

use crate::polygon::Point;

/// A projective map of the plane, a 3×3 matrix by rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Homography {
    m: [f64; 9],
}

impl Homography {
    /// The map that leaves every point where it is.
    pub const IDENTITY: Self = Self { m: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0] };

    /// The map that takes each of four points to its partner; none if three of them lie on a line.
    pub fn from_quads(from: &[Point; 4], to: &[Point; 4]) -> Option<Self> {
        // Eight equations in the eight free entries (the ninth is 1), solved by elimination with pivoting.
        let mut a = [[0.0f64; 9]; 8];
        for i in 0..4 {
            let ([x, y], [u, v]) = (from[i], to[i]);
            a[2 * i] = [x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u];
            a[2 * i + 1] = [0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v];
        }
        for col in 0..8 {
            let pivot = (col..8).max_by(|&i, &j| a[i][col].abs().total_cmp(&a[j][col].abs()))?;
            a.swap(col, pivot);
            let lead = a[col][col];
            if lead.is_nan() || lead.abs() < 1e-9 {
                return None;
            }
            a[col].iter_mut().for_each(|v| *v /= lead);
            let row = a[col];
            for (other, target) in a.iter_mut().enumerate() {
                if other != col {
                    let factor = target[col];
                    target.iter_mut().zip(row).for_each(|(t, r)| *t -= factor * r);
                }
            }
        }
        let mut m = [1.0; 9];
        (0..8).for_each(|i| m[i] = a[i][8]);
        m.iter().all(|v| v.is_finite()).then_some(Self { m })
    }

    /// A map from its matrix; none if it is singular or not finite.
    pub fn from_matrix(m: [f64; 9]) -> Option<Self> {
        let map = Self { m };
        let det = map.determinant();
        (m.iter().all(|v| v.is_finite()) && det.is_finite() && det != 0.0).then_some(map)
    }

    /// The matrix, by rows.
    pub fn matrix(&self) -> [f64; 9] {
        self.m
    }

    /// Where the map takes a point; not finite for a point of the horizon.
    pub fn map(&self, p: Point) -> Point {
        let [x, y, w] = self.project(p);
        [x / w, y / w]
    }

    /// The same before the division. The sign of the third entry says on which side of the horizon the point lies.
    pub fn project(&self, [x, y]: Point) -> [f64; 3] {
        let m = &self.m;
        [m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5], m[6] * x + m[7] * y + m[8]]
    }

    /// First this map, then `next`.
    pub fn then(&self, next: &Self) -> Self {
        let mut m = [0.0; 9];
        for (i, entry) in m.iter_mut().enumerate() {
            let (row, column) = (i / 3 * 3, i % 3);
            *entry = (0..3).map(|k| next.m[row + k] * self.m[k * 3 + column]).sum();
        }
        Self { m }
    }

    /// The way back; none if the map flattens the plane to a line.
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i] = self.m;
        let det = self.determinant();
        let adjoint = [
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ];
        Self::from_matrix(adjoint.map(|v| v / det))
    }

    fn determinant(&self) -> f64 {
        let [a, b, c, d, e, f, g, h, i] = self.m;
        a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polygon::rectangle;

    const TO: [Point; 4] = [[12.0, 7.0], [410.0, 31.0], [395.0, 290.0], [3.0, 260.0]];

    fn apart(a: Point, b: Point) -> f64 {
        (a[0] - b[0]).hypot(a[1] - b[1])
    }

    #[test]
    fn quads_map_onto_each_other() {
        let map = Homography::from_quads(&rectangle(300.0, 200.0), &TO).expect("a map");
        for (from, to) in rectangle(300.0, 200.0).into_iter().zip(TO) {
            assert!(apart(map.map(from), to) < 1e-9);
        }
        assert!(Homography::from_quads(&[[0.0, 0.0]; 4], &TO).is_none());
        let line = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [0.0, 5.0]];
        assert!(Homography::from_quads(&line, &TO).is_none());
    }

    #[test]
    fn maps_chain_and_turn_back() {
        let map = Homography::from_quads(&rectangle(300.0, 200.0), &TO).expect("a map");
        let back = map.inverse().expect("a way back");
        for p in [[0.0, 0.0], [123.0, 45.0], [299.0, 1.0]] {
            assert!(apart(back.map(map.map(p)), p) < 1e-9);
            assert!(apart(map.then(&back).map(p), p) < 1e-9);
            assert_eq!(Homography::IDENTITY.map(p), p);
        }
        assert!(Homography::from_matrix([0.0; 9]).is_none());
    }
}
