//! Scans and readings: what the camera saw, and the comparison with the book.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{
    Conn, DbError, bottles, events, racks, reconcile,
    schema::{readings, scans},
    seen_ends, types,
};
use crate::{
    Instant,
    compare::Belief,
    error::RuleError,
    ids::{BinId, CalibrationId, RackId, ScanId},
    proposal::Proposal,
    scan::{BinCount, Reading, Scan, ScanStatus, SeenEnds},
};

/// What recording a scan has led to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recorded {
    /// One reading for each bin in use that was counted.
    pub readings: Vec<Reading>,
    /// The open proposals of the bins that differ: raised now, or raised before and confirmed.
    pub proposals: Vec<Proposal>,
    /// The readings that differ from the book, among them those a person has called wrong.
    pub changed: Vec<Reading>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = scans)]
struct ScanRow {
    id: String,
    rack_id: String,
    started_at: Instant,
    finished_at: Instant,
    source: String,
    status: String,
    message: String,
    model: String,
    stages: String,
    bins_read: i32,
    bins_changed: i32,
    calibration_id: Option<String>,
}

impl ScanRow {
    fn new(scan: &Scan) -> Result<Self, DbError> {
        let s = scan.clone();
        Ok(Self {
            stages: types::to_json(&s.stages)?,
            id: s.id.0,
            rack_id: s.rack_id.0,
            started_at: types::cut(s.started_at),
            finished_at: types::cut(s.finished_at),
            source: s.source,
            status: s.status.as_str().to_owned(),
            message: s.message,
            model: s.model,
            bins_read: 0,
            bins_changed: 0,
            calibration_id: s.calibration.map(|id| id.0),
        })
    }
}

impl TryFrom<ScanRow> for Scan {
    type Error = DbError;

    fn try_from(row: ScanRow) -> Result<Self, DbError> {
        Ok(Self {
            status: types::word("scans.status", &row.status)?,
            stages: types::from_json("scans.stages", &row.stages)?,
            id: ScanId(row.id),
            rack_id: RackId(row.rack_id),
            started_at: row.started_at,
            finished_at: row.finished_at,
            source: row.source,
            message: row.message,
            model: row.model,
            bins_read: row.bins_read,
            bins_changed: row.bins_changed,
            calibration: row.calibration_id.map(CalibrationId),
        })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = readings)]
struct ReadingRow {
    scan_id: String,
    bin: String,
    seen: Option<i32>,
    expected: i32,
    confidence: f64,
    needs_look: Option<String>,
}

impl From<&Reading> for ReadingRow {
    fn from(reading: &Reading) -> Self {
        let r = reading.clone();
        Self {
            scan_id: r.scan_id.0,
            bin: r.bin.0,
            seen: r.count,
            expected: r.expected,
            confidence: r.confidence,
            needs_look: r.needs_look,
        }
    }
}

impl From<ReadingRow> for Reading {
    fn from(row: ReadingRow) -> Self {
        Self {
            scan_id: ScanId(row.scan_id),
            bin: BinId(row.bin),
            count: row.seen,
            expected: row.expected,
            confidence: row.confidence,
            needs_look: row.needs_look,
        }
    }
}

/// Records a scan with its counts and ends, compares them with the book of this very moment and raises or closes proposals.
/// Bins that are unknown or out of use are passed over. A scan that is not [`ScanStatus::Ok`] claims nothing.
pub fn scan_record(
    conn: &mut Conn,
    scan: &Scan,
    counts: &[BinCount],
    ends: &[SeenEnds],
    belief: &Belief,
) -> Result<Recorded, DbError> {
    belief.check()?;
    let known: i64 = scans::table.find(scan.id.as_str()).count().get_result(conn)?;
    if known > 0 {
        return Err(DbError::Conflict(format!("Scan {} has been recorded already.", scan.id)));
    }
    let row = ScanRow::new(scan)?;
    diesel::insert_into(scans::table).values(&row).execute(conn)?;

    let depth = racks::rack_get(conn, &scan.rack_id)?.facts.depth;
    let mut recorded = Recorded::default();
    let mut done = BTreeSet::new();
    for count in counts {
        let in_use = racks::bin_find(conn, &count.bin)?.is_some_and(|bin| bin.enabled);
        if !in_use || !done.insert(&count.bin) {
            continue;
        }
        let reading = front_only(read_bin(conn, scan, count, belief)?, depth);
        diesel::insert_into(readings::table).values(&ReadingRow::from(&reading)).execute(conn)?;
        recorded.readings.push(reading);
    }
    seen_ends::ends_record(conn, &scan.id, &scan.rack_id, ends)?;
    let after = reconcile::after_scan(conn, belief, scan, &recorded.readings, counts, ends)?;
    (recorded.changed, recorded.proposals) = (after.changed, after.open);
    let total = |n: usize| i32::try_from(n).map_err(|error| DbError::broken("scans.bins_read", error));
    let read = recorded.readings.iter().filter(|reading| reading.count.is_some()).count();
    diesel::update(scans::table.find(scan.id.as_str()))
        .set((scans::bins_read.eq(total(read)?), scans::bins_changed.eq(total(recorded.changed.len())?)))
        .execute(conn)?;
    events::scanned(conn, scan, read, recorded.changed.len(), &after.agreed)?;
    Ok(recorded)
}

