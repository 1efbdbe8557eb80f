//! From the cellar's racks and bins to the layout that vision reads.

use anyhow::Context;
use models::{
    Instant,
    bin::{Rack, RackFacts},
    calibration::{Calibration, PlacedBin},
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
    let bins: Vec<PlacedBin> = db.read(|conn| racks::bins_of(conn, &rack.id))?.iter().map(PlacedBin::from).collect();
    from_facts(&rack.facts, &bins).with_context(|| format!("rack `{}`", rack.facts.name))
}

/// A layout of a rack and those of its bins that are in use.
pub(crate) fn from_facts(facts: &RackFacts, bins: &[PlacedBin]) -> anyhow::Result<Layout> {
    let side = |field: &str, pixels: i32| u32::try_from(pixels).with_context(|| format!("{field} is {pixels}"));
    Ok(Layout {
        corners: facts.corners,
        frame: [side("frame_width", facts.frame_width)?, side("frame_height", facts.frame_height)?],
        rectified: [side("rectified_width", facts.rectified_width)?, side("rectified_height", facts.rectified_height)?],
        lens: facts.lens,
        size_mm: facts.size_mm(),
        bins: bins.iter().filter(|bin| bin.enabled).map(BinShape::from).collect(),
    })
}
