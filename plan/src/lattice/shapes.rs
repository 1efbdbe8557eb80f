//! The outlines of each pattern.

use super::{Cell, Lattice, name};
use crate::polygon::{Point, area, clip, inset, rectangle};

fn upright(x: f64, y: f64, width: f64, height: f64) -> Vec<Point> {
    rectangle(width, height).map(|[dx, dy]| [x + dx, y + dy]).to_vec()
}

pub(super) fn open(lattice: &Lattice) -> Vec<Cell> {
    let half = lattice.half_board(lattice.width, lattice.height);
    let outline = inset(&rectangle(lattice.width, lattice.height), half);
    vec![Cell { name: name(0, 0, ""), outline }]
}

/// Rows and columns of upright boxes. `parts` gets a box and half a board's thickness, and says what bins are in it.
pub(super) fn boxes(
    lattice: &Lattice,
    parts: impl Fn(Vec<Point>, f64) -> Vec<(&'static str, Vec<Point>)>,
) -> Vec<Cell> {
    let (w, h) = (lattice.width / f64::from(lattice.columns), lattice.height / f64::from(lattice.rows));
    let half = lattice.half_board(w, h);
    let mut cells = Vec::new();
    for row in 0..lattice.rows as usize {
        let shifted = lattice.staggered && row % 2 == 1;
        let (count, shift) = shifted_row(lattice, shifted, w);
        for column in 0..count {
            let outline = upright(column as f64 * w + shift, row as f64 * h, w, h);
            let bins = parts(outline, half).into_iter();
            cells.extend(bins.map(|(letter, outline)| Cell { name: name(row, column, letter), outline }));
        }
    }
    cells
}

/// How many cells a row has and how far it is moved to the right.
fn shifted_row(lattice: &Lattice, shifted: bool, w: f64) -> (usize, f64) {
    let columns = lattice.columns as usize;
    if shifted { (columns - 1, w / 2.0) } else { (columns, 0.0) }
}

/// Boards above and below only: nothing stands between bottles on a shelf.
pub(super) fn between_shelves(outline: &[Point], half: f64) -> Vec<Point> {
    let [tl, tr, br, bl] = [outline[0], outline[1], outline[2], outline[3]];
    vec![[tl[0], tl[1] + half], [tr[0], tr[1] + half], [br[0], br[1] - half], [bl[0], bl[1] - half]]
}

/// The four triangles into which an X parts a box.
pub(super) fn quarters(outline: Vec<Point>, half: f64) -> Vec<(&'static str, Vec<Point>)> {
    let [tl, tr, br, bl] = [outline[0], outline[1], outline[2], outline[3]];
    let middle = [(tl[0] + br[0]) / 2.0, (tl[1] + br[1]) / 2.0];
    let part = |letter, a, b| (letter, inset(&[a, b, middle], half));
    vec![part("t", tl, tr), part("r", tr, br), part("b", br, bl), part("l", bl, tl)]
}

/// Squares on their corner: every second row lies in the gaps of the one above and has one less. With the rim, a row
/// above, one below and one at each end are cut in half by the rack's sides.
pub(super) fn diamonds(lattice: &Lattice) -> Vec<Cell> {
    let rows = lattice.rows as i64;
    let w = lattice.width / f64::from(lattice.columns);
    let h = 2.0 * lattice.height / (rows + 1) as f64;
    let half = lattice.half_board(w, h);
    let room = rectangle(lattice.width, lattice.height);
    let (first, last) = if lattice.rim { (-1, rows) } else { (0, rows - 1) };
    let mut cells = Vec::new();
    for row in first..=last {
        let shift = if row.rem_euclid(2) == 1 { 0.0 } else { w / 2.0 };
        let mut column = 0;
        for i in 0..=i64::from(lattice.columns) {
            let (cx, cy) = (i as f64 * w + shift, (row + 1) as f64 * h / 2.0);
            let whole = [[cx, cy - h / 2.0], [cx + w / 2.0, cy], [cx, cy + h / 2.0], [cx - w / 2.0, cy]];
            let part = clip(&whole, &room);
            // Halves are bins where the rim is wanted; the quarters in the rack's corners never are.
            let share = area(&part) / area(&whole);
            if share < if lattice.rim { 0.4 } else { 0.9 } {
                continue;
            }
            let outline = if share < 0.9 { inset(&corners(&part), half) } else { inset(&whole, half) };
            cells.push(Cell { name: name((row - first) as usize, column, ""), outline });
            column += 1;
        }
    }
    cells
}

/// An outline without corners that lie on each other or on the line between their neighbours, as clipping leaves them.
fn corners(outline: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for p in outline {
        if kept.iter().all(|q| (p[0] - q[0]).hypot(p[1] - q[1]) > 1e-6) {
            kept.push(*p);
        }
    }
    let n = kept.len();
    let turns = |i: usize| {
        let [a, b, c] = [kept[(i + n - 1) % n], kept[i], kept[(i + 1) % n]];
        ((b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])).abs() > 1e-6
    };
    (0..n).filter(|i| turns(*i)).map(|i| kept[i]).collect()
}

/// Six-cornered cells with a point at the top; every second row lies in the gaps of the one above and has one less.
pub(super) fn hexagons(lattice: &Lattice) -> Vec<Cell> {
    let w = lattice.width / f64::from(lattice.columns);
    // Rows follow each other at three quarters of a cell's height.
    let h = lattice.height / (0.75 * f64::from(lattice.rows - 1) + 1.0);
    let half = lattice.half_board(w, h);
    let mut cells = Vec::new();
    for row in 0..lattice.rows as usize {
        let (count, shift) = shifted_row(lattice, row % 2 == 1, w);
        for column in 0..count {
            let (x, y) = (column as f64 * w + shift, row as f64 * 0.75 * h);
            let outline = [[0.5, 0.0], [1.0, 0.25], [1.0, 0.75], [0.5, 1.0], [0.0, 0.75], [0.0, 0.25]];
            let outline = outline.map(|[u, v]| [x + u * w, y + v * h]);
            cells.push(Cell { name: name(row, column, ""), outline: inset(&outline, half) });
        }
    }
    cells
}
