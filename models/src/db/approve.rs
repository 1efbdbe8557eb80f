//! A person agrees with the camera: the movements that make the book say what was seen.

use std::collections::BTreeSet;

use diesel::{dsl::max, prelude::*};

use super::{
    Conn, DbError, bottles, memory, movements, new_id,
    proposals::{Evidence, close, evidence, open},
    recount,
    schema::{bottles as bottle_table, movements as journal, wines as wine_table},
    settle, undo, vintages, wines,
};
use crate::{
    Instant,
    bottle::{Bottle, BottleFacts, BottleStatus},
    error::RuleError,
    ids::{BinId, BottleId, ProposalId, VintageId, WineId},
    movement::{Actor, IssueReason, Movement, MovementRequest},
    proposal::{Approval, Proposal, ProposalKind, ProposalState},
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
    let wanted = wanted(conn, id, approval, actor, now)?;
    let batch = (wanted.requests.len() > 1 || wanted.stayed.is_some()).then(new_id);
    let done = carry_out(conn, wanted, batch, actor, now)?;
    open_those(conn, approval, &done, actor, now)?;
    recount::after_answers(conn, &done, now)?;
    Ok(done)
}

/// Answers several proposals with yes at one go: all of them or none, and they are taken back at one go. At most 100 at once.
pub fn proposal_approve_all(
    conn: &mut Conn,
    answers: &[(ProposalId, Approval)],
    actor: &Actor,
    now: Instant,
) -> Result<Vec<Movement>, DbError> {
    if !(1..=100).contains(&answers.len()) {
        return Err(
            RuleError::field("proposals", format!("are {}; 1 to 100 at once are allowed", answers.len())).into()
        );
    }
    let batch = new_id();
    let mut done = Vec::new();
    for (i, (id, approval)) in answers.iter().enumerate() {
        if answers[..i].iter().any(|(before, _)| before == id) {
            return Err(RuleError::field(format!("proposals[{i}].id"), format!("{id} is named twice")).into());
        }
        // One after the other: what the first moves the second finds moved.
        let wanted = wanted(conn, id, approval, actor, now).map_err(|error| match error {
            DbError::Rule(rule) => rule.within(&format!("proposals[{i}]")).into(),
            other => other,
        })?;
        let own = carry_out(conn, wanted, Some(batch.clone()), actor, now)?;
        open_those(conn, approval, &own, actor, now)?;
        done.extend(own);
    }
    recount::after_answers(conn, &done, now)?;
    Ok(done)
}

/// What a yes means.
struct Wanted {
    proposal: Proposal,
    /// The movements to be written.
    requests: Vec<MovementRequest>,
    /// A bottle whose newest movement was another's.
    stayed: Option<BottleId>,
}

fn wanted(
    conn: &mut Conn,
    id: &ProposalId,
    approval: &Approval,
    actor: &Actor,
    now: Instant,
) -> Result<Wanted, DbError> {
    let proposal = open(conn, id)?;
    for side in proposal.sides() {
        let book = bottles::count_in(conn, &side.bin)?;
        if book != side.expected {
            return Err(DbError::Conflict(format!(
                "Bin {} was changed meanwhile: the book says {book}, the proposal was made when it said {}. Scan again.",
                side.bin, side.expected
            )));
        }
    }
    let mut stayed = None;
    let requests = match (proposal.kind, proposal.other.clone()) {
        (ProposalKind::Move, Some(to)) => moved(conn, &proposal, &to.bin, approval)?,
        (ProposalKind::Swap, Some(with)) => exchanged(conn, &proposal, &with.bin, approval)?,
        (ProposalKind::Swap, None) if proposal.names_what_lies_there() && !says_why_it_left(approval) => {
            let (requests, back) = instead(conn, &proposal, approval)?;
            stayed = back;
            requests
        }
        (ProposalKind::Extra, _) => arrived(conn, &proposal, approval, actor, now)?,
        _ => left(conn, &proposal, approval)?,
    };
    Ok(Wanted { proposal, requests, stayed })
}

fn carry_out(
    conn: &mut Conn,
    Wanted { proposal, requests, stayed }: Wanted,
    batch: Option<String>,
    actor: &Actor,
    now: Instant,
) -> Result<Vec<Movement>, DbError> {
    let then = evidence(conn, &proposal.id)?.then;
    // Closed first: the movements would else close it as superseded.
    close(conn, &proposal, ProposalState::Approved, Some(&actor.name), None, now)?;
    let belongs = movements::Belongs { batch, proposal: Some(proposal.id.clone()) };
    let mut done = requests
        .iter()
        .map(|request| movements::apply(conn, request, actor, now, &belongs))
        .collect::<Result<Vec<_>, _>>()?;
    // After the other has gone: a full bin has room for it then.
    if let Some(bottle) = stayed {
        done.push(undo::undo_newest(conn, &bottle, belongs.batch, actor, now)?);
    }
    for side in proposal.sides() {
        // Where something else is asked about the bin at once, it is not yet as the book says.
        let more = then.iter().any(|draft| draft.bin == side.bin);
        if !more && bottles::count_in(conn, &side.bin)? == side.seen {
            memory::confirmed_by_person(conn, &side.bin, &actor.name, now)?;
        }
    }
    // What else there is in its bins is about other bottles.
    settle::ask_rest(conn, &proposal, Evidence { then, ..Evidence::default() }, now)?;
    Ok(done)
}

