//! Materials, and what light does on them.

use super::grain::{noise, rough_noise};
use super::space::{Colour, Vec3, grey, v};

/// What a thing is made of.
#[derive(Debug, Clone, Copy)]
pub enum Stuff {
    /// Sawn wood: two tones, the grain runs along the longest side.
    Wood {
        /// The paler tone.
        pale: Colour,
        /// The darker tone.
        dark: Colour,
        /// Strength of a varnish's gloss, 0 to 0.15.
        gloss: f32,
        /// For the grain.
        seed: u64,
    },
    /// Paint, plastic, plaster, laminate, cardboard.
    Plain {
        /// Its colour.
        colour: Colour,
        /// Strength of its gloss, 0 to 0.1.
        gloss: f32,
        /// Strength of blotches, 0 to 0.6.
        mottle: f32,
        /// Size of the blotches in cm.
        size: f32,
        /// For the blotches.
        seed: u64,
    },
    /// Steel, chrome, brass, black wire.
    Metal {
        /// Colour of its mirror image.
        colour: Colour,
        /// 0 a mirror, 0.5 brushed.
        rough: f32,
    },
    /// Paper with print.
    Print {
        /// The paper.
        paper: Colour,
        /// The ink.
        ink: Colour,
        /// Height of a line in cm.
        line: f32,
        /// For the text.
        seed: u64,
    },
    /// Something that shines by itself.
    Lamp {
        /// Its light.
        colour: Colour,
    },
    /// A bottle, which has materials of its own.
    Bottle,
}

/// How a place answers light.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surface {
    /// Share of light thrown back in all directions.
    pub(super) albedo: Colour,
    /// Share mirrored head-on; for metals its colour.
    pub(super) mirror: Colour,
    /// Spread of the mirror image: 0 sharp.
    pub(super) rough: f32,
    /// Light of its own.
    pub(super) glow: Colour,
    /// Of glass: colour of the light that a centimetre of it lets through.
    pub(super) through: Option<Colour>,
}

impl Surface {
    pub(super) fn dull(albedo: Colour) -> Self {
        Self { albedo, mirror: grey(0.0), rough: 0.4, glow: grey(0.0), through: None }
    }

    pub(super) fn glossy(albedo: Colour, mirror: f32, rough: f32) -> Self {
        Self { mirror: grey(mirror), rough, ..Self::dull(albedo) }
    }
}

impl Stuff {
    /// The surface at a place, given in the solid's own directions; `long` is the direction of the grain there.
    pub(super) fn surface(&self, own: Vec3, long: usize) -> Surface {
        match *self {
            Self::Wood { pale, dark, gloss, seed } => {
                let (along, a, b) = match long {
                    0 => (own.x, own.y, own.z),
                    1 => (own.y, own.x, own.z),
                    _ => (own.z, own.x, own.y),
                };
                let wave = 2.2 * noise(seed, v(along * 0.06, a * 0.12, b * 0.12));
                let rings = noise(seed ^ 3, v(along * 0.035, a * 1.1 + wave, b * 1.1));
                let pores = noise(seed ^ 4, v(along * 0.5, a * 9.0, b * 9.0));
                // A knot now and then: rings round a dark spot.
                let spot = noise(seed ^ 5, v(along * 0.09, a * 0.35, b * 0.35));
                let knot = ((spot - 0.8) * 9.0).clamp(0.0, 1.0);
                let share = (0.15 + 0.75 * rings + 0.35 * (pores - 0.5) + 0.6 * knot).clamp(0.0, 1.0);
                Surface::glossy(pale.mix(dark, share), gloss, 0.25)
            }
            Self::Plain { colour, gloss, mottle, size, seed } => {
                let blotch = rough_noise(seed, own * (1.0 / size)) - 0.5;
                Surface::glossy(colour * (1.0 + 2.0 * mottle * blotch).max(0.05), gloss, 0.2)
            }
            Self::Metal { colour, rough } => {
                Surface { mirror: colour, rough, ..Surface::dull(colour * (0.15 + 0.3 * rough)) }
            }
            Self::Print { paper, ink, line, seed } => {
                let row = (own.y / line).floor();
                let in_row = own.y / line - row;
                let letters = noise(seed, v(own.x / (line * 0.35), row * 7.3, 0.5));
                let words = noise(seed ^ 1, v(own.x / (line * 2.5), row * 3.1, 0.5));
                let black = (0.2..0.75).contains(&in_row) && letters > 0.45 && words > 0.35;
                Surface::glossy(if black { ink } else { paper }, 0.02, 0.3)
            }
            Self::Lamp { colour } => Surface { glow: colour, ..Surface::dull(grey(0.8)) },
            Self::Bottle => Surface::dull(grey(0.5)),
        }
    }
}
