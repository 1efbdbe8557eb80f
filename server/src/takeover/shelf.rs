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
use crate::{calibrate::MOST_BINS, cli::Takeover, worker::layout};

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

/// Room of a bin of which nothing is said.
pub(super) fn room(args: &Takeover, most: u64) -> anyhow::Result<i32> {
    let room = args.capacity.map_or(most.clamp(1, 200), u64::from);
    let room = i32::try_from(room).ok().filter(|room| (1..=200).contains(room));
    room.context("--capacity: a bin has room for 1 to 200")
}

/// The shelf of the former files.
pub(super) fn of_files(args: &Takeover, capacity: i32) -> anyhow::Result<Shelf> {
    if let Some(folder) = args.folder.as_deref().filter(|folder| !folder.is_dir()) {
        anyhow::bail!("--folder: {} is no folder: is the NAS mounted?", folder.display());
    }
    let mut facts = RackFacts { name: args.rack.clone(), ..RackFacts::blank(RackKind::Free) };
    let cells = found(args.cells.as_deref(), args.folder.as_deref(), "cells_polygons.json")
        .context("--cells: there is no cells_polygons.json in that folder; name the file")?;
    let text = fs::read_to_string(&cells).with_context(|| format!("cannot read {}", cells.display()))?;
    let shapes = read_cells(&text).with_context(|| cells.display().to_string())?;
    let picture = found(args.picture.as_deref(), args.folder.as_deref(), "shelf_rectified.jpg")
        .context("--picture: the bins are drawn on shelf_rectified.jpg; name it, for its size")?;
    let straight = read_picture(&picture)?;
    let unsaid = shapes.iter().filter(|shape| shape.capacity == 0).count();
    let mut told = vec![format!("bins: {} of {}", shapes.len(), cells.display())];
    if unsaid > 0 {
        told.push(format!("room: {capacity} bottles in each of {unsaid} bins of which the file does not say it"));
    }
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
    let bins: Vec<PlacedBin> = shapes
        .into_iter()
        .map(|shape| PlacedBin {
            id: BinId(shape.id),
            polygon: shape.polygon,
            capacity: match i32::try_from(shape.capacity) {
                Ok(0) | Err(_) => capacity,
                Ok(said) => said,
            },
            enabled: true,
        })
        .collect();
    if let Some(bin) = bins.iter().find(|bin| !bin.id.is_valid()) {
        anyhow::bail!("{}: bin `{}`: a bin is named by 1 to 32 of A-Z a-z 0-9 _ -", cells.display(), bin.id);
    }
    anyhow::ensure!(bins.len() <= MOST_BINS, "{}: has {} bins; {MOST_BINS} are allowed", cells.display(), bins.len());
    facts.check()?;
    layout::from_facts(&facts, &bins)?.validate().context("the former calibration cannot be used")?;
    Ok(Shelf { facts, bins, frame: Some(frame), told })
}

/// A rack after the names: `03_05` lies in the third row and the fifth column; names of another form make a row of their own.
pub(super) fn drawn(args: &Takeover, names: &BTreeSet<String>, capacity: i32) -> anyhow::Result<Shelf> {
    let mut facts = RackFacts { name: args.rack.clone(), ..RackFacts::blank(RackKind::Grid) };
    let place = |name: &str| -> Option<(u32, u32)> {
        let (row, column) = name.split_once('_')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let within = |text: &str| text.parse().ok().filter(|n| digits(text) && (1..=100).contains(n));
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
    let (mut strangers, mut taken) = (Vec::new(), BTreeSet::new());
    let (names, unfit): (Vec<_>, Vec<_>) = names.iter().partition(|name| BinId((*name).clone()).is_valid());
    for name in names {
        match place(name) {
            // `3_5` and `03_05` are two names and one place.
            Some((row, column)) if taken.insert((row, column)) => last = put(name, row, column),
            Some(_) | None => strangers.push(name),
        }
    }
    for (i, name) in strangers.into_iter().enumerate() {
        put(name, last + 1, u32::try_from(i + 1)?);
    }
    anyhow::ensure!(!bins.is_empty(), "no bin is named anywhere: there is nothing to make a rack of");
    let (w, h) = (columns * SIDE, rows * SIDE);
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
