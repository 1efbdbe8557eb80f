//! What is proposed to whoever calibrates, on rendered racks whose truth is known: right, or refused.

use plan::lattice::Pattern;
use vision::{
    calibrate::{corners, lattice, lens, sharpness},
    geometry::Point,
    layout::Lens,
    rectify::rectify,
    render::{Scene, demo_rack, random_scene, render},
};

/// The largest distance between corners, as a share of the frame's diagonal.
fn off(scene: &Scene, found: &[Point; 4]) -> f64 {
    let truth = scene.layout().corners;
    let diagonal = f64::from(scene.frame[0]).hypot(f64::from(scene.frame[1]));
    let apart = (0..4).map(|i| (found[i][0] - truth[i][0]).hypot(found[i][1] - truth[i][1]));
    apart.fold(0.0, f64::max) / diagonal
}

#[test]
fn corners_are_near_or_none_are_proposed() {
    let (mut told, mut near, mut wrong) = (0, 0, Vec::new());
    for seed in 0..24 {
        let scene = random_scene(seed);
        let Ok(found) = corners::propose(&render(&scene)) else { continue };
        told += 1;
        let off = off(&scene, &found);
        near += usize::from(off < 0.02);
        if off > 0.06 {
            wrong.push((seed, off));
        }
    }
    assert!(told >= 14 && near * 3 >= told * 2, "{near} of {told} are near");
    // Board or opening: a finger drags that right. Another outline altogether is what must not be proposed.
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn printed_tags_are_the_corners() {
    let scene = demo_rack();
    let mut frame = render(&scene);
    let truth = scene.layout().corners;
    const SIDE: f64 = 64.0;
    for (id, corner) in truth.iter().enumerate() {
        let code = vision::tags::code(id as u32).expect("known");
        // The tag's own corner of that number lies on the rack's.
        let left = corner[0] - if id == 1 || id == 2 { SIDE } else { 0.0 };
        let top = corner[1] - if id >= 2 { SIDE } else { 0.0 };
        for y in -8..(SIDE as i64 + 8) {
            for x in -8..(SIDE as i64 + 8) {
                let (i, j) = ((x as f64 / SIDE * 8.0).floor() as i64, (y as f64 / SIDE * 8.0).floor() as i64);
                let quiet = !(0..8).contains(&i) || !(0..8).contains(&j);
                let border = i == 0 || j == 0 || i == 7 || j == 7;
                let white = quiet || (!border && code >> (35 - ((j - 1) * 6 + i - 1)) & 1 == 1);
                let at = [left.round() as i64 + x, top.round() as i64 + y];
                if (0..i64::from(frame.width())).contains(&at[0]) && (0..i64::from(frame.height())).contains(&at[1]) {
                    frame.put_pixel(at[0] as u32, at[1] as u32, image::Rgb([if white { 230 } else { 25 }; 3]));
                }
            }
        }
    }
    let found = corners::propose(&frame).expect("tags");
    for (a, b) in found.iter().zip(truth) {
        assert!((a[0] - b[0]).hypot(a[1] - b[1]) < 1.5, "{a:?} {b:?}");
    }
}

#[test]
fn how_a_rack_is_parted_is_right_or_not_proposed() {
    let (mut told, mut wrong) = (0, Vec::new());
    for seed in 0..24 {
        let scene = random_scene(seed);
        let layout = scene.layout();
        let picture = rectify(&render(&scene), &layout).expect("straightened");
        let Ok(proposal) = lattice::propose(&picture, None) else { continue };
        let found = proposal.lattice;
        // The renderer's diamond racks have the halves at the rim too, which is for a person to say.
        let whole =
            layout.bins.iter().filter(|bin| found.pattern != Pattern::Diamond || bin.polygon.len() == 4).count();
        let cells = proposal.lattice.cells_in(&proposal.fitted).expect("a lattice");
        told += 1;
        assert!((0.005..=0.25).contains(&found.board), "{}", found.board);
        if cells.len() != whole {
            wrong.push((seed, found.pattern, cells.len(), whole));
        }
    }
    assert!(told >= 8, "{told} proposed");
    assert!(wrong.len() * 8 <= told, "{told} proposed, of them wrong: {wrong:?}");
}

#[test]
fn a_bent_side_tells_the_lens_and_a_straight_one_tells_none() {
    for k1 in [-0.09, -0.05, 0.06] {
        let mut scene = demo_rack();
        let [w, h] = scene.frame.map(f64::from);
        // The renderer counts in halves of the width, the lens in halves of the diagonal.
        scene.camera.barrel = k1 * w * w / (w * w + h * h);
        let mounted = Lens { k1, ..Lens::default() }.on(scene.frame).expect("a lens");
        let corners = scene.layout().corners.map(|corner| mounted.bend(corner));
        let fitted = lens::fit(&render(&scene), &corners).expect("sides are seen").expect("they bend");
        assert!((fitted.k1 - k1).abs() < 0.015, "{k1}: {}", fitted.k1);
    }
    let scene = demo_rack();
    assert_eq!(lens::fit(&render(&scene), &scene.layout().corners), Ok(None));
}

#[test]
fn the_meter_falls_when_the_lens_is_turned_out_of_focus() {
    let mut scene = demo_rack();
    let mut last = 2.0;
    for blur in [0.6, 1.5, 3.0, 6.0] {
        scene.camera.blur = blur;
        let sharp = sharpness(&render(&scene));
        assert!(sharp < last && sharp > 0.0, "{blur}: {sharp} after {last}");
        last = sharp;
    }
}
