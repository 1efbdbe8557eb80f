//! Keeps open proposals true: what a reading or a movement means for the one of its bin.

use super::{Conn, DbError, bottles, new_id, proposals};
use crate::{
    Instant,
    ids::{BinId, ProposalId},
    proposal::{Proposal, ProposalState, SET_RIGHT},
    scan::{Reading, Scan},
    stock::{self, Verdict},
};

/// A count less sure than this claims nothing against the book.
const THRESHOLD: f64 = 0.5;

/// A bottle of the bin has moved: when the book now says what was seen, the question is settled. Who `corrected` the book says
/// what lay there all along; a bottle that was drunk since, or came, says nothing of what the camera saw.
pub(super) fn after_movement(conn: &mut Conn, bin: &BinId, corrected: bool, now: Instant) -> Result<(), DbError> {
    proposals::forget_rejections(conn, bin)?;
    let Some(open) = proposals::open_in(conn, bin)? else { return Ok(()) };
    let book = bottles::count_in(conn, bin)?;
    if book != open.seen {
        return Ok(());
    }
    let note = match corrected {
        true => format!("{SET_RIGHT}: it now says {book} as well."),
        false => format!("The book says {book} as well by now."),
    };
    proposals::close(conn, &open, ProposalState::Superseded, None, Some(&note), now)
}

/// A movement that answered a proposal was taken back: when the book says again what it said then, the question is open
/// again.
pub(super) fn after_undo(conn: &mut Conn, proposal: &ProposalId) -> Result<(), DbError> {
    let proposal = proposals::proposal_get(conn, proposal)?;
    let book = bottles::count_in(conn, &proposal.bin)?;
    let waits = proposals::open_in(conn, &proposal.bin)?.is_some();
    if proposal.state == ProposalState::Approved && book == proposal.expected && !waits {
        proposals::reopen(conn, &proposal)?;
    }
    Ok(())
}

/// Compares a reading with the book. There is one open proposal for a bin at most, and it says what was seen last.
/// Returns the verdict and the proposal that stands for the mismatch, unless a person has rejected it before.
pub(super) fn after_reading(
    conn: &mut Conn,
    scan: &Scan,
    reading: &Reading,
) -> Result<(Verdict, Option<Proposal>), DbError> {
    let verdict = stock::verdict(reading.count, reading.expected, reading.confidence, THRESHOLD);
    let (Some(seen), Verdict::Agrees | Verdict::Differs) = (reading.count, verdict) else { return Ok((verdict, None)) };
    let open = proposals::open_in(conn, &reading.bin)?;
    let now = scan.finished_at;
    if verdict == Verdict::Agrees {
        if let Some(open) = open {
            let note = format!("Scan {} counted {seen}, as the book says.", scan.id);
            proposals::close(conn, &open, ProposalState::Superseded, None, Some(&note), now)?;
        }
        return Ok((verdict, None));
    }
    if let Some(open) = open {
        if (open.expected, open.seen) == (reading.expected, seen) {
            return Ok((verdict, Some(open)));
        }
        let note = format!("Scan {} counted {seen} where the book says {}.", scan.id, reading.expected);
        proposals::close(conn, &open, ProposalState::Superseded, None, Some(&note), now)?;
    }
    if proposals::is_upheld(conn, &reading.bin, reading.expected, seen)? {
        return Ok((verdict, None));
    }
    let proposal = Proposal {
        id: ProposalId(new_id()),
        scan_id: scan.id.clone(),
        bin: reading.bin.clone(),
        expected: reading.expected,
        seen,
        confidence: reading.confidence,
        state: ProposalState::Open,
        decided_by: None,
        decided_at: None,
        note: None,
        created_at: now,
        revision: 1,
    };
    proposals::raise(conn, &proposal)?;
    Ok((verdict, Some(proposal)))
}
