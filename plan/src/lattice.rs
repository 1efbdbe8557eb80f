//! The bins of racks that are built by rule: names and outlines from a few numbers.
//!
//! Names are `row_column` with two digits, counted from the top left, as in `03_03`; the four bins of an X square have a
//! letter more (`t`op, `r`ight, `b`ottom, `l`eft). Outlines go clockwise and come row by row.

mod fitted;
pub mod naming;
mod shapes;

pub use fitted::Fitted;

use serde::{Deserialize, Serialize};

use crate::{
    layout::LayoutError,
    polygon::{Point, inset},
};

/// How a rack is parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pattern {
    /// One box without parts.
    Open,
    /// Upright boxes in rows and columns, boards on all sides.
    Grid,
    /// Shelves, also a cabinet's: boards above and below, bottles side by side between them.
    Shelf,
    /// Upright boxes with an X in each: four triangles.
    X,
    /// Squares on their corner, row upon row in each other's gaps.
    Diamond,
    /// Six-cornered cells, a point at the top, as in a honeycomb.
    Hexagonal,
}

/// What a rack is built of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lattice {
    /// How it is parted.
    pub pattern: Pattern,
    /// Rows, 1 to 100. In a diamond rack and in a honeycomb every row counts, also those in the gaps of others.
    pub rows: u32,
    /// Cells in the first row, 1 to 100.
    pub columns: u32,
    /// Whether every second row of boxes or shelves is shifted by half a cell and has one less. Diamonds and honeycombs
    /// always are.
    pub staggered: bool,
    /// Whether a diamond rack has the half diamonds at its rim as bins too.
    pub rim: bool,
    /// Width in pixels of the straightened picture.
    pub width: f64,
    /// Height in the same pixels.
    pub height: f64,
    /// Thickness of the boards as a share of a cell's shorter side, 0 to 0.3.
    pub board: f64,
}

/// Boards as thick as those of most racks: outlines that touched would share the wood between them.
pub const USUAL_BOARD: f64 = 0.08;

/// One bin of a rack that is built by rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its name, `RR_CC`.
    pub name: String,
    /// Its outline between the boards.
    pub outline: Vec<Point>,
}

impl Lattice {
    /// The bins, row by row from the top left. The error names the wrong number.
    pub fn cells(&self) -> Result<Vec<Cell>, LayoutError> {
        self.check()?;
        Ok(match self.pattern {
            Pattern::Open => shapes::open(self),
            Pattern::Grid => shapes::boxes(self, |outline, half| vec![("", inset(&outline, half))]),
            Pattern::Shelf => shapes::boxes(self, |outline, half| vec![("", shapes::between_shelves(&outline, half))]),
            Pattern::X => shapes::boxes(self, shapes::quarters),
            Pattern::Diamond => shapes::diamonds(self),
            Pattern::Hexagonal => shapes::hexagons(self),
        })
    }

    fn check(&self) -> Result<(), LayoutError> {
        let wrong = |field: &str, problem: String| Err(LayoutError::field(field, problem));
        for (field, n) in [("rows", self.rows), ("columns", self.columns)] {
            if !(1..=100).contains(&n) {
                return wrong(field, format!("is {n}; 1 to 100 are allowed"));
            }
        }
        if !(0.0..=0.3).contains(&self.board) {
            return wrong("board", format!("is {}; give 0 to 0.3, a share of a cell's shorter side", self.board));
        }
        for (field, side, parts) in [("width", self.width, self.columns), ("height", self.height, self.rows)] {
            // Less is no picture of a bin in which anything could be counted.
            let least = 8.0 * f64::from(parts);
            if !(side >= least && side <= 1e5) {
                return wrong(field, format!("is {side}; {parts} cells need {least} to 100000 pixels"));
            }
        }
        Ok(())
    }

    /// Half the boards' thickness in pixels, for cells of this width and height.
    fn half_board(&self, width: f64, height: f64) -> f64 {
        self.board / 2.0 * width.min(height)
    }
}

