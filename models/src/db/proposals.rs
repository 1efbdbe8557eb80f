//! Proposals: what the camera thinks has changed, and a person's answer. How a yes becomes movements is in `approve`.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Conn, DbError, changes, schema::proposals, types};
use crate::{
    Instant,
    change::Entity,
    ids::{BinId, ProposalId, ScanId},
    movement::Actor,
    proposal::{Proposal, ProposalState},
};

pub use super::approve::proposal_approve;

#[derive(Queryable, Insertable)]
#[diesel(table_name = proposals)]
pub(super) struct ProposalRow {
    id: String,
    scan_id: String,
    bin: String,
    expected: i32,
    seen: i32,
    confidence: f64,
    state: String,
    decided_by: Option<String>,
    decided_at: Option<Instant>,
    note: Option<String>,
    created_at: Instant,
    revision: i32,
    open_bin: Option<String>,
    upheld: bool,
}

impl From<&Proposal> for ProposalRow {
    fn from(proposal: &Proposal) -> Self {
        let p = proposal.clone();
        Self {
            open_bin: (p.state == ProposalState::Open).then(|| p.bin.0.clone()),
            upheld: false,
            id: p.id.0,
            scan_id: p.scan_id.0,
            bin: p.bin.0,
            expected: p.expected,
            seen: p.seen,
            confidence: p.confidence,
            state: p.state.as_str().to_owned(),
            decided_by: p.decided_by,
            decided_at: p.decided_at,
            note: p.note,
            created_at: p.created_at,
            revision: p.revision,
        }
    }
}

impl TryFrom<ProposalRow> for Proposal {
    type Error = DbError;

    fn try_from(row: ProposalRow) -> Result<Self, DbError> {
        Ok(Self {
            state: types::word("proposals.state", &row.state)?,
            id: ProposalId(row.id),
            scan_id: ScanId(row.scan_id),
            bin: BinId(row.bin),
            expected: row.expected,
            seen: row.seen,
            confidence: row.confidence,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            note: row.note,
            created_at: row.created_at,
            revision: row.revision,
        })
    }
}

/// Proposals, newest first; of one state or of all.
pub fn proposal_list(
    conn: &mut Conn,
    state: Option<ProposalState>,
    before: Option<&ProposalId>,
    limit: i64,
) -> Result<Vec<Proposal>, DbError> {
    let mut query = proposals::table.order(proposals::id.desc()).limit(limit).into_boxed();
    if let Some(state) = state {
        query = query.filter(proposals::state.eq(state.as_str()));
    }
    if let Some(before) = before {
        query = query.filter(proposals::id.lt(before.as_str()));
    }
    query.load::<ProposalRow>(conn)?.into_iter().map(Proposal::try_from).collect()
}

/// One proposal.
pub fn proposal_get(conn: &mut Conn, id: &ProposalId) -> Result<Proposal, DbError> {
    let row: Option<ProposalRow> = proposals::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| DbError::NotFound(format!("There is no proposal {id}.")))?.try_into()
}

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
    reject(conn, &proposal, note, actor, now)?;
    let proposal = proposal_get(conn, id)?;
    changes::record(conn, Entity::Proposal, id.as_str(), Some(&before), Some(&answer(&proposal)), actor, now)?;
    Ok(proposal)
}

fn reject(
    conn: &mut Conn,
    proposal: &Proposal,
    note: Option<&str>,
    actor: &Actor,
    now: Instant,
) -> Result<(), DbError> {
    if let Some(note) = note {
        crate::wine::text("note", note, 0, 500)?;
    }
    close(conn, proposal, ProposalState::Rejected, Some(&actor.name), note, now)?;
    diesel::update(proposals::table.find(proposal.id.as_str())).set(proposals::upheld.eq(true)).execute(conn)?;
    Ok(())
}

/// Takes a rejection back: the proposal waits for an answer again.
pub fn proposal_reopen(conn: &mut Conn, id: &ProposalId, actor: &Actor, now: Instant) -> Result<Proposal, DbError> {
    let proposal = proposal_get(conn, id)?;
    check_rejected(conn, &proposal)?;
    match changes::last_of(conn, Entity::Proposal, id.as_str())? {
        Some(edit) => {
            changes::change_undo(conn, &edit.id, actor, now)?;
        }
        // Rejected before the journal told of rejections.
        None => {
            reopen(conn, &proposal)?;
            let after = answer(&proposal_get(conn, id)?);
            let before = answer(&proposal);
            changes::record(conn, Entity::Proposal, id.as_str(), Some(&before), Some(&after), actor, now)?;
        }
    }
    proposal_get(conn, id)
}

