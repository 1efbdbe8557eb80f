//! A "wrong" may have been a mistake. Where the camera goes on counting the same, surely and on many days, the question is asked once
//! more, and not again until a bottle of the bin moves: whoever was right says so twice, and no more.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{
    Conn, DbError, memory,
    schema::{proposals, readings, scans},
};
use crate::{Instant, compare::Belief, ids::BinId, proposal::ProposalState};

/// So much it takes: a day on which a scan has shown it surely counts twice, any other once.
const ENOUGH: usize = 10;
/// So many scans are looked back at.
const NEWEST: i64 = 200;

/// Why a mismatch that a person has called wrong is asked about once more, in a sentence; none if it is not. The newest scans with an
/// opinion must all have counted the same since that answer, for long enough; nobody may have counted the bin by hand since.
pub(super) fn reason(
    conn: &mut Conn,
    belief: &Belief,
    bin: &BinId,
    expected: i32,
    seen: i32,
) -> Result<Option<String>, DbError> {
    let here = proposals::bin.eq(bin.as_str()).and(proposals::expected.eq(expected)).and(proposals::seen.eq(seen));
    let there = proposals::other_bin
        .eq(bin.as_str())
        .and(proposals::other_expected.eq(expected))
        .and(proposals::other_seen.eq(seen));
    let asked: Vec<(String, bool, Option<Instant>)> = proposals::table
        .filter(here.or(there.assume_not_null()))
        .order(proposals::id)
        .select((proposals::state, proposals::upheld, proposals::decided_at))
        .load(conn)?;
    let no = |(state, upheld, at): &(String, bool, Option<Instant>)| {
        at.filter(|_| *upheld && state == ProposalState::Rejected.as_str())
    };
    // Whatever became of a second asking, there is no third.
    let Some(said) = asked.last().and_then(no).filter(|_| asked.iter().filter_map(no).count() == 1) else {
        return Ok(None);
    };
    let by_hand = memory::of_bin(conn, bin)?;
    if by_hand.is_some_and(|it| it.confirmed_by.as_deref() == Some("person") && it.confirmed_at > Some(said)) {
        return Ok(None);
    }
    let since: Vec<(Option<i32>, f64, Instant)> = readings::table
        .inner_join(scans::table)
        .filter(readings::bin.eq(bin.as_str()))
        .filter(readings::seen.is_not_null())
        .filter(scans::started_at.gt(said))
        .order(scans::id.desc())
        .limit(NEWEST)
        .select((readings::seen, readings::confidence, scans::started_at))
        .load(conn)?;
    let mut days: BTreeMap<_, usize> = BTreeMap::new();
    for (_, sure, at) in since.into_iter().take_while(|(count, ..)| *count == Some(seen)) {
        let weight = days.entry(at.date()).or_default();
        *weight = (*weight).max(if sure >= belief.sure { 2 } else { 1 });
    }
    Ok((days.values().sum::<usize>() >= ENOUGH).then(|| {
        format!("It was called wrong on {}; scans of {} days since say the same.", said.format("%Y-%m-%d"), days.len())
    }))
}
