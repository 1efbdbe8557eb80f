//! The `cells_polygons.json` of the system that people used before: `{"cells": [{"id", "polygon": [[x, y], …]}, …]}`.

use serde_json::Value;

use crate::{
    layout::{BinShape, LayoutError, check_bins},
    polygon::Point,
};

/// Reads the bins of a `cells_polygons.json`.
///
/// `bin_ID` and `name` stand for `id`, `points` for `polygon`; a number serves as a name; `capacity` is optional. What
/// else stands there is passed over. Coordinates are taken to a millionth of a pixel: JSON readers differ in the last bits
/// of longer numbers, and what is written must be read back equal.
pub fn read_cells(text: &str) -> Result<Vec<BinShape>, LayoutError> {
    let value: Value = serde_json::from_str(text).map_err(|e| LayoutError::Json(e.to_string()))?;
    let cells = value.get("cells").and_then(Value::as_array);
    let cells = cells.ok_or_else(|| LayoutError::field("cells", "must be a list"))?;
    let bins = cells.iter().enumerate().map(|(i, cell)| read_cell(i, cell)).collect::<Result<Vec<_>, _>>()?;
    check_bins(&bins, "cells")?;
    Ok(bins)
}

fn read_cell(i: usize, cell: &Value) -> Result<BinShape, LayoutError> {
    let wrong = |name: &str, problem: String| LayoutError::field(format!("cells[{i}].{name}"), problem);
    let id = match ["id", "bin_ID", "name"].iter().find_map(|key| cell.get(key)) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return Err(wrong("id", "must be text".into())),
        None => return Err(wrong("id", "is missing (also bin_ID or name)".into())),
    };
    let polygon = ["polygon", "points"].iter().find_map(|key| cell.get(key));
    let polygon = polygon.ok_or_else(|| wrong("polygon", "is missing (also points)".into()))?;
    let polygon: Vec<Point> = serde_json::from_value(polygon.clone())
        .map_err(|e| wrong("polygon", format!("must be a list of [x, y]: {e}")))?;
    let polygon = polygon.into_iter().map(|p| p.map(millionths)).collect();
    let capacity = match cell.get("capacity") {
        None | Some(Value::Null) => 0,
        Some(number) => number
            .as_u64()
            .and_then(|n| u32::try_from(n).ok())
            .ok_or_else(|| wrong("capacity", "must be a whole number from 0".into()))?,
    };
    Ok(BinShape { id, polygon, capacity })
}

/// The nearest number with six decimals, which every JSON reader takes exactly.
fn millionths(v: f64) -> f64 {
    (v * 1e6).round() / 1e6
}

/// Writes bins as a `cells_polygons.json`, coordinates to a millionth of a pixel.
pub fn write_cells(bins: &[BinShape]) -> String {
    let short =
        |bin: &BinShape| BinShape { polygon: bin.polygon.iter().map(|p| p.map(millionths)).collect(), ..bin.clone() };
    let bins: Vec<BinShape> = bins.iter().map(short).collect();
    format!("{:#}\n", serde_json::json!({ "cells": bins }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_file() {
        let text = r#"{"cells": [{"bin_ID": "a", "points": [[0,0],[10,0],[5,9]]}, {"name": 7, "polygon": [[0,0],[10,0],[5,9]]}]}"#;
        let bins = read_cells(text).expect("cells");
        assert_eq!((bins[0].id.as_str(), bins[1].id.as_str()), ("a", "7"));
        assert_eq!(read_cells(&write_cells(&bins)), Ok(bins));
        let error = read_cells(r#"{"cells": [{"id": "a", "polygon": [[0,0],[1]]}]}"#).expect_err("short point");
        assert!(error.to_string().starts_with("cells[0].polygon:"), "{error}");
        let outside = r#"{"cells": [{"id": "../a", "polygon": [[0,0],[10,0],[5,9]]}]}"#;
        assert!(read_cells(outside).expect_err("a path").to_string().starts_with("cells[0].id:"));
        assert!(read_cells("[]").expect_err("no cells").to_string().starts_with("cells:"));
    }

    proptest! {
        /// What was read is written and read again equal, to the last bit of every number.
        #[test]
        fn round_trip(
            shapes in prop::collection::vec(
                (prop::collection::vec([0.0..4000.0f64, 0.0..4000.0f64], 3..12), 0u32..300, "[A-Za-z0-9_ äé\"-]{0,6}"),
                1..20,
            ),
        ) {
            let bins: Vec<BinShape> = shapes
                .into_iter()
                .enumerate()
                .map(|(i, (polygon, capacity, name))| BinShape { id: format!("{i}{name}"), polygon, capacity })
                .collect();
            prop_assume!(check_bins(&bins, "cells").is_ok());
            let read = read_cells(&serde_json::json!({ "cells": bins }).to_string()).expect("cells");
            for (p, q) in read.iter().zip(&bins).flat_map(|(a, b)| a.polygon.iter().zip(&b.polygon)) {
                prop_assert!((p[0] - q[0]).abs() < 1e-6 && (p[1] - q[1]).abs() < 1e-6);
            }
            prop_assert_eq!(read_cells(&write_cells(&read)), Ok(read));
        }

        /// No text makes the reader panic.
        #[test]
        fn any_text_is_answered(text in "\\PC*") {
            drop(read_cells(&text));
            drop(crate::layout::Layout::from_json(&text));
        }
    }
}
