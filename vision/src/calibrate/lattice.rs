//! How the rack is parted, proposed from its straightened picture.
//!
//! Every pattern that [`plan::lattice`] knows, with every likely number of rows and columns, is laid over the picture's edges and
//! weighed: how much of its boards is seen (less what is seen beside them, where none should be), and how much of what looks
//! like boards it explains. A coarser lattice than the true one explains too little, a finer one has boards that are not seen.

use std::collections::HashSet;

use image::RgbImage;
use plan::{
    lattice::{Fitted, Lattice, Pattern},
    polygon::edges as sides,
};
use rayon::prelude::*;

use super::{
    Unsure,
    edges::{Edges, frame},
};
use crate::geometry::Point;

/// Longest side on which lattices are weighed.
const LONGEST: u32 = 400;
/// And on which their boards are measured.
const FINE: u32 = 1280;
/// Cells are at least so many pixels of that size wide and high: less is no bin in which anything could be counted.
const LEAST_CELL: f64 = 18.0;
/// Least share of the boards that must be seen for a proposal.
const LEAST_SEEN: f64 = 0.45;
/// A lattice of another shape or number must weigh less than this share of the best.
const CLEARLY: f64 = 0.93;

const NO_LATTICE: Unsure =
    Unsure("no regular boards stand out in the picture: choose the kind of rack and its rows and columns");
const SEVERAL: Unsure =
    Unsure("several ways to part the rack are as likely as each other: choose its rows and columns");

/// How a rack seems to be parted.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// By which rule; its size is that of the picture.
    pub lattice: Lattice,
    /// Where its lines are seen.
    pub fitted: Fitted,
    /// Share of its boards that is seen, 0 to 1.
    pub seen: f64,
}

/// The lattice of a straightened picture, of any pattern or of one.
pub fn propose(picture: &RgbImage, only: Option<Pattern>) -> Result<Proposal, Unsure> {
    let edges = Edges::of(picture, LONGEST).ok_or(NO_LATTICE)?;
    let size = [edges.width as f64, edges.height as f64];
    let total = edges.all().count().max(1) as f64;
    let tried = candidates(size, only).into_par_iter().filter_map(|lattice| {
        let (weight, seen) = weigh(&edges, &lattice, total)?;
        Some((weight, seen, lattice))
    });
    let mut weighed: Vec<(f64, f64, Lattice)> = tried.collect();
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (best, seen, lattice) = *weighed.first().ok_or(NO_LATTICE)?;
    if seen < LEAST_SEEN {
        return Err(NO_LATTICE);
    }
    let other = |l: &Lattice| (l.pattern, l.rows, l.columns) != (lattice.pattern, lattice.rows, lattice.columns);
    if weighed.iter().any(|(weight, _, l)| *weight > CLEARLY * best && other(l)) {
        return Err(SEVERAL);
    }
    let whole = [f64::from(picture.width()), f64::from(picture.height())];
    let fitted = settle(&edges, &lattice);
    let scale = [whole[0] / size[0], whole[1] / size[1]];
    let corners = fitted.corners.map(|p| [p[0] * scale[0], p[1] * scale[1]]);
    let lattice = Lattice { width: whole[0], height: whole[1], board: 0.0, ..lattice };
    let fitted = Fitted { corners, ..fitted };
    let board = thickness(picture, &lattice, &fitted).unwrap_or(plan::lattice::USUAL_BOARD);
    Ok(Proposal { lattice: Lattice { board, ..lattice }, fitted, seen })
}

fn candidates([width, height]: [f64; 2], only: Option<Pattern>) -> Vec<Lattice> {
    let mut list = Vec::new();
    let lattice = |pattern, rows, columns| Lattice {
        pattern,
        rows,
        columns,
        staggered: false,
        rim: false,
        width,
        height,
        board: 0.0,
    };
    for rows in 1..=16u32 {
        for columns in 1..=16u32 {
            let cell = [width / f64::from(columns), height / f64::from(rows)];
            let one = rows * columns == 1;
            if cell.iter().all(|side| *side >= LEAST_CELL) && !one {
                // One column of boxes has no upright board: it looks like shelves, and is drawn as such.
                list.push(lattice(if columns == 1 { Pattern::Shelf } else { Pattern::Grid }, rows, columns));
                if columns == 1 && only == Some(Pattern::Grid) {
                    list.push(lattice(Pattern::Grid, rows, 1));
                }
            }
            if cell.iter().all(|side| *side >= 2.5 * LEAST_CELL) {
                list.push(lattice(Pattern::X, rows, columns));
            }
            let diamond = [cell[0], 2.0 * height / f64::from(rows + 1)];
            let square = diamond[0] / diamond[1];
            if diamond.iter().all(|side| *side >= 1.5 * LEAST_CELL) && (0.5..2.0).contains(&square) && rows > 1 {
                list.push(lattice(Pattern::Diamond, rows, columns));
            }
            let comb = [cell[0], height / (0.75 * f64::from(rows - 1) + 1.0)];
            let round = comb[0] / comb[1];
            if comb.iter().all(|side| *side >= 1.5 * LEAST_CELL)
                && (0.6..1.4).contains(&round)
                && rows > 1
                && columns > 1
            {
                list.push(lattice(Pattern::Hexagonal, rows, columns));
            }
        }
    }
    list.retain(|l| only.is_none_or(|pattern| l.pattern == pattern));
    list
}

