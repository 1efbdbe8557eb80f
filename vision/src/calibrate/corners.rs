//! The rack's outline, proposed from the picture.
//!
//! Straight lines by Hough's transform with the edges' own directions (Ballard, *Generalizing the Hough transform*, 1981); then
//! all shapes of two lines that run across and two that run down are weighed: how much of their sides is edge, and how much of
//! what can be seen of structure they hold.

use image::RgbImage;

use super::{
    Unsure,
    edges::{Edges, frame},
};
use crate::{
    geometry::{Point, contains},
    tags,
};

/// Longest side on which lines are looked for, and on which they are placed.
const COARSE: u32 = 480;
const FINE: u32 = 1280;
/// Steps of a line's direction over half a turn.
const TURNS: usize = 180;
/// Strongest lines of each direction that are tried.
const LINES: usize = 22;
/// Edge pixels by which is told what a shape holds.
const SAMPLES: usize = 600;
/// Least share of each side that is edge.
const LEAST_SIDE: f64 = 0.55;
/// A shape whose corners lie further away than this share of the diagonal is another one, and must be clearly worse.
const ELSEWHERE: f64 = 0.06;
const CLEARLY: f64 = 0.93;

const NO_OUTLINE: Unsure =
    Unsure("no outline of a rack stands out in the picture: tap its four corners, or try in more even light");
const SEVERAL: Unsure = Unsure("several outlines are as likely as each other: tap the rack's four corners");

/// A line, as the edges on it see it.
struct Line {
    /// A point of it, and its direction.
    at: Point,
    along: Point,
    /// Running number of edge steps up to each step along it, from the first step that lies in the picture.
    hits: Vec<u32>,
    first: f64,
}

impl Line {
    /// Share of the way between two points of the line that is edge.
    fn share(&self, a: Point, b: Point) -> f64 {
        let t = |p: Point| (p[0] - self.at[0]) * self.along[0] + (p[1] - self.at[1]) * self.along[1] - self.first;
        let (low, high) = (t(a).min(t(b)), t(a).max(t(b)));
        let reach = self.hits.len() as f64 - 1.0;
        // What lies outside the picture is not seen, and so no edge.
        let [from, to] = [low, high].map(|v| v.clamp(0.0, reach.max(0.0)) as usize);
        if self.hits.is_empty() || high - low < 1.0 {
            return 0.0;
        }
        f64::from(self.hits[to] - self.hits[from]) / (high - low)
    }

    fn meets(&self, other: &Self) -> Option<Point> {
        let det = self.along[0] * other.along[1] - self.along[1] * other.along[0];
        if det.abs() < 0.3 {
            return None;
        }
        let d = [other.at[0] - self.at[0], other.at[1] - self.at[1]];
        let t = (d[0] * other.along[1] - d[1] * other.along[0]) / det;
        Some([self.at[0] + t * self.along[0], self.at[1] + t * self.along[1]])
    }
}

/// The rack's corners in pixels of the picture: top left, top right, bottom right, bottom left.
///
/// Where the four AprilTags of the printed sheet are stuck to the rack's corners, these are the corners.
pub fn propose(image: &RgbImage) -> Result<[Point; 4], Unsure> {
    if let Some(corners) = by_tags(image) {
        return Ok(corners);
    }
    let edges = Edges::of(image, COARSE).ok_or(NO_OUTLINE)?;
    let (level, upright) = lines(&edges);
    let all: Vec<Point> = edges.all().map(|(p, _)| p).collect();
    // Some hundred tell as well as all of them what a shape holds.
    let all: Vec<Point> = all.iter().step_by(all.len() / SAMPLES + 1).copied().collect();
    let mut shapes: Vec<(f64, [Point; 4])> = Vec::new();
    for (i, top) in level.iter().enumerate() {
        for bottom in &level[i + 1..] {
            for (j, left) in upright.iter().enumerate() {
                for right in &upright[j + 1..] {
                    shapes.extend(weigh(&edges, &all, [top, bottom, left, right]));
                }
            }
        }
    }
    shapes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (best, corners) = *shapes.first().ok_or(NO_OUTLINE)?;
    let far = ELSEWHERE * (edges.width as f64).hypot(edges.height as f64);
    let apart =
        |other: &[Point; 4]| (0..4).any(|i| (corners[i][0] - other[i][0]).hypot(corners[i][1] - other[i][1]) > far);
    if shapes.iter().any(|(weight, other)| *weight > CLEARLY * best && apart(other)) {
        return Err(SEVERAL);
    }
    let corners = corners.map(|p| p.map(|v| v * edges.scale));
    Ok(refine(image, corners).unwrap_or(corners))
}