/// The bottles that were taken are open since; who undoes the movement closes them again ([`movements::movement_undo`]).
fn open_those(
    conn: &mut Conn,
    approval: &Approval,
    done: &[Movement],
    actor: &Actor,
    now: Instant,
) -> Result<(), DbError> {
    for movement in done.iter().filter(|_| approval.opened) {
        let bottle = bottles::bottle_row(conn, &movement.bottle_id)?;
        if bottle.facts.opened_at.is_none() {
            let facts = BottleFacts { opened_at: Some(now), ..bottle.facts };
            bottles::bottle_update(conn, &bottle.id, &facts, bottle.revision, actor, now)?;
        }
    }
    Ok(())
}

/// Bottles lie in another bin: those named, or the likeliest.
fn moved(
    conn: &mut Conn,
    proposal: &Proposal,
    to: &BinId,
    approval: &Approval,
) -> Result<Vec<MovementRequest>, DbError> {
    only_bottles(approval)?;
    let bin = Some(to.clone());
    let chosen = of_bin(conn, proposal, &proposal.bin, approval)?;
    Ok(chosen.into_iter().map(|bottle_id| MovementRequest::Move { bottle_id, bin: bin.clone() }).collect())
}

/// Two bottles lie in each other's bins. A full bin has room for the one when the other has been taken out of it.
fn exchanged(
    conn: &mut Conn,
    proposal: &Proposal,
    with: &BinId,
    approval: &Approval,
) -> Result<Vec<MovementRequest>, DbError> {
    only_bottles(approval)?;
    let named = match approval.bottles.as_slice() {
        [] => proposal.candidates.iter().map(|candidate| candidate.bottle_id.clone()).collect(),
        two => two.to_vec(),
    };
    let [one, other] = named.as_slice() else {
        let problem = format!("names {}; an exchange is of two, one of each bin", named.len());
        return Err(RuleError::field("bottles", problem).into());
    };
    for (i, (bottle, bin)) in [(one, &proposal.bin), (other, with)].into_iter().enumerate() {
        lies_in(conn, bottle, bin, i)?;
    }
    let step =
        |bottle: &BottleId, bin: Option<&BinId>| MovementRequest::Move { bottle_id: bottle.clone(), bin: bin.cloned() };
    Ok(vec![step(one, None), step(other, Some(&proposal.bin)), step(one, Some(with))])
}

/// Another bottle lies there than the book says: of one that was booked out of the bin what was booked happened to the one that
/// has gone, and is taken back; one that waited is put there, and the one that has gone waits instead.
fn instead(
    conn: &mut Conn,
    proposal: &Proposal,
    approval: &Approval,
) -> Result<(Vec<MovementRequest>, Option<BottleId>), DbError> {
    only_bottles(approval)?;
    let [likely, here] = proposal.candidates.as_slice() else {
        return Err(DbError::Conflict("The two bottles are not known any more: answer that it is wrong.".to_owned()));
    };
    let here = here.bottle_id.clone();
    let gone = match approval.bottles.as_slice() {
        [] => likely.bottle_id.clone(),
        [gone] => gone.clone(),
        [gone, other] if *other == here => gone.clone(),
        _ => {
            let problem = format!("name the one that has gone, and after it none but {here}");
            return Err(RuleError::field("bottles", problem).into());
        }
    };
    lies_in(conn, &gone, &proposal.bin, 0)?;
    let Some(last) = movements::newest_of(conn, &here)?.filter(|last| last.to_bin.is_none()) else {
        return Err(DbError::Conflict(format!("Bottle {here} was moved meanwhile. Scan again.")));
    };
    let from_here = last.from_bin.as_ref() == Some(&proposal.bin);
    let out = match (last.is_here, last.reason) {
        (true, _) => MovementRequest::Move { bottle_id: gone, bin: None },
        (false, _) if !from_here => {
            return Err(DbError::Conflict(format!("Bottle {here} has left the cellar meanwhile. Scan again.")));
        }
        (false, Some(reason)) => {
            let Movement { note, revenue_minor, currency, .. } = last;
            MovementRequest::Issue { bottle_id: gone, reason, note, revenue_minor, currency }
        }
        (false, None) => MovementRequest::Correction { bottle_id: gone, here: false, bin: None, note: last.note },
    };
    if from_here {
        return Ok((vec![out], Some(here)));
    }
    Ok((vec![out, MovementRequest::Move { bottle_id: here, bin: Some(proposal.bin.clone()) }], None))
}

/// Whether more is said than which bottle it is.
fn says_why_it_left(approval: &Approval) -> bool {
    approval.reason.is_some() || approval.moved || approval.opened
}

