//! Bins of a new rack, worked out from how it is built: their names, outlines and capacities.
//!
//! The outlines are those of [`plan::lattice`], which says how they are named; here they become bins of the book.

use plan::{
    lattice::{Cell, Lattice, Pattern, USUAL_BOARD},
    layout::LayoutError,
    packing,
};

use crate::{
    bin::{Bin, RackFacts, RackKind},
    error::RuleError,
    ids::{BinId, RackId},
};

/// How many bottles lie side by side in a bin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Room {
    /// So many in each.
    Bottles(i32),
    /// As many as fit, of this diameter in millimetres (20 to 200); the rack's width must be known.
    Diameter(f64),
}

/// The bins of a rack; the room for one bottle's depth is multiplied by the rack's depth. Bins in `dead` are made but not
/// in use. A free rack has none: they are drawn.
pub fn bins(rack: &RackId, facts: &RackFacts, room: Room, dead: &[BinId]) -> Result<Vec<Bin>, RuleError> {
    let cells = match pattern(facts.kind) {
        Some(pattern) => lattice(facts, pattern)?.cells()?,
        None => Vec::new(),
    };
    if let Some(name) = dead.iter().find(|name| !cells.iter().any(|cell| cell.name == name.0)) {
        return Err(RuleError::field("dead", format!("there is no bin {name} in this rack")));
    }
    let bin = |cell: Cell| {
        let capacity = capacity(facts, room, &cell)?;
        let id = BinId(cell.name);
        let enabled = !dead.contains(&id);
        Ok(Bin { id, rack_id: rack.clone(), polygon: cell.outline, capacity, enabled, revision: 0 })
    };
    cells.into_iter().map(bin).collect()
}

/// Puts `prefix` before the bins' names, so that two racks of one cellar can have the same rows and columns.
pub fn with_prefix(bins: Vec<Bin>, prefix: &str) -> Result<Vec<Bin>, RuleError> {
    check_prefix(prefix)?;
    Ok(bins.into_iter().map(|bin| Bin { id: BinId(format!("{prefix}{}", bin.id)), ..bin }).collect())
}

/// Refuses what cannot stand before a bin's name.
pub fn check_prefix(prefix: &str) -> Result<(), RuleError> {
    let fits = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
    match prefix.len() <= 16 && prefix.bytes().all(fits) {
        true => Ok(()),
        false => Err(RuleError::field("prefix", format!("`{prefix}` is not up to 16 of A-Z a-z 0-9 _ -"))),
    }
}

/// How a kind of rack is parted; none for one whose bins are drawn.
pub fn pattern(kind: RackKind) -> Option<Pattern> {
    Some(match kind {
        RackKind::Free => return None,
        RackKind::Bulk => Pattern::Open,
        RackKind::Grid => Pattern::Grid,
        RackKind::Shelf | RackKind::Cabinet => Pattern::Shelf,
        RackKind::X => Pattern::X,
        RackKind::Diamond => Pattern::Diamond,
        RackKind::Hexagonal => Pattern::Hexagonal,
    })
}

fn lattice(facts: &RackFacts, pattern: Pattern) -> Result<Lattice, RuleError> {
    let side = |field: &str, count: Option<i32>| match count {
        Some(n) => u32::try_from(n).map_err(|_| RuleError::field(field, format!("is {n}; 1 to 100 are allowed"))),
        None if pattern == Pattern::Open => Ok(1),
        None => Err(RuleError::field(field, "is missing: a rack of this kind has rows and columns")),
    };
    Ok(Lattice {
        pattern,
        rows: side("row_count", facts.row_count)?,
        columns: side("column_count", facts.column_count)?,
        staggered: facts.staggered,
        rim: false,
        width: f64::from(facts.rectified_width),
        height: f64::from(facts.rectified_height),
        board: USUAL_BOARD,
    })
}

fn capacity(facts: &RackFacts, room: Room, cell: &Cell) -> Result<i32, RuleError> {
    let (field, side_by_side) = match room {
        Room::Bottles(n) => ("capacity", n),
        Room::Diameter(mm) => {
            if !(20.0..=200.0).contains(&mm) {
                return Err(RuleError::field("bottle_mm", format!("is {mm}; a bottle is 20 to 200 millimetres thick")));
            }
            let size = facts.size_mm();
            let size =
                size.ok_or_else(|| RuleError::field("width_mm", "is missing: how many bottles fit depends on it"))?;
            let shown = [facts.rectified_width, facts.rectified_height].map(f64::from);
            let scaled: Vec<[f64; 2]> =
                cell.outline.iter().map(|p| [p[0] * size[0] / shown[0], p[1] * size[1] / shown[1]]).collect();
            let n = packing::capacity(&scaled, mm / 2.0);
            if n == 0 {
                let problem = format!("is {mm}; not one such bottle fits into bin {}", cell.name);
                return Err(RuleError::field("bottle_mm", problem));
            }
            ("bottle_mm", i32::try_from(n).unwrap_or(i32::MAX))
        }
    };
    let all = side_by_side.saturating_mul(facts.depth);
    if !(1..=200).contains(&all) {
        return Err(RuleError::field(field, format!("times depth gives {all}; a bin holds 1 to 200 bottles")));
    }
    Ok(all)
}

