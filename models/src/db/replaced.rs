//! A question that stands although the count is another by now: a bottle that takes the place of one that has gone changes the count,
//! and not what became of the one that is asked about.

use super::{
    judge::Judged,
    proposals::{Draft, Evidence},
    reconcile::Rack,
};
use crate::{
    explain::{
        bin::Gone,
        rank,
        replaced::{predecessors, successors},
    },
    proposal::{Proposal, ProposalKind, Side},
    scan::SeenEnd,
};

/// Whether a draft is what [`rest`] made of an earlier scan.
pub(super) fn is_rest(draft: &Draft, side: &Side) -> bool {
    let kind = if side.seen < side.expected { ProposalKind::Extra } else { ProposalKind::Missing };
    draft.other.is_none() && draft.bin == side.bin && draft.kind == kind
}

/// What is to be asked about this side of the question once it is answered, if it stands; none if it does not. A question about
/// bottles that went stands as long as strange ends lie where theirs lay, one about bottles that came as long as their ends are seen.
pub(super) fn rest(open: &Proposal, evidence: &Evidence, side: &Side, it: &Judged<'_>, rack: &Rack) -> Option<Draft> {
    let seen = it.reading.count?;
    let (sight, changes) = (rack.sights.get(&side.bin)?, rack.changes.get(&side.bin)?);
    if open.kind == ProposalKind::Swap || it.reading.expected != side.expected {
        return None;
    }
    let (kind, evidence) = if side.seen < side.expected {
        if seen <= side.seen {
            return None;
        }
        let took = successors(changes, &evidence.gone)?.into_iter().map(|mark| mark.looks);
        let come: Vec<Vec<f32>> = took.chain(changes.come.iter().cloned()).collect();
        let candidates = rank::arrived(&come, &rack.around.waiting, &rack.around.left);
        let come = come.iter().map(|looks| SeenEnd::pack(looks)).collect();
        (ProposalKind::Extra, Evidence { candidates, come, ..Evidence::default() })
    } else {
        if seen >= side.seen {
            return None;
        }
        let come: Vec<Vec<f32>> = evidence.come.iter().map(|looks| SeenEnd::unpack(looks)).collect();
        let lay = predecessors(changes, &come)?.into_iter();
        let lay = lay.map(|was| Gone { looks: was.end.signature(), bottle: was.bottle, never_came: false });
        let gone: Vec<Gone> = lay.chain(changes.gone.iter().cloned()).collect();
        (
            ProposalKind::Missing,
            Evidence { candidates: rank::missing(sight, changes, &gone), gone, ..Evidence::default() },
        )
    };
    Some(Draft {
        kind,
        bin: side.bin.clone(),
        seen,
        confidence: it.reading.confidence,
        other: None,
        // Counted against the book when it is asked.
        number: 1,
        likeness: None,
        evidence: Evidence { scan: Some(it.reading.scan_id.clone()), ..evidence },
    })
}