/// Refuses a bottle that does not lie in the bin; `place` is its own among those that were named.
fn lies_in(conn: &mut Conn, bottle: &BottleId, bin: &BinId, place: usize) -> Result<(), DbError> {
    let why = match bottles::bottle_row(conn, bottle) {
        Ok(row) if row.bin.as_ref() == Some(bin) => return Ok(()),
        Ok(_) => format!("bottle {bottle} does not lie in bin {bin}"),
        Err(DbError::NotFound(why)) => why,
        Err(other) => return Err(other),
    };
    Err(RuleError::field(format!("bottles[{place}]"), why).into())
}

/// Where nothing leaves or arrives nothing else can be said.
fn only_bottles(approval: &Approval) -> Result<(), DbError> {
    let field = match approval {
        Approval { reason: Some(_), .. } => "reason",
        Approval { moved: true, .. } => "moved",
        Approval { opened: true, .. } => "opened",
        Approval { vintage_id: Some(_), .. } => "vintage_id",
        _ => return Ok(()),
    };
    Err(RuleError::field(field, "the bottles only lie elsewhere: leave it out, or say that it is not one bottle")
        .into())
}

/// The bottles of a bin that are meant: those named, else the likeliest, else those that lie there the longest.
fn of_bin(conn: &mut Conn, proposal: &Proposal, bin: &BinId, approval: &Approval) -> Result<Vec<BottleId>, DbError> {
    let number = size(proposal);
    if !approval.bottles.is_empty() {
        return picked(conn, approval, number, |bottle| match bottle.bin.as_ref() == Some(bin) {
            true => Ok(()),
            false => Err(format!("bottle {} does not lie in bin {bin}", bottle.id)),
        });
    }
    let mut chosen = Vec::new();
    let mut there = longest(conn, Some(bin), usize::MAX)?;
    let likely = proposal.candidates.iter().map(|candidate| &candidate.bottle_id);
    for id in likely.take(number).filter(|id| there.contains(id)).cloned().collect::<Vec<_>>() {
        there.retain(|other| *other != id);
        chosen.push(id);
    }
    chosen.extend(there.into_iter().take(number - chosen.len()));
    Ok(chosen)
}

/// Bottles are missing: those named, or the likeliest.
fn left(conn: &mut Conn, proposal: &Proposal, approval: &Approval) -> Result<Vec<MovementRequest>, DbError> {
    if approval.vintage_id.is_some() {
        return Err(RuleError::field("vintage_id", "bottles are missing here; a vintage cannot arrive").into());
    }
    if approval.moved && approval.reason.is_some() {
        return Err(RuleError::field("moved", "a bottle that was moved has not left: leave out `reason`").into());
    }
    let chosen = of_bin(conn, proposal, &proposal.bin, approval)?;
    if approval.opened && (approval.moved || approval.reason.is_some()) {
        return Err(RuleError::field("opened", "say one thing: leave out `moved` and `reason`").into());
    }
    let reason = approval.reason.unwrap_or(IssueReason::Drunk);
    let request = |bottle_id| match approval.moved || approval.opened {
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
    for (said, field) in [(approval.moved, "moved"), (approval.opened, "opened")] {
        if said {
            return Err(RuleError::field(field, "there are bottles too many here: none was taken away").into());
        }
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
        waiting(conn, proposal, extra)?
    } else {
        picked(conn, approval, extra, |bottle| match bottle.bin == bin {
            true => Err(format!("bottle {} lies in this bin already", bottle.id)),
            false => Ok(()),
        })?
    };
    let unknown = extra - chosen.len();
    let mut requests = Vec::with_capacity(extra);
    for bottle_id in chosen {
        // One that was booked out by mistake has never left.
        requests.push(match bottles::bottle_row(conn, &bottle_id)?.status {
            BottleStatus::InCellar => MovementRequest::Move { bottle_id, bin: bin.clone() },
            BottleStatus::Gone => {
                let note = "It had not left.".to_owned();
                MovementRequest::Correction { bottle_id, here: true, bin: bin.clone(), note }
            }
        });
    }
    if unknown > 0 {
        requests.extend(vec![receive(unknown_vintage(conn, actor, now)?); unknown]);
    }
    Ok(requests)
}

/// The bottles that have arrived, where a person names none: the likeliest of those that wait, or that left and are likelier than
/// not, then those that wait the longest.
fn waiting(conn: &mut Conn, proposal: &Proposal, extra: usize) -> Result<Vec<BottleId>, DbError> {
    let mut there = longest(conn, None, usize::MAX)?;
    let mut chosen = Vec::new();
    for candidate in proposal.candidates.iter().take(extra) {
        let id = candidate.bottle_id.clone();
        let waits = there.contains(&id);
        let back = !waits
            && candidate.share > 0.5
            && bottles::bottle_row(conn, &id).is_ok_and(|bottle| bottle.status == BottleStatus::Gone);
        if waits || back {
            there.retain(|other| *other != id);
            chosen.push(id);
        }
    }
    let short = extra - chosen.len();
    chosen.extend(there.into_iter().take(short));
    Ok(chosen)
}

/// How many bottles are meant.
fn size(proposal: &Proposal) -> usize {
    usize::try_from(proposal.number).unwrap_or(0)
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
pub(super) fn unknown_vintage(conn: &mut Conn, actor: &Actor, now: Instant) -> Result<VintageId, DbError> {
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
