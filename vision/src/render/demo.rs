//! The handsome rack of the demonstration: crossed boards on the left, pigeon-holes on the right.

use super::racks::{grid, lattice};
use super::random::{bottle, fill};
use super::rng::Rng;
use super::scene::{Bottle, Camera, Look, Scene, name_bins};

/// Radius of a demonstration bottle in pixels of the straightened picture.
pub(super) const RADIUS: f64 = 37.0;

/// The bins without a bottle.
const EMPTY: [&str; 3] = ["02_03", "04_04", "05_01"];

/// A well-kept cellar of 24 bins, photographed in 1920×1080 from nearly the front. Always the same.
pub fn demo_scene() -> Scene {
    demo_stocked(7)
}

/// The demonstration's rack with other bottles: seed 7 is the demonstration itself.
pub fn demo_stocked(seed: u64) -> Scene {
    let mut scene = demo_rack();
    let mut rng = Rng::new(seed);
    for bin in &mut scene.bins {
        // Two bins wait for new wine; every other one holds at least a bottle.
        let share = if EMPTY.contains(&bin.id.as_str()) { 0.0 } else { rng.pick(&[0.35, 0.5, 0.6, 0.7, 0.85, 1.0]) };
        let count = (f64::from(bin.capacity) * share).ceil() as usize;
        let mut style = bottle(&mut rng);
        style.lean = [0.0, 0.0];
        fill(bin, RADIUS, count, 0.05, 0.45, &style, &mut rng);
        bin.bottles.iter_mut().for_each(lean);
    }
    scene
}

/// The camera stands before the middle: far ends lean towards it.
pub(super) fn lean(bottle: &mut Bottle) {
    bottle.lean = [(816.0 - bottle.at[0]) / 5200.0, (420.0 - bottle.at[1]) / 5200.0];
}

/// The demonstration's rack without a bottle.
pub fn demo_rack() -> Scene {
    let mut bins = lattice([24.0, 24.0, 1200.0, 800.0], 3, 2, 8.0, RADIUS);
    bins.extend(grid([1248.0, 24.0, 360.0, 800.0], 2, 5, 7.0, RADIUS));
    name_bins(&mut bins, 160.0);
    Scene {
        seed: 20_261_124,
        frame: [1920, 1080],
        corners: [[148.0, 112.0], [1786.0, 96.0], [1770.0, 972.0], [160.0, 950.0]],
        rectified: [1632, 848],
        look: Look {
            board: [0.55, 0.36, 0.20],
            grain: 0.8,
            inside: [0.19, 0.13, 0.085],
            clutter: 0.0,
            wall: [0.47, 0.44, 0.41],
        },
        camera: Camera {
            gain: 1.12,
            tint: [1.04, 1.0, 0.93],
            falloff: 0.32,
            vignette: 0.25,
            strip: true,
            barrel: 0.0,
            blur: 0.6,
            noise: 0.012,
            noise_seed: 1,
        },
        bins,
    }
}
