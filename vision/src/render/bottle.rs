//! How a bottle's end looks: glass base with punt, capsule, or cork.

use super::rng::{mix, noise};
use super::scene::{Bottle, Colour, Facing};
use super::surface::{blend, scale};
use crate::geometry::{Point, distance_to_segment};

/// Paints what lies behind the end: shadow, body and, at a neck, the shoulder.
pub(super) fn body(bottle: &Bottle, p: Point, under: Colour) -> Colour {
    let r = bottle.radius;
    let (dx, dy) = (p[0] - bottle.at[0], p[1] - bottle.at[1]);
    if dx.abs() > 2.4 * r || dy.abs() > 2.4 * r {
        return under;
    }
    let far = [bottle.at[0] + bottle.lean[0] * r, bottle.at[1] + bottle.lean[1] * r];
    let d = distance_to_segment(p, bottle.at, far) / r;
    let mut colour = under;
    let shade = 1.22 - d;
    if d > 0.95 && shade > 0.0 && dy > -0.3 * r {
        colour = scale(colour, 1.0 - 1.6 * shade as f32);
    }
    let neck = bottle.facing != Facing::Punt;
    let reach = if neck { 0.97 } else { 0.98 };
    if d < reach {
        // The body as a dark cylinder of glass with one long reflection.
        let round = (1.0 - d * d).sqrt() as f32;
        let glow = 0.22 + 0.3 * round;
        let mut glass = scale(bottle.glass, glow);
        let streak = (((dx + 0.45 * r) / (0.14 * r)).powi(2) + ((dy + 0.4 * r) / (0.5 * r)).powi(2)).min(30.0);
        glass = blend(glass, [0.75, 0.77, 0.75], 0.35 * (-streak).exp() as f32);
        let seen = if neck { bottle.shoulder } else { 0.9 };
        let edge = smooth(reach, reach - 0.05, d);
        colour = blend(colour, glass, seen * edge);
    }
    if neck {
        // The neck itself runs from the end back to the shoulder.
        let tip = bottle.neck * r;
        let back = [bottle.at[0] + bottle.lean[0] * r * 0.6, bottle.at[1] + bottle.lean[1] * r * 0.6];
        let d = distance_to_segment(p, bottle.at, back) / tip;
        if d < 1.0 {
            let side = if bottle.facing == Facing::Capsule { bottle.capsule } else { bottle.glass };
            colour = blend(colour, scale(side, 0.35 + 0.3 * (1.0 - d) as f32), smooth(1.0, 0.92, d));
        } else if d < 1.3 {
            colour = scale(colour, 0.72 + 0.9 * (d as f32 - 1.0));
        }
    }
    colour
}

/// Paints the end that faces the camera.
pub(super) fn end(bottle: &Bottle, p: Point, under: Colour) -> Colour {
    let r = bottle.end_radius();
    let (x, y) = ((p[0] - bottle.at[0]) / r, (p[1] - bottle.at[1]) / r);
    let u = x.hypot(y);
    if u >= 1.0 {
        return under;
    }
    let colour = match bottle.facing {
        Facing::Punt => punt(bottle, x, y, u),
        Facing::Capsule => capsule(bottle, x, y, u),
        Facing::Cork => cork(bottle, x, y, u),
    };
    blend(under, colour, smooth(1.0, 1.0 - 1.2 / r.max(2.0), u))
}

