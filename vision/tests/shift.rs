//! The camera's shift, recovered from rendered racks to a fraction of a pixel, and refused where nothing can be said.

use image::{GrayImage, RgbImage};
use vision::{
    geometry::{FrameMap, Homography, Point, rectangle},
    layout::{Layout, Lens},
    render::{Camera, Facing, Scene, random_scene, render},
    shift::{Evidence, Reference, Refusal, Shift, estimate},
    tags,
};

/// Numbers without a pattern, the same each time.
struct Chance(u64);

impl Chance {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1u32 << 31)
    }

    fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
}

/// A rack as a camera of 1280 pixels sees it.
fn scene(seed: u64) -> Scene {
    let mut scene = random_scene(seed);
    let zoom = 1280.0 / f64::from(scene.frame[0]);
    scene.frame = scene.frame.map(|side| (f64::from(side) * zoom) as u32);
    scene.corners = scene.corners.map(|c| c.map(|v| v * zoom));
    scene
}

/// The calibration of a scene, with its lens: the corners as a finger would tap them.
fn layout(scene: &Scene) -> Layout {
    let [w, h] = scene.frame.map(f64::from);
    // The renderer counts in halves of the width, the lens in halves of the diagonal.
    let lens = Lens { k1: scene.camera.barrel * (w * w + h * h) / (w * w), ..Lens::default() };
    let mounted = lens.on(scene.frame).expect("a lens");
    let plain = scene.layout();
    Layout {
        corners: plain.corners.map(|c| mounted.bend(c)),
        lens: Some(lens),
        size_mm: Some([1000.0, 800.0]),
        ..plain
    }
}

/// The same rack from a camera that has slipped.
fn slipped(scene: &Scene, by: Point, turn_degrees: f64) -> Scene {
    let middle = scene.frame.map(|side| f64::from(side) / 2.0);
    let (sin, cos) = turn_degrees.to_radians().sin_cos();
    let turn = |[x, y]: Point| {
        let (x, y) = (x - middle[0], y - middle[1]);
        [middle[0] + cos * x - sin * y + by[0], middle[1] + sin * x + cos * y + by[1]]
    };
    Scene { corners: scene.corners.map(turn), ..scene.clone() }
}

/// Other bottles, fewer of them, in other light.
fn another_day(mut scene: Scene, chance: &mut Chance) -> Scene {
    for bin in &mut scene.bins {
        if chance.unit() < 0.5 {
            let left = chance.range(0.0, bin.bottles.len() as f64 + 0.99) as usize;
            bin.bottles.truncate(left);
        }
        for bottle in &mut bin.bottles {
            if chance.unit() < 0.6 {
                bottle.facing = if bottle.facing == Facing::Punt { Facing::Capsule } else { Facing::Punt };
                bottle.glass = [0, 1, 2].map(|_| chance.range(0.02, 0.4) as f32);
                bottle.capsule = [0, 1, 2].map(|_| chance.unit() as f32);
            }
        }
    }
    let warm = chance.range(-0.12, 0.12) as f32;
    scene.camera = Camera {
        gain: scene.camera.gain * chance.range(0.7, 1.3) as f32,
        tint: [1.0 + warm, 1.0, 1.0 - warm],
        falloff: chance.range(0.0, 0.5) as f32,
        noise: chance.range(0.005, 0.03) as f32,
        noise_seed: scene.camera.noise_seed ^ 1,
        ..scene.camera
    };
    scene
}

/// Mean distance in pixels of the bins' corners from where they truly are.
fn miss(shift: &Shift, before: &Scene, after: &Scene) -> f64 {
    let corrected = FrameMap::new(&layout(before), before.frame).expect("a map").shifted(&shift.map).expect("a map");
    let truth = FrameMap::new(&layout(after), after.frame).expect("a map");
    let places: Vec<Point> = before.bins.iter().flat_map(|bin| bin.opening.clone()).collect();
    let far = |p: &Point| {
        let (a, b) = (corrected.map(*p), truth.map(*p));
        (a[0] - b[0]).hypot(a[1] - b[1])
    };
    places.iter().map(far).sum::<f64>() / places.len() as f64
}

fn seen(before: &Scene, after: &Scene) -> Result<Shift, Refusal> {
    estimate(&Reference::of(&render(before)).expect("a reference"), &render(after), &layout(before))
}

#[test]
fn a_slipped_camera_is_recovered_with_other_bottles_in_other_light() {
    let mut recovered = 0;
    for seed in 0..8u64 {
        let before = scene(seed);
        let mut chance = Chance(seed + 40);
        let by = [chance.range(-20.0, 20.0), chance.range(-20.0, 20.0)];
        let turn = chance.range(-2.0, 2.0);
        let after = another_day(slipped(&before, by, turn), &mut chance);
        match seen(&before, &after) {
            Ok(shift) => {
                let miss = miss(&shift, &before, &after);
                assert!(miss < 1.0, "seed {seed}: off by {miss:.2} px after {by:?} and {turn:.2} degrees: {shift:?}");
                assert_eq!(shift.moved.seen_from, Evidence::Structure);
                assert!((shift.moved.turn_degrees - turn).abs() < 0.3, "seed {seed}: {turn} {:?}", shift.moved);
                recovered += 1;
            }
            Err(reason) => println!("seed {seed}: {reason}"),
        }
    }
    assert!(recovered >= 7, "{recovered} of 8");
}

