//! Follows a line of sight: what it meets, how that is lit, what it mirrors and what shows through.
//!
//! Plain ray tracing after Whitted (An improved illumination model for shaded display, 1980), with one random ray
//! for the light of a lamp and one for that of the room.

use super::grain::Dice;
use super::light::Light;
use super::solid::{Form, Meeting};
use super::space::{Colour, Ray, Vec3, grey};
use super::stuff::Surface;
use super::tree::Tree;

/// No line of sight is bent or mirrored more often.
const DEEPEST: u32 = 3;
/// How far from a surface the next ray starts, in cm.
const OFF: f32 = 2e-3;
/// Of glass filled with wine.
const REFRACTION: f32 = 1.40;

/// Everything that light can meet.
pub(super) struct World<'a> {
    pub(super) solids: Tree<'a>,
    pub(super) light: &'a Light,
}

impl World<'_> {
    pub(super) fn nearest(&self, ray: &Ray) -> Option<(usize, Meeting)> {
        self.solids.nearest(ray, OFF)
    }

    fn blocked(&self, from: Vec3, along: Vec3, far: f32) -> bool {
        self.solids.blocked(&Ray { from, along }, OFF, far)
    }

    pub(super) fn look(&self, ray: &Ray, depth: u32, dice: &mut Dice) -> Colour {
        match self.nearest(ray) {
            None => self.light.seen(ray.along),
            Some((i, meeting)) => self.shade(ray, i, &meeting, depth, dice),
        }
    }

    fn shade(&self, ray: &Ray, index: usize, meeting: &Meeting, depth: u32, dice: &mut Dice) -> Colour {
        let solid = self.solids.solid(index);
        let surface = match &solid.form {
            Form::Bottle(bottle) => bottle.surface(meeting),
            Form::Block(block) => {
                let h = block.half;
                let long = if h.x >= h.y && h.x >= h.z {
                    0
                } else if h.y >= h.z {
                    1
                } else {
                    2
                };
                solid.stuff.surface(meeting.own, long)
            }
            _ => solid.stuff.surface(meeting.own, 2),
        };
        let at = ray.at(meeting.far);
        let inside = meeting.normal.dot(ray.along) > 0.0;
        let normal = if inside { -meeting.normal } else { meeting.normal };
        let mut colour = surface.glow + surface.albedo.tint(self.lit(at, normal, depth, dice));
        let slope = (-normal.dot(ray.along)).clamp(0.0, 1.0);
        let rim = (1.0 - slope).powi(5);
        let mirror = surface.mirror + (grey(1.0) - surface.mirror) * (rim * (1.0 - surface.rough).max(0.0));
        if surface.mirror.mean() > 0.0 && mirror.mean() > 0.01 {
            colour += mirror.tint(self.mirrored(ray, at, normal, &surface, depth, dice));
        }
        if let Some(through) = surface.through {
            colour += (grey(1.0) - mirror).tint(self.behind(ray, at, normal, index, through, depth, dice));
        }
        colour
    }

    /// Light that falls on a surface.
    fn lit(&self, at: Vec3, normal: Vec3, depth: u32, dice: &mut Dice) -> Colour {
        let from = at + normal * OFF;
        let way = (normal + random_direction(dice)).unit();
        // Deep in a rack only what its own surfaces throw back.
        let mut light =
            if depth < 2 && self.blocked(from, way, 60.0) { self.light.mean() * 0.1 } else { self.light.soft(way) };
        if let Some((towards, far, colour)) = self.light.sample(at, dice) {
            let slope = normal.dot(towards);
            if slope > 0.0 && !self.blocked(from, towards, far) {
                light += colour * slope;
            }
        }
        light
    }

    fn mirrored(&self, ray: &Ray, at: Vec3, normal: Vec3, surface: &Surface, depth: u32, dice: &mut Dice) -> Colour {
        let mut way = ray.along.mirror(normal);
        if surface.rough > 0.0 {
            way = (way + random_direction(dice) * surface.rough).unit();
            if way.dot(normal) <= 0.0 {
                way = way.mirror(normal);
            }
        }
        let next = Ray { from: at + normal * OFF, along: way };
        if depth + 1 >= DEEPEST { self.light.room(way) } else { self.look(&next, depth + 1, dice) }
    }

    /// What shows through a full bottle: bent on the way in and out, dyed by the wine between.
    #[allow(clippy::too_many_arguments, reason = "all of them belong to one meeting of a ray")]
    fn behind(
        &self,
        ray: &Ray,
        at: Vec3,
        normal: Vec3,
        index: usize,
        through: Colour,
        depth: u32,
        dice: &mut Dice,
    ) -> Colour {
        let Some(way) = refract(ray.along, normal, 1.0 / REFRACTION) else { return grey(0.0) };
        let inner = Ray { from: at - normal * OFF, along: way };
        let Some(out) = self.solids.solid(index).meet(&inner, OFF, f32::INFINITY) else { return grey(0.0) };
        let dye = through.map(|share| share.max(1e-4).powf(out.far));
        if dye.mean() < 0.004 || depth + 1 >= DEEPEST {
            return dye.tint(self.light.mean()) * 0.5;
        }
        let exit = inner.at(out.far);
        let wall = if out.normal.dot(way) > 0.0 { -out.normal } else { out.normal };
        let (from, along) = match refract(way, wall, REFRACTION) {
            Some(along) => (exit - wall * OFF, along),
            // Mirrored inside: where it leaves in the end is anybody's guess, so it sees the room.
            None => return dye.tint(self.light.room(way.mirror(wall))) * 0.6,
        };
        dye.tint(self.look(&Ray { from, along }, depth + 1, dice))
    }
}

/// The direction behind a surface, or none where all is mirrored; `ratio` is the index before by that behind.
fn refract(along: Vec3, normal: Vec3, ratio: f32) -> Option<Vec3> {
    let slope = -normal.dot(along);
    let k = 1.0 - ratio * ratio * (1.0 - slope * slope);
    (k >= 0.0).then(|| (along * ratio + normal * (ratio * slope - k.sqrt())).unit())
}

/// Even over the sphere.
fn random_direction(dice: &mut Dice) -> Vec3 {
    let z = dice.range(-1.0, 1.0);
    let angle = dice.range(0.0, std::f32::consts::TAU);
    let r = (1.0 - z * z).max(0.0).sqrt();
    Vec3 { x: r * angle.cos(), y: r * angle.sin(), z }
}
