//! An answer may take a bottle out of a bin that was counted right, or lay one into it: then the count is right no longer, and something else
//! has happened there that changed no count. It is asked at once, from what the last scan saw, and not after the next one.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{
    Conn, DbError, bottles, halves, memory, proposals, reconcile,
    schema::{movements, readings, scans},
    seen_ends, sighted,
};
use crate::{
    Instant,
    compare::Belief,
    ids::{BinId, RackId, ScanId},
    movement::Movement,
    scan::{Reading, ScanStatus},
};

/// Asks about the bins of these movements, which answered questions.
pub(super) fn after_answers(conn: &mut Conn, done: &[Movement], now: Instant) -> Result<(), DbError> {
    let bins: BTreeSet<&BinId> =
        done.iter().flat_map(|movement| [&movement.from_bin, &movement.to_bin]).flatten().collect();
    for bin in bins {
        if proposals::open_in(conn, bin)?.is_none() {
            ask(conn, bin, now)?;
        }
    }
    Ok(())
}

fn ask(conn: &mut Conn, bin: &BinId, now: Instant) -> Result<(), DbError> {
    let Some((reading, rack)) = last_look(conn, bin)? else { return Ok(()) };
    let Some(seen) = reading.count.filter(|seen| *seen != reading.expected) else { return Ok(()) };
    // What counted right needed no sure count; a question does.
    if reading.confidence < Belief::default().sure {
        return Ok(());
    }
    let mut around = sighted::cellar(conn, &rack, true, now)?;
    let ends = seen_ends::ends_of(conn, &reading.scan_id, bin)?;
    let looks = memory::of_bin(conn, bin)?.and_then(|it| it.looks);
    let (sight, changes) = reconcile::sighted(&mut around, looks, ends, &reading);
    let (gone, come) = (changes.gone.clone(), changes.come.clone());
    let draft = reconcile::alone(bin, (seen, reading.confidence), (gone, come), &changes, Some(&sight), &around);
    let draft = halves::joined(conn, draft, now)?;
    proposals::ask(conn, &reading.scan_id, vec![draft], now).map(drop)
}

/// What the newest scan saw in the bin, held against the book as it is now; none where a bottle of the bin has moved since but by answers.
fn last_look(conn: &mut Conn, bin: &BinId) -> Result<Option<(Reading, RackId)>, DbError> {
    let newest: Option<(String, Option<i32>, f64, Instant, String)> = readings::table
        .inner_join(scans::table)
        .filter(readings::bin.eq(bin.as_str()))
        .filter(scans::status.eq(ScanStatus::Ok.as_str()))
        .order(scans::id.desc())
        .select((readings::scan_id, readings::seen, readings::confidence, scans::started_at, scans::rack_id))
        .first(conn)
        .optional()?;
    let Some((scan, count, confidence, began, rack)) = newest else { return Ok(None) };
    let here = movements::from_bin.eq(bin.as_str()).or(movements::to_bin.eq(bin.as_str()));
    let by_hand = movements::table
        .filter(here.assume_not_null())
        .filter(movements::at.gt(began))
        .filter(movements::proposal_id.is_null())
        .count();
    if by_hand.get_result::<i64>(conn)? > 0 {
        return Ok(None);
    }
    let expected = bottles::count_in(conn, bin)?;
    let reading = Reading { scan_id: ScanId(scan), bin: bin.clone(), count, expected, confidence, needs_look: None };
    Ok(Some((reading, RackId(rack))))
}
