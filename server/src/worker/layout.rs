//! From the cellar's racks and bins to the layout that vision reads.

use anyhow::Context;
use models::{
    bin::Rack,
    db::{Db, racks},
};
use vision::layout::{BinShape, Layout};

/// The rack that the camera faces, with its enabled bins.
pub(crate) fn load(db: &Db) -> anyhow::Result<(Rack, Layout)> {
    let rack = db.read(racks::rack_list)?.into_iter().next();
    let rack = rack.context("the cellar has no rack yet: `winecellar demo` makes one")?;
    let layout = of(db, &rack)?;
    anyhow::ensure!(!layout.bins.is_empty(), "rack `{}` has no enabled bin", rack.facts.name);
    Ok((rack, layout))
}

/// A rack's layout with its enabled bins.
pub(crate) fn of(db: &Db, rack: &Rack) -> anyhow::Result<Layout> {
    let bins = db.read(racks::bin_list)?;
    let bins: Vec<BinShape> = bins
        .into_iter()
        .filter(|bin| bin.enabled && bin.rack_id == rack.id)
        .map(|bin| BinShape { id: bin.id.0, polygon: bin.polygon, capacity: u32::try_from(bin.capacity).unwrap_or(0) })
        .collect();
    let side = |field: &str, pixels: i32| {
        u32::try_from(pixels).with_context(|| format!("rack `{}`: {field} is {pixels}", rack.facts.name))
    };
    Ok(Layout {
        corners: rack.facts.corners,
        frame: [side("frame_width", rack.facts.frame_width)?, side("frame_height", rack.facts.frame_height)?],
        rectified: [
            side("rectified_width", rack.facts.rectified_width)?,
            side("rectified_height", rack.facts.rectified_height)?,
        ],
        lens: rack.facts.lens,
        size_mm: rack.facts.size_mm(),
        bins,
    })
}