/// Tag 0 is stuck by its own top left corner to the rack's, tag 1 by its top right one, and so on around.
fn by_tags(image: &RgbImage) -> Option<[Point; 4]> {
    let found = tags::find(&image::imageops::grayscale(image));
    let corner = |id: u32| found.iter().find(|tag| tag.id == id).map(|tag| tag.corners[id as usize]);
    Some([corner(0)?, corner(1)?, corner(2)?, corner(3)?])
}

/// The strongest lines that run across, and those that run down.
fn lines(edges: &Edges) -> (Vec<Line>, Vec<Line>) {
    let reach = (edges.width as f64).hypot(edges.height as f64);
    let bins = (reach as usize) + 2;
    let mut votes = vec![0u32; TURNS * bins * 2];
    for (p, g) in edges.all() {
        let turn = g[1].atan2(g[0]).rem_euclid(std::f64::consts::PI);
        let step = (turn / std::f64::consts::PI * TURNS as f64).round() as usize;
        for k in [TURNS - 1, 0, 1] {
            let angle = (step + k) % TURNS;
            let (sin, cos) = (angle as f64 / TURNS as f64 * std::f64::consts::PI).sin_cos();
            let far = p[0] * cos + p[1] * sin + reach;
            votes[angle * bins * 2 + far as usize] += 1;
        }
    }
    let mut order: Vec<usize> = (0..votes.len()).filter(|i| votes[*i] >= 20).collect();
    order.sort_by_key(|i| std::cmp::Reverse(votes[*i]));
    let (mut level, mut upright): (Vec<(usize, Line)>, Vec<(usize, Line)>) = (Vec::new(), Vec::new());
    for i in order {
        let (angle, far) = (i / (bins * 2), i % (bins * 2));
        // The normal of what runs across points up or down: a rack leans by 25 degrees at the most.
        let from_upright = (angle as f64 - TURNS as f64 / 2.0).abs() / TURNS as f64 * 180.0;
        let list = if from_upright < 25.0 {
            &mut level
        } else if from_upright > 65.0 {
            &mut upright
        } else {
            continue;
        };
        let twin = |other: usize| {
            let (a, f) = (other / (bins * 2), other % (bins * 2));
            let turned = a.abs_diff(angle).min(TURNS - a.abs_diff(angle));
            let flipped = a.abs_diff(angle) > TURNS / 2;
            let f = if flipped { (2.0 * reach) as usize - f.min((2.0 * reach) as usize) } else { f };
            turned <= 3 && f.abs_diff(far) <= 5
        };
        if list.len() < LINES && !list.iter().any(|(other, _)| twin(*other)) {
            list.push((i, line(edges, angle, far as f64 + 0.5 - reach)));
        }
    }
    let strip = |list: Vec<(usize, Line)>| list.into_iter().map(|(_, line)| line).collect();
    (strip(level), strip(upright))
}

fn line(edges: &Edges, angle: usize, far: f64) -> Line {
    let (sin, cos) = (angle as f64 / TURNS as f64 * std::f64::consts::PI).sin_cos();
    let (at, along, normal) = ([far * cos, far * sin], [-sin, cos], [cos, sin]);
    let reach = (edges.width + edges.height) as i64;
    let (mut hits, mut first, mut sum) = (Vec::new(), 0.0, 0);
    for t in -reach..=reach {
        let p = [at[0] + t as f64 * along[0], at[1] + t as f64 * along[1]];
        if p[0] < 0.0 || p[1] < 0.0 || p[0] >= edges.width as f64 || p[1] >= edges.height as f64 {
            continue;
        }
        if hits.is_empty() {
            first = t as f64;
        }
        sum += u32::from(edges.beside(p, normal, 2.0).is_some());
        hits.push(sum);
    }
    Line { at, along, hits, first }
}

