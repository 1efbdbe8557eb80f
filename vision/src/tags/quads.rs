//! From a border of many places to four straight sides.

use crate::geometry::Point;
use crate::shift::field::Field;

/// Shortest side of a tag in pixels: eight cells of a pixel and a half.
const LEAST_SIDE: f64 = 12.0;

/// How far a border may lie from its side, as a share of the side's length, and in pixels at least.
const MOST_BENT: f64 = 0.04;

/// A straight line: a point of it and its unit normal.
#[derive(Debug, Clone, Copy)]
struct Line {
    at: Point,
    normal: Point,
}

/// The four corners of a border, clockwise as seen; none where it is no quadrilateral.
pub(super) fn quad(border: &[Point]) -> Option<[Point; 4]> {
    let corners = rough(border)?;
    let lines = [0, 1, 2, 3].map(|i| (corners[i], corners[(i + 1) % 4]));
    let mut sides: [Vec<Point>; 4] = Default::default();
    let mut astray = 0;
    for p in border {
        let far = |i: &usize| crate::geometry::distance_to_segment(*p, lines[*i].0, lines[*i].1);
        let nearest = (0..4).min_by(|i, j| far(i).total_cmp(&far(j)))?;
        // Corners are rounded by blur: what is near one tells nothing of the side.
        let (a, b) = lines[nearest];
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        let along = ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length;
        if far(&nearest) > (MOST_BENT * length).max(1.5) {
            astray += 1;
            continue;
        }
        if (0.1 * length..=0.9 * length).contains(&along) {
            sides[nearest].push(*p);
        }
    }
    // Noise may tie a speck of the wall to the border; a shape that is no quadrilateral strays more.
    if astray * 12 > border.len() {
        return None;
    }
    let lines = sides.map(|side| line(&side));
    let [a, b, c, d] = lines;
    let quad = meet(&[a?, b?, c?, d?])?;
    sound(&quad).then_some(quad)
}

/// Four corners by distance: the farthest from the middle, the farthest from that, and the farthest on either side.
fn rough(border: &[Point]) -> Option<[Point; 4]> {
    let middle = crate::geometry::middle(border);
    let from = |o: Point| move |p: &&Point| (p[0] - o[0]).hypot(p[1] - o[1]);
    let farthest = |o: Point| border.iter().max_by(|p, q| from(o)(p).total_cmp(&from(o)(q))).copied();
    let a = farthest(middle)?;
    let c = farthest(a)?;
    let side = |p: &Point| (c[0] - a[0]) * (p[1] - a[1]) - (c[1] - a[1]) * (p[0] - a[0]);
    let b = border.iter().min_by(|p, q| side(p).total_cmp(&side(q))).copied()?;
    let d = border.iter().max_by(|p, q| side(p).total_cmp(&side(q))).copied()?;
    let quad = [a, b, c, d];
    sound(&quad).then_some(quad)
}

/// Whether four corners go clockwise around a convex shape that is not too small or narrow.
fn sound(quad: &[Point; 4]) -> bool {
    (0..4).all(|i| {
        let [a, b, c] = [0, 1, 2].map(|k| quad[(i + k) % 4]);
        let (u, v) = ([b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]);
        let (length, next) = (u[0].hypot(u[1]), v[0].hypot(v[1]));
        // The sine of the turn: no corner sharper than some 20 degrees.
        length >= LEAST_SIDE && length < 5.0 * next && (u[0] * v[1] - u[1] * v[0]) > 0.35 * length * next
    })
}

/// The line through places with the least squares of distances.
fn line(places: &[Point]) -> Option<Line> {
    if places.len() < 6 {
        return None;
    }
    let at = crate::geometry::middle(places);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in places {
        let (x, y) = (p[0] - at[0], p[1] - at[1]);
        (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
    }
    let along = (2.0 * xy).atan2(xx - yy) / 2.0;
    Some(Line { at, normal: [-along.sin(), along.cos()] })
}

/// The corners in which neighbouring lines meet; the first is that of the last and the first line.
fn meet(lines: &[Line; 4]) -> Option<[Point; 4]> {
    let mut corners = [[0.0; 2]; 4];
    for i in 0..4 {
        let (p, q) = (lines[(i + 3) % 4], lines[i]);
        let det = p.normal[0] * q.normal[1] - p.normal[1] * q.normal[0];
        if det.abs() < 0.2 {
            return None;
        }
        let u = p.at[0] * p.normal[0] + p.at[1] * p.normal[1];
        let v = q.at[0] * q.normal[0] + q.at[1] * q.normal[1];
        corners[i] = [(u * q.normal[1] - v * p.normal[1]) / det, (p.normal[0] * v - q.normal[0] * u) / det];
    }
    Some(corners)
}

/// Moves each side to where the brightness changes most, to a fraction of a pixel.
pub(super) fn refine(field: &Field, quad: &[Point; 4]) -> Option<[Point; 4]> {
    let mut lines = Vec::with_capacity(4);
    for i in 0..4 {
        let (a, b) = (quad[i], quad[(i + 1) % 4]);
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        let outward = [(b[1] - a[1]) / length, (a[0] - b[0]) / length];
        let steps = (length as usize).clamp(8, 100);
        let places: Vec<Point> = (0..steps)
            .filter_map(|k| {
                let t = 0.1 + 0.8 * (k as f64 + 0.5) / steps as f64;
                let p = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
                let far = edge(field, p, outward, (length / 16.0).clamp(1.5, 4.0))?;
                Some([p[0] + far * outward[0], p[1] + far * outward[1]])
            })
            .collect();
        lines.push(line(&places)?);
    }
    let quad = meet(&[lines[0], lines[1], lines[2], lines[3]])?;
    sound(&quad).then_some(quad)
}

/// How far along `outward` the brightness rises most: the middle of the rises, each by its strength.
fn edge(field: &Field, p: Point, outward: Point, reach: f64) -> Option<f64> {
    const STEP: f64 = 0.25;
    let value = |n: f64| field.sample([p[0] + n * outward[0], p[1] + n * outward[1]]);
    let (mut sum, mut at) = (0.0, 0.0);
    let steps = (reach / STEP) as i32;
    for k in -steps..=steps {
        let n = f64::from(k) * STEP;
        let rise = f64::from(value(n + 0.5)? - value(n - 0.5)?);
        // Squares, so that what is not the edge hardly counts.
        let weight = if rise > 0.0 { rise * rise } else { 0.0 };
        sum += weight;
        at += weight * n;
    }
    (sum > 100.0).then(|| at / sum)
}
