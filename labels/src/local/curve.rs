//! Lines on a bottle are no rectangles: their middle follows a parabola, which is taken from the marks themselves.

use super::region::Region;

/// A line is followed where its strip becomes lower by this: what is marked of a straight one is never quite straight.
const LOWER: f64 = 0.85;
/// Shorter lines, in heights, do not show how they curve.
const SHORTEST: f32 = 3.0;

/// The strip that follows the marks of a line, where that is clearly lower than the rectangle around them. `marks` are the middles of
/// all its pixels.
pub(super) fn follow(region: Region, marks: &[[f32; 2]]) -> Region {
    if region.half[0] < SHORTEST * region.half[1] {
        return region;
    }
    let [x, y] = region.along;
    let places: Vec<[f64; 2]> = marks
        .iter()
        .map(|mark| [mark[0] - region.centre[0], mark[1] - region.centre[1]])
        .map(|[dx, dy]| [f64::from(dx * x + dy * y), f64::from(dy * x - dx * y)])
        .collect();
    let Some([a, b, c]) = parabola(&places) else { return region };
    let off = places.iter().map(|[u, v]| v - a - b * u - c * u * u);
    let (least, most) =
        off.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), off| (least.min(off), most.max(off)));
    // A pixel has a size.
    let half = (most - least + 1.0) / 2.0;
    if half > LOWER * f64::from(region.half[1]) {
        return region;
    }
    let (across, slope) = ((a + (least + most) / 2.0) as f32, b as f32);
    let length = slope.hypot(1.0);
    Region {
        centre: [region.centre[0] - across * y, region.centre[1] + across * x],
        along: [(x - slope * y) / length, (y + slope * x) / length],
        half: [region.half[0] * length, half as f32],
        curve: c as f32,
    }
}

/// The parabola `a + b u + c u²` that lies nearest to the places, by least squares; none where they do not tell it.
fn parabola(places: &[[f64; 2]]) -> Option<[f64; 3]> {
    let sum = |term: &dyn Fn(&[f64; 2]) -> f64| places.iter().map(term).sum::<f64>();
    let s: [f64; 5] = std::array::from_fn(|power| sum(&|place| place[0].powi(power as i32)));
    let t: [f64; 3] = std::array::from_fn(|power| sum(&|place| place[0].powi(power as i32) * place[1]));
    let rows = [[s[0], s[1], s[2]], [s[1], s[2], s[3]], [s[2], s[3], s[4]]];
    let whole = determinant(&rows);
    let scale = s[0] * s[2] * s[4];
    if scale <= 0.0 || whole / scale < 1e-9 {
        return None;
    }
    // Cramer's rule.
    Some(std::array::from_fn(|column| {
        let mut with = rows;
        for (row, value) in with.iter_mut().zip(t) {
            row[column] = value;
        }
        determinant(&with) / whole
    }))
}

fn determinant([a, b, c]: &[[f64; 3]; 3]) -> f64 {
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks of a strip of 200 x 10 pixels whose middle hangs through by so many.
    fn marks(hang: f32) -> Vec<[f32; 2]> {
        let column = |x: i32| {
            let u = (x - 100) as f32 / 100.0;
            (0..10).map(move |y| [x as f32 + 0.5, 50.0 + hang * (1.0 - u * u) + y as f32 + 0.5])
        };
        (0..200).flat_map(column).collect()
    }

    #[test]
    fn a_hanging_line_is_followed_and_a_straight_one_stays_a_rectangle() {
        let hanging = marks(20.0);
        let around = Region::around(&hanging).expect("a rectangle");
        let followed = follow(around, &hanging);
        assert!((followed.half[1] - 5.0).abs() < 0.7, "{followed:?}");
        let middle = followed.at(0.0, 0.0);
        let end = followed.at(1.0, 0.0);
        assert!((middle[1] - 75.0).abs() < 1.0 && (end[1] - 55.0).abs() < 1.0, "{middle:?} {end:?}");
        let corners = followed.corners();
        assert!(corners[0][1] < 51.0 && corners[2][1] > 79.0, "the corners hold all of it: {corners:?}");
        let straight = marks(0.0);
        let around = Region::around(&straight).expect("a rectangle");
        assert_eq!(follow(around, &straight), around);
    }

    #[test]
    fn what_is_short_tells_no_curve() {
        let short: Vec<[f32; 2]> = marks(8.0).into_iter().filter(|mark| mark[0] < 30.0).collect();
        let around = Region::around(&short).expect("a rectangle");
        assert_eq!(follow(around, &short), around);
        assert_eq!(parabola(&[[1.0, 2.0], [1.0, 3.0], [2.0, 3.0]]), None);
    }
}
