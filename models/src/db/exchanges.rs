//! Bins whose counts are right and whose bottles are not: two that lie in each other's bins, and one that lies where another is
//! written.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::{
    Conn, DbError, bottles,
    judge::Judged,
    movements,
    proposals::{self, Draft, Evidence},
    reconcile::Rack,
    schema::{scans, seen_ends},
    seen_ends as ends,
};
use crate::{
    bottle::BottleStatus,
    compare::{Belief, Verdict},
    explain::{
        BinSight, Candidate, Lying,
        bin::{Changes, Gone, changes},
        mistaken::{self, Mistaken},
        pair, rank,
    },
    ids::{BinId, ScanId},
    proposal::{Proposal, ProposalKind},
    scan::{Scan, SeenEnds},
    window::DrinkState,
};

/// Bins that agree in number and in which an end has taken the place of another.
fn strange<'a>(judged: &BTreeMap<&'a BinId, Judged<'_>>, rack: &Rack) -> Vec<&'a BinId> {
    judged
        .iter()
        .filter(|(_, it)| it.verdict == Verdict::Agrees)
        .map(|(bin, _)| *bin)
        .filter(|bin| rack.changes.get(bin).is_some_and(|changes| !changes.strange.is_empty()))
        .collect()
}

/// Bins in which another bottle lies than before, with what is known of them.
struct Strange<'a> {
    bins: Vec<&'a BinId>,
    /// Which of them show each other's ends.
    swaps: Vec<pair::Swap>,
    /// What as many scans before saw as a change must be seen beside this one, the newest first; fewer if there are fewer.
    earlier: Vec<Vec<SeenEnds>>,
}

/// What is to be asked about bins whose counts are right.
pub(super) fn drafts(
    conn: &mut Conn,
    belief: &Belief,
    scan: &Scan,
    judged: &BTreeMap<&BinId, Judged<'_>>,
    rack: &Rack,
) -> Result<Vec<Draft>, DbError> {
    let bins = strange(judged, rack);
    if bins.is_empty() {
        return Ok(Vec::new());
    }
    let now: Vec<&Changes> = bins.iter().filter_map(|bin| rack.changes.get(bin)).collect();
    let swaps = pair::swaps(&now);
    let strange = Strange { bins, swaps, earlier: before(conn, scan, belief.times.saturating_sub(1))? };
    let mut drafts = mistaken(conn, belief, &strange, judged, rack)?;
    drafts.extend(swapped(conn, strange, judged, rack)?);
    Ok(drafts)
}

/// Another bottle lies in a bin than the book says. One scan is enough: it is asked only where the end of a bottle that is in no bin
/// is seen again, or where a bin that was read surely, or as often as a change must be seen, shows an end that is quite another.
fn mistaken(
    conn: &mut Conn,
    belief: &Belief,
    Strange { bins: strange, swaps, earlier }: &Strange<'_>,
    judged: &BTreeMap<&BinId, Judged<'_>>,
    rack: &Rack,
) -> Result<Vec<Draft>, DbError> {
    let mut drafts = Vec::new();
    // Two that lie in each other's bins are asked about as such, once they were seen often enough.
    let mut crossed = BTreeSet::new();
    for &pair::Swap { bins: [a, b], .. } in swaps {
        if !proposals::is_parted(conn, ProposalKind::Swap, strange[a], strange[b])? {
            crossed.extend([a, b]);
        }
    }
    for (_, &bin) in strange.iter().enumerate().filter(|(i, _)| !crossed.contains(i)) {
        let Some(it) = judged.get(bin) else { continue };
        let count = it.reading.expected;
        if proposals::open_in(conn, bin)?.is_some() || proposals::is_upheld(conn, bin, count, count)? {
            continue;
        }
        let (gone, candidates, likeness) = match wrong_one(conn, bin, rack)? {
            Some(found) => {
                let gone = Gone { looks: found.looks, bottle: Some(found.gone.clone()), never_came: false };
                let both = [found.gone, found.here].map(|bottle_id| Candidate { bottle_id, share: 1.0 });
                (gone, both.to_vec(), Some(found.likeness))
            }
            None => {
                let (Some(sight), Some(changes)) = (rack.sights.get(bin), rack.changes.get(bin)) else { continue };
                let Some(gone) = mistaken::replaced(changes) else { continue };
                let also = |seen: &Vec<SeenEnds>| lies_no_more(&as_seen(rack, bin, seen), &gone);
                let often = earlier.len() + 1 >= belief.times && earlier.iter().all(also);
                if it.reading.confidence < belief.sure && !often {
                    continue;
                }
                let candidates = rank::missing(sight, changes, std::slice::from_ref(&gone));
                (gone, candidates, None)
            }
        };
        drafts.push(Draft {
            kind: ProposalKind::Swap,
            bin: bin.clone(),
            seen: count,
            confidence: it.reading.confidence,
            other: None,
            number: 1,
            likeness,
            evidence: Evidence { candidates, gone: vec![gone], ..Evidence::default() },
        });
    }
    Ok(drafts)
}

/// Whether another end lies where that one lay.
fn lies_no_more(changes: &Changes, gone: &Gone) -> bool {
    changes.strange.iter().any(|(was, _)| was.end.signature() == gone.looks)
}