/// How likely these lines are the rack's sides, with its corners.
fn weigh(edges: &Edges, all: &[Point], [a, b, c, d]: [&Line; 4]) -> Option<(f64, [Point; 4])> {
    let met = [a.meets(c)?, a.meets(d)?, b.meets(d)?, b.meets(c)?];
    // Which of the two lies above, and which to the left, shows where they meet.
    let upper = if met[0][1] + met[1][1] < met[2][1] + met[3][1] { met } else { [met[3], met[2], met[1], met[0]] };
    let corners = if upper[0][0] + upper[3][0] < upper[1][0] + upper[2][0] {
        upper
    } else {
        [upper[1], upper[0], upper[3], upper[2]]
    };
    let (w, h) = (edges.width as f64, edges.height as f64);
    let slack = 0.03 * w.max(h);
    let inside = |p: &Point| p[0] > -slack && p[1] > -slack && p[0] < w + slack && p[1] < h + slack;
    let sides = [0, 1, 2, 3].map(|i| frame(corners[i], corners[(i + 1) % 4]).2);
    if !corners.iter().all(inside) || sides[0].min(sides[2]) < 0.2 * w || sides[1].min(sides[3]) < 0.2 * h {
        return None;
    }
    let shares = [a.share(met[0], met[1]), b.share(met[3], met[2]), c.share(met[0], met[3]), d.share(met[1], met[2])];
    if shares.iter().any(|share| *share < LEAST_SIDE) {
        return None;
    }
    let held = all.iter().filter(|p| contains(&corners, **p)).count() as f64 / all.len().max(1) as f64;
    let area = crate::geometry::area(&corners) / (w * h);
    // A frame around everything holds all structure too: of two that hold as much the tighter one is the rack.
    Some((shares.iter().sum::<f64>() / 4.0 * held * held * (1.0 - 0.35 * area), corners))
}

/// The sides placed anew on a larger picture, by the edges beside them.
fn refine(image: &RgbImage, corners: [Point; 4]) -> Option<[Point; 4]> {
    let edges = Edges::of(image, FINE)?;
    let here = corners.map(|p| p.map(|v| v / edges.scale));
    let mut sides = Vec::new();
    for i in 0..4 {
        let (a, b) = (here[i], here[(i + 1) % 4]);
        let (along, normal, length) = frame(a, b);
        let reach = 0.006 * (edges.width + edges.height) as f64;
        let mut found: Vec<Point> = Vec::new();
        for k in 4..=96 {
            let t = length * f64::from(k) / 100.0;
            let p = [a[0] + t * along[0], a[1] + t * along[1]];
            found.extend(edges.beside(p, normal, reach).map(|off| [t, off]));
        }
        sides.push(fit(&found).map(|[slope, off]| {
            let at = |t: f64| [0, 1].map(|k| a[k] + t * along[k] + (off + slope * t) * normal[k]);
            (at(0.0), at(length))
        })?);
    }
    let mut out = corners;
    for i in 0..4 {
        let ((p, q), (r, s)) = (sides[(i + 3) % 4], sides[i]);
        let line = |a: Point, b: Point| Line { at: a, along: frame(a, b).0, hits: Vec::new(), first: 0.0 };
        let met = line(p, q).meets(&line(r, s))?;
        out[i] = met.map(|v| v * edges.scale);
    }
    Some(out)
}

/// A line through points that are mostly on it: the median of many, then least squares over those near.
fn fit(points: &[Point]) -> Option<[f64; 2]> {
    if points.len() < 20 {
        return None;
    }
    let mut middle: Vec<f64> = points.iter().map(|p| p[1]).collect();
    let half = middle.len() / 2;
    let mut line = [0.0, *middle.select_nth_unstable_by(half, f64::total_cmp).1];
    for reach in [6.0, 3.0, 1.5] {
        let near: Vec<&Point> = points.iter().filter(|p| (p[1] - line[1] - line[0] * p[0]).abs() <= reach).collect();
        if near.len() < 10 {
            return Some(line);
        }
        let n = near.len() as f64;
        let mean = [0, 1].map(|k| near.iter().map(|p| p[k]).sum::<f64>() / n);
        let xx: f64 = near.iter().map(|p| (p[0] - mean[0]).powi(2)).sum();
        let xy: f64 = near.iter().map(|p| (p[0] - mean[0]) * (p[1] - mean[1])).sum();
        let slope = xy / xx.max(1e-9);
        line = [slope, mean[1] - slope * mean[0]];
    }
    Some(line)
}