fn name(row: usize, column: usize, letter: &str) -> String {
    format!("{:02}_{:02}{letter}", row + 1, column + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::polygon::{area, contains, is_convex, middle, overlap, rectangle, signed_area};

    fn lattice(pattern: Pattern, rows: u32, columns: u32) -> Lattice {
        Lattice { pattern, rows, columns, staggered: false, rim: false, width: 800.0, height: 600.0, board: 0.08 }
    }

    fn names(lattice: Lattice) -> Vec<String> {
        lattice.cells().expect("cells").into_iter().map(|cell| cell.name).collect()
    }

    #[test]
    fn every_pattern_has_its_bins() {
        assert_eq!(names(lattice(Pattern::Open, 1, 1)), ["01_01"]);
        assert_eq!(names(lattice(Pattern::Grid, 2, 2)), ["01_01", "01_02", "02_01", "02_02"]);
        assert_eq!(names(lattice(Pattern::Diamond, 2, 2)), ["01_01", "01_02", "02_01"]);
        assert_eq!(names(Lattice { staggered: true, ..lattice(Pattern::Shelf, 3, 3) }).len(), 8);
        assert_eq!(names(lattice(Pattern::Hexagonal, 3, 4)).len(), 11);
        let x = names(lattice(Pattern::X, 3, 4));
        assert_eq!((x.len(), x[0].as_str(), x[47].as_str()), (48, "01_01t", "03_04l"));
    }

    #[test]
    fn the_rim_of_a_diamond_rack() {
        let cells = Lattice { rim: true, ..lattice(Pattern::Diamond, 3, 3) }.cells().expect("cells");
        // 3 + 2 + 3 whole ones; halves: 2 above, 2 below, 1 on each side of the row of two.
        assert_eq!(cells.len(), 14);
        assert_eq!(cells.iter().filter(|cell| cell.outline.len() == 3).count(), 6);
        assert_eq!((cells[0].name.as_str(), cells[13].name.as_str()), ("01_01", "05_02"));
    }

    #[test]
    fn a_hexagon_has_six_corners_and_meets_its_neighbours() {
        let cells = Lattice { board: 0.0, ..lattice(Pattern::Hexagonal, 2, 2) }.cells().expect("cells");
        assert!(cells.iter().all(|cell| cell.outline.len() == 6));
        let shared = |a: &Cell, b: &Cell| {
            a.outline.iter().filter(|p| b.outline.iter().any(|q| (p[0] - q[0]).hypot(p[1] - q[1]) < 1e-6)).count()
        };
        assert_eq!((shared(&cells[0], &cells[1]), shared(&cells[0], &cells[2])), (2, 2));
    }

    #[test]
    fn names_the_wrong_number() {
        let told = |lattice: Lattice| lattice.cells().expect_err("wrong").to_string();
        assert!(told(lattice(Pattern::Grid, 0, 3)).starts_with("rows:"));
        assert!(told(lattice(Pattern::Grid, 3, 101)).starts_with("columns:"));
        assert!(told(Lattice { board: 0.5, ..lattice(Pattern::Grid, 3, 3) }).starts_with("board:"));
        assert!(told(Lattice { width: f64::NAN, ..lattice(Pattern::Grid, 3, 3) }).starts_with("width:"));
    }

    fn any_lattice() -> impl Strategy<Value = Lattice> {
        let pattern = prop::sample::select(vec![
            Pattern::Open,
            Pattern::Grid,
            Pattern::Shelf,
            Pattern::X,
            Pattern::Diamond,
            Pattern::Hexagonal,
        ]);
        (pattern, 1..9u32, 1..9u32, any::<[bool; 2]>(), 100.0..2000.0f64, 100.0..2000.0f64, 0.0..=0.3f64).prop_map(
            |(pattern, rows, columns, [staggered, rim], width, height, board)| Lattice {
                pattern,
                rows,
                columns,
                staggered,
                rim,
                width,
                height,
                board,
            },
        )
    }

    proptest! {
        #[test]
        fn bins_lie_inside_and_apart(lattice in any_lattice()) {
            let cells = lattice.cells().expect("cells");
            let room = rectangle(lattice.width, lattice.height);
            let mut names = std::collections::HashSet::new();
            for (i, cell) in cells.iter().enumerate() {
                prop_assert!(names.insert(cell.name.clone()), "{} twice", cell.name);
                let digits = cell.name.trim_end_matches(['t', 'r', 'b', 'l']).as_bytes();
                prop_assert!(digits.len() == 5 && digits[2] == b'_', "{}", cell.name);
                prop_assert!(is_convex(&cell.outline) && signed_area(&cell.outline) > 1.0, "{cell:?}");
                prop_assert!(contains(&cell.outline, middle(&cell.outline)));
                let own = area(&cell.outline);
                prop_assert!((overlap(&cell.outline, &room) - own).abs() < 1e-6 * own, "{cell:?} leaves the rack");
                for other in &cells[i + 1..] {
                    prop_assert!(overlap(&cell.outline, &other.outline) < 1e-6 * own, "{cell:?} {other:?}");
                }
            }
        }

        #[test]
        fn as_many_as_the_rule_says(lattice in any_lattice()) {
            let (rows, columns) = (lattice.rows as usize, lattice.columns as usize);
            let shifted = rows * columns - rows / 2;
            let boxes = if lattice.staggered { shifted } else { rows * columns };
            let whole = match lattice.pattern {
                Pattern::Open => 1,
                Pattern::Grid | Pattern::Shelf => boxes,
                Pattern::X => 4 * boxes,
                Pattern::Hexagonal => shifted,
                Pattern::Diamond if lattice.rim => {
                    let below = if rows % 2 == 1 { columns - 1 } else { columns };
                    shifted + columns - 1 + below + 2 * (rows / 2)
                }
                Pattern::Diamond => shifted,
            };
            prop_assert_eq!(lattice.cells().expect("cells").len(), whole);
        }
    }
}
