//! Stacks bottles in a bin of any convex shape as gravity would: each comes to rest on two walls or neighbours.

use super::rng::Rng;
use crate::geometry::{Point, contains, edges};

/// Something to rest on: a wall (point and inward normal) or another bottle.
#[derive(Clone, Copy)]
enum Rest {
    Wall(Point, Point),
    Circle(Point, f64),
}

/// Places up to `wanted` circles of nearly radius `r`, the lowest free place first; stops when none is left.
pub(crate) fn stack(polygon: &[Point], r: f64, wanted: usize, loose: f64, rng: &mut Rng) -> Vec<(Point, f64)> {
    let walls = walls(polygon);
    let mut placed: Vec<(Point, f64)> = Vec::new();
    while placed.len() < wanted {
        let radius = r * rng.range(1.0 - loose, 1.0);
        let Some(place) = lowest(polygon, &walls, &placed, radius) else { break };
        placed.push((place, radius));
    }
    placed
}

/// How many circles of radius `r` find room.
pub(crate) fn capacity(polygon: &[Point], r: f64) -> u32 {
    stack(polygon, r, 64, 0.0, &mut Rng::new(0)).len() as u32
}

fn walls(polygon: &[Point]) -> Vec<Rest> {
    let middle = crate::geometry::middle(polygon);
    edges(polygon)
        .map(|(a, b)| {
            let length = (b[0] - a[0]).hypot(b[1] - a[1]).max(1e-9);
            let normal = [(a[1] - b[1]) / length, (b[0] - a[0]) / length];
            let inward = (middle[0] - a[0]) * normal[0] + (middle[1] - a[1]) * normal[1];
            Rest::Wall(a, if inward < 0.0 { [-normal[0], -normal[1]] } else { normal })
        })
        .collect()
}

fn lowest(polygon: &[Point], walls: &[Rest], placed: &[(Point, f64)], r: f64) -> Option<Point> {
    let mut rests = walls.to_vec();
    rests.extend(placed.iter().map(|(c, r)| Rest::Circle(*c, *r)));
    let free = |p: &Point| {
        contains(polygon, *p)
            && rests.iter().all(|rest| match rest {
                Rest::Wall(a, n) => (p[0] - a[0]) * n[0] + (p[1] - a[1]) * n[1] > r - 1e-6,
                Rest::Circle(c, other) => (p[0] - c[0]).hypot(p[1] - c[1]) > r + other - 1e-6,
            })
    };
    let mut best: Option<Point> = None;
    for (i, a) in rests.iter().enumerate() {
        for b in &rests[i + 1..] {
            for place in tangent(a, b, r).into_iter().flatten().filter(free) {
                // Of equally low places the left one.
                let key = |p: &Point| p[1] - p[0] * 1e-3;
                if best.is_none_or(|old| key(&place) > key(&old)) {
                    best = Some(place);
                }
            }
        }
    }
    best
}

/// Middles of the circles of radius `r` that touch both.
fn tangent(a: &Rest, b: &Rest, r: f64) -> [Option<Point>; 2] {
    match (a, b) {
        (Rest::Wall(p, n), Rest::Wall(q, m)) => {
            let det = n[0] * m[1] - n[1] * m[0];
            if det.abs() < 1e-6 {
                return [None, None];
            }
            let (u, v) = (r + p[0] * n[0] + p[1] * n[1], r + q[0] * m[0] + q[1] * m[1]);
            [Some([(u * m[1] - v * n[1]) / det, (n[0] * v - m[0] * u) / det]), None]
        }
        (Rest::Wall(p, n), Rest::Circle(c, other)) | (Rest::Circle(c, other), Rest::Wall(p, n)) => {
            let offset = r - ((c[0] - p[0]) * n[0] + (c[1] - p[1]) * n[1]);
            let reach = r + other;
            if offset.abs() > reach {
                return [None, None];
            }
            let along = (reach * reach - offset * offset).sqrt();
            [1.0, -1.0]
                .map(|s| Some([c[0] + offset * n[0] - s * along * n[1], c[1] + offset * n[1] + s * along * n[0]]))
        }
        (Rest::Circle(c, cr), Rest::Circle(d, dr)) => {
            let (ra, rb) = (r + cr, r + dr);
            let (dx, dy) = (d[0] - c[0], d[1] - c[1]);
            let gap = dx.hypot(dy);
            let along = (ra * ra - rb * rb + gap * gap) / (2.0 * gap);
            let square = ra * ra - along * along;
            if gap < 1e-9 || square < 0.0 {
                return [None, None];
            }
            let off = square.sqrt();
            [1.0, -1.0]
                .map(|s| Some([c[0] + (along * dx - s * off * dy) / gap, c[1] + (along * dy + s * off * dx) / gap]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::rectangle;

    #[test]
    fn fills_a_box_without_overlap() {
        let placed = stack(&rectangle(100.0, 100.0), 10.0, 99, 0.05, &mut Rng::new(3));
        assert!((22..=27).contains(&placed.len()), "{}", placed.len());
        for (i, (a, ra)) in placed.iter().enumerate() {
            for (b, rb) in &placed[i + 1..] {
                assert!((a[0] - b[0]).hypot(a[1] - b[1]) > ra + rb - 1e-3);
            }
        }
        assert!(placed[0].0[1] > 89.0, "the first lies on the floor");
    }
}
