//! Versions of calibrations. What is in force stands in racks and bins, where everybody reads it; a version is what was put into
//! force once, whole, so that a scan can say what it was read by and a person can go back to it.

use std::collections::HashMap;

use diesel::{dsl::max, prelude::*};

use super::{
    Conn, DbError,
    layouts::{Drawn, DrawnBin, Wanted, layout_draw},
    new_id,
    racks::{bins_of, rack_get},
    schema::{bins as bin_table, calibrations},
    types,
};
use crate::{
    Instant,
    bin::{Rack, RackFacts},
    calibration::{About, Calibration, Origin, PlacedBin},
    error::RuleError,
    ids::{CalibrationId, RackId},
    movement::Actor,
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = calibrations)]
struct CalibrationRow {
    id: String,
    rack_id: String,
    number: i32,
    origin: String,
    facts: String,
    bins: String,
    camera: String,
    has_picture: bool,
    counts: String,
    made_by: String,
    made_at: Instant,
    note: String,
    corrected: String,
}

impl TryFrom<CalibrationRow> for Calibration {
    type Error = DbError;

    fn try_from(row: CalibrationRow) -> Result<Self, DbError> {
        Ok(Self {
            origin: types::word("calibrations.origin", &row.origin)?,
            facts: types::from_json("calibrations.facts", &row.facts)?,
            bins: types::from_json("calibrations.bins", &row.bins)?,
            counts: types::from_json("calibrations.counts", &row.counts)?,
            corrected: types::from_json("calibrations.corrected", &row.corrected)?,
            id: CalibrationId(row.id),
            rack_id: RackId(row.rack_id),
            number: row.number,
            camera: row.camera,
            has_picture: row.has_picture,
            made_by: row.made_by,
            made_at: row.made_at,
            note: row.note,
        })
    }
}

/// The versions of a rack, newest first.
pub fn calibration_list(conn: &mut Conn, rack: &RackId, limit: i64) -> Result<Vec<Calibration>, DbError> {
    let rows = calibrations::table.filter(calibrations::rack_id.eq(rack.as_str()));
    let rows = rows.order(calibrations::number.desc()).limit(limit).load::<CalibrationRow>(conn)?;
    rows.into_iter().map(Calibration::try_from).collect()
}

/// One version.
pub fn calibration_get(conn: &mut Conn, id: &CalibrationId) -> Result<Calibration, DbError> {
    let row: Option<CalibrationRow> = calibrations::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| DbError::NotFound(format!("There is no calibration {id}.")))?.try_into()
}

/// The newest version of a rack; none for one that was never calibrated under this program's eyes.
pub fn calibration_last(conn: &mut Conn, rack: &RackId) -> Result<Option<Calibration>, DbError> {
    Ok(calibration_list(conn, rack, 1)?.pop())
}

/// Puts a layout into force and keeps it as a version. Bins that it does not have go out of use; one that holds bottles
/// refuses, and nothing is changed.
pub fn calibration_save(
    conn: &mut Conn,
    wanted: &Wanted,
    bins: &[PlacedBin],
    about: &About,
    origin: Origin,
    actor: &Actor,
    now: Instant,
) -> Result<(Drawn, Calibration), DbError> {
    about.check(bins)?;
    check_names(conn, wanted, bins)?;
    keep_before(conn, wanted, now)?;
    let drawn: Vec<DrawnBin> = bins.iter().map(DrawnBin::from).collect();
    let done = layout_draw(conn, wanted, &drawn, true, actor, now)?;
    let version = insert(conn, &done.rack, about, origin, &actor.name, now)?;
    Ok((done, version))
}

/// Puts a layout of a file into force and keeps it as a version; the camera stays. With `only`, bins that it does not have go
/// out of use.
pub fn calibration_import(
    conn: &mut Conn,
    wanted: &Wanted,
    drawn: &[DrawnBin],
    only: bool,
    actor: &Actor,
    now: Instant,
) -> Result<(Drawn, Calibration), DbError> {
    keep_before(conn, wanted, now)?;
    let done = layout_draw(conn, wanted, drawn, only, actor, now)?;
    let version = keep(conn, &done.rack, Origin::Imported, &actor.name, now)?;
    Ok((done, version))
}

/// What was edited otherwise must not be lost to whoever goes back.
fn keep_before(conn: &mut Conn, wanted: &Wanted, now: Instant) -> Result<(), DbError> {
    if let Wanted::Known(rack, _) = wanted {
        calibration_in_force(conn, rack, now)?;
    }
    Ok(())
}

/// Refuses names that bins of other racks have, before anything is written: they are unique in the cellar.
fn check_names(conn: &mut Conn, wanted: &Wanted, bins: &[PlacedBin]) -> Result<(), DbError> {
    let own = match wanted {
        Wanted::New(_) => None,
        Wanted::Known(rack, _) => Some(rack),
    };
    let names: Vec<&str> = bins.iter().map(|bin| bin.id.as_str()).collect();
    let known: HashMap<String, String> = bin_table::table
        .filter(bin_table::id.eq_any(names))
        .select((bin_table::id, bin_table::rack_id))
        .load::<(String, String)>(conn)?
        .into_iter()
        .collect();
    for (i, bin) in bins.iter().enumerate() {
        if let Some(other) = known.get(bin.id.as_str()).filter(|other| Some(other.as_str()) != own.map(RackId::as_str))
        {
            let rack = rack_get(conn, &RackId(other.clone()))?.facts.name;
            let problem =
                format!("{} is the name of a bin of `{rack}`: put something before the names, such as B-", bin.id);
            return Err(RuleError::field(format!("bins[{i}].id"), problem).into());
        }
    }
    Ok(())
}

