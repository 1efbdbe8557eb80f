//! A person agrees with the camera: the movements that make the book say what was seen.

use std::collections::BTreeSet;

use diesel::{dsl::max, prelude::*};

use super::{
    Conn, DbError, bottles, movements, new_id,
    proposals::{close, open},
    schema::{bottles as bottle_table, movements as journal, wines as wine_table},
    vintages, wines,
};
use crate::{
    Instant,
    bottle::{Bottle, BottleStatus},
    error::RuleError,
    ids::{BinId, BottleId, ProposalId, VintageId, WineId},
    movement::{Actor, IssueReason, Movement, MovementRequest},
    proposal::{Approval, Proposal, ProposalState},
    window::Window,
    wine::{Colour, WineFacts},
};

/// Answers an open proposal with yes, as told at [`Approval`]; returns the movements written.
pub fn proposal_approve(
    conn: &mut Conn,
    id: &ProposalId,
    approval: &Approval,
    actor: &Actor,
    now: Instant,
) -> Result<Vec<Movement>, DbError> {
    let proposal = open(conn, id)?;
    let book = bottles::count_in(conn, &proposal.bin)?;
    if book != proposal.expected {
        return Err(DbError::Conflict(format!(
            "Bin {} was changed meanwhile: the book says {book}, the proposal was made when it said {}. Scan again.",
            proposal.bin, proposal.expected
        )));
    }
    let requests = match proposal.difference() {
        0.. => arrived(conn, &proposal, approval, actor, now)?,
        _ => left(conn, &proposal, approval)?,
    };
    // Closed first: the movements would else close it as superseded.
    close(conn, &proposal, ProposalState::Approved, Some(&actor.name), None, now)?;
    let batch = (requests.len() > 1).then(new_id);
    let belongs = movements::Belongs { batch, proposal: Some(id.clone()) };
    requests.iter().map(|request| movements::apply(conn, request, actor, now, &belongs)).collect()
}

/// Bottles are missing: those named, or those that lie there the longest.
fn left(conn: &mut Conn, proposal: &Proposal, approval: &Approval) -> Result<Vec<MovementRequest>, DbError> {
    if approval.vintage_id.is_some() {
        return Err(RuleError::field("vintage_id", "bottles are missing here; a vintage cannot arrive").into());
    }
    if approval.moved && approval.reason.is_some() {
        return Err(RuleError::field("moved", "a bottle that was moved has not left: leave out `reason`").into());
    }
    let bin = &proposal.bin;
    let missing = size(proposal);
    let chosen = if approval.bottles.is_empty() {
        longest(conn, Some(bin), missing)?
    } else {
        picked(conn, approval, missing, |bottle| match bottle.bin.as_ref() == Some(bin) {
            true => Ok(()),
            false => Err(format!("bottle {} does not lie in bin {bin}", bottle.id)),
        })?
    };
    let reason = approval.reason.unwrap_or(IssueReason::Drunk);
    let request = |bottle_id| match approval.moved {
        true => MovementRequest::Move { bottle_id, bin: None },
        false => MovementRequest::issue(bottle_id, reason),
    };
    Ok(chosen.into_iter().map(request).collect())
}

