//! From the cellar's racks and bins to the layout that vision reads.

use anyhow::Context;
use models::{
    Instant,
    bin::Rack,
    calibration::Calibration,
    db::{Db, DbError, calibrations, racks},
    ids::RackId,
};
use vision::layout::{BinShape, Layout};

/// The rack that the camera faces, by its name or id, with its enabled bins; the cellar's first where none is named.
pub(crate) fn load(db: &Db, wanted: Option<&str>) -> anyhow::Result<(Rack, Layout)> {
    let mut racks = db.read(racks::rack_list)?;
    anyhow::ensure!(
        !racks.is_empty(),
        "the cellar has no rack yet: `winecellar layout import FILE --new NAME` enters one, `winecellar demo` one to try"
    );
    let at = match wanted.filter(|name| !name.is_empty()) {
        None => 0,
        Some(name) => {
            racks.iter().position(|rack| rack.facts.name == name || rack.id.as_str() == name).with_context(|| {
                let names: Vec<&str> = racks.iter().map(|rack| rack.facts.name.as_str()).collect();
                format!("WINECELLAR_RACK: there is no rack `{name}` (there are: {})", names.join(", "))
            })?
        }
    };
    let rack = racks.swap_remove(at);
    let layout = of(db, &rack)?;
    anyhow::ensure!(!layout.bins.is_empty(), "rack `{}` has no enabled bin", rack.facts.name);
    Ok((rack, layout))
}

/// The version of the calibration that is in force. Where rack or bins were edited since the last one it is made now; else nothing
/// is written.
pub(crate) fn version(db: &Db, rack: &RackId, now: Instant) -> anyhow::Result<Calibration> {
    let standing = db.read(|conn| match calibrations::calibration_last(conn, rack)? {
        Some(last) if calibrations::calibration_stands(conn, &last)? => Ok(Some(last)),
        _ => Ok::<_, DbError>(None),
    })?;
    let version = match standing {
        Some(version) => Some(version),
        None => db.write(|conn| calibrations::calibration_in_force(conn, rack, now))?,
    };
    version.context("the rack has no bins")
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
