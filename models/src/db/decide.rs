//! Answers that move no bottle: the camera was wrong, it is not one bottle, ask me later, and taking these back.

use serde_json::{Value, json};

use super::{
    Conn, DbError, changes, memory, proposals,
    proposals::{Draft, close, open, proposal_get},
};
use crate::{
    Instant,
    change::Entity,
    error::RuleError,
    ids::{BottleId, ProposalId},
    movement::{Actor, Movement},
    proposal::{Answer, Decision, LATER, Proposal, ProposalKind, ProposalState},
};

/// How a question that was asked as one and is asked apart again begins its note.
const AGAIN: &str = "Asked as one again";

/// The camera was wrong. The same mismatch is not raised again until a bottle of the bin moves.
pub fn proposal_reject(
    conn: &mut Conn,
    id: &ProposalId,
    note: Option<&str>,
    actor: &Actor,
    now: Instant,
) -> Result<Proposal, DbError> {
    let proposal = open(conn, id)?;
    let before = answer(&proposal);
    no(conn, &proposal, ProposalState::Rejected, note, actor, now)?;
    told(conn, id, &before, actor, now)
}

/// A move is no move, and an exchange none: what happened in the two bins is asked about apart, and not taken for one thing
/// again until a bottle of them moves. Returns the questions that take its place; of an exchange there are none.
pub fn proposal_part(conn: &mut Conn, id: &ProposalId, actor: &Actor, now: Instant) -> Result<Vec<Proposal>, DbError> {
    let proposal = open(conn, id)?;
    if proposal.other.is_none() {
        return Err(RuleError::Forbidden("Only a move or an exchange is about two bins.".to_owned()).into());
    }
    let before = answer(&proposal);
    let evidence = proposals::evidence(conn, id)?;
    no(conn, &proposal, ProposalState::Parted, Some("It is not one bottle."), actor, now)?;
    told(conn, id, &before, actor, now)?;
    if proposal.kind == ProposalKind::Swap {
        return Ok(Vec::new());
    }
    let mut drafts = Vec::new();
    for side in proposal.sides() {
        let fewer = side.seen < side.expected;
        let mut own = evidence.clone();
        own.then.clear();
        if fewer {
            own.come.clear();
        } else {
            own.gone.clear();
            own.candidates.clear();
        }
        drafts.push(Draft {
            kind: if fewer { ProposalKind::Missing } else { ProposalKind::Extra },
            bin: side.bin,
            seen: side.seen,
            confidence: proposal.confidence,
            other: None,
            number: (side.seen - side.expected).abs(),
            likeness: None,
            evidence: own,
        });
    }
    // What had to wait for this answer, as far as it is about other bins.
    drafts.extend(evidence.then.into_iter().filter(|draft| draft.other.is_some()));
    proposals::ask(conn, &proposal.scan_id, drafts, now)
}

/// Asks again at a time; without one at once. Doing it twice is doing it once.
pub fn proposal_snooze(
    conn: &mut Conn,
    id: &ProposalId,
    until: Option<Instant>,
    now: Instant,
) -> Result<Proposal, DbError> {
    let proposal = open(conn, id)?;
    if let Some(until) = until
        && (until <= now || until > now + chrono::TimeDelta::days(366))
    {
        return Err(RuleError::field("until", "is not within the coming year").into());
    }
    if proposal.snoozed_until != until {
        proposals::put_off(conn, id, until)?;
    }
    proposal_get(conn, id)
}

/// Does what a person says in one word; `bottles` are those that are meant, none = the likeliest. Gives the movements it led to.
pub fn proposal_answer(
    conn: &mut Conn,
    id: &ProposalId,
    answer: Answer,
    bottles: Vec<BottleId>,
    actor: &Actor,
    now: Instant,
) -> Result<Vec<Movement>, DbError> {
    match answer.decision(bottles) {
        Decision::Yes(approval) => return super::approve::proposal_approve(conn, id, &approval, actor, now),
        Decision::Apart => proposal_part(conn, id, actor, now).map(drop)?,
        Decision::Later => proposal_snooze(conn, id, Some(now + LATER), now).map(drop)?,
        Decision::Reopen => proposal_reopen(conn, id, actor, now).map(drop)?,
        Decision::Wrong => proposal_reject(conn, id, Some("The camera was wrong."), actor, now).map(drop)?,
    }
    Ok(Vec::new())
}

