//! Keeps open proposals true: what a movement means for those of its bins.

use super::{
    Conn, DbError, bottles, halves,
    proposals::{self, Draft, Evidence},
};
use crate::{
    Instant,
    ids::{BinId, ProposalId},
    proposal::{Proposal, ProposalKind, ProposalState, SET_RIGHT},
};

/// A bottle of the bin has moved: when the book now says what was seen, the question is settled. Who `corrected` the book says
/// what lay there all along; a bottle that was drunk since, or came, says nothing of what the camera saw. Of a question about
/// two bins what is left is asked.
pub(super) fn after_movement(conn: &mut Conn, bin: &BinId, corrected: bool, now: Instant) -> Result<(), DbError> {
    proposals::forget_rejections(conn, bin)?;
    let Some(open) = proposals::open_in(conn, bin)? else { return Ok(()) };
    let Some(side) = open.sides().into_iter().find(|side| side.bin == *bin) else { return Ok(()) };
    let book = bottles::count_in(conn, bin)?;
    // Bottles that were exchanged never changed a count: whoever moves one of them answers the question.
    let settled = if open.kind == ProposalKind::Swap { book != side.expected } else { book == side.seen };
    if !settled {
        return Ok(());
    }
    let note = match (open.kind, corrected) {
        (ProposalKind::Swap, _) => format!("A bottle of bin {bin} was moved by hand."),
        (_, true) => format!("{SET_RIGHT}: it now says {book} as well."),
        (_, false) => format!("The book says {book} as well by now."),
    };
    let evidence = proposals::evidence(conn, &open.id)?;
    proposals::close(conn, &open, ProposalState::Superseded, None, Some(&note), now)?;
    if open.kind == ProposalKind::Move && open.sides().iter().any(|side| side.bin != *bin) {
        // Both halves moved by hand, one after the other, leave nothing to ask: the second half closes what is asked here.
        ask_rest(conn, &open, evidence, now)?;
    }
    Ok(())
}

/// A question was answered: what had to wait for it is asked now, and of a move what is left; `known` is what its evidence tells of that.
pub(super) fn ask_rest(conn: &mut Conn, answered: &Proposal, known: Evidence, now: Instant) -> Result<(), DbError> {
    let Evidence { candidates, gone, come, then, .. } = known;
    let mut drafts = then.into_iter().map(|draft| halves::joined(conn, draft, now)).collect::<Result<Vec<_>, _>>()?;
    for side in answered.sides().into_iter().filter(|_| answered.kind == ProposalKind::Move) {
        let about =
            |draft: &Draft| draft.bin == side.bin || draft.other.as_ref().is_some_and(|(bin, _)| *bin == side.bin);
        if drafts.iter().any(about) {
            continue;
        }
        let fewer = side.seen < side.expected;
        drafts.push(Draft {
            kind: if fewer { ProposalKind::Missing } else { ProposalKind::Extra },
            bin: side.bin,
            seen: side.seen,
            confidence: answered.confidence,
            other: None,
            number: 1,
            likeness: None,
            evidence: match fewer {
                true => Evidence { candidates: candidates.clone(), gone: gone.clone(), ..Evidence::default() },
                false => Evidence { come: come.clone(), ..Evidence::default() },
            },
        });
    }
    proposals::ask(conn, &answered.scan_id, drafts, now).map(drop)
}

/// Movements that answered a proposal were taken back: when the book says again what it said then, the question is open again.
pub(super) fn after_undo(conn: &mut Conn, proposal: &ProposalId, now: Instant) -> Result<(), DbError> {
    let proposal = proposals::proposal_get(conn, proposal)?;
    if proposal.state != ProposalState::Approved {
        return Ok(());
    }
    for side in proposal.sides() {
        if bottles::count_in(conn, &side.bin)? != side.expected {
            return Ok(());
        }
    }
    for side in proposal.sides() {
        // What was asked once this was answered waits for it again.
        if let Some(rest) = proposals::open_in(conn, &side.bin)? {
            if rest.scan_id != proposal.scan_id && Some(rest.created_at) != proposal.decided_at {
                return Ok(());
            }
            let note = "The answer before it was taken back.";
            proposals::close(conn, &rest, ProposalState::Superseded, None, Some(note), now)?;
        }
    }
    proposals::reopen(conn, &proposal, now)
}
