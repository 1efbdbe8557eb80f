//! How far each bin can be trusted, and a person's count of one.

use std::collections::HashMap;

use diesel::{dsl::max, prelude::*};

use super::{
    Conn, DbError, approve, bottles, decide, memory, movements, new_id, proposals, racks,
    schema::{readings, scans},
    types,
};
use crate::{
    Instant,
    bottle::BottleStatus,
    error::RuleError,
    explain::Known,
    ids::{BinId, BottleId, ScanId},
    movement::{Actor, Movement, MovementRequest},
    proposal::ProposalState,
    scan::ScanStatus,
    trust::{BinTrust, Confirmed, STALE_DAYS, Stocktake, Witness},
};

/// What movements of a stocktake say.
const NOTE: &str = "Stocktake";

/// Every bin in use with when it was last confirmed, by what, and why somebody should look; by name.
pub fn trust_list(conn: &mut Conn, now: Instant) -> Result<Vec<BinTrust>, DbError> {
    let mut known = memory::remembered(conn)?;
    let looked = last_looks(conn)?;
    let enabled: Vec<BinId> = racks::bin_list(conn)?.into_iter().filter(|bin| bin.enabled).map(|bin| bin.id).collect();
    let mut found = Vec::new();
    for summary in racks::bin_summary(conn)?.into_iter().filter(|bin| enabled.contains(&bin.st_bin)) {
        let it = known.remove(summary.st_bin.as_str()).unwrap_or_default();
        let (scan, at) = looked.get(summary.st_bin.as_str()).cloned().unzip();
        let by = it.confirmed_by.as_deref().map(|word| types::word::<Witness>("bin_memory.confirmed_by", word));
        let by = by.transpose()?;
        // Who has looked since the last picture knows better than it.
        let person = by == Some(Witness::Person) && it.confirmed_at >= at;
        let differs = summary.seen.filter(|seen| *seen != summary.qty);
        let doubt = if summary.open_proposal {
            Some("a question about it waits for an answer".to_owned())
        } else if person {
            None
        } else if let Some(seen) = differs {
            Some(format!("the camera counts {seen}"))
        } else if let (Some(_), None) = (summary.confidence, summary.seen) {
            let why = summary.needs_look.unwrap_or_else(|| "it could not be read".to_owned());
            Some(format!("the camera has no opinion: {why}"))
        } else {
            it.doubt.clone()
        };
        let doubt = doubt.or_else(|| match it.confirmed_at {
            None => Some("nobody has counted it yet".to_owned()),
            Some(at) if now - at > chrono::TimeDelta::days(STALE_DAYS) => {
                Some(format!("it was last confirmed {} days ago", (now - at).num_days()))
            }
            Some(_) => None,
        });
        found.push(BinTrust {
            bin: summary.st_bin,
            book: summary.qty,
            confirmed_at: it.confirmed_at,
            confirmed_by: by,
            who: it.who,
            scan_id: scan.map(ScanId),
            doubt,
        });
    }
    Ok(found)
}

/// When this bin was last confirmed, by what; none if it never was.
pub fn last_confirmed(conn: &mut Conn, bin: &BinId) -> Result<Option<Confirmed>, DbError> {
    let Some(it) = memory::of_bin(conn, bin)? else { return Ok(None) };
    let (Some(at), Some(by)) = (it.confirmed_at, it.confirmed_by) else { return Ok(None) };
    let by = types::word::<Witness>("bin_memory.confirmed_by", &by)?;
    let agreed = it.scan.filter(|_| by == Witness::Scan && it.doubt.is_none());
    let seen_until = match agreed {
        Some(scan) => scans::table.find(scan.as_str()).select(scans::started_at).first(conn).optional()?,
        None => None,
    };
    Ok(Some(Confirmed { at, by, who: it.who, seen_until }))
}

/// Where the ends of each bin lay when book and camera last agreed: middles and radii in straightened pixels.
pub fn last_ends(conn: &mut Conn) -> Result<HashMap<BinId, Vec<[f64; 3]>>, DbError> {
    let place = |known: Known| [known.end.x, known.end.y, known.end.r];
    let known = memory::remembered(conn)?.into_iter();
    Ok(known.filter_map(|(bin, it)| Some((BinId(bin), it.looks?.ends.into_iter().map(place).collect()))).collect())
}

/// The last scan with an opinion that looked at each bin, and when it began.
fn last_looks(conn: &mut Conn) -> Result<HashMap<String, (String, Instant)>, DbError> {
    let last: Vec<(String, Option<String>)> = readings::table
        .inner_join(scans::table)
        .filter(scans::status.eq(ScanStatus::Ok.as_str()))
        .group_by(readings::bin)
        .select((readings::bin, max(readings::scan_id)))
        .load(conn)?;
    let times: HashMap<String, Instant> =
        scans::table.select((scans::id, scans::started_at)).load::<(String, Instant)>(conn)?.into_iter().collect();
    let of = |(bin, scan): (String, Option<String>)| {
        let scan = scan?;
        let at = *times.get(&scan)?;
        Some((bin, (scan, at)))
    };
    Ok(last.into_iter().filter_map(of).collect())
}

/// Makes the book say what a person finds in a bin; returns the movements that were needed, which are undone at one go. What was
/// asked about the bin is settled. Counting the same again changes nothing.
pub fn bin_count(
    conn: &mut Conn,
    bin: &BinId,
    found: &Stocktake,
    actor: &Actor,
    now: Instant,
) -> Result<Vec<Movement>, DbError> {
    found.check()?;
    racks::bin_get(conn, bin)?;
    let mut requests = Vec::new();
    let correct = |bottle_id: BottleId, to: Option<BinId>| MovementRequest::Correction {
        bottle_id,
        here: true,
        bin: to,
        note: NOTE.to_owned(),
    };
    // What is not there leaves first: a full bin has room then.
    let filter = bottles::BottleFilter {
        bin: Some(bin.clone()),
        status: Some(BottleStatus::InCellar),
        ..bottles::BottleFilter::default()
    };
    let there = bottles::bottle_list(conn, &filter, None, 1000, 0)?;
    for view in there.into_iter().filter(|view| !found.here.contains(&view.bottle.id)) {
        requests.push(correct(view.bottle.id, None));
    }
    for (i, id) in found.here.iter().enumerate() {
        let bottle = bottles::bottle_row(conn, id).map_err(|error| match error {
            DbError::NotFound(why) => RuleError::field(format!("here[{i}]"), why).into(),
            other => other,
        })?;
        if bottle.status != BottleStatus::InCellar || bottle.bin.as_ref() != Some(bin) {
            requests.push(correct(id.clone(), Some(bin.clone())));
        }
    }
    if found.more > 0 {
        let unknown = approve::unknown_vintage(conn, actor, now)?;
        let more = usize::try_from(found.more).unwrap_or(0);
        requests.extend(vec![MovementRequest::receipt(unknown, Some(bin.clone())); more]);
    }
    let belongs = movements::Belongs { batch: (requests.len() > 1).then(new_id), proposal: None };
    let done = requests
        .iter()
        .map(|request| movements::apply(conn, request, actor, now, &belongs))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(open) = proposals::open_in(conn, bin)? {
        if done.is_empty() && open.other.is_none() {
            decide::proposal_reject(conn, &open.id, Some("Counted by hand."), actor, now)?;
        } else {
            let note = format!("Bin {bin} was counted by hand.");
            proposals::close(conn, &open, ProposalState::Superseded, Some(&actor.name), Some(&note), now)?;
        }
    }
    memory::confirmed_by_person(conn, bin, &actor.name, now)?;
    Ok(done)
}
