//! Versions that nobody draws: the camera has moved, and its corners are taken over; or an older one comes back.

use app::api::calibrations::newest_frame;
use image::RgbImage;
use models::{
    Instant,
    bin::{Point, Rack, RackFacts},
    calibration::{About, Calibration, Origin},
    db::{
        Db, calibrations,
        layouts::{Drawn, Wanted},
        racks,
    },
    ids::{CalibrationId, RackId},
    movement::Actor,
};
use serde::Serialize;
use utoipa::ToSchema;
use vision::{
    capture,
    geometry::{FrameMap, rectangle},
};

use super::Pictures;
use crate::{
    config::{self, DataDir},
    problem::Problem,
    state::AppState,
    worker::{
        layout,
        reference::{self, Seen},
    },
};

/// From so many pixels on a person is asked: below, each scan corrects it and nobody needs to know.
pub(crate) const WORTH_ASKING: f64 = 4.0;

/// What the newest picture says of the camera's pose.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(crate) struct ShiftNow {
    /// `still`, `moved`, `lost` (the rack is not recognised, or too far away) or `unknown` (nothing to compare with).
    state: String,
    /// The scan whose picture was compared.
    scan: Option<String>,
    /// Mean distance of the bins' corners from where they were, in pixels of the frame.
    mean_px: f64,
    /// Turn in degrees, clockwise positive.
    turn_degrees: f64,
    /// The rack's corners as they are calibrated.
    #[schema(value_type = Vec<[f64; 2]>)]
    before: Vec<Point>,
    /// The corners that are right for the newest picture; empty unless it has moved.
    #[schema(value_type = Vec<[f64; 2]>)]
    now: Vec<Point>,
    /// Width and height of the frames both are in.
    frame: [u32; 2],
    /// Why nothing can be said.
    why: Option<String>,
    /// Whether a person should be asked.
    ask: bool,
}

/// Compares the newest scan's picture with the reference.
pub(crate) fn look(db: &Db, data: &DataDir, rack: &Rack) -> Result<ShiftNow, Problem> {
    Ok(compare(db, data, rack)?.0)
}

fn compare(db: &Db, data: &DataDir, rack: &Rack) -> Result<(ShiftNow, Option<RgbImage>), Problem> {
    let layout = layout::of(db, rack).map_err(|error| Problem::field("rack", format!("{error:#}")))?;
    let mut told = ShiftNow {
        state: "unknown".to_owned(),
        before: layout.corners.to_vec(),
        frame: layout.frame,
        ..ShiftNow::default()
    };
    let newest = db.read(|conn| newest_frame(conn, &rack.id, &data.snapshots()))?;
    let Some((scan, path)) = newest else { return Ok((told, None)) };
    told.scan = Some(scan.0);
    let bytes = std::fs::read(path).map_err(|_| Problem::not_found("the scan's picture is no longer there"))?;
    let frame = capture::decode(&bytes).map_err(|error| Problem::field("scan", format!("its picture: {error}")))?;
    let reference = reference::path(data, &rack.id, &layout).map_err(broken)?;
    match reference::since(&reference, &layout, &frame).map_err(broken)? {
        Seen::Missing => {}
        Seen::Refused(why) | Seen::Elsewhere(why) => {
            told.state = "lost".to_owned();
            told.why = Some(why);
            told.ask = true;
        }
        Seen::Shifted(shift) => {
            let map =
                FrameMap::new(&layout, layout.frame).map_err(|error| Problem::field("corners", error.to_string()))?;
            let moved = map.shifted(&shift.map).ok_or_else(|| Problem::field("corners", "leave the picture"))?;
            let [w, h] = layout.rectified.map(f64::from);
            // A thousandth of a pixel is as good, and is read again as it was written.
            let short = |v: f64| (v * 1e3).round() / 1e3;
            let now = rectangle(w, h).map(|p| moved.map(p).map(short));
            told.mean_px = shift.moved.mean_px;
            told.turn_degrees = shift.moved.turn_degrees;
            told.ask = shift.moved.mean_px >= WORTH_ASKING;
            told.state = if told.ask { "moved" } else { "still" }.to_owned();
            told.now = if told.ask { now.to_vec() } else { Vec::new() };
        }
    }
    Ok((told, Some(frame)))
}

/// Takes the corrected corners over as a new version; `scan` is the one whose pictures the person saw.
pub(crate) fn accept(
    db: &Db,
    data: &DataDir,
    rack: &Rack,
    scan: &str,
    actor: &Actor,
    now: Instant,
) -> Result<Calibration, Problem> {
    let (told, frame) = compare(db, data, rack)?;
    let stale = || Problem::field("scan", "another scan was made since: look at its pictures first");
    if told.scan.as_deref() != Some(scan) {
        return Err(stale());
    }
    let corners: [Point; 4] = told.now.clone().try_into().map_err(|_| {
        Problem::field("scan", told.why.clone().unwrap_or_else(|| "shows no camera that has moved".to_owned()))
    })?;
    let frame = frame.ok_or_else(stale)?;
    let facts = RackFacts { corners, ..rack.facts.clone() };
    let (_, version) = db.write(|conn| {
        let last = calibrations::calibration_in_force(conn, &rack.id, now)?;
        let (camera, bins) = last.map(|last| (last.camera, last.bins)).unwrap_or_default();
        let about = About { camera, has_picture: true, note: format!("{:.1} px", told.mean_px), ..About::default() };
        let wanted = Wanted::Known(rack.id.clone(), Some(facts.clone()));
        calibrations::calibration_save(conn, &wanted, &bins, &about, Origin::Shifted, actor, now)
    })?;
    keep_picture(db, data, &rack.id, &version.id, &frame);
    Ok(version)
}

/// Keeps the frame of a version that is in force by now: that it cannot be kept, on a full disk, must not make the version look refused.
pub(crate) fn keep_picture(db: &Db, data: &DataDir, rack: &RackId, version: &CalibrationId, frame: &RgbImage) {
    let kept = Pictures::of(data).settle(frame, version).and_then(|()| refer(db, data, rack, frame));
    if let Err(error) = kept {
        tracing::error!(error = format!("{error:#}"), "a calibration's picture is not kept");
    }
}

fn broken(error: anyhow::Error) -> Problem {
    tracing::error!(error = format!("{error:#}"), "a calibration's files");
    Problem::unavailable(
        "the pictures of the calibration cannot be read or kept: is the data folder writable, and is there room?",
    )
}

/// Goes back to a version, with its picture.
pub(crate) async fn restore(
    state: &AppState,
    id: CalibrationId,
    actor: Actor,
) -> Result<(Drawn, Calibration), Problem> {
    let old = id.clone();
    let write = state.store.write(move |conn| calibrations::calibration_restore(conn, &id, &actor, config::now()));
    let (drawn, version) = write.await?;
    let (pictures, new) = (Pictures::of(&state.data), version.id.clone());
    tokio::task::spawn_blocking(move || pictures.pass_on(&old, &new)).await?;
    Ok((drawn, version))
}

/// Keeps a frame as what the rack's pose is measured against. The rack is read anew, for the pose is named by its numbers to the last
/// digit, as a scan reads them.
fn refer(db: &Db, data: &DataDir, rack: &RackId, frame: &RgbImage) -> anyhow::Result<()> {
    let rack = db.read(|conn| racks::rack_get(conn, rack))?;
    reference::keep(data, &rack.id, &layout::of(db, &rack)?, frame)
}
