//! The drawing of a rack: geometry and what each cell says. Pure.

use models::{
    bin::{Bin, BinSummary, Point},
    ids::BinId,
};
use serde::{Deserialize, Serialize};

use crate::texts;

/// A bin as it is drawn. A page holds hundreds of them twice, as markup and as what the browser takes over: no more than
/// the drawing needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The bin's name.
    pub id: BinId,
    /// Outline in pixels of the rectified picture.
    pub polygon: Vec<Point>,
    /// Bottles in it by the book.
    pub qty: i32,
    /// How many fit.
    pub capacity: i32,
    /// Bottles the last scan counted; none when it had no opinion, or no scan was made.
    pub seen: Option<i32>,
    /// Whether the last scan asks a person to look.
    pub look: bool,
    /// Whether a proposal waits for an answer.
    pub open: bool,
}

impl Cell {
    /// A bin with what book and camera say of it, where anything is known.
    pub fn new(bin: &Bin, summary: Option<&BinSummary>) -> Self {
        Self {
            id: bin.id.clone(),
            polygon: bin.polygon.clone(),
            qty: summary.map_or(0, |s| s.qty),
            capacity: bin.capacity,
            seen: summary.and_then(|s| s.seen),
            look: summary.is_some_and(|s| s.needs_look.is_some()),
            open: summary.is_some_and(|s| s.open_proposal),
        }
    }
}

/// Which layer of the rack is looked at, from the address's `view`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The drawing alone.
    Drawing,
    /// The drawing over the photo of the last scan.
    Photo,
    /// Only what differs.
    Differences,
}

impl Layer {
    /// Reads the address; anything unknown is the drawing.
    pub fn from_query(word: Option<&str>) -> Self {
        match word {
            Some("photo") => Self::Photo,
            Some("differences") => Self::Differences,
            _ => Self::Drawing,
        }
    }

    /// The class of the drawing.
    pub fn class(self) -> &'static str {
        match self {
            Self::Drawing => "plan plan-drawing",
            Self::Photo => "plan plan-photo",
            Self::Differences => "plan plan-differences",
        }
    }
}

/// What a cell has to say beyond its count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellState {
    /// Nothing in it by the book, and the camera does not disagree.
    Empty,
    /// Something in it, and the camera does not disagree.
    Calm,
    /// The camera counted this many instead.
    Differs(i32),
    /// The camera asks a person to look.
    Look,
}

impl CellState {
    /// What to make of a bin.
    pub fn of(cell: &Cell) -> Self {
        match cell.seen {
            Some(seen) if seen != cell.qty => Self::Differs(seen),
            _ if cell.open || cell.look => Self::Look,
            _ if cell.qty == 0 => Self::Empty,
            _ => Self::Calm,
        }
    }

    /// The class of the cell.
    pub fn class(self) -> &'static str {
        match self {
            Self::Empty => "cell cell-empty",
            Self::Calm => "cell cell-calm",
            Self::Differs(_) => "cell cell-differs",
            Self::Look => "cell cell-look",
        }
    }
}

/// The cell in a sentence, for those who hear the page.
pub fn cell_words(cell: &Cell) -> String {
    let mut words = vec![texts::bin_book(&cell.id, &cell.qty, &cell.capacity)];
    match CellState::of(cell) {
        CellState::Differs(seen) => words.push(texts::camera_counted(&seen)),
        CellState::Look => words.push(texts::please_look().to_owned()),
        CellState::Calm | CellState::Empty => {}
    }
    if cell.open {
        words.push(texts::waits_too().to_owned());
    }
    words.join(", ")
}

/// `x,y x,y …` for `<polygon points>`.
pub fn points(polygon: &[Point]) -> String {
    let mut text = String::new();
    for [x, y] in polygon {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&format!("{x:.1},{y:.1}"));
    }
    text
}

/// Where a cell's number and name are written and how large: around the middle of its outline, and of a size that fits it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Label {
    /// Middle.
    pub x: f64,
    /// Middle.
    pub y: f64,
    /// Height of the number.
    pub size: f64,
    /// Height of the name below it.
    pub name: f64,
    /// Whether the name is too small to be read on a small screen: the cell has no room for more.
    pub fine: bool,
}

/// Height of letters that are 18 px on the kiosk, where a drawing of that width and height has 660 by 318 px.
pub fn legible(width: f64, height: f64) -> f64 {
    18.0 * (width / 660.0).max(height / 318.0)
}

