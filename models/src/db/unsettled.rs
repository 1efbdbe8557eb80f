//! Whether a scan has left something that a second look soon after may settle.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::{
    Conn, DbError, bottles, proposals,
    schema::{readings, scans},
    types,
};
use crate::{Instant, ids::BinId, scan::ScanStatus};

/// When a second look is due: so long after the newest scan, if that one could not see the rack, or saw a change that it was not
/// sure enough of to ask about. None where all is settled, where the rack has been looked at twice within that time already, or where
/// the moment has passed for as long again.
pub fn second_look(conn: &mut Conn, after: TimeDelta, now: Instant) -> Result<Option<Instant>, DbError> {
    let newest: Option<(String, String, String, Instant, Instant)> = scans::table
        .order(scans::id.desc())
        .select((scans::id, scans::rack_id, scans::status, scans::started_at, scans::finished_at))
        .first(conn)
        .optional()?;
    let Some((scan, rack, status, began, ended)) = newest else { return Ok(None) };
    if now - ended > after * 2 {
        return Ok(None);
    }
    let before: Option<Instant> = scans::table
        .filter(scans::rack_id.eq(&rack))
        .filter(scans::id.ne(&scan))
        .order(scans::id.desc())
        .select(scans::finished_at)
        .first(conn)
        .optional()?;
    if before.is_some_and(|before| began - before < after * 2) {
        return Ok(None);
    }
    let unsettled = match types::word::<ScanStatus>("scans.status", &status)? {
        ScanStatus::NoOpinion => true,
        ScanStatus::Failed => false,
        ScanStatus::Ok => waits(conn, &scan)?,
    };
    Ok(unsettled.then_some(ended + after))
}

/// Whether a bin differs from the book as it was then and is, and nobody is asked about it, nor has said that the camera is wrong there.
fn waits(conn: &mut Conn, scan: &str) -> Result<bool, DbError> {
    let seen = readings::seen.assume_not_null();
    let differing: Vec<(String, i32, i32)> = readings::table
        .filter(readings::scan_id.eq(scan))
        .filter(readings::seen.is_not_null().and(seen.ne(readings::expected)))
        .select((readings::bin, readings::expected, seen))
        .load(conn)?;
    for (bin, expected, seen) in differing {
        let bin = BinId(bin);
        if proposals::open_in(conn, &bin)?.is_none()
            && !proposals::is_upheld(conn, &bin, expected, seen)?
            && bottles::count_in(conn, &bin)? == expected
        {
            return Ok(true);
        }
    }
    Ok(false)
}
