//! Photographs one rack again and again: what has not changed since the last picture is not drawn anew, only lit anew.

use image::RgbImage;
use rayon::prelude::*;

use super::paint::{FINE, Place, develop, focus, lit, shade};
use super::scene::{Colour, Scene};
use crate::geometry::{Homography, Point, bounds, rectangle};

/// Samples of a pixel.
const SAMPLES: usize = FINE * FINE;

/// What one sample of a pixel shows before light falls on it.
#[derive(Clone, Copy)]
struct Sample {
    at: Point,
    colour: Colour,
    place: Place,
}

/// A photographer who remembers the last picture.
#[derive(Default)]
pub struct Painter {
    last: Option<Scene>,
    samples: Vec<Sample>,
}

impl Painter {
    /// The photograph, the same as [`super::render`] makes; nothing but noise if the scene's corners span no area.
    pub fn paint(&mut self, scene: &Scene) -> RgbImage {
        let light = self.look(scene);
        develop(scene, &light, scene.camera.noise_seed)
    }

    /// Photographs taken one right after another: they differ in their noise. The first is [`Self::paint`]'s.
    pub fn burst(&mut self, scene: &Scene, pictures: u64) -> Vec<RgbImage> {
        let light = self.look(scene);
        (0..pictures).map(|n| develop(scene, &light, scene.camera.noise_seed.wrapping_add(n))).collect()
    }

    /// What reaches the sensor.
    fn look(&mut self, scene: &Scene) -> Vec<Colour> {
        let [width, height] = scene.frame.map(|side| side as usize);
        let plane = rectangle(f64::from(scene.rectified[0]), f64::from(scene.rectified[1]));
        let Some(map) = Homography::from_quads(&scene.corners, &plane) else {
            return vec![[0.0; 3]; width * height];
        };
        let moved = self.last.as_ref().is_none_or(|last| !stands_still(last, scene));
        let stale: Vec<bool> = scene
            .bins
            .iter()
            .enumerate()
            .map(|(i, bin)| moved || self.last.as_ref().is_none_or(|last| !same(&last.bins[i].bottles, &bin.bottles)))
            .collect();
        let boxes: Vec<[f64; 4]> = scene.bins.iter().map(|bin| bounds(&bin.opening)).collect();
        if moved {
            let nothing = Sample { at: [0.0; 2], colour: [0.0; 3], place: Place::Around };
            self.samples = vec![nothing; width * height * SAMPLES];
        }
        let mut light = vec![[0.0f32; 3]; width * height];
        let row = width.max(1);
        let lines = light.par_chunks_mut(row).zip(self.samples.par_chunks_mut(row * SAMPLES));
        lines.enumerate().for_each(|(y, (line, samples))| {
            for (x, (colour, samples)) in line.iter_mut().zip(samples.chunks_exact_mut(SAMPLES)).enumerate() {
                let mut sum = [0.0f32; 3];
                for (i, sample) in samples.iter_mut().enumerate() {
                    if moved {
                        let offset = |k: usize| (k as f64 + 0.5) / FINE as f64;
                        sample.at = map.map(scene.unbend([x as f64 + offset(i % FINE), y as f64 + offset(i / FINE)]));
                    }
                    let anew = moved || matches!(sample.place, Place::Bin(bin) if stale[bin]);
                    if anew {
                        (sample.colour, sample.place) = shade(scene, &boxes, sample.at);
                    }
                    let seen = lit(scene, sample.at, sample.colour);
                    sum.iter_mut().zip(seen).for_each(|(s, v)| *s += v);
                }
                *colour = sum;
            }
        });
        self.last = Some(scene.clone());
        focus(scene, light)
    }
}

/// Whether rack and camera stand where they stood; light may change.
fn stands_still(last: &Scene, scene: &Scene) -> bool {
    last.frame == scene.frame
        && last.corners == scene.corners
        && last.camera.barrel == scene.camera.barrel
        && last.seed == scene.seed
        && last.bins.len() == scene.bins.len()
        && last.bins.iter().zip(&scene.bins).all(|(a, b)| a.opening == b.opening)
}

fn same(a: &[super::Bottle], b: &[super::Bottle]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.seed == b.seed && a.at == b.at && a.radius == b.radius)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{demo_scene, render};

    #[test]
    fn a_picture_from_memory_is_the_picture() {
        let mut scene = demo_scene();
        scene.frame = scene.frame.map(|side| side / 6);
        scene.corners = scene.corners.map(|corner| corner.map(|side| side / 6.0));
        let mut painter = Painter::default();
        let changes: [fn(&mut Scene); 4] = [
            |_| {},
            |scene| scene.camera.gain = 0.7,
            |scene| scene.without("03_03", 1),
            |scene| scene.corners[0][0] += 2.0,
        ];
        for change in changes {
            change(&mut scene);
            assert!(painter.paint(&scene) == render(&scene));
        }
        let burst = painter.burst(&scene, 3);
        assert!(burst[0] == painter.paint(&scene));
        assert!(burst[1] != burst[0] && burst[2] != burst[1]);
    }
}