/// The boards between the cells, each once; those along the picture's border are the rack's sides and tell nothing.
fn boards(cells: impl Iterator<Item = Vec<Point>>, [width, height]: [f64; 2], shelf: bool) -> Vec<(Point, Point)> {
    let mut list: Vec<(Point, Point)> = Vec::new();
    let mut seen = HashSet::new();
    let near = |v: f64, limit: f64| v < 0.02 * limit || v > 0.98 * limit;
    for outline in cells {
        for (a, b) in sides(&outline) {
            let m = [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
            let border =
                (near(m[0], width) && (a[0] - b[0]).abs() < 1.0) || (near(m[1], height) && (a[1] - b[1]).abs() < 1.0);
            let upright = (a[0] - b[0]).abs() < 1e-6;
            // Two cells share a board but for the last digits.
            let mut first = || seen.insert(m.map(|v| (8.0 * v).round() as i64));
            if !border && !(shelf && upright) && first() {
                list.push((a, b));
            }
        }
    }
    list
}

/// Weight of a lattice, and the share of its boards that is seen.
fn weigh(edges: &Edges, lattice: &Lattice, total: f64) -> Option<(f64, f64)> {
    let cells = lattice.cells().ok()?;
    let size = [lattice.width, lattice.height];
    let boards = boards(cells.into_iter().map(|cell| cell.outline), size, lattice.pattern == Pattern::Shelf);
    if boards.is_empty() {
        return None;
    }
    let [pitch_x, pitch_y] = [lattice.width / f64::from(lattice.columns), lattice.height / f64::from(lattice.rows)];
    let pitch = pitch_x.min(pitch_y);
    // A board's edges lie beside its middle, and nobody taps corners to the pixel.
    let reach = (0.09 * pitch).clamp(1.5, 6.0);
    let mut explained = vec![false; edges.width * edges.height];
    let (mut seen, mut beside, mut steps) = (0.0, 0.0, 0.0);
    for (a, b) in &boards {
        let (along, normal, length) = frame(*a, *b);
        let mut t = 1.0;
        while t < length - 1.0 {
            let p = [a[0] + t * along[0], a[1] + t * along[1]];
            seen += f64::from(u8::from(mark(edges, p, normal, reach, Some(&mut explained))));
            // Half way to the next board nothing is expected: what is seen there is bottles.
            for way in [-0.27, 0.27] {
                let q = [p[0] + way * pitch * normal[0], p[1] + way * pitch * normal[1]];
                beside += 0.5 * f64::from(u8::from(mark(edges, q, normal, reach, None)));
            }
            steps += 1.0;
            t += 1.5;
        }
    }
    if steps < 20.0 {
        return None;
    }
    let (seen, beside) = (seen / steps, beside / steps);
    let told = explained.iter().filter(|hit| **hit).count() as f64 / total;
    // What chance would explain is left out: wide bands over half of the picture explain half of it.
    let chance = (2.0 * reach + 1.0) * 1.5 * steps / (lattice.width * lattice.height) * 0.2;
    let gain = (told - chance.min(0.5)).max(0.0);
    let contrast = (seen - beside).max(0.0);
    (contrast > 0.05).then_some((contrast * seen * gain.sqrt(), seen))
}

/// Whether an edge of this direction lies near a place; the pixels that show it are noted.
fn mark(edges: &Edges, p: Point, normal: Point, reach: f64, mut explained: Option<&mut Vec<bool>>) -> bool {
    let steps = reach.ceil() as i32;
    let mut seen = false;
    for k in -steps..=steps {
        let q = [p[0] + f64::from(k) * normal[0], p[1] + f64::from(k) * normal[1]];
        if edges.across(q, normal) > 0.0 {
            seen = true;
            if let Some(explained) = explained.as_deref_mut() {
                explained[q[1] as usize * edges.width + q[0] as usize] = true;
            }
        }
    }
    seen
}

/// The lines that run straight through, each moved to where its edges are seen; of other patterns the rule's.
fn settle(edges: &Edges, lattice: &Lattice) -> Fitted {
    let corners = plan::polygon::rectangle(lattice.width, lattice.height);
    let [mut across, mut down] = lattice.lines();
    if matches!(lattice.pattern, Pattern::Grid | Pattern::Shelf) {
        if lattice.pattern == Pattern::Grid {
            move_lines(&mut across, lattice.width, |x| strength(edges, [x, 0.0], [x, lattice.height], [1.0, 0.0]));
        }
        move_lines(&mut down, lattice.height, |y| strength(edges, [0.0, y], [lattice.width, y], [0.0, 1.0]));
    }
    Fitted { corners, across, down }
}

/// How thick the boards are, as a share of a cell's shorter side: the usual distance between the edges on either side of a board's middle,
/// looked for on a larger picture. None where too few boards show both.
fn thickness(picture: &RgbImage, lattice: &Lattice, fitted: &Fitted) -> Option<f64> {
    let edges = Edges::of(picture, FINE)?;
    let size = [lattice.width, lattice.height].map(|side| side / edges.scale);
    let cells = lattice.cells_in(fitted).ok()?.into_iter();
    let cells = cells.map(|cell| cell.outline.iter().map(|p| p.map(|v| v / edges.scale)).collect::<Vec<_>>());
    let boards = boards(cells, size, lattice.pattern == Pattern::Shelf);
    let cell = match lattice.pattern {
        Pattern::Diamond => [size[0] / f64::from(lattice.columns), 2.0 * size[1] / f64::from(lattice.rows + 1)],
        _ => [size[0] / f64::from(lattice.columns), size[1] / f64::from(lattice.rows)],
    };
    let short = cell[0].min(cell[1]);
    let reach = (0.13 * short).max(3.0);
    let mut widths = Vec::new();
    for (a, b) in &boards {
        let (along, normal, length) = frame(*a, *b);
        // Where boards cross each other's edges end.
        let mut t = 0.25 * length;
        while t < 0.75 * length {
            let p = [a[0] + t * along[0], a[1] + t * along[1]];
            let side = |sign: f64| {
                let places = (0..=reach as i32).map(|k| sign * f64::from(k));
                let strong = places.map(|k| (k, edges.across([p[0] + k * normal[0], p[1] + k * normal[1]], normal)));
                strong.filter(|(_, size)| *size > 0.0).max_by(|x, y| x.1.total_cmp(&y.1)).map(|(k, _)| k)
            };
            if let (Some(right), Some(left)) = (side(1.0), side(-1.0)) {
                widths.push(right - left);
            }
            t += 2.0;
        }
    }
    if widths.len() < 40 {
        return None;
    }
    let half = widths.len() / 2;
    let width = *widths.select_nth_unstable_by(half, f64::total_cmp).1;
    Some((width / short).clamp(0.005, 0.25))
}

fn strength(edges: &Edges, a: Point, b: Point, normal: Point) -> f64 {
    let (along, _, length) = frame(a, b);
    let steps = length as usize;
    let at = |t: usize| [a[0] + t as f64 * along[0], a[1] + t as f64 * along[1]];
    (0..steps).filter(|t| edges.across(at(*t), normal) > 0.0).count() as f64 / steps.max(1) as f64
}

/// A board shows two edges: the line goes to the middle of what is strong around it, as far as a third of the way to the next.
fn move_lines(lines: &mut [f64], size: f64, strength: impl Fn(f64) -> f64) {
    let rule = lines.to_vec();
    for i in 1..rule.len() - 1 {
        let reach = 0.3 * (rule[i + 1] - rule[i]).min(rule[i] - rule[i - 1]) * size;
        let middle = rule[i] * size;
        let places: Vec<(f64, f64)> = (-(reach as i64)..=reach as i64)
            .map(|k| {
                let at = middle + k as f64;
                (at, strength(at) * (1.0 - 0.4 * (k as f64 / reach.max(1.0)).abs()))
            })
            .collect();
        let Some(best) = places.iter().map(|p| p.1).max_by(f64::total_cmp).filter(|best| *best > 0.25) else {
            continue;
        };
        let strong: Vec<f64> = places.iter().filter(|p| p.1 > 0.6 * best).map(|p| p.0).collect();
        let (low, high) = (strong[0], strong[strong.len() - 1]);
        // Edges further apart than a board is thick are two boards, or a board and a bottle: then the rule stands.
        if high - low < 0.25 * reach / 0.3 {
            lines[i] = (low + high) / 2.0 / size;
        }
    }
}