fn punt(bottle: &Bottle, x: f64, y: f64, u: f64) -> Colour {
    let glass = bottle.glass;
    let seed = bottle.seed;
    let part = |k: u64| (mix(seed ^ k) >> 40) as f64 / (1u64 << 24) as f64;
    let (ring, depth) = (0.52 + 0.28 * part(1), part(2) as f32);
    let angle = y.atan2(x);
    let towards_light = (0.5 - 0.35 * x - 0.6 * y).clamp(0.0, 1.2) as f32;
    let mut colour = if u > ring {
        // The heel: bright rim, a row of moulded dots on many bottles.
        let t = ((u - ring) / (1.0 - ring)) as f32;
        let dots = if part(3) > 0.4 {
            0.12 * ((angle * 40.0).sin() as f32) * (1.0 - (t - 0.35).abs() * 3.0).max(0.0)
        } else {
            0.0
        };
        let rim = (t - 0.78).max(0.0) * 2.6;
        scale(glass, 0.75 + 0.55 * towards_light + dots + rim * towards_light)
    } else {
        // The punt: a cone that turns light and shade round, with a dimple in its middle.
        let t = (u / ring) as f32;
        let away = (0.5 + 0.4 * x + 0.6 * y).clamp(0.0, 1.2) as f32;
        let cone = 0.35 + 0.75 * away * t + (1.0 - depth) * 0.5 * towards_light;
        let dimple = 0.5 * (-(u / 0.13).powi(2)).exp() as f32;
        scale(glass, cone * (1.0 - 0.45 * depth * (1.0 - t)) + dimple)
    };
    let groove = (-((u - ring) / 0.035).powi(2)).exp() as f32;
    colour = scale(colour, 1.0 - 0.5 * groove);
    // Reflections of the lamp on the heel and in the punt.
    let lamp = |at: Point, size: f64| (-((x - at[0]).powi(2) + (y - at[1]).powi(2)) / (size * size)).exp() as f32;
    let swing = 0.5 * (part(4) - 0.5);
    let heel = (1.0 + ring) / 2.0;
    let shine = 0.7 * lamp([heel * (-1.9 + swing).cos(), heel * (-1.9 + swing).sin()], 0.13)
        + 0.35 * lamp([0.45 * ring * (1.2 + swing).cos(), 0.45 * ring * (1.2 + swing).sin()], 0.12);
    let dust = noise(seed, x * 3.0 + 9.0, y * 3.0) * 0.12;
    blend(scale(colour, 0.92 + dust), [0.95, 0.96, 0.93], shine * (0.4 + 0.6 * part(5) as f32))
}

fn capsule(bottle: &Bottle, x: f64, y: f64, u: f64) -> Colour {
    let part = |k: u64| (mix(bottle.seed ^ k) >> 40) as f32 / (1u64 << 24) as f32;
    let light = (0.72 - 0.25 * x - 0.38 * y) as f32;
    let mut colour = scale(bottle.capsule, light + 0.25);
    // A folded edge, and on many a stamped ring or a paler disc.
    colour = scale(colour, 1.0 - 0.45 * (-((u - 0.9) / 0.08).powi(2)).exp() as f32);
    if part(1) > 0.35 {
        let at = 0.45 + 0.25 * f64::from(part(2));
        colour = scale(colour, 1.0 + (part(3) - 0.4) * (-((u - at) / 0.06).powi(2)).exp() as f32);
    }
    if part(4) > 0.75 && u < 0.55 {
        colour = blend(colour, [0.85, 0.8, 0.66], 0.5 * part(5));
    }
    let shine = (-((x + 0.3).powi(2) + (y + 0.42).powi(2)) / 0.07).exp() as f32;
    let crease = noise(bottle.seed, x * 4.0 + 7.0, y * 4.0) * 0.12;
    blend(scale(colour, 0.94 + crease), [1.0, 0.98, 0.95], 0.5 * shine * (0.3 + 0.7 * part(6)))
}

fn cork(bottle: &Bottle, x: f64, y: f64, u: f64) -> Colour {
    if u > 0.74 {
        let light = (0.6 - 0.3 * x - 0.5 * y) as f32;
        let ring = (-((u - 0.87) / 0.06).powi(2)).exp() as f32;
        return blend(scale(bottle.glass, 0.6 + light), [0.9, 0.9, 0.88], 0.4 * ring * light.max(0.0));
    }
    let speck = noise(bottle.seed, x * 6.0 + 3.0, y * 6.0);
    let tone = 0.86 + 0.2 * speck - if speck > 0.74 { 0.35 } else { 0.0 };
    scale([0.76, 0.60, 0.42], tone * (1.0 - 0.25 * (u as f32 / 0.74).powi(4)) * (0.95 - 0.12 * y as f32))
}

fn smooth(from: f64, to: f64, at: f64) -> f32 {
    ((at - from) / (to - from)).clamp(0.0, 1.0) as f32
}
