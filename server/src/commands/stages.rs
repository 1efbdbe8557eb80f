//! The stages of a scan on their own: each reads and writes files in a folder that a person can open.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::Context;
use image::RgbImage;
use models::{
    db::{DbError, racks},
    ids::RackId,
};
use vision::{annotate::annotate, capture, crop as cut, layout::Layout, rectify as front};

use crate::out;
use crate::{
    cli::{self, Place},
    exit::Ended,
    worker::{
        artifacts, atomic, camera, layout,
        lessons::Lessons,
        reference::{self, Seen},
        results::{self, DiffRow},
        scan,
        snapshot::{self, Report},
    },
};

const FRAME: &str = "frame.jpg";
const LAYOUT: &str = "layout.json";
const RECTIFIED: &str = "shelf_rectified.jpg";
const POLYGONS: &str = "cells_polygons.json";
const RESULTS: &str = "results.csv";
const REFERENCE: &str = "reference.png";
const RACK: &str = "rack.txt";
const QUALITY: &str = "quality.json";
const SHIFT: &str = "shift.json";

fn folder(place: &Place, stage: &cli::Stage) -> PathBuf {
    stage.dir.clone().unwrap_or_else(|| place.data().stage())
}

fn load(dir: &Path, name: &str, made_by: &str) -> anyhow::Result<Vec<u8>> {
    let path = dir.join(name);
    fs::read(&path).with_context(|| format!("cannot read {}: run `winecellar stock {made_by}` first", path.display()))
}

fn picture(dir: &Path, name: &str, made_by: &str) -> anyhow::Result<RgbImage> {
    let data = load(dir, name, made_by)?;
    capture::decode(&data).with_context(|| format!("{}", dir.join(name).display()))
}

fn stored_layout(dir: &Path) -> anyhow::Result<Layout> {
    let data = load(dir, LAYOUT, "snapshot")?;
    let layout: Layout = serde_json::from_slice(&data).with_context(|| format!("{}", dir.join(LAYOUT).display()))?;
    layout.validate().with_context(|| format!("{}", dir.join(LAYOUT).display()))?;
    Ok(layout)
}

