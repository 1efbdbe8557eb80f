//! What is in the picture: a rack, its bottles, the light and the lens.

use serde::{Deserialize, Serialize};

use super::pack;
use crate::geometry::{Homography, Point, rectangle};
use crate::layout::{BinShape, Layout};

/// A colour; red, green and blue from 0 to 1.
pub type Colour = [f32; 3];

/// Which end of a bottle faces the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Facing {
    /// The glass base with its punt.
    Punt,
    /// The neck under a capsule.
    Capsule,
    /// The bare neck with its cork.
    Cork,
}

/// One lying bottle.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bottle {
    /// Middle in pixels of the straightened picture.
    pub at: Point,
    /// Radius of the body in the same pixels.
    pub radius: f64,
    /// What one sees of it.
    pub facing: Facing,
    /// Colour of the glass.
    pub glass: Colour,
    /// Colour of the capsule.
    pub capsule: Colour,
    /// Radius of the visible neck as a share of the body's, 0.3 to 0.55.
    pub neck: f64,
    /// How well the body behind the neck is seen, 0 to 1.
    pub shoulder: f32,
    /// Where the far end appears, as an offset in radii: the camera looks from the other side.
    pub lean: Point,
    /// For the small differences between bottles.
    pub seed: u64,
}

impl Bottle {
    /// Radius of the end that a person would circle, in pixels of the straightened picture.
    pub fn end_radius(&self) -> f64 {
        match self.facing {
            Facing::Punt => self.radius * 0.97,
            Facing::Capsule | Facing::Cork => self.radius * self.neck,
        }
    }
}

/// One bin and what lies in it; the last bottle is the one on top.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SceneBin {
    /// The bin's name.
    pub id: String,
    /// Its hole between the boards, in pixels of the straightened picture.
    pub opening: Vec<Point>,
    /// How many bottles fit.
    pub capacity: u32,
    /// Height of a strip in front of the lower part, as a share of the opening's height.
    pub lip: f64,
    /// Radius of a round hole in a panel, in pixels; 0 for an open bin.
    pub hole: f64,
    /// The bottles, lowest first.
    pub bottles: Vec<Bottle>,
}

/// How boards, back and wall look.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Look {
    /// Colour of the boards.
    pub board: Colour,
    /// Strength of the wood grain, 0 (metal, paint) to 1.
    pub grain: f32,
    /// Colour deep inside an empty bin.
    pub inside: Colour,
    /// Clutter seen through empty bins, 0 (none) to 1.
    pub clutter: f32,
    /// Colour of the wall around the rack.
    pub wall: Colour,
}

/// Light, lens and sensor.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Camera {
    /// Overall brightness, about 0.4 to 1.5.
    pub gain: f32,
    /// Colour of the light.
    pub tint: Colour,
    /// Loss of light from top to bottom, 0 to 0.7.
    pub falloff: f32,
    /// Loss of light towards the picture's corners, 0 to 0.6.
    pub vignette: f32,
    /// Whether an LED strip shines under the rack's upper edge.
    pub strip: bool,
    /// Barrel distortion, about -0.05 to 0.05.
    pub barrel: f64,
    /// Radius of the blur in frame pixels, 0 to 3.
    pub blur: f64,
    /// Standard deviation of the sensor's noise, 0 to 0.08 of full scale.
    pub noise: f32,
    /// Changes the noise and nothing else.
    pub noise_seed: u64,
}

/// A whole photograph before it is taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Scene {
    /// For everything that is random in the picture, but not the noise.
    pub seed: u64,
    /// Size of the photograph in pixels.
    pub frame: [u32; 2],
    /// The rack's corners in the photograph: top left, top right, bottom right, bottom left.
    pub corners: [Point; 4],
    /// Size of the rack's plane, which is that of the straightened picture.
    pub rectified: [u32; 2],
    /// How it all looks.
    pub look: Look,
    /// How it is photographed.
    pub camera: Camera,
    /// The bins.
    pub bins: Vec<SceneBin>,
}

/// One bottle end as a person would mark it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrueEnd {
    /// Middle in frame pixels.
    pub frame: Point,
    /// Radius in frame pixels.
    pub frame_radius: f64,
    /// Middle in straightened pixels, as [`crate::rectify`] shows it (the lens bends it a little).
    pub rectified: Point,
    /// Radius in straightened pixels.
    pub rectified_radius: f64,
}