impl From<LayoutError> for RuleError {
    fn from(error: LayoutError) -> Self {
        match error {
            LayoutError::Field { field, problem } => {
                // A rack calls its rows and columns otherwise than a lattice does.
                let field = match field.as_str() {
                    "rows" => "row_count".to_owned(),
                    "columns" => "column_count".to_owned(),
                    "width" | "height" => format!("rectified_{field}"),
                    _ => field,
                };
                Self::field(field, problem)
            }
            LayoutError::Json(problem) => Self::field("layout", problem),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bin::Point;

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
            lens: None,
            width_mm: None,
            height_mm: None,
        }
    }

    fn names(kind: RackKind, staggered: bool) -> Vec<String> {
        let bins = bins(&"r".into(), &facts(kind, 3, 4, staggered), Room::Bottles(3), &[]).unwrap();
        for bin in &bins {
            bin.check().unwrap();
            assert_eq!(bin.capacity, 6, "two deep");
            let inside = bin.polygon.iter().all(|p| (0.0..=800.0).contains(&p[0]) && (0.0..=600.0).contains(&p[1]));
            assert!(inside, "{kind:?} {}: {:?}", bin.id, bin.polygon);
        }
        bins.into_iter().map(|bin| bin.id.0).collect()
    }

    #[test]
    fn two_racks_may_be_built_alike() {
        let of = |prefix: &str| {
            with_prefix(bins(&"r".into(), &facts(RackKind::Grid, 1, 2, false), Room::Bottles(1), &[]).unwrap(), prefix)
        };
        let names = |prefix: &str| of(prefix).unwrap().into_iter().map(|bin| bin.id.0).collect::<Vec<_>>();
        assert_eq!(
            (names(""), names("N-")),
            (vec!["01_01".into(), "01_02".into()], vec!["N-01_01".into(), "N-01_02".into()])
        );
        for prefix in ["a b", "\u{e9}", "12345678901234567"] {
            assert!(of(prefix).unwrap_err().to_string().starts_with("prefix: "), "{prefix}");
        }
    }

    #[test]
    fn every_kind_has_its_bins() {
        assert_eq!(names(RackKind::Grid, false).len(), 12);
        assert_eq!(names(RackKind::Grid, true).len(), 11);
        assert_eq!(names(RackKind::Diamond, false).len(), 11);
        assert_eq!(names(RackKind::Hexagonal, false).len(), 11);
        assert_eq!(names(RackKind::Bulk, false), ["01_01"]);
        assert_eq!(names(RackKind::Free, false).len(), 0);
        let x = names(RackKind::X, false);
        assert_eq!((x.len(), x[0].as_str(), x[47].as_str()), (48, "01_01t", "03_04l"));
    }

    #[test]
    fn outlines_do_not_overlap() {
        for kind in [RackKind::Grid, RackKind::Diamond, RackKind::X] {
            let bins = bins(&"r".into(), &facts(kind, 4, 5, true), Room::Bottles(1), &[]).unwrap();
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
        let made = bins(&"r".into(), &facts, Room::Bottles(1), &["02_01".into()]).unwrap();
        assert_eq!(made.iter().filter(|bin| bin.enabled).count(), 3);
        assert!(
            bins(&"r".into(), &facts, Room::Bottles(1), &["09_09".into()]).unwrap_err().to_string().contains("dead")
        );
        let unknown = RackFacts { row_count: None, ..facts };
        assert!(bins(&"r".into(), &unknown, Room::Bottles(1), &[]).unwrap_err().to_string().contains("row_count"));
    }

    #[test]
    fn room_by_the_bottles_diameter() {
        let measured = RackFacts { width_mm: Some(800), ..facts(RackKind::Grid, 3, 4, false) };
        // A cell of 200 x 200 mm, less the boards: two by two of 76 mm, and two deep.
        let bins_of = |mm| bins(&"r".into(), &measured, Room::Diameter(mm), &[]);
        assert!(bins_of(76.0).unwrap().iter().all(|bin| bin.capacity == 8));
        assert!(bins_of(199.0).unwrap_err().to_string().contains("bottle_mm"));
        let unmeasured = facts(RackKind::Grid, 3, 4, false);
        let told = bins(&"r".into(), &unmeasured, Room::Diameter(76.0), &[]).unwrap_err().to_string();
        assert!(told.contains("width_mm"), "{told}");
    }
}