fn no(
    conn: &mut Conn,
    proposal: &Proposal,
    state: ProposalState,
    note: Option<&str>,
    actor: &Actor,
    now: Instant,
) -> Result<(), DbError> {
    if let Some(note) = note {
        crate::wine::text("note", note, 0, 500)?;
    }
    close(conn, proposal, state, Some(&actor.name), note, now)?;
    if state == ProposalState::Rejected {
        for side in proposal.sides() {
            memory::confirmed_by_person(conn, &side.bin, &actor.name, now)?;
        }
    }
    proposals::uphold(conn, &proposal.id, true)
}

/// Writes the answer into the journal of edits.
fn told(conn: &mut Conn, id: &ProposalId, before: &Value, actor: &Actor, now: Instant) -> Result<Proposal, DbError> {
    let proposal = proposal_get(conn, id)?;
    changes::record(conn, Entity::Proposal, id.as_str(), Some(before), Some(&answer(&proposal)), actor, now)?;
    Ok(proposal)
}

/// Takes a no back: the proposal waits for an answer again.
pub fn proposal_reopen(conn: &mut Conn, id: &ProposalId, actor: &Actor, now: Instant) -> Result<Proposal, DbError> {
    let proposal = proposal_get(conn, id)?;
    check_no(conn, &proposal)?;
    match changes::last_of(conn, Entity::Proposal, id.as_str())? {
        Some(edit) => {
            changes::change_undo(conn, &edit.id, actor, now)?;
        }
        // Rejected before the journal told of rejections.
        None => {
            let before = answer(&proposal);
            proposals::reopen(conn, &proposal, now)?;
            told(conn, id, &before, actor, now)?;
        }
    }
    proposal_get(conn, id)
}

fn check_no(conn: &mut Conn, proposal: &Proposal) -> Result<(), DbError> {
    let no = matches!(proposal.state, ProposalState::Rejected | ProposalState::Parted);
    if no && proposals::holds(conn, &proposal.id)? {
        return Ok(());
    }
    Err(DbError::Conflict(
        "Only a rejection can be taken back, as long as no bottle of the bin has moved since.".to_owned(),
    ))
}

/// What the journal tells of an answer.
fn answer(proposal: &Proposal) -> Value {
    json!({ "bin": proposal.bin, "state": proposal.state, "note": proposal.note })
}

/// What an answer is told against.
pub(super) fn state(conn: &mut Conn, id: &str) -> Result<Option<Value>, DbError> {
    Ok(Some(answer(&proposal_get(conn, &id.into())?)))
}

/// Brings an answer back to `state`: open, or said no to again.
pub(super) fn restore(
    conn: &mut Conn,
    id: &str,
    state: Option<&Value>,
    actor: &Actor,
    now: Instant,
) -> Result<(), DbError> {
    let proposal = proposal_get(conn, &id.into())?;
    let to = state.unwrap_or(&Value::Null);
    if to["state"] == ProposalState::Open.as_str() {
        check_no(conn, &proposal)?;
        if proposal.state == ProposalState::Parted {
            // The two questions that took its place.
            for side in proposal.sides() {
                if let Some(apart) = proposals::open_in(conn, &side.bin)?.filter(|open| open.other.is_none()) {
                    let note = format!("{AGAIN}.");
                    close(conn, &apart, ProposalState::Superseded, None, Some(&note), now)?;
                }
            }
        }
        return proposals::reopen(conn, &proposal, now);
    }
    let proposal = open(conn, &proposal.id)?;
    let to_state =
        if to["state"] == ProposalState::Parted.as_str() { ProposalState::Parted } else { ProposalState::Rejected };
    no(conn, &proposal, to_state, to["note"].as_str(), actor, now)
}
