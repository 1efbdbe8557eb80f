//! Where a line of text lies: a rectangle that may be turned, or a strip that curves.

/// A turned rectangle in pixels of the picture, whose long sides may be parabolas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Region {
    /// Its middle.
    pub(super) centre: [f32; 2],
    /// Unit vector along the text.
    pub(super) along: [f32; 2],
    /// Half its length, along and across.
    pub(super) half: [f32; 2],
    /// How its middle line curves: so far across, in pixels, for each pixel along squared, from the centre.
    pub(super) curve: f32,
}

impl Region {
    /// The smallest rectangle around some points, by walking the edges of their hull; none for fewer than three.
    pub(super) fn around(points: &[[f32; 2]]) -> Option<Self> {
        let hull = hull(points);
        let edges = hull.iter().zip(hull.iter().cycle().skip(1));
        let boxes = edges.filter_map(|(a, b)| {
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            let length = dx.hypot(dy);
            (length > f32::EPSILON).then(|| Self::along(&hull, [dx / length, dy / length]))
        });
        let area = |region: &Self| region.half[0] * region.half[1];
        let smallest = boxes.min_by(|a, b| area(a).total_cmp(&area(b)))?;
        (hull.len() >= 3).then(|| smallest.rightwards())
    }

    fn along(points: &[[f32; 2]], axis: [f32; 2]) -> Self {
        let (mut least, mut most) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for point in points {
            let place = [point[0] * axis[0] + point[1] * axis[1], point[1] * axis[0] - point[0] * axis[1]];
            for i in 0..2 {
                least[i] = least[i].min(place[i]);
                most[i] = most[i].max(place[i]);
            }
        }
        let [u, v] = [0, 1].map(|i| (least[i] + most[i]) / 2.0);
        Self {
            centre: [u * axis[0] - v * axis[1], u * axis[1] + v * axis[0]],
            along: axis,
            half: [0, 1].map(|i| (most[i] - least[i]) / 2.0),
            curve: 0.0,
        }
    }

    /// The same rectangle, its first axis the one that points rightwards most.
    fn rightwards(self) -> Self {
        let [x, y] = self.along;
        let turned =
            if x.abs() >= y.abs() { self } else { Self { along: [-y, x], half: [self.half[1], self.half[0]], ..self } };
        let [x, y] = turned.along;
        if x < 0.0 { Self { along: [-x, -y], ..turned } } else { turned }
    }

    /// Turned by a quarter: for text that runs upwards or downwards.
    pub(super) fn quarter(self) -> Self {
        let [x, y] = self.along;
        Self { along: [y, -x], half: [self.half[1], self.half[0]], curve: 0.0, ..self }
    }

    /// Turned by a half: for text that stands on its head.
    pub(super) fn upside_down(self) -> Self {
        Self { along: self.along.map(|v| -v), curve: -self.curve, ..self }
    }

    /// Grown on all sides. The network marks the middle of the letters only: as in "Real-time Scene Text Detection with
    /// Differentiable Binarization" (Liao et al., 2020) by area times `ratio` through circumference.
    pub(super) fn grown(self, ratio: f32) -> Self {
        let [a, b] = self.half;
        let by = a * b * ratio / (a + b).max(1.0);
        Self { half: [a + by, b + by], ..self }
    }

    /// In a picture that is larger by the factors for x and y, which are nearly the same.
    pub(super) fn scaled(self, x: f32, y: f32) -> Self {
        Self {
            centre: [self.centre[0] * x, self.centre[1] * y],
            half: [self.half[0] * x, self.half[1] * y],
            curve: self.curve / x,
            ..self
        }
    }

    /// Height of its letters.
    pub(super) fn height(&self) -> f32 {
        2.0 * self.half[0].min(self.half[1])
    }

    /// The corners of what holds all of it, clockwise from the text's top left.
    pub(super) fn corners(&self) -> [[f32; 2]; 4] {
        let bow = self.curve * self.half[0] * self.half[0];
        let (top, bottom) = (bow.min(0.0) - self.half[1], bow.max(0.0) + self.half[1]);
        let ends = [[-1.0, top], [1.0, top], [1.0, bottom], [-1.0, bottom]];
        ends.map(|[u, across]| self.place(u * self.half[0], across))
    }

    /// A place in it; -1 to 1 along its middle and across.
    pub(super) fn at(&self, u: f32, v: f32) -> [f32; 2] {
        let u = u * self.half[0];
        self.place(u, v * self.half[1] + self.curve * u * u)
    }

    /// So many pixels along and across from the centre.
    fn place(&self, u: f32, v: f32) -> [f32; 2] {
        let [x, y] = self.along;
        [self.centre[0] + u * x - v * y, self.centre[1] + u * y + v * x]
    }
}

/// The convex hull, by Andrew's monotone chain.
fn hull(points: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    sorted.dedup();
    let half = |points: &mut dyn Iterator<Item = [f32; 2]>| {
        let mut chain: Vec<[f32; 2]> = Vec::new();
        for point in points {
            while let [.., a, b] = chain[..] {
                if (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut whole = half(&mut sorted.iter().copied());
    whole.extend(half(&mut sorted.iter().rev().copied()));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_rectangle_follows_a_slant() {
        // A box of 100 x 20 turned by some 17 degrees.
        let slanted = Region { centre: [200.0, 100.0], along: [0.957_826, 0.287_348], half: [50.0, 10.0], curve: 0.0 };
        let found = Region::around(&slanted.corners()).expect("a rectangle");
        for (a, b) in found.corners().iter().zip(slanted.corners()) {
            assert!((a[0] - b[0]).abs() < 0.1 && (a[1] - b[1]).abs() < 0.1, "{found:?}");
        }
        assert!(Region::around(&[[1.0, 1.0], [2.0, 2.0]]).is_none());
    }

    #[test]
    fn two_halves_and_four_quarters_are_a_whole() {
        let region = Region { centre: [5.0, 5.0], along: [1.0, 0.0], half: [4.0, 2.0], curve: 0.0 };
        assert_eq!(region.quarter().quarter().quarter().quarter(), region);
        assert_eq!(region.upside_down().upside_down(), region);
        assert_eq!(region.corners()[0], [1.0, 3.0]);
    }
}
