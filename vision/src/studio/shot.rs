//! Takes the photograph of a set, and knows what is in it.

use rayon::prelude::*;

use super::grain::{Dice, stir};
use super::light::Light;
use super::solid::{Form, Solid};
use super::space::{Colour, Ray, Vec3, grey, v};
use super::trace::World;
use super::tree::Tree;
use crate::geometry::{Point, contains};

/// A camera with a plain lens.
#[derive(Debug, Clone)]
pub struct Camera {
    /// Where it stands.
    pub at: Vec3,
    /// What it looks at.
    pub aim: Vec3,
    /// Its turn about the line of sight in radians.
    pub roll: f32,
    /// Focal length in pixels.
    pub focal: f32,
    /// Width and height of the picture in pixels.
    pub size: [u32; 2],
    /// Barrel distortion: shift outwards at the corner of a square picture as a share, about -0.1 to 0.1.
    pub barrel: f32,
}

/// A bin of the set.
#[derive(Debug, Clone)]
pub struct SetBin {
    /// Its name.
    pub id: String,
    /// Its opening, in the plane of the rack's front or wherever it is.
    pub opening: Vec<Vec3>,
    /// The bottles in it, as places in the list of solids.
    pub bottles: Vec<usize>,
}

/// All that is in front of the camera.
#[derive(Debug, Clone)]
pub struct Set {
    /// Things.
    pub solids: Vec<Solid>,
    /// Light.
    pub light: Light,
    /// The camera.
    pub camera: Camera,
    /// The bins.
    pub bins: Vec<SetBin>,
    /// For the grain of the sampling.
    pub seed: u64,
}

/// One bin in the picture.
#[derive(Debug, Clone)]
pub struct ShotBin {
    /// Its name.
    pub id: String,
    /// Its opening in pixels.
    pub polygon: Vec<Point>,
    /// Its bottle ends: middle and radius in pixels.
    pub ends: Vec<[f64; 3]>,
    /// Whether each bottle's end is in the picture and not hidden by something else.
    pub sure: bool,
}

/// Linear light of each pixel, row by row, and the truth.
pub struct Shot {
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// The light.
    pub light: Vec<Colour>,
    /// The bins that lie wholly within the picture.
    pub bins: Vec<ShotBin>,
}

/// Right, up and back: the camera's own directions.
struct Frame {
    right: Vec3,
    up: Vec3,
    back: Vec3,
}

impl Camera {
    fn frame(&self) -> Frame {
        let back = (self.at - self.aim).unit();
        let level = v(0.0, 1.0, 0.0).cross(back).unit();
        let upright = back.cross(level);
        let (s, c) = self.roll.sin_cos();
        Frame { right: level * c + upright * s, up: upright * c - level * s, back }
    }

    fn middle(&self) -> [f32; 2] {
        [self.size[0] as f32 / 2.0, self.size[1] as f32 / 2.0]
    }

    fn stretch(&self, x: f32, y: f32) -> f32 {
        let half = self.middle()[0].max(self.middle()[1]);
        1.0 + self.barrel * (x * x + y * y) / (2.0 * half * half)
    }

    fn ray(&self, frame: &Frame, x: f32, y: f32) -> Ray {
        let [mx, my] = self.middle();
        let (x, y) = (x - mx, y - my);
        // The reverse of `stretch`, near enough for distortions this small.
        let k = self.stretch(x, y);
        let k = self.stretch(x / k, y / k);
        let (x, y) = (x / k / self.focal, y / k / self.focal);
        Ray { from: self.at, along: (frame.right * x - frame.up * y - frame.back).unit() }
    }

    /// Where a place appears, in pixels, and its distance along the line of sight.
    fn project(&self, frame: &Frame, p: Vec3) -> Option<[f32; 3]> {
        let o = p - self.at;
        let deep = -o.dot(frame.back);
        if deep < 1.0 {
            return None;
        }
        let (x, y) = (o.dot(frame.right) / deep * self.focal, -o.dot(frame.up) / deep * self.focal);
        let k = self.stretch(x, y);
        let [mx, my] = self.middle();
        Some([x * k + mx, y * k + my, deep])
    }
}