impl Scene {
    /// The calibration that a careful owner would make.
    pub fn layout(&self) -> Layout {
        let bin =
            |bin: &SceneBin| BinShape { id: bin.id.clone(), polygon: bin.opening.clone(), capacity: bin.capacity };
        Layout {
            corners: self.corners,
            frame: self.frame,
            rectified: self.rectified,
            lens: None,
            size_mm: None,
            bins: self.bins.iter().map(bin).collect(),
        }
    }

    /// Takes the `n` uppermost bottles out of a bin; fewer if there are fewer.
    pub fn without(&mut self, bin: &str, n: u32) {
        if let Some(bin) = self.bins.iter_mut().find(|b| b.id == bin) {
            bin.bottles.truncate(bin.bottles.len().saturating_sub(n as usize));
        }
    }

    /// Each bin's name and number of bottles.
    pub fn truth(&self) -> Vec<(String, u32)> {
        self.bins.iter().map(|bin| (bin.id.clone(), bin.bottles.len() as u32)).collect()
    }

    /// Each bin's ends, in the order of [`Scene::truth`].
    pub fn true_ends(&self) -> Vec<Vec<TrueEnd>> {
        let plane = rectangle(f64::from(self.rectified[0]), f64::from(self.rectified[1]));
        let to_frame = Homography::from_quads(&plane, &self.corners);
        let (Some(out), Some(back)) = (to_frame, Homography::from_quads(&self.corners, &plane)) else {
            return vec![Vec::new(); self.bins.len()];
        };
        let end = |bottle: &Bottle| {
            let r = bottle.end_radius();
            let frame = |p: Point| self.bend(out.map(p));
            let (middle, right) = (frame(bottle.at), frame([bottle.at[0] + r, bottle.at[1]]));
            let (rectified, edge) = (back.map(middle), back.map(right));
            TrueEnd {
                frame: middle,
                frame_radius: (right[0] - middle[0]).hypot(right[1] - middle[1]),
                rectified,
                rectified_radius: (edge[0] - rectified[0]).hypot(edge[1] - rectified[1]),
            }
        };
        self.bins.iter().map(|bin| bin.bottles.iter().map(end).collect()).collect()
    }

    /// What the lens does to a place in the frame.
    fn bend(&self, p: Point) -> Point {
        let (x, y, r2) = self.off_axis(p);
        let k = 1.0 + self.camera.barrel * r2;
        [x * k + f64::from(self.frame[0]) / 2.0, y * k + f64::from(self.frame[1]) / 2.0]
    }

    /// The reverse of `bend`, near enough for distortions this small.
    pub(super) fn unbend(&self, p: Point) -> Point {
        let (x, y, r2) = self.off_axis(p);
        let b = self.camera.barrel;
        let first = 1.0 + b * r2;
        let k = 1.0 + b * r2 / (first * first);
        [x / k + f64::from(self.frame[0]) / 2.0, y / k + f64::from(self.frame[1]) / 2.0]
    }

    /// Offset from the frame's middle, and its square in units of half the frame's width.
    pub(super) fn off_axis(&self, p: Point) -> (f64, f64, f64) {
        let (w, h) = (f64::from(self.frame[0]) / 2.0, f64::from(self.frame[1]) / 2.0);
        let (x, y) = (p[0] - w, p[1] - h);
        (x, y, (x * x + y * y) / (w * w))
    }
}

impl SceneBin {
    /// An empty bin for bottles of radius `r`.
    pub(super) fn empty(opening: Vec<Point>, r: f64) -> Self {
        let capacity = pack::capacity(&opening, r);
        Self { id: String::new(), opening, capacity, lip: 0.0, hole: 0.0, bottles: Vec::new() }
    }
}

/// Names bins `RR_CC` by row from the top and column from the left.
pub(super) fn name_bins(bins: &mut [SceneBin], row_height: f64) {
    let middle = |bin: &SceneBin| crate::geometry::middle(&bin.opening);
    let row = |bin: &SceneBin| (middle(bin)[1] / row_height).floor() as i64;
    bins.sort_by(|a, b| row(a).cmp(&row(b)).then(middle(a)[0].total_cmp(&middle(b)[0])));
    let (mut last, mut r, mut c) = (i64::MIN, 0, 0);
    for bin in bins {
        if row(bin) != last {
            (last, r, c) = (row(bin), r + 1, 0);
        }
        c += 1;
        bin.id = format!("{r:02}_{c:02}");
    }
}