/// Keeps what a file or a person has drawn into the book otherwise as a version; the camera stays.
fn keep(conn: &mut Conn, rack: &Rack, origin: Origin, made_by: &str, now: Instant) -> Result<Calibration, DbError> {
    let camera = calibration_camera(conn, &rack.id)?.unwrap_or_default();
    insert(conn, rack, &About { camera, ..About::default() }, origin, made_by, now)
}

/// Up to `limit` versions of a rack in whose pictures a person counted bins, newest first.
pub fn calibration_counted(conn: &mut Conn, rack: &RackId, limit: i64) -> Result<Vec<Calibration>, DbError> {
    let own = calibrations::table.filter(calibrations::rack_id.eq(rack.as_str()));
    let counted = own.filter(calibrations::has_picture.eq(true)).filter(calibrations::corrected.ne("[]"));
    let rows = counted.order(calibrations::number.desc()).limit(limit).load::<CalibrationRow>(conn)?;
    rows.into_iter().map(Calibration::try_from).collect()
}

/// The camera of a rack's newest version; none where it is the one of the settings.
pub fn calibration_camera(conn: &mut Conn, rack: &RackId) -> Result<Option<String>, DbError> {
    let own = calibrations::table.filter(calibrations::rack_id.eq(rack.as_str()));
    let newest = own.order(calibrations::number.desc()).select(calibrations::camera);
    Ok(newest.first::<String>(conn).optional()?.filter(|camera| !camera.is_empty()))
}

/// When a rack's newest version was made (UTC).
pub fn calibrated_at(conn: &mut Conn, rack: &RackId) -> Result<Option<Instant>, DbError> {
    let own = calibrations::table.filter(calibrations::rack_id.eq(rack.as_str()));
    Ok(own.order(calibrations::number.desc()).select(calibrations::made_at).first(conn).optional()?)
}

/// Goes back to an older version: rack and bins are again as it has them, as a new version. Whoever keeps the pictures copies the
/// old one's.
pub fn calibration_restore(
    conn: &mut Conn,
    id: &CalibrationId,
    actor: &Actor,
    now: Instant,
) -> Result<(Drawn, Calibration), DbError> {
    let old = calibration_get(conn, id)?;
    let rack = rack_get(conn, &old.rack_id)?;
    // Name and place are no part of where the camera sees what: who renamed the rack since meant it.
    let facts = RackFacts { name: rack.facts.name, place: rack.facts.place, ..old.facts };
    // What was counted was counted then: going back counts nothing.
    let about = About { camera: old.camera, has_picture: old.has_picture, note: old.note, ..About::default() };
    calibration_save(conn, &Wanted::Known(old.rack_id, Some(facts)), &old.bins, &about, Origin::Restored, actor, now)
}

/// The version that is in force, made now where rack or bins were edited one by one since the last. None for a rack without bins.
pub fn calibration_in_force(conn: &mut Conn, rack: &RackId, now: Instant) -> Result<Option<Calibration>, DbError> {
    let rack = rack_get(conn, rack)?;
    let bins = placed(conn, &rack.id)?;
    if bins.is_empty() {
        return Ok(None);
    }
    let last = calibration_last(conn, &rack.id)?;
    if let Some(last) = last.filter(|last| is_in_force(last, &rack, &bins)) {
        return Ok(Some(last));
    }
    keep(conn, &rack, Origin::Found, "scan", now).map(Some)
}

/// Whether rack and bins still are as a version has them.
pub fn calibration_stands(conn: &mut Conn, version: &Calibration) -> Result<bool, DbError> {
    let rack = rack_get(conn, &version.rack_id)?;
    let bins = placed(conn, &version.rack_id)?;
    Ok(is_in_force(version, &rack, &bins))
}

/// The same of a rack and bins that were read already.
pub fn is_in_force(version: &Calibration, rack: &Rack, bins: &[PlacedBin]) -> bool {
    let named = RackFacts { name: rack.facts.name.clone(), place: rack.facts.place.clone(), ..version.facts.clone() };
    named == rack.facts && version.bins == bins
}

fn placed(conn: &mut Conn, rack: &RackId) -> Result<Vec<PlacedBin>, DbError> {
    Ok(bins_of(conn, rack)?.iter().map(PlacedBin::from).collect())
}

fn insert(
    conn: &mut Conn,
    rack: &Rack,
    about: &About,
    origin: Origin,
    made_by: &str,
    now: Instant,
) -> Result<Calibration, DbError> {
    let own = calibrations::table.filter(calibrations::rack_id.eq(rack.id.as_str()));
    let last: Option<i32> = own.select(max(calibrations::number)).first(conn)?;
    let row = CalibrationRow {
        id: new_id(),
        rack_id: rack.id.0.clone(),
        number: last.unwrap_or(0) + 1,
        origin: origin.as_str().to_owned(),
        facts: types::to_json(&rack.facts)?,
        bins: types::to_json(&placed(conn, &rack.id)?)?,
        camera: about.camera.trim().to_owned(),
        has_picture: about.has_picture,
        counts: types::to_json(&about.counts)?,
        made_by: made_by.to_owned(),
        made_at: types::cut(now),
        note: about.note.trim().to_owned(),
        corrected: types::to_json(&about.corrected)?,
    };
    diesel::insert_into(calibrations::table).values(&row).execute(conn)?;
    row.try_into()
}
