//! Takes the photograph: every pixel looks through the lens at the rack's plane.

use image::RgbImage;
use rayon::prelude::*;

use super::bottle;
use super::rng::{lattice, mix, noise};
use super::scene::{Colour, Scene, SceneBin};
use super::surface::{blend, board, inside, scale, wall};
use crate::geometry::{Point, contains, distance_to_outline};

/// Samples per pixel in each direction.
pub(super) const FINE: usize = 2;

/// What of the rack a place shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The bin of that number, or a bottle in it.
    Bin(usize),
    /// A board, or the wall.
    Around,
}

/// The photograph of a scene; nothing but noise if its corners span no area.
pub fn render(scene: &Scene) -> RgbImage {
    super::painter::Painter::default().paint(scene)
}

/// From the light that falls into each pixel, all samples added, to what reaches the sensor: lens and blur.
pub(super) fn focus(scene: &Scene, mut light: Vec<Colour>) -> Vec<Colour> {
    let row = (scene.frame[0] as usize).max(1);
    light.par_chunks_mut(row).enumerate().for_each(|(y, line)| {
        for (x, colour) in line.iter_mut().enumerate() {
            let (.., r2) = scene.off_axis([x as f64, y as f64]);
            let corner = 1.0 - scene.camera.vignette * (r2 as f32).min(2.0) * 0.5;
            *colour = scale(*colour, corner / (FINE * FINE) as f32);
        }
    });
    blur(light, row, scene.camera.blur)
}

/// What the sensor makes of it; another seed gives other noise.
pub(super) fn develop(scene: &Scene, light: &[Colour], noise_seed: u64) -> RgbImage {
    let [width, height] = scene.frame;
    let mut image = RgbImage::new(width, height);
    let row = (width as usize).max(1);
    image.as_mut().par_chunks_mut(row * 3).enumerate().for_each(|(y, line)| {
        for (x, pixel) in line.chunks_exact_mut(3).enumerate() {
            for (c, byte) in pixel.iter_mut().enumerate() {
                // Four even numbers added are near enough to a bell curve.
                let seed = mix(noise_seed ^ (c as u64) << 60);
                let bell: f32 = (0..4).map(|k| lattice(seed ^ k, x as i64, y as i64) - 0.5).sum::<f32>() * 1.73;
                *byte = ((light[y * row + x][c] + scene.camera.noise * bell).clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
            }
        }
    });
    image
}

/// The colour at a place of the rack's plane before light falls on it, and what it belongs to.
pub(super) fn shade(scene: &Scene, boxes: &[[f64; 4]], p: Point) -> (Colour, Place) {
    let size = scene.rectified.map(f64::from);
    if !(p[0] >= 0.0 && p[1] >= 0.0 && p[0] < size[0] && p[1] < size[1]) {
        // The rack's shadow lies on the wall below and beside it.
        let out = [(-p[0]).max(p[0] - size[0]).max(0.0), (-p[1]).max(p[1] - size[1]).max(0.0)];
        let far = out[0].hypot(out[1]) as f32;
        return (scale(wall(scene, p), 0.62 + 0.38 * (far / 46.0).min(1.0)), Place::Around);
    }
    let mut nearest: Option<(&SceneBin, f64)> = None;
    for (i, (bin, b)) in scene.bins.iter().zip(boxes).enumerate() {
        let margin = 24.0;
        if p[0] < b[0] - margin || p[1] < b[1] - margin || p[0] > b[2] + margin || p[1] > b[3] + margin {
            continue;
        }
        if contains(&bin.opening, p) {
            return (in_bin(scene, bin, i, b, p), Place::Bin(i));
        }
        let distance = distance_to_outline(&bin.opening, p);
        if nearest.is_none_or(|(_, d)| distance < d) {
            nearest = Some((bin, distance));
        }
    }
    (board(scene, p, nearest), Place::Around)
}

fn in_bin(scene: &Scene, bin: &SceneBin, index: usize, b: &[f64; 4], p: Point) -> Colour {
    if bin.hole > 0.0 {
        let m = crate::geometry::middle(&bin.opening);
        let d = (p[0] - m[0]).hypot(p[1] - m[1]) - bin.hole;
        if d > 0.0 {
            return scale(board(scene, p, None), 0.9 + 0.1 * (d as f32 / 3.0).min(1.0));
        }
    }
    if bin.lip > 0.0 && p[1] > b[3] - bin.lip * (b[3] - b[1]) {
        let edge = (p[1] - b[3] + bin.lip * (b[3] - b[1])) as f32;
        return scale(board(scene, [p[0] + 31.0, p[1]], None), if edge < 2.0 { 1.15 } else { 0.97 });
    }
    let mut colour = inside(scene, bin, index, p);
    for bottle in &bin.bottles {
        colour = bottle::body(bottle, p, colour);
    }
    for bottle in &bin.bottles {
        colour = bottle::end(bottle, p, colour);
    }
    colour
}

/// The light of the day on a colour.
pub(super) fn lit(scene: &Scene, p: Point, colour: Colour) -> Colour {
    let camera = &scene.camera;
    let size = scene.rectified.map(f64::from);
    let v = (p[1] / size[1]).clamp(-0.3, 1.3) as f32;
    let mut gain = camera.gain * (1.08 - camera.falloff * v);
    // Lamps are never quite even across a rack.
    gain *= 0.94 + 0.12 * noise(scene.seed ^ 21, p[0] / size[0] * 2.0, p[1] / size[1] * 2.0);
    let mut out = [0, 1, 2].map(|i| colour[i] * camera.tint[i] * gain);
    if camera.strip {
        let near = (-(p[1] / size[1]).abs() * 7.0).exp() as f32;
        let u = (p[0] / size[0]) as f32;
        let ends = ((u + 0.02) * 14.0).clamp(0.0, 1.0) * ((1.02 - u) * 14.0).clamp(0.0, 1.0);
        out = [0, 1, 2].map(|i| out[i] * (1.0 + 0.75 * near * ends));
        if p[1] > 3.0 && p[1] < 9.0 && u > 0.01 && u < 0.99 {
            out = blend(out, [1.0, 0.97, 0.88], 0.92);
        }
    }
    out
}

/// A Gaussian blur of the given standard deviation in pixels, rows first, then columns.
fn blur(light: Vec<Colour>, width: usize, sigma: f64) -> Vec<Colour> {
    if sigma < 0.2 {
        return light;
    }
    let reach = (sigma * 2.5).ceil() as isize;
    let kernel: Vec<f32> = (-reach..=reach).map(|i| (-((i * i) as f64) / (2.0 * sigma * sigma)).exp() as f32).collect();
    let total: f32 = kernel.iter().sum();
    let height = light.len() / width;
    let pass = |from: &[Colour], dx: isize, dy: isize| {
        let mut to = vec![[0.0f32; 3]; from.len()];
        to.par_chunks_mut(width).enumerate().for_each(|(y, line)| {
            for (x, out) in line.iter_mut().enumerate() {
                for (k, weight) in (-reach..=reach).zip(&kernel) {
                    let sx = (x as isize + k * dx).clamp(0, width as isize - 1) as usize;
                    let sy = (y as isize + k * dy).clamp(0, height as isize - 1) as usize;
                    let source = from[sy * width + sx];
                    out.iter_mut().zip(source).for_each(|(o, v)| *o += weight / total * v);
                }
            }
        });
        to
    };
    pass(&pass(&light, 1, 0), 0, 1)
}
