//! Bins of a new rack, worked out from how it is built: their names, outlines and capacities.
//!
//! Names are `row_column` with two digits, counted from the top left, as in `03_03`; the four bins of an X square have
//! a letter more (`t`op, `r`ight, `b`ottom, `l`eft). Outlines are pixels of the rectified picture, row by row.

use crate::{
    bin::{Bin, Point, RackFacts, RackKind},
    error::RuleError,
    ids::{BinId, RackId},
};

/// Margin kept between neighbours, as a share of a cell: outlines that touch would share the wood between them.
const INSET: f64 = 0.04;

/// The bins of a rack; `capacity` for one bottle's depth is multiplied by the rack's depth. Bins in `dead` are made but
/// not in use. A free rack has none: they are drawn.
pub fn bins(rack: &RackId, facts: &RackFacts, capacity: i32, dead: &[BinId]) -> Result<Vec<Bin>, RuleError> {
    let (rows, columns) = size(facts)?;
    let (width, height) = (f64::from(facts.rectified_width), f64::from(facts.rectified_height));
    let cells = match facts.kind {
        RackKind::Free => Vec::new(),
        RackKind::Bulk => vec![("01_01".to_owned(), rectangle(0.0, 0.0, width, height))],
        RackKind::Grid | RackKind::Shelf | RackKind::Cabinet => {
            straight(rows, columns, facts.staggered, width, height, |_, outline| vec![(String::new(), outline)])
        }
        RackKind::X => straight(rows, columns, facts.staggered, width, height, |_, outline| quarters(&outline)),
        RackKind::Diamond => diamonds(rows, columns, width, height),
    };
    let capacity = capacity * facts.depth;
    if !(1..=200).contains(&capacity) {
        return Err(RuleError::field("capacity", format!("times depth is {capacity}; a bin holds 1 to 200 bottles")));
    }
    if let Some(name) = dead.iter().find(|name| !cells.iter().any(|(cell, _)| *cell == name.0)) {
        return Err(RuleError::field("dead", format!("there is no bin {name} in this rack")));
    }
    let bin = |(name, polygon): (String, Vec<Point>)| {
        let id = BinId(name);
        let enabled = !dead.contains(&id);
        Bin { id, rack_id: rack.clone(), polygon, capacity, enabled, revision: 0 }
    };
    Ok(cells.into_iter().map(bin).collect())
}

fn size(facts: &RackFacts) -> Result<(i32, i32), RuleError> {
    let needed = !matches!(facts.kind, RackKind::Free | RackKind::Bulk);
    let side = |field: &str, count: Option<i32>| match count {
        Some(n) => Ok(n),
        None if needed => Err(RuleError::field(field, "is missing: a rack of this kind has rows and columns")),
        None => Ok(1),
    };
    Ok((side("row_count", facts.row_count)?, side("column_count", facts.column_count)?))
}

fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Vec<Point> {
    let (dx, dy) = (width * INSET, height * INSET);
    vec![[x + dx, y + dy], [x + width - dx, y + dy], [x + width - dx, y + height - dy], [x + dx, y + height - dy]]
}

/// Rows and columns of rectangles; in a staggered rack every second row is shifted by half a cell and has one less.
fn straight(
    rows: i32,
    columns: i32,
    staggered: bool,
    width: f64,
    height: f64,
    parts: impl Fn(i32, Vec<Point>) -> Vec<(String, Vec<Point>)>,
) -> Vec<(String, Vec<Point>)> {
    let (w, h) = (width / f64::from(columns), height / f64::from(rows));
    let mut cells = Vec::new();
    for row in 0..rows {
        let shifted = staggered && row % 2 == 1;
        let count = if shifted { columns - 1 } else { columns };
        let shift = if shifted { w / 2.0 } else { 0.0 };
        for column in 0..count {
            let outline = rectangle(f64::from(column) * w + shift, f64::from(row) * h, w, h);
            for (letter, outline) in parts(row, outline) {
                cells.push((format!("{:02}_{:02}{letter}", row + 1, column + 1), outline));
            }
        }
    }
    cells
}

