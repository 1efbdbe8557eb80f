//! Plane geometry: polygons and the 3×3 homography between two quadrilaterals.

/// A point, x to the right and y downwards, in pixels of whichever picture is meant.
pub type Point = [f64; 2];

/// A projective map of the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homography {
    m: [f64; 9],
}

impl Homography {
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

    /// Where the map takes a point; not finite for a point of the horizon.
    pub fn map(&self, [x, y]: Point) -> Point {
        let m = &self.m;
        let w = m[6] * x + m[7] * y + m[8];
        [(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w]
    }
}

/// The corners of a `width`×`height` rectangle at the origin: top left, top right, bottom right, bottom left.
pub fn rectangle(width: f64, height: f64) -> [Point; 4] {
    [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]]
}

/// Whether a point lies inside a polygon (even–odd rule).
pub fn contains(polygon: &[Point], [x, y]: Point) -> bool {
    let mut inside = false;
    for (a, b) in edges(polygon) {
        if (a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] {
            inside = !inside;
        }
    }
    inside
}

/// A polygon's sides, each as its two ends.
pub fn edges(polygon: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    let next = polygon.iter().cycle().skip(1);
    polygon.iter().zip(next).map(|(a, b)| (*a, *b))
}

/// Enclosed area in square pixels, never negative.
pub fn area(polygon: &[Point]) -> f64 {
    edges(polygon).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>().abs() / 2.0
}

/// Smallest upright box around a polygon: left, top, right, bottom.
pub fn bounds(polygon: &[Point]) -> [f64; 4] {
    let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    polygon.iter().fold(start, |b, p| [b[0].min(p[0]), b[1].min(p[1]), b[2].max(p[0]), b[3].max(p[1])])
}

/// Mean of the corners.
pub fn middle(polygon: &[Point]) -> Point {
    let n = polygon.len().max(1) as f64;
    [polygon.iter().map(|p| p[0]).sum::<f64>() / n, polygon.iter().map(|p| p[1]).sum::<f64>() / n]
}

/// Distance from a point to a segment.
pub fn distance_to_segment([x, y]: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length2 = dx * dx + dy * dy;
    let t = if length2 > 0.0 { (((x - a[0]) * dx + (y - a[1]) * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    (x - a[0] - t * dx).hypot(y - a[1] - t * dy)
}

/// Distance from a point to a polygon's outline.
pub fn distance_to_outline(polygon: &[Point], p: Point) -> f64 {
    edges(polygon).map(|(a, b)| distance_to_segment(p, a, b)).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quads_map_onto_each_other() {
        let to = [[12.0, 7.0], [410.0, 31.0], [395.0, 290.0], [3.0, 260.0]];
        let map = Homography::from_quads(&rectangle(300.0, 200.0), &to).expect("a map");
        for (from, to) in rectangle(300.0, 200.0).into_iter().zip(to) {
            let got = map.map(from);
            assert!((got[0] - to[0]).hypot(got[1] - to[1]) < 1e-9);
        }
        assert!(Homography::from_quads(&[[0.0, 0.0]; 4], &to).is_none());
        let line = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [0.0, 5.0]];
        assert!(Homography::from_quads(&line, &to).is_none());
    }

    #[test]
    fn polygons() {
        let square = rectangle(4.0, 4.0);
        assert!(contains(&square, [1.0, 3.0]) && !contains(&square, [5.0, 3.0]));
        assert_eq!(area(&square), 16.0);
        assert_eq!(distance_to_outline(&square, [2.0, 1.0]), 1.0);
    }
}