/// What the snapshot measured; nothing where a person brought the picture.
fn quality(dir: &Path) -> anyhow::Result<Report> {
    let path = dir.join(QUALITY);
    match fs::read(&path) {
        Ok(data) => serde_json::from_slice(&data).with_context(|| path.display().to_string()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Report::default()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// The layout with the bins of cells_polygons.json, where a person has edited them.
fn edited_layout(dir: &Path) -> anyhow::Result<Layout> {
    let mut layout = stored_layout(dir)?;
    let data = load(dir, POLYGONS, "rectify")?;
    layout.bins = vision::layout::read_cells(&String::from_utf8_lossy(&data))
        .with_context(|| format!("{}", dir.join(POLYGONS).display()))?;
    Ok(layout)
}

/// frame.jpg, quality.json, layout.json
pub(crate) fn snapshot(place: &Place, args: &cli::Snapshot) -> anyhow::Result<()> {
    let dir = folder(place, &args.stage);
    let data = place.data();
    let db = place.open_migrated()?;
    let (rack, layout) = layout::load(&db, args.camera.rack.as_deref())?;
    let source = camera::of(&db, &data, args.camera.source.as_deref(), &rack.id)?;
    fs::create_dir_all(&dir)
        .with_context(|| format!("cannot make {}: name a writable folder by --dir", dir.display()))?;
    // What is to be the new measure is not measured by the old one.
    let last_good = if args.as_good { None } else { snapshot::last_good(&data, &rack.id) };
    let kept = reference::path(&data, &rack.id, &layout)?;
    let reference = if args.as_good { PathBuf::new() } else { kept.clone() };
    let mut look = snapshot::take(&source, &args.camera, &layout, &snapshot::Before { last_good, reference })?;
    atomic::put(&dir.join(LAYOUT), &serde_json::to_vec_pretty(&layout)?)?;
    atomic::put(&dir.join(RACK), rack.id.as_str().as_bytes())?;
    // The reference goes along, so that the next stage needs this folder only; an old one must not stay.
    match fs::read(&kept) {
        Ok(kept) => atomic::write(&dir.join(REFERENCE), &kept)?,
        Err(_) => atomic::remove(&dir.join(REFERENCE))?,
    }
    if let Some(frame) = &look.frame {
        let picture = frame.bytes.clone().map_or_else(|| artifacts::jpeg(&frame.image), Ok)?;
        atomic::put(&dir.join(FRAME), &picture)?;
        atomic::write(&dir.join(QUALITY), &serde_json::to_vec_pretty(&look.report)?)?;
        out::line(dir.join(FRAME).display())?;
        out::line(&look.report)?;
    }
    if let Some(reason) = look.refusal {
        return Err(Ended::NoOpinion(reason).into());
    }
    if let (true, Some(frame)) = (args.as_good, &look.frame) {
        match reference::since(&kept, &layout, &frame.image)? {
            Seen::Shifted(shift) => look.shift = Some(shift),
            Seen::Missing => {}
            // The rack is not what it was: from here on this picture says where the camera hangs.
            Seen::Refused(_) => reference::keep(&data, &rack.id, &layout, &frame.image)?,
            // It is what it was, and only the corners are wrong.
            Seen::Elsewhere(reason) => return Err(Ended::NoOpinion(reason).into()),
        }
        snapshot::remember_all(&data, &rack.id, &layout, &look)?;
        out::line("outlines are compared with this picture from now on")?;
    }
    Ok(())
}

/// shelf_rectified.jpg, cells_polygons.json, and shift.json where there is a reference
pub(crate) fn rectify(place: &Place, args: &cli::Stage) -> anyhow::Result<()> {
    let dir = folder(place, args);
    let frame = picture(&dir, FRAME, "snapshot")?;
    let layout = stored_layout(&dir)?;
    if let Some(reason) = quality(&dir)?.refusal {
        return Err(Ended::NoOpinion(reason).into());
    }
    let shift = match reference::since(&dir.join(REFERENCE), &layout, &frame)? {
        Seen::Refused(reason) | Seen::Elsewhere(reason) => return Err(Ended::NoOpinion(reason).into()),
        Seen::Shifted(shift) => {
            atomic::put(&dir.join(SHIFT), &serde_json::to_vec_pretty(&shift.moved)?)?;
            if let Some(told) = reference::told(&shift.moved) {
                out::line(told)?;
            }
            Some(shift)
        }
        Seen::Missing => {
            atomic::remove(&dir.join(SHIFT))?;
            None
        }
    };
    let map = scan::frame_map(&layout, &frame, shift.as_ref().map(|shift| &shift.map))?;
    let rectified = front::rectify_by(&frame, layout.rectified, |place| map.map(place));
    atomic::put(&dir.join(RECTIFIED), &artifacts::jpeg(&rectified)?)?;
    atomic::write(&dir.join(POLYGONS), vision::layout::write_cells(&layout.bins).as_bytes())?;
    out::line(dir.join(RECTIFIED).display())?;
    Ok(())
}

/// cells/<bin>.png
pub(crate) fn crop(place: &Place, args: &cli::Stage) -> anyhow::Result<()> {
    let dir = folder(place, args);
    let rectified = picture(&dir, RECTIFIED, "rectify")?;
    let layout = edited_layout(&dir)?;
    let cells = dir.join("cells");
    fs::create_dir_all(&cells).with_context(|| format!("cannot make {}", cells.display()))?;
    for bin in &layout.bins {
        let mut data = std::io::Cursor::new(Vec::new());
        cut::crop(&rectified, bin).write_to(&mut data, image::ImageFormat::Png)?;
        atomic::put(&cells.join(format!("{}.png", bin.id)), &data.into_inner())?;
    }
    atomic::sync_dir(&cells)?;
    out::line(format_args!("{} crops in {}", layout.bins.len(), cells.display()))?;
    Ok(())
}

/// results.csv, results.json, annotated.jpg
pub(crate) fn detect(place: &Place, args: &cli::Stage) -> anyhow::Result<()> {
    let dir = folder(place, args);
    let rectified = picture(&dir, RECTIFIED, "rectify")?;
    let layout = edited_layout(&dir)?;
    let mut detector = place.detector()?;
    if let Ok(rack) = fs::read_to_string(dir.join(RACK)) {
        Lessons::of(&place.data(), &RackId(rack)).apply(&mut detector);
    }
    let mut readings = detector.read(&rectified, &layout.bins);
    quality(&dir)?.silence(&mut readings);
    atomic::put(&dir.join("annotated.jpg"), &artifacts::jpeg(&annotate(&rectified, &layout.bins, &readings))?)?;
    atomic::put(&dir.join("results.json"), &serde_json::to_vec_pretty(&readings)?)?;
    atomic::write(&dir.join(RESULTS), &results::to_csv(&results::rows(&readings), results::RESULT_COLUMNS)?)?;
    out::line(dir.join(RESULTS).display())?;
    Ok(())
}

/// diff_only.csv, diff_only.json; the book is only read.
pub(crate) fn compare(place: &Place, args: &cli::Stage) -> anyhow::Result<()> {
    let dir = folder(place, args);
    let rows = results::read(&load(&dir, RESULTS, "detect")?)?;
    let book = place.open_migrated()?.read(|conn| racks::bin_summary(conn).map_err(DbError::from))?;
    let mut differ = Vec::new();
    for row in rows {
        let Some(bin) = book.iter().find(|bin| bin.st_bin.as_str() == row.bin) else {
            eprintln!("winecellar: {}: the cellar has no such bin; the row is passed over", row.bin);
            continue;
        };
        let Some(seen) = row.count.and_then(|n| i32::try_from(n).ok()) else { continue };
        if seen != bin.qty {
            differ.push(DiffRow {
                bin: row.bin,
                expected: bin.qty,
                seen,
                difference: seen - bin.qty,
                confidence: row.confidence,
            });
        }
    }
    scan::write_diff(&dir, &differ)?;
    out::line(format_args!("{} bins differ: {}", differ.len(), dir.join("diff_only.json").display()))?;
    Ok(())
}
