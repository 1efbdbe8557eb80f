//! Where the light comes from: the room around, lamps in it, and lamps close by.

use super::grain::{Dice, rough_noise};
use super::space::{Colour, Vec3, v};

/// A window, a soft box or a far lamp.
#[derive(Debug, Clone, Copy)]
pub struct Lamp {
    /// Where it is seen from the rack, of length 1.
    pub towards: Vec3,
    /// Half of its width and height, as tangents.
    pub size: [f32; 2],
    /// Its light per direction.
    pub colour: Colour,
}

/// A bulb, a flash or a piece of an LED strip near the rack.
#[derive(Debug, Clone, Copy)]
pub struct Bulb {
    /// One end (both the same for a bulb).
    pub from: Vec3,
    /// The other end.
    pub to: Vec3,
    /// Light on a surface 100 cm away.
    pub colour: Colour,
}

/// All light of a studio.
#[derive(Debug, Clone)]
pub struct Light {
    /// The room's walls above and below the horizon.
    pub room: [Colour; 2],
    /// Strength of patches on the walls, 0 to 1.
    pub clutter: f32,
    /// Far lamps.
    pub lamps: Vec<Lamp>,
    /// Near lamps.
    pub bulbs: Vec<Bulb>,
    /// For the clutter.
    pub seed: u64,
}

impl Light {
    /// The room's light from a direction, its clutter smoothed out: what falls on dull surfaces.
    pub(super) fn soft(&self, d: Vec3) -> Colour {
        let height = 0.5 + 0.5 * d.y;
        self.room[1].mix(self.room[0], height * height * (3.0 - 2.0 * height))
    }

    /// What one sees of the room in a direction, without its lamps.
    pub(super) fn room(&self, d: Vec3) -> Colour {
        let plain = self.soft(d);
        if self.clutter <= 0.0 {
            return plain;
        }
        let patch = rough_noise(self.seed, d * 2.6) - 0.5;
        let edge = if rough_noise(self.seed ^ 9, v(d.x * 3.0, d.y * 1.2, d.z * 3.0)) > 0.62 { 0.6 } else { 0.0 };
        plain * (1.0 + self.clutter * (1.6 * patch + edge)).max(0.05)
    }

    /// The room with its lamps, as a mirror shows it.
    pub(super) fn seen(&self, d: Vec3) -> Colour {
        let mut colour = self.room(d);
        for lamp in &self.lamps {
            let along = d.dot(lamp.towards);
            if along < 0.05 {
                continue;
            }
            let side = lamp.towards.across();
            let up = lamp.towards.cross(side);
            let (x, y) = ((d.dot(side) / along).abs() / lamp.size[0], (d.dot(up) / along).abs() / lamp.size[1]);
            if x < 1.15 && y < 1.15 {
                let edge = ((1.15 - x.max(y)) / 0.3).clamp(0.0, 1.0);
                colour += lamp.colour * edge;
            }
        }
        colour
    }

    /// Mean of the room, for what lies deep in the rack.
    pub(super) fn mean(&self) -> Colour {
        (self.room[0] + self.room[1]) * 0.5
    }

    /// One point of a lamp picked at random, standing for all: direction, distance and light on a surface facing it.
    pub(super) fn sample(&self, p: Vec3, dice: &mut Dice) -> Option<(Vec3, f32, Colour)> {
        let all = self.lamps.len() + self.bulbs.len();
        if all == 0 {
            return None;
        }
        let pick = dice.int(0, all as u32 - 1) as usize;
        let share = all as f32;
        if let Some(lamp) = self.lamps.get(pick) {
            let side = lamp.towards.across();
            let up = lamp.towards.cross(side);
            let shift = side * (lamp.size[0] * dice.range(-1.0, 1.0)) + up * (lamp.size[1] * dice.range(-1.0, 1.0));
            let solid = 4.0 * lamp.size[0] * lamp.size[1] / std::f32::consts::PI;
            return Some(((lamp.towards + shift).unit(), 1e4, lamp.colour * (solid * share)));
        }
        let bulb = &self.bulbs[pick - self.lamps.len()];
        let at = bulb.from + (bulb.to - bulb.from) * dice.unit() - p;
        let far = at.length().max(1.0);
        Some((at * (1.0 / far), far, bulb.colour * ((1e4 / (far * far)).min(9.0) * share)))
    }

    /// An evenly grey light, for previews.
    #[cfg(test)]
    pub(super) fn even() -> Self {
        Self { room: [super::space::grey(1.0); 2], clutter: 0.0, lamps: Vec::new(), bulbs: Vec::new(), seed: 0 }
    }
}