/// Takes the photograph with `fine`×`fine` samples per pixel.
pub fn shoot(set: &Set, fine: u32) -> Shot {
    let world = World { solids: Tree::new(&set.solids), light: &set.light };
    let camera = &set.camera;
    let frame = camera.frame();
    let [width, height] = camera.size;
    let mut light = vec![grey(0.0); width as usize * height as usize];
    light.par_chunks_mut(width as usize).enumerate().for_each(|(y, row)| {
        for (x, pixel) in row.iter_mut().enumerate() {
            let mut dice = Dice::new(set.seed ^ stir((y as u64) << 32 | x as u64));
            let mut sum = grey(0.0);
            for k in 0..fine * fine {
                let shift = |k: u32, dice: &mut Dice| (k as f32 + dice.unit()) / fine as f32;
                let (dx, dy) = (shift(k % fine, &mut dice), shift(k / fine, &mut dice));
                let ray = camera.ray(&frame, x as f32 + dx, y as f32 + dy);
                // One bright speck must not outshine its pixel's other samples.
                sum += world.look(&ray, 0, &mut dice).map(|c| c.min(3.0));
            }
            *pixel = sum * (1.0 / (fine * fine) as f32);
        }
    });
    let light = calmed(&light, width as usize);
    let bins = set.bins.iter().filter_map(|bin| truth(set, &world, &frame, bin)).collect();
    Shot { size: camera.size, light, bins }
}

/// Pulls each pixel that outshines or underlies all its neighbours to the nearest of them, as few samples leave
/// specks that no camera makes, and softens what is left of them.
fn calmed(light: &[Colour], width: usize) -> Vec<Colour> {
    let height = light.len() / width;
    let mut out = light.to_vec();
    for y in 1..height.saturating_sub(1) {
        for x in 1..width - 1 {
            let i = y * width + x;
            let around =
                [i - width - 1, i - width, i - width + 1, i - 1, i + 1, i + width - 1, i + width, i + width + 1];
            let mut tones = around.map(|k| (light[k].mean(), k));
            tones.sort_by(|a, b| a.0.total_cmp(&b.0));
            let own = light[i].mean();
            // A single brighter neighbour may be a speck itself.
            if own > tones[6].0 {
                out[i] = light[tones[6].1];
            } else if own < tones[1].0 {
                out[i] = light[tones[1].1];
            }
            // What differs little from its surroundings is noise, what differs much is an edge.
            let near: Vec<Colour> =
                around.iter().map(|&k| light[k]).filter(|c| (c.mean() - own).abs() < 0.25 * own + 0.01).collect();
            let sum = near.iter().fold(out[i], |sum, c| sum + *c);
            out[i] = sum * (1.0 / (near.len() + 1) as f32);
        }
    }
    out
}

fn truth(set: &Set, world: &World<'_>, frame: &Frame, bin: &SetBin) -> Option<ShotBin> {
    let camera = &set.camera;
    let [width, height] = camera.size.map(f64::from);
    let mut polygon = Vec::with_capacity(bin.opening.len());
    for &corner in &bin.opening {
        let [x, y, _] = camera.project(frame, corner)?;
        polygon.push([f64::from(x), f64::from(y)]);
    }
    let within =
        |p: &Point, slack: f64| p[0] > -slack && p[1] > -slack && p[0] < width + slack && p[1] < height + slack;
    if !polygon.iter().all(|p| within(p, 2.0)) {
        return None;
    }
    let mut sure = true;
    let mut ends = Vec::new();
    for &i in &bin.bottles {
        let Form::Bottle(bottle) = &set.solids[i].form else { continue };
        let (middle, radius, _) = bottle.end();
        let Some([x, y, deep]) = camera.project(frame, middle) else {
            sure = false;
            continue;
        };
        let size = radius / deep * camera.focal;
        let at = [f64::from(x), f64::from(y)];
        // Points all over the end: which of them does the camera see?
        let seen = (0..32)
            .filter(|k| {
                let r = radius * ((*k as f32 + 0.5) / 32.0).sqrt() * 0.95;
                let angle = *k as f32 * 2.399_963;
                let aside = frame.right * (r * angle.cos()) + frame.up * (r * angle.sin());
                let to = middle + aside - camera.at;
                let ray = Ray { from: camera.at, along: to.unit() };
                // The end is not flat: what is hit may lie a little before or behind.
                world.nearest(&ray).is_some_and(|(hit, m)| hit == i && (m.far - to.length()).abs() < radius * 1.6 + 1.5)
            })
            .count();
        if !within(&at, 0.0) || seen < 9 {
            sure = false;
        }
        // An end that hangs far out of its bin's outline belongs to it in truth, but nobody could tell.
        if !contains(&polygon, at) && crate::geometry::distance_to_outline(&polygon, at) > f64::from(size) * 1.3 {
            sure = false;
        }
        ends.push([at[0], at[1], f64::from(size)]);
    }
    Some(ShotBin { id: bin.id.clone(), polygon, ends, sure })
}
