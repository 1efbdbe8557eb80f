//! A lattice that was dragged into place: its corners and each of its lines where they are seen, not where the rule puts them.

use serde::{Deserialize, Serialize};

use super::{Cell, Lattice, Pattern};
use crate::{homography::Homography, layout::LayoutError, polygon::Point};

/// Two lines of a lattice are at least this share of its width or height apart.
const APART: f64 = 0.002;

/// Where a lattice lies in the straightened picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Fitted {
    /// Its corners in pixels: top left, top right, bottom right, bottom left.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<[f64; 2]>, min_items = 4, max_items = 4))]
    pub corners: [Point; 4],
    /// Where the lines that run down cross the lattice, as shares of its width, 0 to 1, from the left; none: by rule.
    #[serde(default)]
    pub across: Vec<f64>,
    /// Where the lines that run across lie, as shares of its height, from above; none: by rule.
    #[serde(default)]
    pub down: Vec<f64>,
}

impl Lattice {
    /// Where the rule puts the lines on which the cells' corners lie: shares of the width, and shares of the height.
    pub fn lines(&self) -> [Vec<f64>; 2] {
        let even = |n: u32| (0..=n).map(|i| f64::from(i) / f64::from(n.max(1))).collect::<Vec<_>>();
        match self.pattern {
            Pattern::Open => [even(1), even(1)],
            Pattern::Grid | Pattern::Shelf | Pattern::X => {
                [even(if self.staggered { 2 * self.columns } else { self.columns }), even(self.rows)]
            }
            Pattern::Diamond => [even(2 * self.columns), even(self.rows + 1)],
            Pattern::Hexagonal => {
                let h = 1.0 / (0.75 * f64::from(self.rows.saturating_sub(1)) + 1.0);
                let mut down = vec![0.0];
                for row in 0..self.rows {
                    down.extend([0.25, 0.75].map(|part| (f64::from(row) * 0.75 + part) * h));
                }
                down.push(1.0);
                // The lower line of a row is the upper one of the next but for rounding.
                down.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
                [even(2 * self.columns), down]
            }
        }
    }

    /// The bins of a lattice that was dragged into place. The error names the wrong value.
    pub fn cells_in(&self, fitted: &Fitted) -> Result<Vec<Cell>, LayoutError> {
        let cells = self.cells()?;
        let rule = self.lines();
        let mut lines = [fitted.across.clone(), fitted.down.clone()];
        for ((field, own), rule) in ["across", "down"].into_iter().zip(&mut lines).zip(&rule) {
            if own.is_empty() {
                own.clone_from(rule);
            }
            check(field, own, rule.len())?;
        }
        let unit = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        let flat = || LayoutError::field("corners", "of the lattice do not span an area: drag them apart");
        let map = Homography::from_quads(&unit, &fitted.corners).ok_or_else(flat)?;
        let size = [self.width, self.height];
        let place = |p: &Point| {
            let share = [0, 1].map(|k| carry(p[k] / size[k], &rule[k], &lines[k]));
            map.map(share)
        };
        let cells = cells.into_iter().map(|cell| Cell { outline: cell.outline.iter().map(place).collect(), ..cell });
        let cells: Vec<Cell> = cells.collect();
        if cells.iter().flat_map(|cell| &cell.outline).flatten().any(|v| !v.is_finite()) {
            return Err(flat());
        }
        Ok(cells)
    }
}

fn check(field: &str, lines: &[f64], wanted: usize) -> Result<(), LayoutError> {
    if lines.len() != wanted {
        let problem = format!("has {} lines; such a lattice has {wanted}, or leave them all out", lines.len());
        return Err(LayoutError::field(field, problem));
    }
    let ends = (lines[0] - 0.0).abs() < 1e-6 && (lines[lines.len() - 1] - 1.0).abs() < 1e-6;
    if !ends || lines.windows(2).any(|pair| pair[1].is_nan() || pair[1] - pair[0] < APART) {
        return Err(LayoutError::field(field, "must go from 0 to 1 and grow: no line may pass the next one"));
    }
    Ok(())
}

/// A share between two lines of the rule, as far between the same two lines where they really are.
fn carry(share: f64, rule: &[f64], lines: &[f64]) -> f64 {
    let last = rule.len() - 2;
    let i = rule.windows(2).position(|pair| share < pair[1]).unwrap_or(last);
    let t = (share - rule[i]) / (rule[i + 1] - rule[i]).max(1e-12);
    lines[i] + t * (lines[i + 1] - lines[i])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polygon::rectangle;

    fn lattice(pattern: Pattern) -> Lattice {
        Lattice { pattern, rows: 3, columns: 2, staggered: false, rim: false, width: 400.0, height: 300.0, board: 0.1 }
    }

    fn fitted(corners: [Point; 4]) -> Fitted {
        Fitted { corners, across: Vec::new(), down: Vec::new() }
    }

    #[test]
    fn in_its_own_place_it_is_the_rule() {
        for pattern in [Pattern::Open, Pattern::Grid, Pattern::Shelf, Pattern::X, Pattern::Diamond, Pattern::Hexagonal]
        {
            let lattice = lattice(pattern);
            let own = lattice.cells_in(&fitted(rectangle(400.0, 300.0))).expect("cells");
            for (a, b) in own.iter().zip(lattice.cells().expect("cells")) {
                let off = a.outline.iter().zip(&b.outline).map(|(p, q)| (p[0] - q[0]).hypot(p[1] - q[1]));
                assert!(a.name == b.name && off.fold(0.0, f64::max) < 1e-6, "{pattern:?} {a:?} {b:?}");
            }
        }
    }

    #[test]
    fn a_dragged_line_moves_both_its_neighbours_and_no_other() {
        let mut moved = fitted(rectangle(400.0, 300.0));
        moved.down = vec![0.0, 0.5, 0.6, 1.0];
        let cells = Lattice { board: 0.0, ..lattice(Pattern::Grid) }.cells_in(&moved).expect("cells");
        let heights: Vec<f64> =
            cells.iter().step_by(2).map(|cell| (cell.outline[3][1] - cell.outline[0][1]).round()).collect();
        assert_eq!(heights, [150.0, 30.0, 120.0]);
    }

    #[test]
    fn lines_that_pass_each_other_are_refused() {
        let told = |down: Vec<f64>| {
            let fitted = Fitted { down, ..fitted(rectangle(400.0, 300.0)) };
            lattice(Pattern::Grid).cells_in(&fitted).expect_err("wrong").to_string()
        };
        assert!(told(vec![0.0, 0.7, 0.6, 1.0]).starts_with("down:"));
        assert!(told(vec![0.0, 1.0]).contains("has 2 lines"));
        assert!(told(vec![0.0, f64::NAN, 0.6, 1.0]).starts_with("down:"));
        let flat = lattice(Pattern::Grid).cells_in(&fitted([[0.0, 0.0]; 4])).expect_err("flat").to_string();
        assert!(flat.starts_with("corners:"), "{flat}");
    }
}