/// How wide an outline is at a height.
fn width_at(polygon: &[Point], y: f64) -> f64 {
    let sides = polygon.iter().zip(polygon.iter().cycle().skip(1));
    let cuts = sides
        .filter(|([_, y0], [_, y1])| (*y0 <= y) != (*y1 <= y))
        .map(|([x0, y0], [x1, y1])| x0 + (x1 - x0) * (y - y0) / (y1 - y0));
    let (left, right) = cuts.fold((f64::MAX, f64::MIN), |(left, right), x| (left.min(x), right.max(x)));
    (right - left).max(0.0)
}

/// Finds the middle by area, because corners may crowd on one side of an outline. A cell in the shape of a triangle has
/// less room than its width says, hence the size by area too; `largest` keeps big cells from shouting, and `least` is what
/// a person can read. A name as large as that is written only where it stays inside.
pub fn label(polygon: &[Point], least: f64, largest: f64) -> Label {
    let (mut area, mut cx, mut cy) = (0.0, 0.0, 0.0);
    let next = polygon.iter().cycle().skip(1);
    for ([x0, y0], [x1, y1]) in polygon.iter().zip(next) {
        let cross = x0 * y1 - x1 * y0;
        area += cross / 2.0;
        cx += (x0 + x1) * cross;
        cy += (y0 + y1) * cross;
    }
    let span = |axis: usize| {
        let values = || polygon.iter().map(|p| p[axis]);
        let (low, high) = (values().fold(f64::MAX, f64::min), values().fold(f64::MIN, f64::max));
        (low, high)
    };
    let ((left, right), (top, bottom)) = (span(0), span(1));
    let size = (area.abs().sqrt() * 0.32).min(largest).max(least);
    let (x, y) = if area.abs() < 1.0 {
        ((left + right) / 2.0, (top + bottom) / 2.0)
    } else {
        (cx / (6.0 * area), cy / (6.0 * area))
    };
    let name = (size * 0.5).max(least);
    // Number over name, both around the middle. A name has five letters.
    let half = (size + name) / 2.0;
    let fine = [y + half, y - half].iter().any(|y| width_at(polygon, *y) < name * 2.6);
    Label { x, y, size, name: if fine { size * 0.5 } else { name }, fine }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(qty: i32, seen: Option<i32>, open: bool) -> Cell {
        Cell { id: "01_01".into(), polygon: Vec::new(), qty, capacity: 6, seen, look: false, open }
    }

    #[test]
    fn the_middle_of_a_diamond_is_its_middle() {
        let middle = label(&[[10.0, 0.0], [20.0, 10.0], [10.0, 20.0], [0.0, 10.0]], 1.0, 100.0);
        assert!((middle.x - 10.0).abs() < 1e-9 && (middle.y - 10.0).abs() < 1e-9, "{middle:?}");
    }

    #[test]
    fn a_flat_outline_has_a_middle_too() {
        assert_eq!(label(&[[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]], 1.0, 100.0).x, 10.0);
    }

    #[test]
    fn a_big_cell_does_not_shout() {
        assert_eq!(label(&[[0.0, 0.0], [900.0, 0.0], [900.0, 900.0], [0.0, 900.0]], 1.0, 40.0).size, 40.0);
    }

    #[test]
    fn a_name_is_as_large_as_can_be_read_where_it_stays_inside() {
        let square = label(&[[0.0, 0.0], [90.0, 0.0], [90.0, 90.0], [0.0, 90.0]], 20.0, 40.0);
        assert_eq!((square.name, square.fine), (20.0, false));
        let corner = label(&[[0.0, 0.0], [90.0, 0.0], [45.0, 50.0]], 20.0, 40.0);
        assert!(corner.fine && corner.name < 20.0 && corner.size >= 20.0, "{corner:?}");
    }

    #[test]
    fn a_cell_differs_only_where_the_camera_has_an_opinion() {
        assert_eq!(CellState::of(&cell(3, None, false)), CellState::Calm);
        assert_eq!(CellState::of(&cell(3, Some(3), false)), CellState::Calm);
        assert_eq!(CellState::of(&cell(3, Some(2), true)), CellState::Differs(2));
        assert_eq!(CellState::of(&cell(3, None, true)), CellState::Look);
        assert_eq!(CellState::of(&cell(0, None, false)), CellState::Empty);
        assert_eq!(
            cell_words(&cell(3, Some(2), true)),
            "Bin 01_01: 3 of 6 by the book, the camera counted 2, a proposal waits"
        );
    }

    #[test]
    fn outlines_become_points() {
        assert_eq!(points(&[[1.0, 2.0], [3.25, 4.0]]), "1.0,2.0 3.2,4.0");
    }
}
