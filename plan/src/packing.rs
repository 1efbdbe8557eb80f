//! How many bottles find room in a bin: circles stacked as gravity would stack them.
//!
//! Each bottle comes to rest in the lowest place where it touches two of walls and neighbours ("bottom-left" packing; the
//! candidate places are those of corner-occupying heuristics for circle packing, e.g. W. Q. Huang et al., 2005). It is
//! what a person does by hand, and it fills a diamond completely: its walls are at right angles below, so the bottles
//! lie in straight rows along them. In an upright box people also stack column upon column: [`capacity`] tries both.

use crate::polygon::{Point, bounds, contains, distance_to_outline, edges};

/// The most bottles that one bin may hold.
pub const MOST: usize = 200;

/// Room that a bottle may lack, as a share of its radius: measured outlines are never exact.
const SLACK: f64 = 1e-6;

/// Something to rest on: a wall (a point of it and its inward normal) or another bottle.
#[derive(Clone, Copy)]
enum Rest {
    Wall(Point, Point),
    Circle(Point, f64),
}

/// Stacks up to `wanted` circles, at most [`MOST`], and stops where the next finds no room. `radius` gives the radius of
/// each in turn. The result is in the order of stacking: the lowest first, of equally low places the left one.
pub fn stack(polygon: &[Point], wanted: usize, mut radius: impl FnMut() -> f64) -> Vec<(Point, f64)> {
    let walls = walls(polygon);
    let mut placed: Vec<(Point, f64)> = Vec::new();
    while placed.len() < wanted.min(MOST) {
        let r = radius();
        let Some(place) = lowest(polygon, &walls, &placed, r) else { break };
        placed.push((place, r));
    }
    placed
}

/// How many bottles of one radius fit into an outline, 0 to [`MOST`].
pub fn capacity(polygon: &[Point], r: f64) -> u32 {
    if polygon.len() < 3 || !r.is_finite() || r <= 0.0 {
        return 0;
    }
    let heap = stack(polygon, MOST, || r).len();
    // Column upon column, from the left and from the floor.
    let [left, top, right, bottom] = bounds(polygon);
    let steps = |length: f64| ((length / (2.0 * r) + SLACK) as usize).min(MOST);
    let (across, up) = (steps(right - left), steps(bottom - top));
    let mut columns = 0;
    for i in 0..across {
        for j in 0..up {
            let place = [left + (2 * i + 1) as f64 * r, bottom - (2 * j + 1) as f64 * r];
            columns += usize::from(inside(polygon, place, r));
            if columns >= MOST {
                return MOST as u32;
            }
        }
    }
    heap.max(columns) as u32
}

fn inside(polygon: &[Point], p: Point, r: f64) -> bool {
    contains(polygon, p) && distance_to_outline(polygon, p) >= r * (1.0 - SLACK)
}

fn walls(polygon: &[Point]) -> Vec<Rest> {
    let clockwise = crate::polygon::signed_area(polygon) >= 0.0;
    let walls = edges(polygon).filter_map(|(a, b)| {
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        let normal = [(a[1] - b[1]) / length, (b[0] - a[0]) / length];
        (length > 0.0).then_some(Rest::Wall(a, if clockwise { normal } else { normal.map(|v| -v) }))
    });
    // A corner that juts inwards carries a bottle too: a circle without radius.
    walls.chain(polygon.iter().map(|corner| Rest::Circle(*corner, 0.0))).collect()
}

