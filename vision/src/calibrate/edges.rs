//! Where a picture has edges, and which way they run.

use image::RgbImage;

use crate::{geometry::Point, shift::field::Field};

/// A step of fewer grey levels per pixel is noise, in whatever picture.
const LEAST: f32 = 3.0;
/// An edge counts for a line that it follows to this cosine (about 18 degrees).
const ALIGNED: f64 = 0.95;

/// The edges of a picture at a working size.
pub(super) struct Edges {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Pixels of the picture per pixel here.
    pub(super) scale: f64,
    /// Brightness differences across and down, row by row.
    slopes: Vec<[f32; 2]>,
    /// What counts as an edge, in grey levels per pixel.
    strong: f32,
}

impl Edges {
    /// The edges, looked for on at most `longest` pixels; none in a picture too small to show a rack.
    pub(super) fn of(image: &RgbImage, longest: u32) -> Option<Self> {
        if image.width().min(image.height()) < 32 {
            return None;
        }
        let scale = (f64::from(image.width().max(image.height())) / f64::from(longest)).max(1.0);
        let [width, height] = [image.width(), image.height()].map(|side| (f64::from(side) / scale) as usize);
        let slopes = Field::of_rgb(image, width.max(8), height.max(8)).slopes();
        let mut sizes: Vec<f32> = slopes.iter().map(|g| g[0].hypot(g[1])).collect();
        let at = sizes.len() * 4 / 5;
        let strong = sizes.select_nth_unstable_by(at, f32::total_cmp).1.max(LEAST);
        Some(Self { width: width.max(8), height: height.max(8), scale, slopes, strong })
    }

    /// The slope at a pixel, where it is strong enough to be an edge.
    pub(super) fn edge(&self, x: usize, y: usize) -> Option<[f64; 2]> {
        let g = self.slopes[y * self.width + x];
        (g[0].hypot(g[1]) >= self.strong).then(|| g.map(f64::from))
    }

    /// Every edge pixel: its place and its slope.
    pub(super) fn all(&self) -> impl Iterator<Item = (Point, [f64; 2])> + '_ {
        (0..self.slopes.len()).filter_map(|i| {
            let (x, y) = (i % self.width, i / self.width);
            Some(([x as f64 + 0.5, y as f64 + 0.5], self.edge(x, y)?))
        })
    }

    /// How strong the edge across `normal` (a unit) is at a place, in grey levels per pixel; 0 where there is none, or one
    /// that runs another way.
    pub(super) fn across(&self, p: Point, normal: Point) -> f64 {
        let (x, y) = (p[0].floor(), p[1].floor());
        if !(x >= 0.0 && y >= 0.0 && x < self.width as f64 && y < self.height as f64) {
            return 0.0;
        }
        let Some(g) = self.edge(x as usize, y as usize) else { return 0.0 };
        let along = (g[0] * normal[0] + g[1] * normal[1]).abs();
        if along >= ALIGNED * g[0].hypot(g[1]) { along } else { 0.0 }
    }

    /// How far beside a place, along `normal` and within `reach`, the strongest fitting edge lies.
    pub(super) fn beside(&self, p: Point, normal: Point, reach: f64) -> Option<f64> {
        let steps = reach.ceil() as i32;
        let found = (-steps..=steps).map(|k| {
            let t = f64::from(k);
            (t, self.across([p[0] + t * normal[0], p[1] + t * normal[1]], normal))
        });
        found.filter(|(_, size)| *size > 0.0).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(t, _)| t)
    }
}

/// The direction from `a` to `b` and its normal, both of length 1, and the distance.
pub(super) fn frame(a: Point, b: Point) -> (Point, Point, f64) {
    let d = [b[0] - a[0], b[1] - a[1]];
    let length = d[0].hypot(d[1]).max(1e-9);
    let along = d.map(|v| v / length);
    (along, [-along[1], along[0]], length)
}

/// How sharp a picture is, for a meter beside the lens: the steepest edges' share of what an edge one pixel wide would have, 0
/// to 1. It is a measure to turn a lens by, not one to compare cameras with: other things in view give other numbers.
pub fn sharpness(image: &RgbImage) -> f64 {
    const LONGEST: u32 = 1280;
    let Some(edges) = Edges::of(image, LONGEST) else { return 0.0 };
    let mut sizes: Vec<f64> = edges.all().map(|(_, g)| g[0].hypot(g[1])).collect();
    if sizes.len() < 16 {
        return 0.0;
    }
    let at = sizes.len() * 49 / 50;
    let steep = *sizes.select_nth_unstable_by(at, f64::total_cmp).1;
    // A step from dark to light of a well lit picture, spread over two pixels as a lens in focus does.
    (steep / 64.0).min(1.0)
}