/// The four triangles into which an X parts a rectangle.
fn quarters(outline: &[Point]) -> Vec<(String, Vec<Point>)> {
    let [tl, tr, br, bl] = [outline[0], outline[1], outline[2], outline[3]];
    let middle = [(tl[0] + br[0]) / 2.0, (tl[1] + br[1]) / 2.0];
    let part = |letter: &str, a: Point, b: Point| (letter.to_owned(), vec![a, b, middle]);
    vec![part("t", tl, tr), part("r", tr, br), part("b", br, bl), part("l", bl, tl)]
}

/// Squares on their corner: every second row lies half a cell lower between its neighbours and has one less.
fn diamonds(rows: i32, columns: i32, width: f64, height: f64) -> Vec<(String, Vec<Point>)> {
    let w = width / f64::from(columns);
    let h = 2.0 * height / f64::from(rows + 1);
    let mut cells = Vec::new();
    for row in 0..rows {
        let shifted = row % 2 == 1;
        let count = if shifted { columns - 1 } else { columns };
        let shift = if shifted { w / 2.0 } else { 0.0 };
        for column in 0..count {
            let (cx, cy) = ((f64::from(column) + 0.5) * w + shift, f64::from(row + 1) * h / 2.0);
            let (rx, ry) = (w / 2.0 * (1.0 - INSET), h / 2.0 * (1.0 - INSET));
            let outline = vec![[cx, cy - ry], [cx + rx, cy], [cx, cy + ry], [cx - rx, cy]];
            cells.push((format!("{:02}_{:02}", row + 1, column + 1), outline));
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(kind: RackKind, rows: i32, columns: i32, staggered: bool) -> RackFacts {
        RackFacts {
            name: "R".into(),
            place: String::new(),
            kind,
            row_count: Some(rows),
            column_count: Some(columns),
            staggered,
            depth: 2,
            corners: [[0.0, 0.0], [640.0, 0.0], [640.0, 480.0], [0.0, 480.0]],
            frame_width: 640,
            frame_height: 480,
            rectified_width: 800,
            rectified_height: 600,
        }
    }

    fn names(kind: RackKind, staggered: bool) -> Vec<String> {
        let bins = bins(&"r".into(), &facts(kind, 3, 4, staggered), 3, &[]).unwrap();
        for bin in &bins {
            bin.check().unwrap();
            assert_eq!(bin.capacity, 6, "two deep");
            let inside = bin.polygon.iter().all(|p| (0.0..=800.0).contains(&p[0]) && (0.0..=600.0).contains(&p[1]));
            assert!(inside, "{kind:?} {}: {:?}", bin.id, bin.polygon);
        }
        bins.into_iter().map(|bin| bin.id.0).collect()
    }

    #[test]
    fn every_kind_has_its_bins() {
        assert_eq!(names(RackKind::Grid, false).len(), 12);
        assert_eq!(names(RackKind::Grid, true).len(), 11);
        assert_eq!(names(RackKind::Diamond, false).len(), 11);
        assert_eq!(names(RackKind::Bulk, false), ["01_01"]);
        assert_eq!(names(RackKind::Free, false).len(), 0);
        let x = names(RackKind::X, false);
        assert_eq!((x.len(), x[0].as_str(), x[47].as_str()), (48, "01_01t", "03_04l"));
    }

    #[test]
    fn outlines_do_not_overlap() {
        for kind in [RackKind::Grid, RackKind::Diamond, RackKind::X] {
            let bins = bins(&"r".into(), &facts(kind, 4, 5, true), 1, &[]).unwrap();
            let area = |p: &[Point]| {
                let sum: f64 =
                    (0..p.len()).map(|i| (p[i], p[(i + 1) % p.len()])).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum();
                sum.abs() / 2.0
            };
            let total: f64 = bins.iter().map(|bin| area(&bin.polygon)).sum();
            assert!(total < 800.0 * 600.0, "{kind:?}: {total}");
        }
    }

    #[test]
    fn dead_bins_are_made_but_not_in_use() {
        let facts = facts(RackKind::Grid, 2, 2, false);
        let made = bins(&"r".into(), &facts, 1, &["02_01".into()]).unwrap();
        assert_eq!(made.iter().filter(|bin| bin.enabled).count(), 3);
        assert!(bins(&"r".into(), &facts, 1, &["09_09".into()]).unwrap_err().to_string().contains("dead"));
        let unknown = RackFacts { row_count: None, ..facts };
        assert!(bins(&"r".into(), &unknown, 1, &[]).unwrap_err().to_string().contains("row_count"));
    }
}
