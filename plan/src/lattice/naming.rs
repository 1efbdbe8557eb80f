//! How the bins of a lattice are named: `03_03` or `A1`, counted from any corner.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Cell;

/// Where counting begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum From {
    /// As one reads.
    #[default]
    TopLeft,
    /// Top right.
    TopRight,
    /// Bottom right.
    BottomRight,
    /// As one stacks.
    BottomLeft,
}

/// How names look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Style {
    /// `03_03`: row and column.
    #[default]
    Numbers,
    /// `C3`: a letter for the row, a number for the column.
    Letters,
}

/// Names the cells of one lattice anew; `prefix` stands before all of them. What stands behind the numbers (the four parts of an X)
/// stays.
pub fn name_cells(cells: &mut [Cell], style: Style, from: From, prefix: &str) {
    let parsed: Vec<Option<(usize, usize, String)>> = cells.iter().map(|cell| parse(&cell.name)).collect();
    let rows = parsed.iter().flatten().map(|p| p.0).max().unwrap_or(0);
    // Rows of a diamond rack differ in length: each is counted from its own end.
    let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
    for (row, column, _) in parsed.iter().flatten() {
        let end = ends.entry(*row).or_default();
        *end = (*end).max(*column);
    }
    let up = matches!(from, From::BottomLeft | From::BottomRight);
    let leftwards = matches!(from, From::TopRight | From::BottomRight);
    for (cell, place) in cells.iter_mut().zip(&parsed) {
        let Some((row, column, letter)) = place else { continue };
        let columns = ends.get(row).copied().unwrap_or(0);
        let row = if up { rows + 1 - row } else { *row };
        let column = if leftwards { columns + 1 - column } else { *column };
        cell.name = match style {
            Style::Numbers => format!("{prefix}{row:02}_{column:02}{letter}"),
            Style::Letters => format!("{prefix}{}{column}{letter}", letters(row)),
        };
    }
}

fn parse(name: &str) -> Option<(usize, usize, String)> {
    let (row, rest) = name.split_once('_')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    Some((row.parse().ok()?, rest[..digits].parse().ok()?, rest[digits..].to_owned()))
}

/// 1 is A, 26 is Z, 27 is AA.
fn letters(mut n: usize) -> String {
    let mut text = Vec::new();
    while n > 0 {
        text.push(b'A' + ((n - 1) % 26) as u8);
        n = (n - 1) / 26;
    }
    text.iter().rev().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Lattice, Pattern};

    fn names(pattern: Pattern, style: Style, from: From) -> Vec<String> {
        let lattice = Lattice {
            pattern,
            rows: 2,
            columns: 2,
            staggered: false,
            rim: false,
            width: 400.0,
            height: 300.0,
            board: 0.0,
        };
        let mut cells = lattice.cells().expect("cells");
        name_cells(&mut cells, style, from, "N-");
        cells.into_iter().map(|cell| cell.name).collect()
    }

    #[test]
    fn from_every_corner() {
        assert_eq!(names(Pattern::Grid, Style::Numbers, From::TopLeft), ["N-01_01", "N-01_02", "N-02_01", "N-02_02"]);
        assert_eq!(names(Pattern::Grid, Style::Letters, From::BottomRight), ["N-B2", "N-B1", "N-A2", "N-A1"]);
        assert_eq!(names(Pattern::Diamond, Style::Letters, From::TopRight), ["N-A2", "N-A1", "N-B1"]);
        assert_eq!(names(Pattern::X, Style::Letters, From::BottomLeft)[0], "N-B1t");
        assert_eq!([1, 26, 27, 100].map(letters), ["A", "Z", "AA", "CV"]);
    }
}