fn lowest(polygon: &[Point], walls: &[Rest], placed: &[(Point, f64)], r: f64) -> Option<Point> {
    let mut rests = walls.to_vec();
    rests.extend(placed.iter().map(|(c, r)| Rest::Circle(*c, *r)));
    let key = |p: &Point| p[1] - p[0] * 1e-3;
    let free = |p: &Point| {
        placed.iter().all(|(c, other)| (p[0] - c[0]).hypot(p[1] - c[1]) >= (r + other) * (1.0 - SLACK))
            && inside(polygon, *p, r)
    };
    let mut best: Option<Point> = None;
    for (i, a) in rests.iter().enumerate() {
        for b in &rests[i + 1..] {
            for place in tangent(a, b, r).into_iter().flatten() {
                if best.is_none_or(|old| key(&place) > key(&old)) && free(&place) {
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
            if gap < 1e-9 || gap > ra + rb {
                return [None, None];
            }
            let along = (ra * ra - rb * rb + gap * gap) / (2.0 * gap);
            let square = ra * ra - along * along;
            if square < 0.0 {
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
    use proptest::prelude::*;

    use super::*;
    use crate::polygon::{area, rectangle};

    fn diamond(half: f64) -> Vec<Point> {
        vec![[half, 0.0], [2.0 * half, half], [half, 2.0 * half], [0.0, half]]
    }

    #[test]
    fn full_squares_of_bottles() {
        for n in 1..=5u32 {
            let side = f64::from(n) * 20.0;
            assert_eq!(capacity(&rectangle(side, side), 10.0), n * n, "a box {n} wide");
            assert_eq!(capacity(&diamond(side / std::f64::consts::SQRT_2), 10.0), n * n, "a diamond {n} wide");
        }
        assert_eq!(capacity(&rectangle(19.0, 40.0), 10.0), 0);
        assert_eq!(capacity(&rectangle(9000.0, 9000.0), 10.0), 200);
    }

    #[test]
    fn an_angle_bin_and_one_with_a_notch() {
        // A quarter of an X square: walls at 45 degrees, the tip below.
        assert_eq!(capacity(&[[0.0, 0.0], [100.0, 0.0], [50.0, 50.0]], 10.0), 3);
        let notched = [[0.0, 0.0], [60.0, 0.0], [60.0, 60.0], [40.0, 60.0], [30.0, 35.0], [20.0, 60.0], [0.0, 60.0]];
        assert!((6..=7).contains(&capacity(&notched, 10.0)), "{}", capacity(&notched, 10.0));
    }

    #[test]
    fn the_first_lies_on_the_floor() {
        let placed = stack(&rectangle(100.0, 100.0), 99, || 10.0);
        assert!((22..=27).contains(&placed.len()), "{}", placed.len());
        assert_eq!(placed[0].0, [10.0, 90.0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Bottles lie inside and apart, whatever the bin's shape and their sizes.
        #[test]
        fn none_overlap(
            corners in prop::collection::vec((0.0..std::f64::consts::TAU, 40.0..60.0f64), 3..9),
            radii in prop::collection::vec(5.0..12.0f64, 30),
        ) {
            let mut corners = corners;
            corners.sort_by(|a, b| a.0.total_cmp(&b.0));
            let polygon: Vec<Point> = corners.iter().map(|(t, r)| [r * t.cos(), r * t.sin()]).collect();
            prop_assume!(area(&polygon) > 100.0 && !crate::polygon::crosses_itself(&polygon));
            let mut next = radii.iter();
            let placed = stack(&polygon, radii.len(), || next.next().copied().unwrap_or(9.0));
            for (i, (a, ra)) in placed.iter().enumerate() {
                prop_assert!(inside(&polygon, *a, ra - 1e-3));
                for (b, rb) in &placed[i + 1..] {
                    prop_assert!((a[0] - b[0]).hypot(a[1] - b[1]) > ra + rb - 1e-3);
                }
            }
        }

        /// Never more circles than the area has room for: they cover at most 91 % of the plane.
        #[test]
        fn never_more_than_there_is_room(w in 15.0..200.0f64, h in 15.0..200.0f64, r in 6.0..20.0f64) {
            let most = w * h / (12.0f64.sqrt() * r * r);
            prop_assert!(f64::from(capacity(&rectangle(w, h), r)) <= most + 1e-9);
        }
    }
}
