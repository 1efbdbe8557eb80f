//! Bottles of every kind, for every rack.

use super::bottle::{Bottle, Closure, Look};
use super::grain::Dice;
use super::profile::{Profile, Shape};
use super::space::{Colour, Vec3, v};

/// A colour as a screen shows it, as light.
pub(super) fn screen(r: f32, g: f32, b: f32) -> Colour {
    v(r, g, b).map(|c| c.powf(2.2))
}

/// What a centimetre of common glasses, filled or not, lets through.
fn glass(dice: &mut Dice) -> Colour {
    let kinds = [
        // Dark green and brown glass with red wine: nearly nothing.
        v(0.04, 0.06, 0.02),
        v(0.02, 0.02, 0.01),
        v(0.05, 0.03, 0.01),
        v(0.10, 0.16, 0.04),
        // Green with white wine, dead-leaf, amber.
        v(0.45, 0.62, 0.25),
        v(0.55, 0.55, 0.22),
        v(0.50, 0.28, 0.08),
        // Clear glass: white, rosé, red.
        v(0.93, 0.90, 0.62),
        v(0.92, 0.84, 0.45),
        v(0.95, 0.62, 0.52),
        v(0.70, 0.10, 0.08),
        v(0.35, 0.02, 0.02),
        v(0.96, 0.97, 0.95),
        // Blue.
        v(0.12, 0.18, 0.55),
    ];
    let tone = dice.range(0.8, 1.15);
    (kinds[if dice.chance(0.55) { dice.int(0, 3) } else { dice.int(4, 13) } as usize] * tone).map(|c| c.min(0.985))
}

fn capsule(dice: &mut Dice) -> Colour {
    let kinds = [
        screen(0.45, 0.05, 0.10),
        screen(0.10, 0.10, 0.11),
        screen(0.05, 0.05, 0.05),
        screen(0.83, 0.68, 0.32),
        screen(0.85, 0.85, 0.85),
        screen(0.95, 0.94, 0.90),
        screen(0.12, 0.20, 0.45),
        screen(0.08, 0.32, 0.22),
        screen(0.36, 0.10, 0.30),
        screen(0.66, 0.36, 0.16),
        screen(0.28, 0.05, 0.08),
        screen(0.55, 0.55, 0.57),
        screen(0.80, 0.12, 0.12),
        screen(0.90, 0.45, 0.55),
        screen(0.75, 0.70, 0.58),
        screen(0.20, 0.42, 0.42),
        screen(0.90, 0.75, 0.15),
    ];
    let tone = dice.range(0.7, 1.15);
    (dice.pick(&kinds) * tone).map(|c| c.min(0.95))
}

/// A kind of bottle: many bottles of one wine look like it.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub(super) shape: Shape,
    pub(super) size: f32,
    thick: f32,
    punt: f32,
    look: Look,
}

/// A kind that nobody has seen before.
pub(super) fn kind(dice: &mut Dice) -> Kind {
    let shape = match dice.int(0, 9) {
        0..=3 => Shape::Bordeaux,
        4..=6 => Shape::Burgundy,
        7..=8 => Shape::Sparkling,
        _ => Shape::Flute,
    };
    let closure = match (shape, dice.int(0, 19)) {
        (Shape::Sparkling, 0..=11) => Closure::Muselet,
        (_, 0..=11) => Closure::Foil,
        (_, 12..=13) => Closure::SealedFoil,
        (_, 14..=16) => Closure::Screw,
        (_, 17) => Closure::Wax,
        _ => Closure::Cork,
    };
    let paper = dice.pick(&[
        screen(0.93, 0.91, 0.85),
        screen(0.97, 0.97, 0.97),
        screen(0.85, 0.78, 0.62),
        screen(0.10, 0.10, 0.10),
        screen(0.55, 0.10, 0.12),
        screen(0.20, 0.30, 0.45),
    ]);
    let ink = dice.pick(&[screen(0.1, 0.1, 0.1), screen(0.5, 0.1, 0.1), screen(0.75, 0.6, 0.3), screen(0.9, 0.9, 0.9)]);
    let look = Look {
        through: glass(dice),
        closure,
        capsule: capsule(dice),
        second: if dice.chance(0.5) { capsule(dice) } else { screen(0.85, 0.72, 0.40) },
        shine: if dice.chance(0.5) { dice.range(0.0, 0.35) } else { dice.range(0.35, 0.95) },
        label: dice.chance(0.9).then_some([paper, ink]),
        dust: if dice.chance(0.6) { 0.0 } else { dice.range(0.0, 0.9) },
        seed: dice.bits(),
    };
    Kind {
        shape,
        size: if dice.chance(0.92) { dice.range(0.96, 1.05) } else { dice.pick(&[0.78, 1.25]) },
        thick: dice.range(0.97, 1.14),
        punt: if dice.chance(0.2) { dice.range(0.0, 0.15) } else { dice.range(0.2, 1.0) },
        look,
    }
}

impl Kind {
    /// Radius of the body in cm.
    pub(super) fn radius(&self) -> f32 {
        self.profile().body
    }

    /// Height in cm.
    pub(super) fn length(&self) -> f32 {
        self.profile().length
    }

    fn profile(&self) -> Profile {
        Profile::new(self.shape, self.size, self.thick, self.punt)
    }

    /// One bottle of this kind, standing or lying as `base` and `axis` say.
    pub(super) fn bottle(&self, base: Vec3, axis: Vec3, dice: &mut Dice) -> Bottle {
        let (across, turn) = (axis.across(), dice.range(0.0, std::f32::consts::TAU));
        let front = across * turn.cos() + axis.cross(across) * turn.sin();
        let mut look = self.look;
        if dice.chance(0.5) {
            look.dust = (look.dust + dice.range(-0.2, 0.2)).clamp(0.0, 0.9);
        }
        Bottle { base, axis, front, profile: self.profile(), look, seed: dice.bits() }
    }
}
