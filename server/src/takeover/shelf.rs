//! The former system's shelf: bins by `cells_polygons.json`, corners by `pince_shelf.ini`, and its pictures; or, where none of these
//! is given, a rack drawn after the names of the bins.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use image::RgbImage;
use models::{
    bin::{RackFacts, RackKind},
    calibration::PlacedBin,
    ids::BinId,
};
use plan::cells::read_cells;

use super::corners;
use crate::cli::Takeover;

/// Side of a bin that is drawn after its name alone, in pixels.
const SIDE: u32 = 100;

/// A rack to be made.
pub(super) struct Shelf {
    pub(super) facts: RackFacts,
    pub(super) bins: Vec<PlacedBin>,
    /// What its camera saw.
    pub(super) frame: Option<RgbImage>,
    /// How it was made, and what is left to do.
    pub(super) told: Vec<String>,
}

/// Finds the shelf's files and reads them; without any a rack is drawn after the names. `most`: bottles in the fullest bin.
pub(super) fn shelf(args: &Takeover, names: &BTreeSet<String>, most: u32) -> anyhow::Result<Shelf> {
    let room = args.capacity.unwrap_or(most.clamp(1, 200));
    let capacity = i32::try_from(room)
        .ok()
        .filter(|room| (1..=200).contains(room))
        .context("--capacity: a bin has room for 1 to 200")?;
    let mut facts = RackFacts { name: args.rack.clone(), ..RackFacts::blank(RackKind::Free) };
    let Some(cells) = found(args.cells.as_deref(), args.folder.as_deref(), "cells_polygons.json") else {
        return drawn(facts, names, capacity);
    };
    let text = fs::read_to_string(&cells).with_context(|| format!("cannot read {}", cells.display()))?;
    let shapes = read_cells(&text).with_context(|| cells.display().to_string())?;
    let picture = found(args.picture.as_deref(), args.folder.as_deref(), "shelf_rectified.jpg")
        .context("--picture: the bins are drawn on shelf_rectified.jpg; name it, for its size")?;
    let straight = read_picture(&picture)?;
    let mut told = vec![format!("bins: {} of {}, {room} bottles each", shapes.len(), cells.display())];
    facts.rectified_width = side(straight.width())?;
    facts.rectified_height = side(straight.height())?;
    let ini = found(args.ini.as_deref(), args.folder.as_deref(), "pince_shelf.ini");
    let frame = match (ini, &args.frame) {
        (Some(ini), Some(frame)) => {
            let text = fs::read_to_string(&ini).with_context(|| format!("cannot read {}", ini.display()))?;
            facts.corners =
                corners::read(&text).map_err(anyhow::Error::msg).with_context(|| ini.display().to_string())?;
            told.push(format!("corners: {}", ini.display()));
            read_picture(frame)?
        }
        (ini, _) => {
            let (w, h) = (f64::from(straight.width()), f64::from(straight.height()));
            facts.corners = plan::polygon::rectangle(w, h);
            let lacks = if ini.is_some() {
                "--frame: the camera's picture was not given"
            } else {
                "--ini: there is no pince_shelf.ini"
            };
            told.push(format!(
                "{lacks}; so the rack is seen on the straightened picture only: tap its corners under /calibrate"
            ));
            straight
        }
    };
    (facts.frame_width, facts.frame_height) = (side(frame.width())?, side(frame.height())?);
    let bins = shapes.into_iter().map(|shape| PlacedBin {
        id: BinId(shape.id),
        polygon: shape.polygon,
        capacity: match i32::try_from(shape.capacity) {
            Ok(0) | Err(_) => capacity,
            Ok(said) => said,
        },
        enabled: true,
    });
    Ok(Shelf { bins: bins.collect(), facts, frame: Some(frame), told })
}

/// A rack after the names: `03_05` lies in the third row and the fifth column; names of another form make a row of their own.
fn drawn(mut facts: RackFacts, names: &BTreeSet<String>, capacity: i32) -> anyhow::Result<Shelf> {
    let place = |name: &str| -> Option<(u32, u32)> {
        let (row, column) = name.split_once('_')?;
        let within = |text: &str| text.parse().ok().filter(|n| (1..=100).contains(n));
        Some((within(row)?, within(column)?))
    };
    let (mut bins, mut rows, mut columns) = (Vec::new(), 0, 0);
    let mut put = |name: &str, row: u32, column: u32| {
        (rows, columns) = (rows.max(row), columns.max(column));
        let corner = |n: u32| f64::from(n * SIDE);
        let (left, top, right, low) = (corner(column - 1), corner(row - 1), corner(column), corner(row));
        let polygon = vec![[left, top], [right, top], [right, low], [left, low]];
        bins.push(PlacedBin { id: BinId(name.to_owned()), polygon, capacity, enabled: true });
        rows
    };
    let mut last = 0;
    let mut strangers = Vec::new();
    let (names, unfit): (Vec<_>, Vec<_>) = names.iter().partition(|name| BinId((*name).clone()).is_valid());
    for name in names {
        match place(name) {
            Some((row, column)) => last = put(name, row, column),
            None => strangers.push(name),
        }
    }
    for (i, name) in strangers.into_iter().enumerate() {
        put(name, last + 1, u32::try_from(i + 1)?);
    }
    anyhow::ensure!(!bins.is_empty(), "no bin is named anywhere: there is nothing to make a rack of");
    let (w, h) = (columns * SIDE, rows * SIDE);
    facts.kind = RackKind::Grid;
    (facts.rectified_width, facts.rectified_height) = (side(w)?, side(h)?);
    (facts.frame_width, facts.frame_height) = (facts.rectified_width, facts.rectified_height);
    facts.corners = plan::polygon::rectangle(f64::from(w), f64::from(h));
    let mut told = Vec::new();
    if !unfit.is_empty() {
        let unfit: Vec<String> = unfit.iter().map(|name| format!("`{name}`")).collect();
        told.push(format!("no bins are made of {}: a bin is named by 1 to 32 of A-Z a-z 0-9 _ -", unfit.join(", ")));
    }
    told.push(format!(
        "bins: {} drawn after their names, {capacity} bottles each; no camera sees them yet: calibrate under /calibrate",
        bins.len()
    ));
    Ok(Shelf { facts, bins, frame: None, told })
}

/// The file that is named, or the one of that name in the former data folder.
fn found(named: Option<&Path>, folder: Option<&Path>, name: &str) -> Option<PathBuf> {
    let within = |folder: &Path| {
        let places = [folder.join(name), folder.join("snapshots").join(name), folder.join("..").join(name)];
        places.into_iter().find(|path| path.is_file())
    };
    named.map(Path::to_path_buf).or_else(|| folder.and_then(within))
}

fn read_picture(path: &Path) -> anyhow::Result<RgbImage> {
    let size = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
    anyhow::ensure!(size <= crate::calibrate::MOST_BYTES as u64, "{} is too large to be a picture", path.display());
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    vision::capture::decode(&bytes).with_context(|| path.display().to_string())
}

fn side(pixels: u32) -> anyhow::Result<i32> {
    i32::try_from(pixels).context("a picture is too large")
}
