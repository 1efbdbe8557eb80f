//! Points and polygons.

/// A point, x to the right and y downwards, in pixels of whichever picture is meant.
pub type Point = [f64; 2];

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
    signed_area(polygon).abs()
}

/// Enclosed area, positive where the corners go clockwise as seen on a screen.
pub fn signed_area(polygon: &[Point]) -> f64 {
    edges(polygon).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>() / 2.0
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

/// Moves every side inwards by `by`, for a convex polygon that is wide enough.
pub fn inset(polygon: &[Point], by: f64) -> Vec<Point> {
    let n = polygon.len();
    let m = middle(polygon);
    let side = |i: usize| {
        let (a, b) = (polygon[i % n], polygon[(i + 1) % n]);
        let length = (b[0] - a[0]).hypot(b[1] - a[1]).max(1e-9);
        let mut normal = [(a[1] - b[1]) / length, (b[0] - a[0]) / length];
        if (m[0] - a[0]) * normal[0] + (m[1] - a[1]) * normal[1] < 0.0 {
            normal = [-normal[0], -normal[1]];
        }
        (normal, a[0] * normal[0] + a[1] * normal[1] + by)
    };
    (0..n)
        .map(|i| {
            let ((p, u), (q, v)) = (side(i + n - 1), side(i));
            let det = p[0] * q[1] - p[1] * q[0];
            if det.abs() < 1e-9 {
                return polygon[i];
            }
            [(u * q[1] - v * p[1]) / det, (p[0] * v - q[0] * u) / det]
        })
        .collect()
}

/// What two polygons have in common, where `window` is convex and goes clockwise as [`rectangle`] does; empty if nothing.
///
/// Sutherland and Hodgman, "Reentrant polygon clipping", 1974. A `polygon` that is not convex may come back with parts
/// joined by a line of no width, which leaves its area right.
pub fn clip(polygon: &[Point], window: &[Point]) -> Vec<Point> {
    let mut kept = polygon.to_vec();
    for (a, b) in edges(window) {
        let inner = |p: &Point| (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
        let mut next = Vec::with_capacity(kept.len() + 1);
        for (p, q) in edges(&kept) {
            let (u, v) = (inner(&p), inner(&q));
            if u >= 0.0 {
                next.push(p);
            }
            if (u >= 0.0) != (v >= 0.0) {
                let t = u / (u - v);
                next.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
            }
        }
        kept = next;
    }
    kept
}

/// Area that a polygon shares with a convex one, whichever way their corners go.
pub fn overlap(polygon: &[Point], convex: &[Point]) -> f64 {
    if signed_area(convex) < 0.0 {
        let turned: Vec<Point> = convex.iter().rev().copied().collect();
        return area(&clip(polygon, &turned));
    }
    area(&clip(polygon, convex))
}

/// Whether every corner turns the same way and the outline goes round once.
pub fn is_convex(polygon: &[Point]) -> bool {
    let n = polygon.len();
    let mut turns = 0.0;
    let mut sign = 0.0;
    for i in 0..n {
        let [a, b, c] = [0, 1, 2].map(|k| polygon[(i + k) % n]);
        let (u, v) = ([b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]);
        let turn = u[0] * v[1] - u[1] * v[0];
        if turn * sign < 0.0 {
            return false;
        }
        if turn != 0.0 {
            sign = turn;
        }
        turns += turn.atan2(u[0] * v[0] + u[1] * v[1]);
    }
    turns.abs() < 1.5 * std::f64::consts::TAU
}

/// Whether two sides of the outline cross, so that it encloses no clear area.
pub fn crosses_itself(polygon: &[Point]) -> bool {
    let sides: Vec<(Point, Point)> = edges(polygon).collect();
    let side = |a: Point, b: Point, p: Point| (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
    (0..sides.len()).any(|i| {
        (i + 2..sides.len()).any(|j| {
            let ((a, b), (c, d)) = (sides[i], sides[j]);
            side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polygons() {
        let square = rectangle(4.0, 4.0);
        assert!(contains(&square, [1.0, 3.0]) && !contains(&square, [5.0, 3.0]));
        assert_eq!(area(&square), 16.0);
        assert_eq!(distance_to_outline(&square, [2.0, 1.0]), 1.0);
        assert_eq!(area(&inset(&square, 1.0)), 4.0);
    }

    #[test]
    fn common_areas() {
        let diamond = [[2.0, 0.0], [4.0, 2.0], [2.0, 4.0], [0.0, 2.0]];
        assert_eq!(overlap(&diamond, &rectangle(2.0, 2.0)), 2.0);
        let turned: Vec<Point> = rectangle(2.0, 2.0).into_iter().rev().collect();
        assert_eq!(overlap(&diamond, &turned), 2.0);
        assert!(clip(&diamond, &rectangle(0.5, 0.5)).is_empty());
    }

    #[test]
    fn shapes_are_told_apart() {
        let arrow = [[0.0, 0.0], [4.0, 2.0], [0.0, 4.0], [1.0, 2.0]];
        let bow = [[0.0, 0.0], [4.0, 4.0], [4.0, 0.0], [0.0, 4.0]];
        assert!(is_convex(&rectangle(3.0, 2.0)) && !is_convex(&arrow) && !is_convex(&bow));
        assert!(crosses_itself(&bow) && !crosses_itself(&arrow) && !crosses_itself(&rectangle(3.0, 2.0)));
    }
}
