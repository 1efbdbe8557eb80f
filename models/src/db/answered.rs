//! Open questions after a scan: those that it has answered close by themselves, and so do those that nothing shows any more.

use std::collections::BTreeMap;

use super::{
    Conn, DbError, exchanges,
    judge::Judged,
    proposals::{self, Evidence},
    racks,
    reconcile::Rack,
    replaced,
};
use crate::{
    Instant,
    compare::{Belief, Verdict},
    ids::BinId,
    proposal::{Proposal, ProposalKind, ProposalState},
    scan::Scan,
};

/// Closes what the scan has answered; returns the questions that stand, with their evidence.
pub(super) fn close(
    conn: &mut Conn,
    scan: &Scan,
    judged: &BTreeMap<&BinId, Judged<'_>>,
    rack: &Rack,
) -> Result<Vec<(Proposal, Evidence)>, DbError> {
    let now = scan.finished_at;
    let mut kept = Vec::new();
    for (open, mut evidence) in proposals::all_open(conn)? {
        let mut confirmed = false;
        let mut why = None;
        let mut then = evidence.then.clone();
        for side in open.sides() {
            let Some(it) = judged.get(&side.bin) else { continue };
            let (seen, book) = (it.reading.count.unwrap_or_default(), it.reading.expected);
            if matches!(it.verdict, Verdict::Agrees | Verdict::Differs) {
                // What took the place of a bottle is asked about once it is known what became of that one.
                then.retain(|draft| !replaced::is_rest(draft, &side));
                if let Some(rest) = replaced::rest(&open, &evidence, &side, it, rack) {
                    confirmed = true;
                    then.push(rest);
                    continue;
                }
            }
            match (open.kind, it.verdict) {
                (_, Verdict::NoOpinion | Verdict::Waits) => {}
                (ProposalKind::Swap, Verdict::Agrees) => {
                    if exchanges::stands(conn, &open, &evidence, &side.bin, rack)? {
                        confirmed = true;
                    } else {
                        why = Some(format!("Scan {} saw the bottles of bin {} as before.", scan.id, side.bin));
                    }
                }
                (_, Verdict::Agrees) => why = Some(format!("Scan {} counted {seen}, as the book says.", scan.id)),
                (ProposalKind::Swap, Verdict::Differs) => {
                    why = Some(format!("Scan {} counted {seen} in bin {}.", scan.id, side.bin));
                }
                (_, Verdict::Differs) if (book, seen) == (side.expected, side.seen) => confirmed = true,
                (_, Verdict::Differs) => {
                    why = Some(format!("Scan {} counted {seen} where the book says {book}.", scan.id));
                }
            }
        }
        if let Some(why) = why {
            proposals::close(conn, &open, ProposalState::Superseded, None, Some(&why), now)?;
            continue;
        }
        if confirmed {
            proposals::confirm(conn, &open.id, now)?;
        }
        if then != evidence.then {
            evidence.then = then;
            proposals::keep_evidence(conn, &open.id, &evidence)?;
        }
        kept.push((open, evidence));
    }
    Ok(kept)
}

/// Questions that no scan has confirmed for long, and those about bins that are no longer in use.
pub(super) fn close_stale(conn: &mut Conn, belief: &Belief, now: Instant) -> Result<(), DbError> {
    for (open, _) in proposals::all_open(conn)? {
        let mut gone = None;
        for side in open.sides() {
            let bin = racks::bin_get(conn, &side.bin)?;
            if !bin.enabled || racks::rack_get(conn, &bin.rack_id)?.archived {
                gone = Some(side.bin);
            }
        }
        if let Some(bin) = gone {
            let note = format!("Bin {bin} is no longer in use.");
            proposals::close(conn, &open, ProposalState::Superseded, None, Some(&note), now)?;
        } else if now - open.confirmed_at > chrono::TimeDelta::days(belief.expire_after) {
            let note = format!("No scan has shown it again for {} days.", belief.expire_after);
            proposals::close(conn, &open, ProposalState::Expired, None, Some(&note), now)?;
        }
    }
    Ok(())
}