#[test]
fn a_camera_that_stands_still_is_told_so() {
    let before = scene(3);
    let after = another_day(before.clone(), &mut Chance(7));
    let shift = seen(&before, &after).expect("recognised");
    assert!(shift.moved.mean_px <= 0.3 && shift.moved.mean_mm.is_some_and(|mm| mm < 0.4), "{:?}", shift.moved);
}

#[test]
fn another_rack_and_a_bare_wall_are_refused() {
    for seed in [1, 4] {
        let (before, mut other) = (scene(seed), scene(seed + 500));
        other.frame = before.frame;
        let told = seen(&before, &other).expect_err("another rack").to_string();
        assert!(told.starts_with("camera moved"), "{told}");
    }
    let before = scene(1);
    let wall = RgbImage::from_pixel(before.frame[0], before.frame[1], image::Rgb([120, 118, 110]));
    let reference = Reference::of(&render(&before)).expect("a reference");
    assert!(matches!(estimate(&reference, &wall, &layout(&before)), Err(Refusal::TooFew { .. })));
    let blank = Reference::from_picture(GrayImage::from_pixel(640, 400, image::Luma([90]))).expect("a picture");
    let told = estimate(&blank, &render(&before), &layout(&before)).expect_err("no structure");
    assert_eq!(told, Refusal::NoStructure);
}

#[test]
fn a_camera_that_points_elsewhere_is_not_corrected() {
    let before = scene(3);
    let told = seen(&before, &slipped(&before, [130.0, 60.0], 0.0)).expect_err("too far").to_string();
    assert!(told.starts_with("camera moved"), "{told}");
}

/// Paints a tag over the picture, its white ground around it, where a map of the rack's plane says.
fn stick(frame: &mut RgbImage, id: u32, at: Point, side: f64, map: &FrameMap) {
    let corners = rectangle(side, side).map(|[x, y]| map.map([at[0] + x, at[1] + y]));
    let back = Homography::from_quads(&corners, &rectangle(8.0, 8.0)).expect("a map");
    let code = tags::code(id).expect("known");
    for (x, y, pixel) in frame.enumerate_pixels_mut() {
        let mut sum = 0.0;
        for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
            let [u, v] = back.map([f64::from(x) + dx, f64::from(y) + dy]).map(|v| v.floor() as i64);
            let inside = (-1..9).contains(&u) && (-1..9).contains(&v);
            let border = (u == 0 || u == 7 || v == 0 || v == 7) && (0..8).contains(&u) && (0..8).contains(&v);
            let quiet = u == -1 || u == 8 || v == -1 || v == 8;
            sum += match inside {
                false => f64::from(pixel[0]),
                true if border || (!quiet && code >> (35 - ((v - 1) * 6 + u - 1)) & 1 == 0) => 40.0,
                true => 205.0,
            };
        }
        if (sum / 4.0 - f64::from(pixel[0])).abs() > 0.5 {
            *pixel = image::Rgb([(sum / 4.0) as u8; 3]);
        }
    }
}

#[test]
fn tags_go_first() {
    let before = scene(8);
    let after = slipped(&before, [14.0, -11.0], 1.5);
    let [w, h] = before.rectified.map(f64::from);
    let side = w / 18.0;
    let picture = |scene: &Scene, moved: bool| {
        let mut frame = render(scene);
        let map = FrameMap::new(&layout(scene), scene.frame).expect("a map");
        for (id, u, v) in [(1, 0.03, 0.04), (2, 0.9, 0.04), (3, 0.9, 0.88), (4, 0.03, 0.88)] {
            let slid = if moved && id == 3 { -3.0 * side } else { 0.0 };
            stick(&mut frame, id, [u * w + slid, v * h], side, &map);
        }
        frame
    };
    let reference = Reference::of(&picture(&before, false)).expect("a reference");
    let shift = estimate(&reference, &picture(&after, false), &layout(&before)).expect("recognised");
    assert_eq!((shift.moved.seen_from, shift.moved.found, shift.moved.sought), (Evidence::Tags, 16, 16));
    let off = miss(&shift, &before, &after);
    assert!(off < 1.0, "{off}");
    // One that was stuck on anew elsewhere does not mislead.
    let shift = estimate(&reference, &picture(&after, true), &layout(&before)).expect("recognised");
    let off = miss(&shift, &before, &after);
    assert!(off < 1.0, "{off} {:?}", shift.moved);
}