/// There are bottles too many: new ones of a vintage, those named, or those that wait the longest and then unknown ones.
fn arrived(
    conn: &mut Conn,
    proposal: &Proposal,
    approval: &Approval,
    actor: &Actor,
    now: Instant,
) -> Result<Vec<MovementRequest>, DbError> {
    if approval.moved {
        return Err(RuleError::field("moved", "there are bottles too many here: none was moved away").into());
    }
    let bin = Some(proposal.bin.clone());
    let extra = size(proposal);
    let receive = |vintage_id: VintageId| MovementRequest::receipt(vintage_id, bin.clone());
    if let Some(vintage) = &approval.vintage_id {
        if !approval.bottles.is_empty() {
            return Err(RuleError::field("bottles", "name either bottles or a vintage, not both").into());
        }
        return Ok(vec![receive(vintage.clone()); extra]);
    }
    let chosen = if approval.bottles.is_empty() {
        longest(conn, None, extra)?
    } else {
        picked(conn, approval, extra, |bottle| match (bottle.status, bottle.bin == bin) {
            (BottleStatus::Gone, _) => Err(format!("bottle {} has left the cellar", bottle.id)),
            (_, true) => Err(format!("bottle {} lies in this bin already", bottle.id)),
            _ => Ok(()),
        })?
    };
    let unknown = extra - chosen.len();
    let mut requests: Vec<_> =
        chosen.into_iter().map(|bottle_id| MovementRequest::Move { bottle_id, bin: bin.clone() }).collect();
    if unknown > 0 {
        requests.extend(vec![receive(unknown_vintage(conn, actor, now)?); unknown]);
    }
    Ok(requests)
}

/// How many bottles are meant.
fn size(proposal: &Proposal) -> usize {
    usize::try_from(proposal.difference().unsigned_abs()).unwrap_or(usize::MAX)
}

/// The bottles a person named: as many as are meant, each once, each fit for it.
fn picked(
    conn: &mut Conn,
    approval: &Approval,
    wanted: usize,
    fits: impl Fn(&Bottle) -> Result<(), String>,
) -> Result<Vec<BottleId>, DbError> {
    let ids = &approval.bottles;
    if ids.len() != wanted {
        return Err(RuleError::field("bottles", format!("names {}; the difference is {wanted}", ids.len())).into());
    }
    let mut seen = BTreeSet::new();
    for (i, id) in ids.iter().enumerate() {
        let wrong = |message: String| DbError::from(RuleError::field(format!("bottles[{i}]"), message));
        if !seen.insert(id) {
            return Err(wrong(format!("bottle {id} is named twice")));
        }
        match bottles::bottle_row(conn, id) {
            Ok(bottle) => fits(&bottle).map_err(wrong)?,
            Err(DbError::NotFound(message)) => return Err(wrong(message)),
            Err(other) => return Err(other),
        }
    }
    Ok(ids.clone())
}

/// The bottles that have not moved for the longest time: in a bin, or among those that wait to be put away.
fn longest(conn: &mut Conn, bin: Option<&BinId>, count: usize) -> Result<Vec<BottleId>, DbError> {
    let mut there = bottle_table::table
        .filter(bottle_table::status.eq(BottleStatus::InCellar.as_str()))
        .select(bottle_table::id)
        .into_boxed();
    there = match bin {
        Some(bin) => there.filter(bottle_table::bin.eq(bin.as_str())),
        None => there.filter(bottle_table::bin.is_null()),
    };
    let there: Vec<String> = there.load(conn)?;
    // Ids of movements sort by time, so the greatest one of a bottle is its last.
    let mut last: Vec<(String, Option<String>)> = journal::table
        .filter(journal::bottle_id.eq_any(there))
        .group_by(journal::bottle_id)
        .select((journal::bottle_id, max(journal::id)))
        .load(conn)?;
    last.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(last.into_iter().take(count).map(|(bottle, _)| BottleId(bottle)).collect())
}

/// The vintage of bottles nobody has named yet; the wine is made when it is first needed.
fn unknown_vintage(conn: &mut Conn, actor: &Actor, now: Instant) -> Result<VintageId, DbError> {
    let known: Option<String> = wine_table::table
        .filter(wine_table::producer.eq("Unknown"))
        .filter(wine_table::name.eq("wine"))
        .order(wine_table::id)
        .select(wine_table::id)
        .first(conn)
        .optional()?;
    let wine = match known {
        Some(id) => WineId(id),
        None => {
            let facts = WineFacts::named("Unknown", "wine", Colour::Red);
            wines::wine_insert(conn, &facts, actor, now)?.id
        }
    };
    Ok(vintages::vintage_ensure(conn, &wine, None, Window::default(), actor, now)?.id)
}
