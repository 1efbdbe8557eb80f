//! Frames and bins under bad conditions, painted with known places.

use image::{Rgb, RgbImage};

use super::{FrameQuality, Grey, Outlines, assess, assess_bins};
use crate::clean::Motion;
use crate::geometry::{Homography, Point, rectangle};
use crate::layout::{BinShape, Layout};

const SIDE: u32 = 150;

/// Four bins in a row, seen at half size and a little from the side.
fn layout() -> Layout {
    let bin = |n: u32| {
        let left = f64::from(n * SIDE);
        let side = f64::from(SIDE);
        let polygon = vec![[left, 0.0], [left + side, 0.0], [left + side, side], [left, side]];
        BinShape { id: format!("{n}"), polygon, capacity: 0 }
    };
    let corners = [[100.0, 100.0], [700.0, 110.0], [690.0, 260.0], [110.0, 250.0]];
    Layout {
        corners,
        frame: [800, 360],
        rectified: [600, SIDE],
        bins: (0..4).map(bin).collect(),
        lens: None,
        size_mm: None,
    }
}

fn map(layout: &Layout) -> impl Fn(Point) -> Point + Sync {
    let map = Homography::from_quads(&rectangle(600.0, 150.0), &layout.corners).expect("a map");
    move |point| map.map(point)
}

/// A rack of light wood with a bottle in each bin; `paint` may change the colour at a place of the straightened picture.
fn photo(layout: &Layout, bottles: bool, paint: impl Fn(f64, f64, f64) -> f64) -> RgbImage {
    let back = Homography::from_quads(&layout.corners, &rectangle(600.0, 150.0)).expect("a map");
    RgbImage::from_fn(800, 360, |x, y| {
        let [u, v] = back.map([f64::from(x) + 0.5, f64::from(y) + 0.5]);
        let (across, down) = (u.rem_euclid(150.0) - 75.0, v - 75.0);
        let wood = across.abs() > 66.0 || down.abs() > 66.0;
        let bottle = bottles && across.hypot(down) < 35.0;
        let grain = 0.03 * (u * 0.9 + v * 0.4).sin();
        let value = if wood {
            0.55 + grain
        } else if bottle {
            0.35
        } else {
            0.12
        };
        Rgb([(paint(u, v, value).clamp(0.0, 1.0) * 255.0) as u8; 3])
    })
}

fn reasons(image: &RgbImage, motion: &Motion, last_good: Option<&Outlines>) -> Vec<String> {
    let layout = layout();
    let bins = assess_bins(&Grey::of(image, 1280), motion, last_good, &layout, map(&layout));
    bins.into_iter().map(|bin| bin.refusal.unwrap_or_default()).collect()
}

#[test]
fn a_good_picture_is_read_everywhere() {
    let image = photo(&layout(), true, |_, _, value| value);
    assert_eq!(reasons(&image, &Motion::default(), None), [""; 4]);
}

#[test]
fn only_the_bin_in_trouble_is_refused() {
    let refused = |paint: &dyn Fn(f64, f64, f64) -> f64, word: &str| {
        let reasons = reasons(&photo(&layout(), true, paint), &Motion::default(), None);
        assert!(reasons[1].contains(word), "{reasons:?}");
        assert_eq!([&reasons[0], &reasons[2], &reasons[3]], [""; 3], "{reasons:?}");
    };
    let second = |u: f64| (150.0..300.0).contains(&u);
    refused(&|u, _, value| if second(u) { 0.0 } else { value }, "complete darkness");
    refused(&|u, _, value| if second(u) && u < 270.0 { 1.0 } else { value }, "overexposed");
    refused(&|u, v, value| if (u - 225.0).hypot(v - 75.0) < 52.0 { 1.0 } else { value }, "glare");
}

#[test]
fn a_smeared_lens_is_found_where_it_smears() {
    let sharp = photo(&layout(), true, |_, _, value| value);
    let smeared = image::imageops::blur(&sharp, 9.0);
    let back = Homography::from_quads(&layout().corners, &rectangle(600.0, 150.0)).expect("a map");
    let image = RgbImage::from_fn(800, 360, |x, y| {
        let [u, _] = back.map([f64::from(x) + 0.5, f64::from(y) + 0.5]);
        *if (110.0..340.0).contains(&u) { smeared.get_pixel(x, y) } else { sharp.get_pixel(x, y) }
    });
    let reasons = reasons(&image, &Motion::default(), None);
    assert!(reasons[1].contains("blurred"), "{reasons:?}");
    assert_eq!([&reasons[0], &reasons[3]], [""; 2], "{reasons:?}");
}

#[test]
fn what_moves_or_stands_in_front_is_found() {
    let layout = layout();
    let hand =
        |from: f64, to: f64| photo(&layout, true, move |u, _, value| if (from..to).contains(&u) { 0.7 } else { value });
    let (one, two, three) = (hand(155.0, 230.0), hand(200.0, 290.0), hand(180.0, 250.0));
    let motion = Motion::of(&[&one, &two, &three, &hand(240.0, 300.0)]);
    let moved = reasons(&one, &motion, None);
    assert!(moved[1].contains("moved in front"), "{moved:?}");
    assert_eq!([&moved[0], &moved[2], &moved[3]], [""; 3], "{moved:?}");

    let before = photo(&layout, true, |_, _, value| value);
    let good = Outlines::of(&Grey::of(&before, 1280), &layout, map(&layout));
    // All bottles gone, half of the light, another white: nothing stands in front.
    let emptied = photo(&layout, false, |_, _, value| 0.5 * value + 0.05);
    assert_eq!(reasons(&emptied, &Motion::default(), Some(&good)), [""; 4]);
    // A coat over one bin, a box before another.
    let covered = photo(&layout, true, |u, v, value| match u {
        150.0..300.0 => 0.2,
        300.0..450.0 if v > 20.0 => 0.45 + 0.1 * (u * 0.2).sin(),
        _ => value,
    });
    let covered = reasons(&covered, &Motion::default(), Some(&good));
    assert!(covered[1].contains("stands in front") && covered[2].contains("stands in front"), "{covered:?}");
    assert_eq!([&covered[0], &covered[3]], [""; 2], "{covered:?}");
}