fn check_rejected(conn: &mut Conn, proposal: &Proposal) -> Result<(), DbError> {
    let holds: bool = proposals::table.find(proposal.id.as_str()).select(proposals::upheld).first(conn)?;
    if proposal.state == ProposalState::Rejected && holds {
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

/// Brings an answer back to `state`: open, or rejected again.
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
        check_rejected(conn, &proposal)?;
        return reopen(conn, &proposal);
    }
    let proposal = open(conn, &proposal.id)?;
    reject(conn, &proposal, to["note"].as_str(), actor, now)
}

/// Opens a decided proposal again, unless another one of its bin waits already.
pub(super) fn reopen(conn: &mut Conn, proposal: &Proposal) -> Result<(), DbError> {
    if open_in(conn, &proposal.bin)?.is_some() {
        return Err(DbError::Conflict(format!("A newer proposal of bin {} waits already.", proposal.bin)));
    }
    diesel::update(proposals::table.find(proposal.id.as_str()))
        .set((
            proposals::state.eq(ProposalState::Open.as_str()),
            proposals::open_bin.eq(Some(proposal.bin.as_str())),
            proposals::upheld.eq(false),
            proposals::decided_by.eq(None::<String>),
            proposals::decided_at.eq(None::<Instant>),
            proposals::note.eq(None::<String>),
            proposals::revision.eq(proposals::revision + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// The proposal, if it still waits; else a conflict that tells who was faster.
pub(super) fn open(conn: &mut Conn, id: &ProposalId) -> Result<Proposal, DbError> {
    let proposal = proposal_get(conn, id)?;
    if proposal.state == ProposalState::Open {
        return Ok(proposal);
    }
    let when = proposal.decided_at.map(|at| at.format(" on %Y-%m-%d at %H:%M UTC").to_string()).unwrap_or_default();
    let state = proposal.state.as_str();
    Err(DbError::Conflict(match (&proposal.decided_by, &proposal.note) {
        (Some(who), _) => format!("{who} has {state} this proposal{when}."),
        (None, Some(note)) => format!("This proposal was {state}{when}: {note}"),
        (None, None) => format!("This proposal was {state}{when}."),
    }))
}

/// The open proposal of a bin.
pub(super) fn open_in(conn: &mut Conn, bin: &BinId) -> Result<Option<Proposal>, DbError> {
    let row: Option<ProposalRow> =
        proposals::table.filter(proposals::open_bin.eq(bin.as_str())).first(conn).optional()?;
    row.map(Proposal::try_from).transpose()
}

/// Writes a new proposal.
pub(super) fn raise(conn: &mut Conn, proposal: &Proposal) -> Result<(), DbError> {
    diesel::insert_into(proposals::table).values(&ProposalRow::from(proposal)).execute(conn)?;
    Ok(())
}

/// Whether a person has rejected this mismatch and no bottle of the bin has moved since.
pub(super) fn is_upheld(conn: &mut Conn, bin: &BinId, expected: i32, seen: i32) -> Result<bool, DbError> {
    let same: i64 = proposals::table
        .filter(proposals::bin.eq(bin.as_str()))
        .filter(proposals::upheld.eq(true))
        .filter(proposals::expected.eq(expected))
        .filter(proposals::seen.eq(seen))
        .count()
        .get_result(conn)?;
    Ok(same > 0)
}

/// A bottle of the bin has moved: rejections of old say nothing about it any more.
pub(super) fn forget_rejections(conn: &mut Conn, bin: &BinId) -> Result<(), DbError> {
    let upheld = proposals::table.filter(proposals::bin.eq(bin.as_str())).filter(proposals::upheld.eq(true));
    diesel::update(upheld).set(proposals::upheld.eq(false)).execute(conn)?;
    Ok(())
}

/// Closes an open proposal.
pub(super) fn close(
    conn: &mut Conn,
    proposal: &Proposal,
    state: ProposalState,
    by: Option<&str>,
    note: Option<&str>,
    now: Instant,
) -> Result<(), DbError> {
    diesel::update(proposals::table.find(proposal.id.as_str()))
        .set((
            proposals::state.eq(state.as_str()),
            proposals::open_bin.eq(None::<String>),
            proposals::decided_by.eq(by),
            proposals::decided_at.eq(Some(types::cut(now))),
            proposals::note.eq(note),
            proposals::revision.eq(proposals::revision + 1),
        ))
        .execute(conn)?;
    Ok(())
}