/// The clearest of a bin.
fn wrong_one(conn: &mut Conn, bin: &BinId, rack: &Rack) -> Result<Option<Mistaken>, DbError> {
    let (Some(sight), Some(changes)) = (rack.sights.get(bin), rack.changes.get(bin)) else { return Ok(None) };
    let mut outside = booked_out(conn, sight, rack)?;
    outside.extend(rack.around.waiting.iter().filter(|lying| lying.looks.is_some()).cloned());
    for found in mistaken::mistaken(sight, changes, &outside) {
        if bottles::bottle_row(conn, &found.here)?.facts.opened_at.is_none() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The bottles that have left the cellar by the book, from this bin.
fn booked_out(conn: &mut Conn, sight: &BinSight, rack: &Rack) -> Result<Vec<Lying>, DbError> {
    let mut out = Vec::new();
    for (id, looks) in mistaken::left(sight) {
        let bottle = bottles::bottle_row(conn, &id)?;
        let from_here = movements::newest_of(conn, &id)?.is_some_and(|last| last.from_bin.as_ref() == Some(&sight.bin));
        if bottle.status == BottleStatus::Gone && from_here {
            let (vintage, looks) = (bottle.vintage_id, Some(looks));
            let kin = rack.sights.values().flat_map(|sight| &sight.lying).filter(|other| other.vintage == vintage);
            let kin = kin.filter_map(|other| other.looks.clone()).collect();
            out.push(Lying { id, vintage, drink: DrinkState::Unknown, looks, kin });
        }
    }
    Ok(out)
}

/// Whether an open question still is what the scan shows; of two bins each that agrees is asked apart.
pub(super) fn stands(
    conn: &mut Conn,
    open: &Proposal,
    evidence: &Evidence,
    bin: &BinId,
    rack: &Rack,
) -> Result<bool, DbError> {
    if open.is_about_one_gone() {
        let Some(changes) = rack.changes.get(bin) else { return Ok(true) };
        return Ok(evidence.gone.iter().any(|gone| lies_no_more(changes, gone)));
    }
    if open.other.is_some() {
        return Ok(rack.changes.get(bin).is_none_or(|changes| !changes.strange.is_empty()));
    }
    let found = wrong_one(conn, bin, rack)?;
    Ok(found.is_some_and(|it| open.candidates.iter().any(|candidate| candidate.bottle_id == it.here)))
}

/// Bottles that lie in each other's bins: shown by this scan and by as many before it as a change must be seen.
fn swapped(
    conn: &mut Conn,
    Strange { bins: strange, swaps: mut found, earlier }: Strange<'_>,
    judged: &BTreeMap<&BinId, Judged<'_>>,
    rack: &Rack,
) -> Result<Vec<Draft>, DbError> {
    for seen in earlier {
        let then: Vec<Changes> = strange.iter().map(|bin| as_seen(rack, bin, &seen)).collect();
        let also: Vec<[usize; 2]> =
            pair::swaps(&then.iter().collect::<Vec<_>>()).iter().map(|swap| swap.bins).collect();
        found.retain(|swap| also.contains(&swap.bins));
    }
    let mut drafts = Vec::new();
    for swap in found {
        let [a, b] = swap.bins.map(|i| strange[i]);
        let asked = proposals::open_in(conn, a)?.is_some() || proposals::open_in(conn, b)?.is_some();
        if asked || proposals::is_parted(conn, ProposalKind::Swap, a, b)? {
            continue;
        }
        let [one, other] = [a, b].map(|bin| judged.get(bin).map(|it| it.reading));
        let (Some(one), Some(other)) = (one, other) else { continue };
        let mut candidates = Vec::new();
        for (bin, (bottle, looks)) in [a, b].iter().zip(swap.bottles.iter().zip(&swap.looks)) {
            let Some(sight) = rack.sights.get(*bin) else { continue };
            let gone = Gone { looks: looks.clone(), bottle: bottle.clone(), never_came: false };
            candidates.extend(rank::missing(sight, &rack.changes[*bin], &[gone]).into_iter().take(1));
        }
        if candidates.len() < 2 {
            continue;
        }
        drafts.push(Draft {
            kind: ProposalKind::Swap,
            bin: a.clone(),
            seen: one.expected,
            confidence: one.confidence.min(other.confidence),
            other: Some((b.clone(), other.expected)),
            number: 1,
            likeness: Some(swap.likeness),
            evidence: Evidence { candidates, ..Evidence::default() },
        });
    }
    Ok(drafts)
}

/// What the scans of the rack before this one saw, as far as it is kept, the newest first.
fn before(conn: &mut Conn, scan: &Scan, number: usize) -> Result<Vec<Vec<SeenEnds>>, DbError> {
    let with_ends = seen_ends::table.select(seen_ends::scan_id);
    let ids: Vec<String> = scans::table
        .filter(scans::rack_id.eq(scan.rack_id.as_str()))
        .filter(scans::id.lt(scan.id.as_str()))
        .filter(scans::id.eq_any(with_ends))
        .order(scans::id.desc())
        .limit(i64::try_from(number).unwrap_or(i64::MAX))
        .select(scans::id)
        .load(conn)?;
    ids.into_iter().map(|id| ends::ends_list(conn, &ScanId(id))).collect()
}

/// What an earlier scan would have said of a bin.
fn as_seen(rack: &Rack, bin: &BinId, seen: &[SeenEnds]) -> Changes {
    let ends = seen.iter().find(|of| of.bin == *bin).map(|of| of.ends.clone());
    match (rack.sights.get(bin), ends) {
        (Some(sight), Some(ends)) if ends.len() == sight.lying.len() => changes(&BinSight { ends, ..sight.clone() }),
        _ => Changes::default(),
    }
}