fn read_bin(conn: &mut Conn, scan: &Scan, count: &BinCount, belief: &Belief) -> Result<Reading, DbError> {
    // NaN would fail each comparison silently, and SQLite stores it as null.
    if !(0.0..=1.0).contains(&count.confidence) {
        return Err(RuleError::field(
            "confidence",
            format!("is {} for bin {}; 0 to 1 is allowed", count.confidence, count.bin),
        )
        .into());
    }
    if count.count.is_some_and(|n| n < 0) {
        return Err(RuleError::field("count", format!("is negative for bin {}", count.bin)).into());
    }
    let expected = bottles::count_in(conn, &count.bin)?;
    // It is never taken for agreement: a faint end that lies where one lay may have become the shadow behind a bottle that has gone.
    let change = count.shown.filter(|shown| *shown != expected && count.change >= belief.sure);
    Ok(Reading {
        scan_id: scan.id.clone(),
        bin: count.bin.clone(),
        count: count.count.or(change).filter(|_| scan.status == ScanStatus::Ok),
        expected,
        confidence: count.confidence,
        needs_look: count.needs_look.clone(),
    })
}

/// In a rack where bottles lie one behind the other the camera sees the front ones: fewer than the book has are none
/// missing. More than it has are more.
fn front_only(reading: Reading, depth: i32) -> Reading {
    match reading.count {
        Some(seen) if depth > 1 && seen < reading.expected => {
            let why =
                format!("{seen} seen in front; the rack is {depth} bottles deep, and what lies behind is not seen");
            Reading { count: None, needs_look: Some(why), ..reading }
        }
        _ => reading,
    }
}

/// Scans, newest first.
pub fn scan_list(conn: &mut Conn, before: Option<&ScanId>, limit: i64) -> Result<Vec<Scan>, DbError> {
    let mut query = scans::table.order(scans::id.desc()).limit(limit).into_boxed();
    if let Some(before) = before {
        query = query.filter(scans::id.lt(before.as_str()));
    }
    query.load::<ScanRow>(conn)?.into_iter().map(Scan::try_from).collect()
}

/// One scan.
pub fn scan_get(conn: &mut Conn, id: &ScanId) -> Result<Scan, DbError> {
    let row: Option<ScanRow> = scans::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| DbError::NotFound(format!("There is no scan {id}.")))?.try_into()
}

/// The newest scan of each rack that saw it, as far as the rack was not calibrated since.
pub fn scans_since_calibrated(conn: &mut Conn) -> Result<Vec<Scan>, DbError> {
    let mut found = Vec::new();
    for rack in super::racks::rack_list(conn)? {
        let good = scans::table.filter(scans::rack_id.eq(rack.id.as_str()));
        let good = good.filter(scans::status.eq(ScanStatus::Ok.as_str())).order(scans::id.desc());
        let Some(row) = good.first::<ScanRow>(conn).optional()? else { continue };
        let scan = Scan::try_from(row)?;
        let since = super::calibrations::calibrated_at(conn, &rack.id)?;
        if since.is_none_or(|since| since < scan.started_at) {
            found.push(scan);
        }
    }
    Ok(found)
}

/// The newest scan, whatever it came to.
pub fn scan_last(conn: &mut Conn) -> Result<Option<Scan>, DbError> {
    Ok(scan_list(conn, None, 1)?.into_iter().next())
}

/// What a scan saw, by bin.
pub fn reading_list(conn: &mut Conn, scan: &ScanId) -> Result<Vec<Reading>, DbError> {
    let rows = readings::table.filter(readings::scan_id.eq(scan.as_str())).order(readings::bin);
    Ok(rows.load::<ReadingRow>(conn)?.into_iter().map(Reading::from).collect())
}
