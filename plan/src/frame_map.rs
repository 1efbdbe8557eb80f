//! From the straightened plane of the rack to the camera's frame, in one step.

use crate::{
    homography::Homography,
    layout::{Layout, LayoutError},
    lens::MountedLens,
    polygon::{Point, rectangle},
};

/// Where each place of the straightened picture is seen in the camera's frame.
///
/// It chains perspective, the camera's shift since calibration, lens and the frame's size. One call costs a division and
/// some twenty multiplications, so a model's input can be sampled pixel by pixel straight from the frame, interpolated
/// once. It is `Copy` and has no shared state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrameMap {
    /// From the straightened plane to the ideal picture (without lens) of frames of the calibrated size.
    ideal: Homography,
    back: Homography,
    lens: Option<MountedLens>,
    /// From frames of the calibrated size to the frame at hand.
    scale: Point,
}

impl FrameMap {
    /// The map for frames of `frame` pixels, width and height. The layout must be valid.
    pub fn new(layout: &Layout, frame: [u32; 2]) -> Result<Self, LayoutError> {
        if frame.contains(&0) || layout.frame.contains(&0) {
            return Err(LayoutError::field("frame", "width and height must be above 0"));
        }
        let lens = match layout.lens {
            None => None,
            Some(lens) => {
                lens.check("lens")?;
                lens.on(layout.frame)
            }
        };
        let corners = layout.corners.map(|corner| lens.map_or(corner, |lens| lens.straighten(corner)));
        let plane = rectangle(f64::from(layout.rectified[0]), f64::from(layout.rectified[1]));
        let flat = || LayoutError::field("corners", "do not span an area");
        let ideal = Homography::from_quads(&plane, &corners).ok_or_else(flat)?;
        let scale = [0, 1].map(|i| f64::from(frame[i]) / f64::from(layout.frame[i]));
        Ok(Self { ideal, back: ideal.inverse().ok_or_else(flat)?, lens, scale })
    }

    /// The same for a camera that has moved: `shift` takes places of the ideal picture at calibration to where they are
    /// now, in pixels of frames of the calibrated size. None for a shift that flattens the picture.
    pub fn shifted(&self, shift: &Homography) -> Option<Self> {
        let ideal = self.ideal.then(shift);
        Some(Self { ideal, back: ideal.inverse()?, ..*self })
    }

    /// Where a place of the straightened picture is seen in the frame; NaN for what lies behind the camera or outside
    /// the lens's reach.
    pub fn map(&self, p: Point) -> Point {
        let [x, y, w] = self.ideal.project(p);
        if w.is_nan() || w <= 0.0 {
            return [f64::NAN; 2];
        }
        let ideal = [x / w, y / w];
        let [x, y] = self.lens.map_or(ideal, |lens| lens.bend(ideal));
        [x * self.scale[0], y * self.scale[1]]
    }

    /// Where a place of the frame lies on the straightened plane; NaN where there is no such place.
    pub fn unmap(&self, p: Point) -> Point {
        self.back.map(self.to_ideal(p))
    }

    /// A place of the frame in the ideal picture, in pixels of frames of the calibrated size.
    pub fn to_ideal(&self, p: Point) -> Point {
        let p = [p[0] / self.scale[0], p[1] / self.scale[1]];
        self.lens.map_or(p, |lens| lens.straighten(p))
    }

    /// The reverse of [`FrameMap::to_ideal`].
    pub fn from_ideal(&self, p: Point) -> Point {
        let [x, y] = self.lens.map_or(p, |lens| lens.bend(p));
        [x * self.scale[0], y * self.scale[1]]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lens::Lens;

    fn layout(lens: Option<Lens>) -> Layout {
        let corners = [[131.3, 122.8], [771.6, 91.2], [752.9, 541.4], [98.4, 520.7]];
        Layout { corners, frame: [960, 640], rectified: [640, 480], lens, size_mm: None, bins: Vec::new() }
    }

    fn apart(a: Point, b: Point) -> f64 {
        (a[0] - b[0]).hypot(a[1] - b[1])
    }

    #[test]
    fn corners_stay_corners_with_and_without_lens() {
        let bent = Lens { k1: -0.12, k2: 0.02, p1: 0.002, p2: -0.001 };
        for lens in [None, Some(bent)] {
            let map = FrameMap::new(&layout(lens), [1920, 1280]).expect("a map");
            for (plane, corner) in rectangle(640.0, 480.0).into_iter().zip(layout(None).corners) {
                assert!(apart(map.map(plane), corner.map(|v| v * 2.0)) < 1e-6);
            }
        }
    }

    #[test]
    fn a_lens_bends_what_lies_between_the_corners() {
        let plain = FrameMap::new(&layout(None), [960, 640]).expect("a map");
        let barrel = layout(Some(Lens { k1: -0.12, ..Lens::default() }));
        let bent = FrameMap::new(&barrel, [960, 640]).expect("a map");
        // With a barrel the middle of the upper side bulges upwards from the line between its corners.
        let up = plain.map([320.0, 0.0])[1] - bent.map([320.0, 0.0])[1];
        assert!((3.0..40.0).contains(&up), "{up}");
    }

    #[test]
    fn what_is_behind_the_camera_is_nowhere() {
        let mut steep = layout(None);
        steep.corners = [[400.0, 100.0], [500.0, 100.0], [900.0, 600.0], [0.0, 600.0]];
        let map = FrameMap::new(&steep, [960, 640]).expect("a map");
        assert!(map.map([320.0, 480.0]).iter().all(|v| v.is_finite()));
        assert!(map.map([320.0, 4000.0])[0].is_nan());
    }

    proptest! {
        #[test]
        fn there_and_back(
            k1 in -0.25..0.3f64, k2 in -0.1..0.1f64, p in -0.01..0.01f64,
            dx in -40.0..40.0f64, dy in -40.0..40.0f64, turn in -0.05..0.05f64,
            u in -0.1..1.1f64, v in -0.1..1.1f64,
        ) {
            let lens = Lens { k1, k2, p1: p, p2: -p };
            prop_assume!(lens.check("lens").is_ok());
            let (sin, cos) = turn.sin_cos();
            let shift = Homography::from_matrix([cos, -sin, dx, sin, cos, dy, 1e-6, -1e-6, 1.0]).expect("a shift");
            let map = FrameMap::new(&layout(Some(lens)), [1280, 853]).expect("a map").shifted(&shift).expect("a map");
            let place = [u * 640.0, v * 480.0];
            let seen = map.map(place);
            prop_assume!((0.0..1280.0).contains(&seen[0]) && (0.0..853.0).contains(&seen[1]));
            let back = map.map(map.unmap(seen));
            prop_assert!(apart(back, seen) < 0.01, "{seen:?} {back:?}");
        }
    }
}
