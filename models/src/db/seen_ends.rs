//! Where the bottle ends of a scan lie and what they look like: kept for the newest scans, to tell later which bottle
//! moved.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{
    Conn, DbError,
    schema::{readings, scans, seen_ends},
    types,
};
use crate::{
    ids::{BinId, RackId, ScanId},
    scan::{SeenEnd, SeenEnds},
};

/// Scans of a rack whose ends are kept. An exchange must be seen as often as any change, ten times at most; the rest lets a later
/// release look further back.
const KEPT_SCANS: i64 = 30;

#[derive(Queryable, Insertable)]
#[diesel(table_name = seen_ends)]
struct EndsRow {
    scan_id: String,
    bin: String,
    ends: String,
}

/// Records the ends of a scan's bins; bins without a reading of that scan are passed over. The ends of all but the
/// rack's newest scans are forgotten.
pub(super) fn ends_record(conn: &mut Conn, scan: &ScanId, rack: &RackId, ends: &[SeenEnds]) -> Result<(), DbError> {
    let read: Vec<String> =
        readings::table.filter(readings::scan_id.eq(scan.as_str())).select(readings::bin).load(conn)?;
    let mut waiting: BTreeSet<String> = read.into_iter().collect();
    for bin in ends {
        if waiting.remove(bin.bin.as_str()) {
            let row = EndsRow { scan_id: scan.0.clone(), bin: bin.bin.0.clone(), ends: types::to_json(&bin.ends)? };
            diesel::insert_into(seen_ends::table).values(&row).execute(conn)?;
        }
    }
    let kept: Vec<String> = scans::table
        .filter(scans::rack_id.eq(rack.as_str()))
        .order(scans::id.desc())
        .limit(KEPT_SCANS)
        .select(scans::id)
        .load(conn)?;
    let of_rack = scans::table.filter(scans::rack_id.eq(rack.as_str())).select(scans::id);
    if let Some(oldest) = kept.last() {
        let old: Vec<String> = of_rack.filter(scans::id.lt(oldest)).load(conn)?;
        diesel::delete(seen_ends::table.filter(seen_ends::scan_id.eq_any(old))).execute(conn)?;
    }
    Ok(())
}

/// The ends a scan saw, by bin.
pub fn ends_list(conn: &mut Conn, scan: &ScanId) -> Result<Vec<SeenEnds>, DbError> {
    let rows: Vec<EndsRow> =
        seen_ends::table.filter(seen_ends::scan_id.eq(scan.as_str())).order(seen_ends::bin).load(conn)?;
    let read = |row: EndsRow| -> Result<SeenEnds, DbError> {
        let ends: Vec<SeenEnd> = types::from_json("seen_ends.ends", &row.ends)?;
        Ok(SeenEnds { bin: BinId(row.bin), ends })
    };
    rows.into_iter().map(read).collect()
}

/// The ends a scan saw in one bin; empty where it saw none, or they are forgotten.
pub(super) fn ends_of(conn: &mut Conn, scan: &ScanId, bin: &BinId) -> Result<Vec<SeenEnd>, DbError> {
    let row = seen_ends::table.find((scan.as_str(), bin.as_str())).select(seen_ends::ends);
    let ends: Option<String> = row.first(conn).optional()?;
    ends.map_or(Ok(Vec::new()), |ends| types::from_json("seen_ends.ends", &ends))
}
