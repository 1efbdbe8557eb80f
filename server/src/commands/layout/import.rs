//! `winecellar layout import`: a file's rack and bins into the book.

use anyhow::Context;
use models::{
    bin::{RackFacts, RackKind},
    db::{
        calibrations::calibration_import,
        layouts::{Drawn, DrawnBin, Wanted},
    },
    ids::BinId,
    movement::{Actor, Source},
};
use plan::layout::Layout;

use super::{Content, named, read, room};
use crate::{
    cli::{LayoutImport, Place},
    config, out,
};

/// Draws the file into the book, or says what that would do.
pub(super) fn run(place: &Place, args: &LayoutImport) -> anyhow::Result<()> {
    let content = read(&args.file)?;
    let db = place.open_migrated()?;
    let (wanted, mm) = match (&content, &args.new) {
        (Content::Cells(_), Some(_)) => anyhow::bail!(
            "--new: a cells_polygons.json does not say where the rack is seen; make a layout with `winecellar layout generate --corners …`"
        ),
        (Content::Whole(layout), Some(name)) => (
            Wanted::New(facts(layout, RackFacts { name: name.to_owned(), ..RackFacts::blank(RackKind::Free) })?),
            layout.mm_per_pixel(),
        ),
        (Content::Whole(layout), None) => {
            let rack = named(&db, args.rack.as_deref())?;
            let facts = facts(layout, rack.facts)?;
            let mm = layout.mm_per_pixel().or(scale(&facts));
            (Wanted::Known(rack.id, Some(facts)), mm)
        }
        (Content::Cells(_), None) => {
            let rack = named(&db, args.rack.as_deref())?;
            let mm = scale(&rack.facts);
            (Wanted::Known(rack.id, None), mm)
        }
    };
    let mut drawn = Vec::new();
    for (i, bin) in content.bins().iter().enumerate() {
        let said = if bin.capacity > 0 { Some(bin.capacity) } else { room(&args.room, bin, mm)? };
        let capacity =
            said.map(i32::try_from).transpose().with_context(|| format!("bins[{i}].capacity: is too large"))?;
        let id = BinId(bin.id.clone());
        drawn.push(DrawnBin { id, polygon: bin.polygon.clone(), capacity, enabled: true });
    }
    let actor = Actor { name: "command line".to_owned(), source: Source::Import };
    let done = db.write_or_rehearse(args.preview, |conn| {
        Ok(calibration_import(conn, &wanted, &drawn, !args.keep_others, &actor, config::now())?.0)
    });
    let done = done.with_context(|| format!("{} is not brought in", args.file.display()))?;
    tell(if args.preview { "would be: " } else { "" }, &done)
}

fn tell(what: &str, done: &Drawn) -> anyhow::Result<()> {
    let Drawn { rack, added, changed, disabled } = done;
    let list = |bins: &[BinId]| bins.iter().map(BinId::as_str).collect::<Vec<_>>().join(" ");
    out::line(format_args!(
        "{what}rack `{}`: {} bins new, {} changed, {} out of use",
        rack.facts.name,
        added.len(),
        changed.len(),
        disabled.len()
    ))?;
    for (word, bins) in [("new", added), ("changed", changed), ("out of use", disabled)] {
        if !bins.is_empty() {
            out::line(format_args!("  {word}: {}", list(bins)))?;
        }
    }
    Ok(())
}

/// A rack's facts with a layout's calibration in place of its own.
fn facts(layout: &Layout, before: RackFacts) -> anyhow::Result<RackFacts> {
    let side = |field: &str, pixels: u32| i32::try_from(pixels).with_context(|| format!("{field}: is too large"));
    let [width_mm, height_mm] = match layout.size_mm {
        // Whole millimetres are as well as anybody measures a rack.
        Some(size) => size.map(|mm| Some(mm.round() as i32)),
        None => [before.width_mm, before.height_mm],
    };
    Ok(RackFacts {
        corners: layout.corners,
        frame_width: side("frame", layout.frame[0])?,
        frame_height: side("frame", layout.frame[1])?,
        rectified_width: side("rectified", layout.rectified[0])?,
        rectified_height: side("rectified", layout.rectified[1])?,
        lens: layout.lens,
        width_mm,
        height_mm,
        ..before
    })
}

/// Millimetres per pixel of the rectified picture.
fn scale(facts: &RackFacts) -> Option<[f64; 2]> {
    let shown = [facts.rectified_width, facts.rectified_height].map(f64::from);
    facts.size_mm().map(|size| [size[0] / shown[0], size[1] / shown[1]])
}
