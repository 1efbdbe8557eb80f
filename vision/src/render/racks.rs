//! The shapes of racks: which openings there are between which boards.

use super::scene::SceneBin;
use crate::geometry::{inset, middle, rectangle};

/// An upright box: left, top, width, height.
pub(crate) type Area = [f64; 4];

/// Columns and rows of upright boxes.
pub(crate) fn grid(
    [left, top, width, height]: Area,
    columns: u32,
    rows: u32,
    half_board: f64,
    r: f64,
) -> Vec<SceneBin> {
    let (w, h) = (width / f64::from(columns), height / f64::from(rows));
    let mut bins = Vec::new();
    for j in 0..rows {
        for i in 0..columns {
            let corner = [left + f64::from(i) * w, top + f64::from(j) * h];
            let cell = rectangle(w, h).map(|p| [p[0] + corner[0], p[1] + corner[1]]);
            bins.push(SceneBin::empty(inset(&cell, half_board), r));
        }
    }
    bins
}

/// Crossed boards: whole diamonds, and the halves of diamonds at the sides.
pub(crate) fn lattice(
    [left, top, width, height]: Area,
    columns: u32,
    rows: u32,
    half_board: f64,
    r: f64,
) -> Vec<SceneBin> {
    let (w, h) = (width / f64::from(columns) / 2.0, height / f64::from(rows) / 2.0);
    let (across, down) = (2 * columns as i64, 2 * rows as i64);
    let mut bins = Vec::new();
    for j in 0..=down {
        for i in 0..=across {
            // Diamonds stand on every second node; the corners of the rack would be slivers.
            let corner = (i == 0 || i == across) && (j == 0 || j == down);
            if (i + j) % 2 == 1 || corner {
                continue;
            }
            let (x, y) = (left + i as f64 * w, top + j as f64 * h);
            let mut points = Vec::new();
            for (k, (dx, dy)) in [(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)].into_iter().enumerate() {
                let cut = (k == 0 && j == 0) || (k == 1 && i == across) || (k == 2 && j == down) || (k == 3 && i == 0);
                if !cut {
                    points.push([x + dx * w, y + dy * h]);
                }
            }
            bins.push(SceneBin::empty(inset(&points, half_board), r));
        }
    }
    bins
}

/// Upright boxes with an X in each: four triangles per box.
pub(crate) fn crosses(area: Area, columns: u32, rows: u32, half_board: f64, r: f64) -> Vec<SceneBin> {
    let cells = grid(area, columns, rows, 0.0, r);
    let mut bins = Vec::new();
    for cell in cells {
        let m = middle(&cell.opening);
        for k in 0..4 {
            let triangle = [cell.opening[k], cell.opening[(k + 1) % 4], m];
            bins.push(SceneBin::empty(inset(&triangle, half_board), r));
        }
    }
    bins
}
