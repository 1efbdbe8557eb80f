//! The looks of the camera, in the order of time.

use diesel::prelude::*;

use super::{
    Conn, DbError,
    schema::{readings, scans},
};
use crate::{
    Instant,
    archive::Look,
    ids::{BinId, RackId},
};

/// The newest looks at a rack, oldest first. Scans that broke off saw nothing.
pub fn looks_at_rack(conn: &mut Conn, rack: &RackId, limit: i64) -> Result<Vec<Look>, DbError> {
    let rows = scans::table
        .filter(scans::rack_id.eq(rack.as_str()).and(scans::status.ne("failed")))
        .order(scans::id.desc())
        .limit(limit)
        .select((scans::id, scans::started_at));
    let rows: Vec<(String, Instant)> = rows.load(conn)?;
    Ok(rows.into_iter().rev().map(|(scan, at)| Look { scan: scan.as_str().into(), at, count: None }).collect())
}

/// The newest looks at a bin, oldest first, with what was counted.
pub fn looks_at_bin(conn: &mut Conn, bin: &BinId, limit: i64) -> Result<Vec<Look>, DbError> {
    let rows = readings::table
        .inner_join(scans::table.on(scans::id.eq(readings::scan_id)))
        .filter(readings::bin.eq(bin.as_str()))
        .order(readings::scan_id.desc())
        .limit(limit)
        .select((readings::scan_id, scans::started_at, readings::seen));
    let rows: Vec<(String, Instant, Option<i32>)> = rows.load(conn)?;
    Ok(rows.into_iter().rev().map(|(scan, at, count)| Look { scan: scan.as_str().into(), at, count }).collect())
}
