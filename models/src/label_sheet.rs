//! Sheets of sticky labels, A4, as they are sold: where each label lies.

/// Most labels that are printed at one go.
pub const MOST_LABELS: usize = 1000;

/// A sheet; lengths in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelSheet {
    /// Its name: columns x rows.
    pub name: &'static str,
    /// Labels in a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// Width of a label.
    pub width: f32,
    /// Height of a label.
    pub height: f32,
    /// White left of the first column.
    pub left: f32,
    /// White above the first row.
    pub top: f32,
    /// From the left edge of a label to that of the next.
    pub across: f32,
    /// From the top of a label to that of the one below.
    pub down: f32,
}

const fn full(name: &'static str, columns: usize, rows: usize, width: f32, height: f32, top: f32) -> LabelSheet {
    LabelSheet { name, columns, rows, width, height, left: 0.0, top, across: width, down: height }
}

/// The sheets that are known, the usual one first.
pub const SHEETS: [LabelSheet; 6] = [
    full("3x8", 3, 8, 70.0, 37.0, 0.5),
    full("4x10", 4, 10, 52.5, 29.7, 0.0),
    full("3x9", 3, 9, 70.0, 32.0, 4.5),
    LabelSheet {
        name: "3x7",
        columns: 3,
        rows: 7,
        width: 63.5,
        height: 38.1,
        left: 7.2,
        top: 15.1,
        across: 66.0,
        down: 38.1,
    },
    full("2x5", 2, 5, 105.0, 57.0, 6.0),
    full("2x4", 2, 4, 105.0, 74.0, 0.5),
];

impl LabelSheet {
    /// The sheet of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SHEETS.iter().find(|sheet| sheet.name == name)
    }

    /// Labels on one sheet.
    pub fn labels(&self) -> usize {
        self.columns * self.rows
    }

    /// Left edge and top of the label in that place, from 0, row by row.
    pub fn place(&self, at: usize) -> [f32; 2] {
        let (column, row) = (at % self.columns, at / self.columns);
        [self.left + column as f32 * self.across, self.top + row as f32 * self.down]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_lies_on_the_sheet_and_no_two_overlap() {
        for sheet in SHEETS {
            assert_eq!(sheet.name, format!("{}x{}", sheet.columns, sheet.rows));
            assert!(sheet.across >= sheet.width && sheet.down >= sheet.height, "{}", sheet.name);
            let [left, top] = sheet.place(sheet.labels() - 1);
            assert!(left + sheet.width <= 210.1 && top + sheet.height <= 297.1, "{}: {left} {top}", sheet.name);
        }
    }
}
