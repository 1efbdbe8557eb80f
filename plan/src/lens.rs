//! What a lens does to straight lines: the model of Brown and Conrady.
//!
//! D. C. Brown, "Close-range camera calibration", Photogrammetric Engineering 37 (1971). A place at `(x, y)` from the
//! picture's centre, in halves of the frame's diagonal, `r² = x² + y²`, is seen at
//!
//! ```text
//! x·(1 + k1·r² + k2·r⁴) + 2·p1·x·y + p2·(r² + 2·x²)
//! y·(1 + k1·r² + k2·r⁴) + p1·(r² + 2·y²) + 2·p2·x·y
//! ```
//!
//! This direction, from the ideal picture to the real one, is the one that is needed for every pixel, and it has no
//! division and no root. The way back is solved by Newton's method; only corners and taps need it.

use serde::{Deserialize, Serialize};

use crate::{layout::LayoutError, polygon::Point};

/// A lens. Negative `k1` is a barrel (wide-angle cameras), positive a cushion. All zero is a lens without fault.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Lens {
    /// Radial distortion, -1 to 1: by what share the frame's corner moves out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = -1.0, maximum = 1.0))]
    pub k1: f64,
    /// Radial distortion of the next order, -1 to 1.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = -1.0, maximum = 1.0))]
    pub k2: f64,
    /// Tangential distortion, -0.1 to 0.1: a lens that is not parallel to its sensor.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = -0.1, maximum = 0.1))]
    pub p1: f64,
    /// The same in the other direction.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = -0.1, maximum = 0.1))]
    pub p2: f64,
}

/// How far beyond the frame's corners the lens must still be in order, in halves of the diagonal.
const REACH: f64 = 1.1;

/// The least rate at which the seen radius may grow with the true one: below, the picture would fold onto itself.
const LEAST_GROWTH: f64 = 0.1;

impl Lens {
    /// Checks every number and that the picture does not fold onto itself within the frame. `list` is the field's name.
    pub fn check(&self, list: &str) -> Result<(), LayoutError> {
        for (name, value, limit) in
            [("k1", self.k1, 1.0), ("k2", self.k2, 1.0), ("p1", self.p1, 0.1), ("p2", self.p2, 0.1)]
        {
            if !value.is_finite() || value.abs() > limit {
                let problem =
                    format!("is {value}; give -{limit} to {limit}, measured in halves of the frame's diagonal");
                return Err(LayoutError::field(format!("{list}.{name}"), problem));
            }
        }
        match self.reach() {
            Some(_) => Ok(()),
            None => Err(LayoutError::field(
                list,
                "would fold the frame's border onto itself: measure k1 and k2 again, or leave the lens out",
            )),
        }
    }

    /// The true radius of what is seen just beyond the frame's corners; none if the lens folds before. The tangential part moves a
    /// place by `r²·(p2, p1) + 2·(x, y)·(p2·x + p1·y)`, by `3·|p|·r²` at most: in one of the corners that is inwards.
    fn reach(&self) -> Option<f64> {
        const STEP: f64 = 0.005;
        let tangential = self.p1.hypot(self.p2);
        let mut r = 0.0f64;
        while r < 4.0 {
            let r2 = r * r;
            if 1.0 + 3.0 * self.k1 * r2 + 5.0 * self.k2 * r2 * r2 - 6.0 * tangential * r < LEAST_GROWTH {
                return None;
            }
            if r * (1.0 + self.k1 * r2 + self.k2 * r2 * r2) - 3.0 * tangential * r2 >= REACH {
                return Some(r);
            }
            r += STEP;
        }
        None
    }

    /// The lens on frames of one size in pixels; none for a lens that [`Lens::check`] refuses.
    pub fn on(&self, frame: [u32; 2]) -> Option<MountedLens> {
        let half = frame.map(|side| f64::from(side) / 2.0);
        let unit = half[0].hypot(half[1]);
        let reach = self.reach().filter(|_| unit > 0.0)?;
        Some(MountedLens { lens: *self, centre: half, unit, limit: reach * reach })
    }
}

/// A lens before a sensor of known size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MountedLens {
    lens: Lens,
    centre: Point,
    unit: f64,
    /// Square of the radius up to which the model holds.
    limit: f64,
}

impl MountedLens {
    /// Where a place of the ideal picture is seen in the frame, both in pixels; NaN where the lens does not reach.
    pub fn bend(&self, p: Point) -> Point {
        let (x, y) = ((p[0] - self.centre[0]) / self.unit, (p[1] - self.centre[1]) / self.unit);
        // Also for NaN: what is not finite stays so.
        if x * x + y * y <= self.limit { self.seen(x, y).0 } else { [f64::NAN; 2] }
    }

