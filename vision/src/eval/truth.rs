//! Truth files: what a person sees on a photograph.

use std::fs;
use std::path::{Path, PathBuf};

use image::RgbImage;
use serde_json::Value;

use super::EvalError;
use crate::capture::decode;
use crate::geometry::{Point, area};
use crate::layout::BinShape;

/// A photograph with what a person sees on it.
pub struct Photo {
    /// Its file name.
    pub name: String,
    /// The photograph.
    pub image: RgbImage,
    /// Its bins, also those of which nobody is sure.
    pub bins: Vec<TruthBin>,
}

/// A bin with what a person sees in it.
#[derive(Debug, Clone, PartialEq)]
pub struct TruthBin {
    /// Where it is; its capacity is 0 where the file does not say.
    pub shape: BinShape,
    /// Bottle ends; none = nobody is sure.
    pub count: Option<u32>,
    /// Each end's middle and radius; none where the file does not list them.
    pub ends: Option<Vec<[f64; 3]>>,
}

/// The truth files of a folder, by name.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, EvalError> {
    let unreadable = |error| EvalError::Read { path: folder.to_owned(), error };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(EvalError::Empty(folder.to_owned()));
    }
    files.sort();
    Ok(files)
}

/// Reads a truth file and its photograph.
pub(super) fn photo(file: &Path) -> Result<Photo, EvalError> {
    let unreadable = |path: &Path, error| EvalError::Read { path: path.to_owned(), error };
    let text = fs::read_to_string(file).map_err(|e| unreadable(file, e))?;
    let (name, bins) = truth(&text).map_err(|problem| EvalError::Truth { path: file.to_owned(), problem })?;
    let path = file.with_file_name(&name);
    let bytes = fs::read(&path).map_err(|e| unreadable(&path, e))?;
    let image = decode(&bytes).map_err(|error| EvalError::Picture { path, error })?;
    Ok(Photo { name, image, bins })
}

/// The photograph's name and the bins of a truth file's text; else the field that is wrong, and the cure.
pub fn truth(text: &str) -> Result<(String, Vec<TruthBin>), String> {
    let value: Value = serde_json::from_str(text).map_err(|e| format!("it is no JSON: {e}"))?;
    let image = value.get("image").and_then(Value::as_str).filter(|name| !name.is_empty());
    let image = image.ok_or("image: write the photograph's file name, such as \"rack.jpg\"")?;
    if image.contains(['/', '\\']) {
        return Err("image: must be a file of the same folder, without a path".into());
    }
    let bins = value.get("bins").and_then(Value::as_array).ok_or("bins: write a list of {id, polygon, count, ends}")?;
    let bins = bins.iter().enumerate().map(|(i, bin)| read_bin(bin).map_err(|problem| format!("bins[{i}].{problem}")));
    Ok((image.to_owned(), bins.collect::<Result<_, String>>()?))
}

fn read_bin(bin: &Value) -> Result<TruthBin, String> {
    let id = match bin.get("id") {
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return Err("id: write the bin's name".into()),
    };
    let polygon = bin.get("polygon").ok_or("polygon: is missing; write [[x, y], …] in pixels of the photograph")?;
    let polygon: Vec<Point> = serde_json::from_value(polygon.clone())
        .map_err(|e| format!("polygon: must be [[x, y], …] in pixels of the photograph: {e}"))?;
    if !(3..=200).contains(&polygon.len()) || !polygon.iter().flatten().all(|v| v.is_finite() && v.abs() < 1e5) {
        return Err("polygon: needs 3 to 200 corners within the photograph".into());
    }
    if area(&polygon) < 16.0 {
        return Err("polygon: encloses no area; go around the bin".into());
    }
    let whole = |name: &str| match bin.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64().and_then(|n| u32::try_from(n).ok()) {
            Some(n) => Ok(Some(n)),
            None => Err(format!("{name}: must be a whole number from 0, or null where nobody is sure")),
        },
    };
    let count = whole("count")?;
    let ends: Option<Vec<[f64; 3]>> = match bin.get("ends") {
        None | Some(Value::Null) => None,
        Some(list) => {
            Some(serde_json::from_value(list.clone()).map_err(|e| format!("ends: must be [[x, y, radius], …]: {e}"))?)
        }
    };
    if let (Some(count), Some(ends)) = (count, &ends) {
        if ends.len() != count as usize {
            let n = ends.len();
            return Err(format!("ends: lists {n}, count says {count}; list each end or leave ends out"));
        }
        if let Some(k) = ends.iter().position(|[x, y, r]| !x.is_finite() || !y.is_finite() || r.is_nan() || *r <= 0.0) {
            return Err(format!("ends[{k}]: must be [x, y, radius], the radius above 0"));
        }
    }
    let capacity = whole("capacity")?.unwrap_or(0);
    Ok(TruthBin { shape: BinShape { id, polygon, capacity }, count, ends })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = r#"{"image": "a.jpg", "bins": [
        {"id": "1", "polygon": [[0,0],[50,0],[50,50]], "count": 1, "ends": [[20, 10, 5]]},
        {"id": 2, "polygon": [[0,0],[50,0],[50,50]], "count": null}]}"#;

    #[test]
    fn reads_and_names_the_field_and_the_cure() {
        let (image, bins) = truth(GOOD).expect("good");
        assert_eq!((image.as_str(), bins.len(), bins[0].count, bins[1].count), ("a.jpg", 2, Some(1), None));
        assert_eq!((bins[1].shape.id.as_str(), &bins[1].ends), ("2", &None));
        let told = |from: &str, to: &str| truth(&GOOD.replace(from, to)).expect_err(to);
        assert!(told("\"a.jpg\"", "\"../a.jpg\"").starts_with("image:"));
        assert!(told("\"count\": 1", "\"count\": -1").starts_with("bins[0].count:"));
        assert!(told("\"count\": 1", "\"count\": 2").starts_with("bins[0].ends: lists 1"));
        assert!(told("[20, 10, 5]", "[20, 10]").starts_with("bins[0].ends:"));
        assert!(told("[20, 10, 5]", "[20, 10, 0]").starts_with("bins[0].ends[0]:"));
        assert!(
            told("\"id\": 2, \"polygon\": [[0,0],[50,0],[50,50]]", "\"id\": 2")
                .starts_with("bins[1].polygon: is missing")
        );
        assert!(told("bins", "cells").starts_with("bins:"));
        assert!(truth("{").expect_err("no JSON").contains("no JSON"));
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,200}") {
            let _ = truth(&text);
        }
    }
}
