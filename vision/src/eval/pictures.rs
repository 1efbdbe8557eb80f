//! Pictures for a person: every photograph with what was read, the confusion table, and the worst bins side by side.

use std::path::{Path, PathBuf};

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use super::EvalError;
use super::figures::BinResult;
use super::honesty::Confusion;
use super::truth::Photo;
use crate::annotate::{annotate, fill, write};
use crate::detect::BinReading;
use crate::detect::framing::padded_box;

const PAPER: Rgb<u8> = Rgb([24, 24, 28]);
const INK: Rgb<u8> = Rgb([232, 232, 236]);
const RIGHT: [f64; 3] = [72.0, 200.0, 120.0];
const WRONG: [f64; 3] = [235.0, 90.0, 70.0];
const SILENT: [f64; 3] = [150.0, 150.0, 160.0];
/// Side of a cell of the confusion table in pixels.
const CELL: u32 = 44;
/// Side of a bin on the sheet of the worst.
const TILE: u32 = 220;
/// Bins on the sheet.
const WORST: usize = 24;
const COLUMNS: u32 = 6;

/// A bin for the sheet of the worst, with how bad it is.
pub(super) struct Case {
    badness: f64,
    picture: RgbImage,
    words: String,
}

/// Draws a photograph with its readings into `folder` and gives the bins that were not exact.
pub(super) fn of_photo(
    folder: &Path,
    photo: &Photo,
    readings: &[BinReading],
    results: &[BinResult],
) -> Result<Vec<Case>, EvalError> {
    let shapes: Vec<_> = photo.bins.iter().map(|bin| bin.shape.clone()).collect();
    let drawn = annotate(&photo.image, &shapes, readings);
    let stem = Path::new(&photo.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    save(&drawn, folder.join(format!("{stem}.read.jpg")))?;
    let mut cases = Vec::new();
    for result in results.iter().filter(|result| result.count != Some(result.truth)) {
        let Some(shape) = shapes.iter().find(|shape| shape.id == result.id) else { continue };
        let [left, top, width, height] = padded_box(&shape.polygon);
        // Casts saturate at the borders of the photograph.
        let (x, y) = (left as u32, top as u32);
        let right = ((left + width) as u32).min(drawn.width());
        let bottom = ((top + height) as u32).min(drawn.height());
        if x >= right || y >= bottom {
            continue;
        }
        let cut = imageops::crop_imm(&drawn, x, y, right - x, bottom - y).to_image();
        // Wrong and sure is worst, then how far off it is; without an opinion nobody is misled.
        let off = f64::from(result.guess().abs_diff(result.truth));
        let badness = if result.count.is_some() { 100.0 * result.confidence + off } else { off };
        let counted = result.count.map_or("?".to_owned(), |n| n.to_string());
        cases.push(Case { badness, picture: cut, words: format!("{}>{counted}", result.truth) });
    }
    Ok(cases)
}

/// Up to 24 bins, each with "truth>count" above it.
pub(super) fn worst(folder: &Path, mut cases: Vec<Case>) -> Result<(), EvalError> {
    cases.sort_by(|a, b| b.badness.total_cmp(&a.badness));
    cases.truncate(WORST);
    let rows = (cases.len() as u32).div_ceil(COLUMNS).max(1);
    let mut sheet = RgbImage::from_pixel(COLUMNS * TILE, rows * (TILE + 24), PAPER);
    for (i, case) in cases.iter().enumerate() {
        let (x, y) = (i as u32 % COLUMNS * TILE, i as u32 / COLUMNS * (TILE + 24));
        write(&mut sheet, [f64::from(x) + 4.0, f64::from(y) + 5.0], 3.0, &case.words, INK);
        let longer = case.picture.width().max(case.picture.height()).max(1);
        let side = |n: u32| ((n * (TILE - 8)).div_ceil(longer)).max(1);
        let small = imageops::resize(
            &case.picture,
            side(case.picture.width()),
            side(case.picture.height()),
            FilterType::Triangle,
        );
        imageops::replace(&mut sheet, &small, i64::from(x) + 4, i64::from(y) + 24);
    }
    save(&sheet, folder.join("worst.jpg"))
}

/// The table as a picture: truth downwards, counts to the right, the last column without an opinion.
pub(super) fn confusion(folder: &Path, confusion: &Confusion) -> Result<(), EvalError> {
    let n = confusion.table.len() as u32;
    let mut picture = RgbImage::from_pixel((n + 2) * CELL, (n + 1) * CELL, PAPER);
    let place = |column: u32, row: u32| [f64::from(column * CELL) + 8.0, f64::from(row * CELL) + 14.0];
    for k in 0..n {
        write(&mut picture, place(k + 1, 0), 3.0, &k.to_string(), INK);
        write(&mut picture, place(0, k + 1), 3.0, &k.to_string(), INK);
    }
    write(&mut picture, place(n + 1, 0), 3.0, "?", INK);
    for (truth, (row, silent)) in confusion.table.iter().zip(&confusion.no_opinion).enumerate() {
        let all = (row.iter().sum::<u32>() + silent).max(1);
        for (column, bins) in row.iter().chain([silent]).enumerate().filter(|(_, bins)| **bins > 0) {
            let base = match column {
                _ if column == row.len() => SILENT,
                _ if column == truth => RIGHT,
                _ => WRONG,
            };
            let share = 0.35 + 0.65 * f64::from(*bins) / f64::from(all);
            let colour = Rgb(base.map(|v| (v * share) as u8));
            let at = place(column as u32 + 1, truth as u32 + 1);
            let side = f64::from(CELL) - 2.0;
            fill(&mut picture, [at[0] - 7.0, at[1] - 13.0], [side, side], colour);
            write(&mut picture, at, 3.0, &bins.to_string(), PAPER);
        }
    }
    save(&picture, folder.join("confusion.png"))
}

fn save(picture: &RgbImage, path: PathBuf) -> Result<(), EvalError> {
    picture.save(&path).map_err(|error| EvalError::Write { path, problem: error.to_string() })
}
