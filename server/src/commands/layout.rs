//! `winecellar layout …`: where the camera sees which bin, as files.

mod generate;
mod import;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use models::{
    bin::Rack,
    db::{Db, racks},
};
use plan::{
    cells::{read_cells, write_cells},
    layout::{BinShape, Layout},
    polygon::{area, crosses_itself, is_convex, overlap},
};

use crate::{
    cli::{self, Place},
    out,
    worker::{atomic, layout},
};

/// Largest file that is read as a layout, in bytes.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// What a file holds.
enum Content {
    /// Corners, sizes and bins.
    Whole(Box<Layout>),
    /// Bins alone.
    Cells(Vec<BinShape>),
}

impl Content {
    fn bins(&self) -> &[BinShape] {
        match self {
            Self::Whole(layout) => &layout.bins,
            Self::Cells(bins) => bins,
        }
    }
}

/// Does what was asked.
pub(crate) fn run(place: &Place, args: cli::Layout) -> anyhow::Result<()> {
    match args {
        cli::Layout::Check { file } => check(&file),
        cli::Layout::Generate(args) => generate::run(&args),
        cli::Layout::Import(args) => import::run(place, &args),
        cli::Layout::Export { rack, cells, out } => export(place, rack.as_deref(), cells, out.as_deref()),
    }
}

fn read(file: &Path) -> anyhow::Result<Content> {
    let size = fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len();
    anyhow::ensure!(size <= MOST_BYTES, "{} is too large to be a layout", file.display());
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{}: is no text in UTF-8", file.display()))?;
    let cells = serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|value| value.get("cells").is_some());
    let content = if cells {
        read_cells(&text).map(Content::Cells)
    } else {
        Layout::from_json(&text).map(|layout| Content::Whole(Box::new(layout)))
    };
    content.with_context(|| file.display().to_string())
}

fn check(file: &Path) -> anyhow::Result<()> {
    let content = read(file)?;
    let bins = content.bins();
    let bottles: u32 = bins.iter().map(|bin| bin.capacity).sum();
    let unsaid = bins.iter().filter(|bin| bin.capacity == 0).count();
    match &content {
        Content::Whole(layout) => {
            let [w, h] = layout.rectified;
            let lens = if layout.lens.is_some() { "with a lens" } else { "without a lens" };
            out::line(format_args!("a layout of {} bins on {w} x {h} pixels, {lens}", bins.len()))?;
        }
        Content::Cells(_) => out::line(format_args!("a cells_polygons.json of {} bins", bins.len()))?,
    }
    match unsaid {
        0 => out::line(format_args!("room for {bottles} bottles"))?,
        n => out::line(format_args!(
            "{n} bins do not say how many bottles fit: give --capacity or --bottle-mm on import"
        ))?,
    }
    doubts(bins).into_iter().try_for_each(out::line)
}

/// What is allowed but probably not meant.
fn doubts(bins: &[BinShape]) -> Vec<String> {
    let mut found = Vec::new();
    for (i, bin) in bins.iter().enumerate() {
        if crosses_itself(&bin.polygon) {
            found.push(format!("bin {}: its outline crosses itself; put its corners in order", bin.id));
        }
        for other in &bins[i + 1..] {
            // The area in common is worked out against a convex outline; of two others nothing is said.
            let common = if is_convex(&other.polygon) {
                overlap(&bin.polygon, &other.polygon)
            } else if is_convex(&bin.polygon) {
                overlap(&other.polygon, &bin.polygon)
            } else {
                0.0
            };
            let least = area(&bin.polygon).min(area(&other.polygon));
            if common > 0.05 * least {
                let share = 100.0 * common / least;
                found.push(format!(
                    "bins {} and {} overlap by {share:.0} %: their bottles may count twice",
                    bin.id, other.id
                ));
            }
        }
    }
    found
}

fn export(place: &Place, rack: Option<&str>, cells: bool, file: Option<&Path>) -> anyhow::Result<()> {
    let db = place.open_migrated()?;
    let layout = layout::of(&db, &named(&db, rack)?)?;
    put(file, &if cells { write_cells(&layout.bins) } else { layout.to_json() })
}

/// The rack of that name or id, else the first.
fn named(db: &Db, wanted: Option<&str>) -> anyhow::Result<Rack> {
    let racks = db.read(racks::rack_list)?;
    let names: Vec<String> = racks.iter().map(|rack| format!("`{}`", rack.facts.name)).collect();
    let mut fitting = racks
        .into_iter()
        .filter(|rack| wanted.is_none_or(|wanted| rack.facts.name == wanted || rack.id.as_str() == wanted));
    match (fitting.next(), wanted) {
        (Some(rack), _) => Ok(rack),
        (None, Some(wanted)) => anyhow::bail!("--rack: there is no rack `{wanted}`; there are {}", names.join(", ")),
        (None, None) => {
            anyhow::bail!("the cellar has no rack yet: `winecellar layout import FILE --new NAME` enters one")
        }
    }
}

/// Writes a text to a file or to stdout.
fn put(file: Option<&Path>, text: &str) -> anyhow::Result<()> {
    match file {
        None => out::line(text.trim_end()),
        Some(file) => {
            atomic::write(&absolute(file)?, text.as_bytes())?;
            out::line(file.display())
        }
    }
}

/// A file's whole path: what is written under another name first needs its folder.
fn absolute(file: &Path) -> anyhow::Result<PathBuf> {
    std::path::absolute(file).with_context(|| format!("{} is no file's name", file.display()))
}

/// How many bottles fit into a bin, as asked for; none where nothing was.
fn room(asked: &cli::Room, bin: &BinShape, mm: Option<[f64; 2]>) -> anyhow::Result<Option<u32>> {
    let Some(diameter) = asked.bottle_mm else { return Ok(asked.capacity) };
    anyhow::ensure!((20.0..=200.0).contains(&diameter), "--bottle-mm: is {diameter}; a bottle is 20 to 200 mm thick");
    let mm = mm.context(
        "--bottle-mm: the rack's size is not known; give --mm WxH on `layout generate`, or size_mm in the layout",
    )?;
    let outline: Vec<[f64; 2]> = bin.polygon.iter().map(|p| [p[0] * mm[0], p[1] * mm[1]]).collect();
    let fit = plan::packing::capacity(&outline, diameter / 2.0);
    anyhow::ensure!(fit > 0, "--bottle-mm: not one bottle of {diameter} mm fits into bin {}", bin.id);
    Ok(Some(fit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_and_knots_are_told() {
        let bin = |id: &str, polygon: &[[f64; 2]]| BinShape { id: id.into(), polygon: polygon.to_vec(), capacity: 1 };
        let square = |x: f64| [[x, 0.0], [x + 10.0, 0.0], [x + 10.0, 10.0], [x, 10.0]];
        let knot = [[0.0, 50.0], [10.0, 60.0], [10.0, 50.0], [0.0, 60.0]];
        let told = doubts(&[bin("a", &square(0.0)), bin("b", &square(5.0)), bin("c", &square(20.0)), bin("d", &knot)]);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("bins a and b overlap by 50 %") && told[1].starts_with("bin d"), "{told:?}");
    }
}
