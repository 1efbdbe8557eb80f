//! Proposals: what the camera thinks has happened. How a scan raises them is in `reconcile`, a person's answers are in
//! `decide` and `approve`.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Conn, DbError, bottles::count_in, events, new_id, schema::proposals, types};
use crate::{
    Instant,
    explain::{Candidate, bin::Gone},
    ids::{BinId, ProposalId, ScanId},
    proposal::{Proposal, ProposalKind, ProposalState, Side},
};

pub use super::{
    approve::{proposal_approve, proposal_approve_all},
    decide::{proposal_answer, proposal_part, proposal_reject, proposal_reopen, proposal_snooze},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = proposals, treat_none_as_default_value = false)]
struct ProposalRow {
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
    kind: String,
    other_bin: Option<String>,
    other_expected: Option<i32>,
    other_seen: Option<i32>,
    open_other: Option<String>,
    number: i32,
    likeness: Option<f64>,
    evidence: String,
    confirmed_at: Instant,
    snoozed_until: Option<Instant>,
}

impl TryFrom<ProposalRow> for Proposal {
    type Error = DbError;

    fn try_from(row: ProposalRow) -> Result<Self, DbError> {
        let evidence: Evidence = types::from_json("proposals.evidence", &row.evidence)?;
        let other = match (row.other_bin, row.other_expected, row.other_seen) {
            (Some(bin), Some(expected), Some(seen)) => Some(Side { bin: BinId(bin), expected, seen }),
            _ => None,
        };
        Ok(Self {
            state: types::word("proposals.state", &row.state)?,
            kind: types::word("proposals.kind", &row.kind)?,
            id: ProposalId(row.id),
            scan_id: ScanId(row.scan_id),
            bin: BinId(row.bin),
            expected: row.expected,
            seen: row.seen,
            confidence: row.confidence,
            other,
            number: row.number,
            likeness: row.likeness,
            candidates: evidence.candidates,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            note: row.note,
            created_at: row.created_at,
            confirmed_at: row.confirmed_at,
            snoozed_until: row.snoozed_until,
            revision: row.revision,
        })
    }
}

/// What is kept with a proposal beside what everybody sees.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Evidence {
    /// The bottles it may be about.
    pub(super) candidates: Vec<Candidate>,
    /// The ends that went.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) gone: Vec<Gone>,
    /// Signatures of the ends that came, as they are kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) come: Vec<String>,
    /// What is to be asked once this is answered, because it is about the same bin.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) then: Vec<Draft>,
    /// The scan that has seen it, where that is not the one of the question before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scan: Option<ScanId>,
    /// Why it is asked although it was said no to, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<String>,
}

/// A question before it is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Draft {
    pub(super) kind: ProposalKind,
    pub(super) bin: BinId,
    pub(super) seen: i32,
    pub(super) confidence: f64,
    #[serde(default)]
    pub(super) other: Option<(BinId, i32)>,
    pub(super) number: i32,
    #[serde(default)]
    pub(super) likeness: Option<f64>,
    #[serde(default)]
    pub(super) evidence: Evidence,
}

impl Draft {
    /// Whether both are about one bin.
    fn touches(&self, other: &Self) -> bool {
        self.bins().iter().any(|bin| other.bins().contains(bin))
    }

