//! What each reading of a scan means: whether it agrees with the book, differs from it so that it is believed, or says nothing.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::{
    Conn, DbError, racks,
    schema::{movements, readings, scans},
};
use crate::{
    Instant,
    compare::{self, Belief, Sight, Verdict},
    ids::BinId,
    scan::{BinCount, Reading, Scan},
};

/// Movements that may have happened while a scan ran are among so many of the newest.
const NEWEST: i64 = 200;

/// A reading with what it means.
pub(super) struct Judged<'a> {
    pub(super) reading: &'a Reading,
    pub(super) verdict: Verdict,
}

/// What each reading means, by bin.
pub(super) fn judge<'a>(
    conn: &mut Conn,
    belief: &Belief,
    scan: &Scan,
    readings: &'a [Reading],
    counts: &[BinCount],
) -> Result<BTreeMap<&'a BinId, Judged<'a>>, DbError> {
    let moved = moved_meanwhile(conn, scan)?;
    let mut judged = BTreeMap::new();
    for reading in readings {
        let change = counts.iter().find(|count| count.bin == reading.bin).map_or(0.0, |count| count.change);
        let newest = Sight { count: reading.count, confidence: reading.confidence.max(change) };
        let mut sights = vec![newest];
        // Earlier sights matter only where this one differs and is not sure enough alone.
        if reading.count.is_some_and(|seen| seen != reading.expected) && newest.confidence < belief.sure {
            sights.extend(earlier(conn, scan, reading, belief.times)?);
        }
        let capacity = racks::bin_get(conn, &reading.bin)?.capacity;
        let verdict = match moved.contains(&reading.bin) {
            // Nobody knows whether the picture shows the bin before or after.
            true => Verdict::NoOpinion,
            false => compare::verdict(belief, reading.expected, capacity, &sights),
        };
        judged.insert(&reading.bin, Judged { reading, verdict });
    }
    Ok(judged)
}

/// Bins of which a bottle moved while the scan ran.
fn moved_meanwhile(conn: &mut Conn, scan: &Scan) -> Result<BTreeSet<BinId>, DbError> {
    let rows: Vec<(Option<String>, Option<String>, Instant)> = movements::table
        .order(movements::id.desc())
        .limit(NEWEST)
        .select((movements::from_bin, movements::to_bin, movements::at))
        .load(conn)?;
    let during = rows.into_iter().filter(|(_, _, at)| *at > scan.started_at);
    Ok(during.flat_map(|(from, to, _)| [from, to]).flatten().map(BinId).collect())
}

/// The sights of a bin before this one, the newest first, since a bottle of it moved last.
fn earlier(conn: &mut Conn, scan: &Scan, reading: &Reading, times: usize) -> Result<Vec<Sight>, DbError> {
    let bin = reading.bin.as_str();
    let last = |column: bool, conn: &mut Conn| -> Result<Option<Instant>, DbError> {
        let mut query = movements::table.order(movements::id.desc()).select(movements::at).into_boxed();
        query = match column {
            true => query.filter(movements::from_bin.eq(bin)),
            false => query.filter(movements::to_bin.eq(bin)),
        };
        Ok(query.first(conn).optional()?)
    };
    let since = last(true, conn)?.max(last(false, conn)?).unwrap_or_default();
    let rows: Vec<(Option<i32>, f64)> = readings::table
        .inner_join(scans::table)
        .filter(readings::bin.eq(bin))
        .filter(readings::scan_id.ne(scan.id.as_str()))
        .filter(readings::expected.eq(reading.expected))
        .filter(readings::seen.is_not_null())
        .filter(scans::started_at.ge(since))
        .order(scans::id.desc())
        .limit(i64::try_from(times).unwrap_or(i64::MAX))
        .select((readings::seen, readings::confidence))
        .load(conn)?;
    Ok(rows.into_iter().map(|(count, confidence)| Sight { count, confidence }).collect())
}