    /// Where a place of the frame lies in the ideal picture, both in pixels, to 1e-6 pixels; NaN far outside the frame.
    pub fn straighten(&self, p: Point) -> Point {
        let start = [(p[0] - self.centre[0]) / self.unit, (p[1] - self.centre[1]) / self.unit];
        let [mut x, mut y] = start;
        for _ in 0..30 {
            let (at, [a, b, c, d]) = self.seen(x, y);
            let (ex, ey) = ((at[0] - p[0]) / self.unit, (at[1] - p[1]) / self.unit);
            let det = a * d - b * c;
            let (dx, dy) = ((d * ex - b * ey) / det, (a * ey - c * ex) / det);
            // A full step may leap over the fold of a strong barrel; half a radius at once is enough for any real lens.
            let step = (0.5 / dx.hypot(dy)).min(1.0);
            (x, y) = (x - step * dx, y - step * dy);
            if ex.hypot(ey) * self.unit < 1e-9 {
                break;
            }
        }
        let back = [x * self.unit + self.centre[0], y * self.unit + self.centre[1]];
        let seen = self.bend(back);
        if (seen[0] - p[0]).hypot(seen[1] - p[1]) < 1e-6 { back } else { [f64::NAN; 2] }
    }

    /// Where it is seen, in pixels, and the derivatives of that by x and y (both per unit): `[xx, xy, yx, yy]`.
    fn seen(&self, x: f64, y: f64) -> (Point, [f64; 4]) {
        let Lens { k1, k2, p1, p2 } = self.lens;
        let r2 = x * x + y * y;
        let radial = 1.0 + k1 * r2 + k2 * r2 * r2;
        let slope = k1 + 2.0 * k2 * r2;
        let u = x * radial + 2.0 * p1 * x * y + p2 * (r2 + 2.0 * x * x);
        let v = y * radial + p1 * (r2 + 2.0 * y * y) + 2.0 * p2 * x * y;
        let cross = 2.0 * x * y * slope + 2.0 * p1 * x + 2.0 * p2 * y;
        let by = [
            radial + 2.0 * x * x * slope + 2.0 * p1 * y + 6.0 * p2 * x,
            cross,
            cross,
            radial + 2.0 * y * y * slope + 6.0 * p1 * y + 2.0 * p2 * x,
        ];
        ([u * self.unit + self.centre[0], v * self.unit + self.centre[1]], by)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_barrel_pulls_the_corner_in_by_its_share() {
        let lens = Lens { k1: -0.1, ..Lens::default() }.on([1600, 1200]).expect("a lens");
        assert_eq!(lens.bend([800.0, 600.0]), [800.0, 600.0]);
        let corner = lens.bend([0.0, 0.0]);
        assert!((corner[0] - 80.0).abs() < 1e-9 && (corner[1] - 60.0).abs() < 1e-9, "{corner:?}");
    }

    #[test]
    fn refuses_what_folds_and_says_which() {
        let folded = Lens { k1: -0.5, ..Lens::default() };
        assert!(folded.check("lens").expect_err("folds").to_string().starts_with("lens: would fold"));
        assert!(folded.on([640, 480]).is_none());
        let wild = Lens { p2: f64::NAN, ..Lens::default() };
        assert!(wild.check("lens").expect_err("NaN").to_string().starts_with("lens.p2:"));
    }

    #[test]
    fn a_lens_that_is_askew_reaches_the_corner_that_it_pulls_in() {
        let lens = Lens { k1: -0.153_421_5, k2: 0.019_904_9, p1: -0.018_268_7, p2: 0.013_408_5 };
        let mounted = lens.on([3840, 2160]).expect("a lens");
        for seen in [[0.0, 2096.0], [0.0, 0.0], [3840.0, 0.0], [3840.0, 2160.0]] {
            let again = mounted.bend(mounted.straighten(seen));
            assert!((again[0] - seen[0]).hypot(again[1] - seen[1]) < 0.01, "{seen:?}: {again:?}");
        }
    }

    proptest! {
        /// Any lens that is let in goes there and back to a hundredth of a pixel, over the whole frame.
        #[test]
        fn there_and_back(
            k1 in -0.3..0.5f64, k2 in -0.2..0.3f64, p1 in -0.02..0.02f64, p2 in -0.02..0.02f64,
            u in 0.0..1.0f64, v in 0.0..1.0f64,
        ) {
            let lens = Lens { k1, k2, p1, p2 };
            prop_assume!(lens.check("lens").is_ok());
            let mounted = lens.on([3840, 2160]).expect("checked");
            let seen = [u * 3840.0, v * 2160.0];
            let ideal = mounted.straighten(seen);
            let again = mounted.bend(ideal);
            prop_assert!((again[0] - seen[0]).hypot(again[1] - seen[1]) < 0.01, "{seen:?} {ideal:?} {again:?}");
        }
    }
}