#[test]
fn bottles_that_come_and_go_hide_no_bin() {
    let mut scene = crate::render::demo_rack();
    scene.frame = scene.frame.map(|side| side / 2);
    scene.corners = scene.corners.map(|corner| corner.map(|side| side / 2.0));
    let layout = scene.layout();
    let plane = rectangle(f64::from(scene.rectified[0]), f64::from(scene.rectified[1]));
    let map = Homography::from_quads(&plane, &scene.corners).expect("a map");
    let mut dice = crate::render::Rng::new(3);
    let mut good: Option<Outlines> = None;
    for _ in 0..4 {
        for bin in 0..scene.bins.len() {
            let many = dice.int(0, scene.bins[bin].capacity);
            let bottles: Vec<_> = (0..many).map(|_| crate::render::wine(dice.bits())).collect();
            scene.lay(bin, &bottles);
        }
        scene.camera.gain *= dice.range(0.8, 1.2) as f32;
        let grey = Grey::of(&crate::render::render(&scene), 1280);
        let bins = assess_bins(&grey, &Motion::default(), good.as_ref(), &layout, |place| map.map(place));
        let hidden: Vec<_> = bins.iter().filter(|bin| bin.is_hidden()).collect();
        assert!(hidden.is_empty(), "{hidden:?}");
        good = Some(Outlines::of(&grey, &layout, |place| map.map(place)));
    }
}

#[test]
fn another_calibration_is_not_compared_and_renewal_leaves_hidden_bins() {
    let layout = layout();
    let of = |light: f64| Grey::of(&photo(&layout, true, move |_, _, value| light * value), 1280);
    let first = Outlines::of(&of(1.0), &layout, map(&layout));
    let good = Outlines::renew(Some(first.clone()), Outlines::of(&of(0.5), &layout, map(&layout)), |bin| bin != "2");
    assert_ne!(good, first);
    let text = serde_json::to_string(&good).expect("JSON");
    assert_eq!(serde_json::from_str::<Outlines>(&text).expect("JSON"), good);
    let mut other = layout.clone();
    other.corners[0][0] += 5.0;
    assert_eq!(good.changed(&of(1.0), &other, map(&layout)), [None; 4]);
    // A first picture says nothing of bins that were not well seen in it.
    let good = Outlines::renew(Some(good), Outlines::of(&of(1.0), &other, map(&other)), |bin| bin != "3");
    assert_eq!(good.changed(&of(1.0), &other, map(&other)), [Some(0.0), Some(0.0), Some(0.0), None]);
    // A bin that was drawn anew is another one; its neighbours stay known.
    other.bins[1].polygon[0][1] += 9.0;
    assert_eq!(good.changed(&of(1.0), &other, map(&other)), [Some(0.0), None, Some(0.0), None]);
}

fn refused(image: &RgbImage) -> String {
    assess(image).refusal().unwrap_or_default()
}

#[test]
fn refuses_what_shows_nothing() {
    assert!(refused(&RgbImage::from_pixel(320, 240, Rgb([4; 3]))).contains("dark"));
    assert!(refused(&RgbImage::from_pixel(320, 240, Rgb([251; 3]))).contains("washed out"));
    assert!(refused(&RgbImage::from_pixel(320, 240, Rgb([90; 3]))).contains("covered"));
    assert!(refused(&RgbImage::new(0, 0)).contains("dark"));
    let smooth = RgbImage::from_fn(640, 480, |x, y| {
        let wave = (f64::from(x) / 90.0).sin() + (f64::from(y) / 80.0).cos();
        Rgb([(128.0 + 40.0 * wave) as u8; 3])
    });
    assert!(refused(&smooth).contains("blurred"));
}

#[test]
fn refuses_a_lamp_in_the_lens_and_what_does_not_rest() {
    let board = |x: u32, y: u32| Rgb([if (x / 24 + y / 24).is_multiple_of(2) { 60 } else { 170 }; 3]);
    let lamp = RgbImage::from_fn(640, 480, |x, y| if x < 330 { Rgb([255; 3]) } else { board(x, y) });
    assert!(refused(&lamp).contains("Glare"), "{}", refused(&lamp));
    let calm = assess(&RgbImage::from_fn(640, 480, board));
    let refusal = |quality: FrameQuality| quality.refusal().unwrap_or_default();
    assert!(refusal(FrameQuality { moving: 0.4, ..calm }).contains("40 % of the picture does not come to rest"));
    assert!(refusal(FrameQuality { flicker: 1.8, ..calm }).contains("changes by 80 %"));
}

#[test]
fn accepts_edges() {
    let board = RgbImage::from_fn(640, 480, |x, y| Rgb([if (x / 24 + y / 24) % 2 == 0 { 60 } else { 170 }; 3]));
    assert_eq!(assess(&board).refusal(), None);
}