    fn bins(&self) -> Vec<&BinId> {
        std::iter::once(&self.bin).chain(self.other.as_ref().map(|(bin, _)| bin)).collect()
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

/// How many wait for an answer now: those that were put off are not counted until their time has come.
pub fn proposal_count(conn: &mut Conn, now: Instant) -> Result<i64, DbError> {
    let awake = proposals::snoozed_until.is_null().or(proposals::snoozed_until.le(now));
    Ok(proposals::table
        .filter(proposals::state.eq(ProposalState::Open.as_str()))
        .filter(awake.assume_not_null())
        .count()
        .get_result(conn)?)
}

/// One proposal.
pub fn proposal_get(conn: &mut Conn, id: &ProposalId) -> Result<Proposal, DbError> {
    let row: Option<ProposalRow> = proposals::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| DbError::NotFound(format!("There is no proposal {id}.")))?.try_into()
}

/// What else is kept with it.
pub(super) fn evidence(conn: &mut Conn, id: &ProposalId) -> Result<Evidence, DbError> {
    let text: String = proposals::table.find(id.as_str()).select(proposals::evidence).first(conn)?;
    types::from_json("proposals.evidence", &text)
}

/// Keeps it anew.
pub(super) fn keep_evidence(conn: &mut Conn, id: &ProposalId, evidence: &Evidence) -> Result<(), DbError> {
    let text = types::to_json(evidence)?;
    diesel::update(proposals::table.find(id.as_str())).set(proposals::evidence.eq(text)).execute(conn)?;
    Ok(())
}

/// All that are open, with what else is kept.
pub(super) fn all_open(conn: &mut Conn) -> Result<Vec<(Proposal, Evidence)>, DbError> {
    let rows: Vec<ProposalRow> =
        proposals::table.filter(proposals::state.eq(ProposalState::Open.as_str())).order(proposals::id).load(conn)?;
    let read = |row: ProposalRow| {
        let evidence = types::from_json("proposals.evidence", &row.evidence)?;
        Ok((Proposal::try_from(row)?, evidence))
    };
    rows.into_iter().map(read).collect()
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

/// The open proposal that is about a bin, alone or with another.
pub(super) fn open_in(conn: &mut Conn, bin: &BinId) -> Result<Option<Proposal>, DbError> {
    let about = proposals::open_bin.eq(bin.as_str()).or(proposals::open_other.eq(bin.as_str()));
    let row: Option<ProposalRow> = proposals::table.filter(about.assume_not_null()).first(conn).optional()?;
    row.map(Proposal::try_from).transpose()
}

/// Asks these questions, against the book as it is. Of several about one bin the later ones wait for the answer to the first; those that
/// the book has answered meanwhile are left out. Returns what was raised.
pub(super) fn ask(conn: &mut Conn, scan: &ScanId, drafts: Vec<Draft>, now: Instant) -> Result<Vec<Proposal>, DbError> {
    let mut asked: Vec<Draft> = Vec::new();
    for mut draft in drafts {
        let expected = count_in(conn, &draft.bin)?;
        let other =
            draft.other.clone().map(|(bin, seen)| Ok::<_, DbError>((count_in(conn, &bin)?, seen))).transpose()?;
        let stands = match (draft.kind, other) {
            (ProposalKind::Missing, _) => draft.seen < expected,
            (ProposalKind::Extra, _) => draft.seen > expected,
            (ProposalKind::Move, Some((book, seen))) => draft.seen < expected && seen > book,
            (ProposalKind::Swap, other) => draft.seen == expected && other.is_none_or(|(book, seen)| seen == book),
            _ => false,
        };
        // One question at a time is about a bin: what waited so long that something else is asked there comes with the next scan.
        let busy = open_in(conn, &draft.bin)?.is_some()
            || draft.other.as_ref().map(|(bin, _)| open_in(conn, bin)).transpose()?.flatten().is_some();
        if !stands || busy {
            continue;
        }
        if matches!(draft.kind, ProposalKind::Missing | ProposalKind::Extra) {
            draft.number = (draft.seen - expected).abs();
        }
        match asked.iter_mut().find(|before| before.touches(&draft)) {
            Some(before) => before.evidence.then.push(draft),
            None => asked.push(draft),
        }
    }
    let mut raised = Vec::with_capacity(asked.len());
    for draft in asked {
        let expected = count_in(conn, &draft.bin)?;
        let other =
            draft.other.map(|(bin, seen)| Ok::<_, DbError>(Side { expected: count_in(conn, &bin)?, bin, seen }));
        let proposal = Proposal {
            id: ProposalId(new_id()),
            scan_id: draft.evidence.scan.as_ref().unwrap_or(scan).clone(),
            kind: draft.kind,
            bin: draft.bin,
            expected,
            seen: draft.seen,
            confidence: draft.confidence,
            other: other.transpose()?,
            number: draft.number,
            likeness: draft.likeness,
            candidates: draft.evidence.candidates.clone(),
            state: ProposalState::Open,
            decided_by: None,
            decided_at: None,
            note: draft.evidence.why.clone(),
            created_at: types::cut(now),
            confirmed_at: types::cut(now),
            snoozed_until: None,
            revision: 1,
        };
        raise(conn, &proposal, &draft.evidence)?;
        raised.push(proposal);
    }
    Ok(raised)
}

fn raise(conn: &mut Conn, proposal: &Proposal, evidence: &Evidence) -> Result<(), DbError> {
    let p = proposal.clone();
    let (other_bin, other_expected, other_seen) = match p.other {
        Some(side) => (Some(side.bin.0), Some(side.expected), Some(side.seen)),
        None => (None, None, None),
    };
    let row = ProposalRow {
        open_bin: Some(p.bin.0.clone()),
        open_other: other_bin.clone(),
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
        kind: p.kind.as_str().to_owned(),
        other_bin,
        other_expected,
        other_seen,
        number: p.number,
        likeness: p.likeness,
        evidence: types::to_json(evidence)?,
        confirmed_at: p.confirmed_at,
        snoozed_until: p.snoozed_until,
    };
    diesel::insert_into(proposals::table).values(&row).execute(conn)?;
    events::raised(conn, proposal, proposal.created_at)
}

/// A scan has shown the same again.
pub(super) fn confirm(conn: &mut Conn, id: &ProposalId, now: Instant) -> Result<(), DbError> {
    diesel::update(proposals::table.find(id.as_str()))
        .set(proposals::confirmed_at.eq(types::cut(now)))
        .execute(conn)?;
    Ok(())
}

/// Puts a question off, or (none) asks it again.
pub(super) fn put_off(conn: &mut Conn, id: &ProposalId, until: Option<Instant>) -> Result<(), DbError> {
    diesel::update(proposals::table.find(id.as_str()))
        .set((proposals::snoozed_until.eq(until.map(types::cut)), proposals::revision.eq(proposals::revision + 1)))
        .execute(conn)?;
    Ok(())
}

/// Whether a person has rejected this mismatch of the bin and no bottle of it has moved since.
pub(super) fn is_upheld(conn: &mut Conn, bin: &BinId, expected: i32, seen: i32) -> Result<bool, DbError> {
    let here = proposals::bin.eq(bin.as_str()).and(proposals::expected.eq(expected)).and(proposals::seen.eq(seen));
    let there = proposals::other_bin
        .eq(bin.as_str())
        .and(proposals::other_expected.eq(expected))
        .and(proposals::other_seen.eq(seen));
    let same: i64 = proposals::table
        .filter(proposals::upheld.eq(true))
        .filter(proposals::state.eq(ProposalState::Rejected.as_str()))
        .filter(here.or(there.assume_not_null()))
        .count()
        .get_result(conn)?;
    Ok(same > 0)
}

/// Whether a person has said that what happened in these two bins is not one thing, and no bottle of them has moved since.
pub(super) fn is_parted(conn: &mut Conn, kind: ProposalKind, a: &BinId, b: &BinId) -> Result<bool, DbError> {
    let pair = |one: &BinId, two: &BinId| {
        proposals::bin.eq(one.0.clone()).and(proposals::other_bin.eq(two.0.clone()).assume_not_null())
    };
    let same: i64 = proposals::table
        .filter(proposals::upheld.eq(true))
        .filter(proposals::kind.eq(kind.as_str()))
        .filter(pair(a, b).or(pair(b, a)))
        .count()
        .get_result(conn)?;
    Ok(same > 0)
}

/// A no holds from now on, or no longer.
pub(super) fn uphold(conn: &mut Conn, id: &ProposalId, holds: bool) -> Result<(), DbError> {
    diesel::update(proposals::table.find(id.as_str())).set(proposals::upheld.eq(holds)).execute(conn)?;
    Ok(())
}

/// Whether a no still holds.
pub(super) fn holds(conn: &mut Conn, id: &ProposalId) -> Result<bool, DbError> {
    Ok(proposals::table.find(id.as_str()).select(proposals::upheld).first(conn)?)
}

/// A bottle of the bin has moved: what was said no to of old says nothing about it any more.
pub(super) fn forget_rejections(conn: &mut Conn, bin: &BinId) -> Result<(), DbError> {
    let here = proposals::bin.eq(bin.as_str()).or(proposals::other_bin.eq(bin.as_str()).assume_not_null());
    let upheld = proposals::table.filter(here).filter(proposals::upheld.eq(true));
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
            proposals::open_other.eq(None::<String>),
            proposals::decided_by.eq(by),
            proposals::decided_at.eq(Some(types::cut(now))),
            proposals::note.eq(note),
            proposals::snoozed_until.eq(None::<Instant>),
            proposals::revision.eq(proposals::revision + 1),
        ))
        .execute(conn)?;
    events::closed(conn, proposal, now)
}

/// Opens a decided proposal again, unless another one of its bins waits already.
pub(super) fn reopen(conn: &mut Conn, proposal: &Proposal, now: Instant) -> Result<(), DbError> {
    for side in proposal.sides() {
        if open_in(conn, &side.bin)?.is_some() {
            return Err(DbError::Conflict(format!("A newer proposal of bin {} waits already.", side.bin)));
        }
    }
    diesel::update(proposals::table.find(proposal.id.as_str()))
        .set((
            proposals::state.eq(ProposalState::Open.as_str()),
            proposals::open_bin.eq(Some(proposal.bin.as_str())),
            proposals::open_other.eq(proposal.other.as_ref().map(|side| side.bin.as_str())),
            proposals::upheld.eq(false),
            proposals::decided_by.eq(None::<String>),
            proposals::decided_at.eq(None::<Instant>),
            proposals::note.eq(None::<String>),
            proposals::revision.eq(proposals::revision + 1),
        ))
        .execute(conn)?;
    events::raised(conn, proposal, now)
}
