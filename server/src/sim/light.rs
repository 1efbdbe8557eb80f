//! The light of a day and the camera's place: no two pictures are taken alike.

use vision::render::{Camera, Rng, Scene};

/// Share of nights on which the light stays off.
const DARK: f64 = 0.01;
/// Share of days on which somebody pushes the camera.
const BUMP: f64 = 1.0 / 45.0;
/// How far a push goes, in pixels of the frame; and how far all of them together.
const PUSH: f64 = 4.0;
const FARTHEST: f64 = 12.0;

/// Another night's light, another night's noise, and now and then a push.
pub(super) fn of_night(scene: &mut Scene, dice: &mut Rng) {
    let gain = if dice.chance(DARK) { 0.02 } else { gain(dice) };
    shine(scene, gain, dice);
    if dice.chance(BUMP) {
        push(scene, dice);
    }
}

/// The light by which somebody comes to the rack.
pub(super) fn of_visit(scene: &mut Scene, dice: &mut Rng) {
    let gain = gain(dice);
    shine(scene, gain, dice);
}

fn gain(dice: &mut Rng) -> f32 {
    dice.range(0.75, 1.3) as f32
}

fn shine(scene: &mut Scene, gain: f32, dice: &mut Rng) {
    let usual = vision::render::demo_rack().camera;
    let warm = dice.range(-0.08, 0.08) as f32;
    scene.camera = Camera {
        gain: usual.gain * gain,
        tint: [1.02 + warm, 1.0, 0.95 - warm],
        falloff: dice.range(0.2, 0.45) as f32,
        noise: dice.range(0.008, 0.025) as f32,
        blur: dice.range(0.4, 0.8),
        noise_seed: dice.bits(),
        ..usual
    };
}

/// A push turns the camera a little too, so that no two corners move alike.
fn push(scene: &mut Scene, dice: &mut Rng) {
    let usual = vision::render::demo_rack();
    let scale = f64::from(scene.frame[0]) / f64::from(usual.frame[0]);
    let push = [dice.range(-PUSH, PUSH), dice.range(-PUSH, PUSH)];
    for (corner, home) in scene.corners.iter_mut().zip(usual.corners) {
        for axis in 0..2 {
            let home = home[axis] * scale;
            let to = corner[axis] + push[axis] + dice.range(-0.8, 0.8);
            corner[axis] = to.clamp(home - FARTHEST, home + FARTHEST);
        }
    }
}
