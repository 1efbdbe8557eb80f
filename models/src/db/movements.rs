//! The journal: every change of a bottle is one line here, and the bottle's row is the fold of its lines.

use diesel::prelude::*;

use super::{
    Conn, DbError,
    bottles::{self, BottleRow},
    events, ids, meta, new_id, racks,
    schema::{bottles as bottle_table, movements, vintages as vintage_table},
    settle, types, vintages,
};
use crate::{
    Instant,
    bottle::{Bottle, BottleFacts, BottleStatus},
    error::RuleError,
    ids::{BinId, BottleId, MovementId, ProposalId, VintageId, WineId},
    movement::{Actor, Movement, MovementKind, MovementRequest},
    stock,
};

pub use super::undo::movement_undo;

/// Which movements are wanted; what is left out does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MovementFilter {
    /// Those of the bottle.
    pub bottle: Option<BottleId>,
    /// Those into or out of the bin.
    pub bin: Option<BinId>,
    /// Those of bottles of the wine, of any year.
    pub wine: Option<WineId>,
    /// Those made by somebody.
    pub actor: Option<String>,
    /// Those done at one go.
    pub batch: Option<String>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = movements, treat_none_as_default_value = false)]
pub(super) struct MovementRow {
    id: String,
    bottle_id: String,
    kind: String,
    reason: Option<String>,
    from_bin: Option<String>,
    to_bin: Option<String>,
    was_here: bool,
    is_here: bool,
    actor: String,
    source: String,
    at: Instant,
    reverses: Option<String>,
    proposal_id: Option<String>,
    note: String,
    batch: Option<String>,
    revenue_minor: Option<i64>,
    currency: Option<String>,
}

impl From<&Movement> for MovementRow {
    fn from(movement: &Movement) -> Self {
        let m = movement.clone();
        Self {
            id: m.id.0,
            bottle_id: m.bottle_id.0,
            kind: m.kind.as_str().to_owned(),
            reason: m.reason.map(|reason| reason.as_str().to_owned()),
            from_bin: m.from_bin.map(|bin| bin.0),
            to_bin: m.to_bin.map(|bin| bin.0),
            was_here: m.was_here,
            is_here: m.is_here,
            actor: m.actor,
            source: m.source.as_str().to_owned(),
            at: m.at,
            reverses: m.reverses.map(|id| id.0),
            proposal_id: m.proposal_id.map(|id| id.0),
            note: m.note,
            batch: m.batch,
            revenue_minor: m.revenue_minor,
            currency: m.currency,
        }
    }
}

impl TryFrom<MovementRow> for Movement {
    type Error = DbError;

    fn try_from(row: MovementRow) -> Result<Self, DbError> {
        Ok(Self {
            kind: types::word("movements.kind", &row.kind)?,
            reason: row.reason.map(|reason| types::word("movements.reason", &reason)).transpose()?,
            source: types::word("movements.source", &row.source)?,
            id: MovementId(row.id),
            bottle_id: BottleId(row.bottle_id),
            from_bin: row.from_bin.map(BinId),
            to_bin: row.to_bin.map(BinId),
            was_here: row.was_here,
            is_here: row.is_here,
            actor: row.actor,
            at: row.at,
            reverses: row.reverses.map(MovementId),
            proposal_id: row.proposal_id.map(ProposalId),
            note: row.note,
            batch: row.batch,
            revenue_minor: row.revenue_minor,
            currency: row.currency,
        })
    }
}

/// Movements, newest first.
pub fn movement_list(
    conn: &mut Conn,
    filter: &MovementFilter,
    before: Option<&MovementId>,
    limit: i64,
) -> Result<Vec<Movement>, DbError> {
    let mut query = movements::table.order(movements::id.desc()).limit(limit).into_boxed();
    if let Some(bottle) = &filter.bottle {
        query = query.filter(movements::bottle_id.eq(bottle.as_str()));
    }
    if let Some(bin) = &filter.bin {
        query = query.filter(movements::from_bin.eq(bin.as_str()).or(movements::to_bin.eq(bin.as_str())));
    }
    if let Some(wine) = &filter.wine {
        let of_wine = bottle_table::table
            .inner_join(vintage_table::table)
            .filter(vintage_table::wine_id.eq(wine.as_str()))
            .select(bottle_table::id);
        query = query.filter(movements::bottle_id.eq_any(of_wine));
    }
    if let Some(actor) = &filter.actor {
        query = query.filter(movements::actor.eq(actor));
    }
    if let Some(batch) = &filter.batch {
        query = query.filter(movements::batch.eq(batch));
    }
    if let Some(before) = before {
        query = query.filter(movements::id.lt(before.as_str()));
    }
    query.load::<MovementRow>(conn)?.into_iter().map(Movement::try_from).collect()
}

/// The whole journal, oldest first.
pub fn movement_all(conn: &mut Conn) -> Result<Vec<Movement>, DbError> {
    movements::table.order(movements::id).load::<MovementRow>(conn)?.into_iter().map(Movement::try_from).collect()
}

/// One movement.
pub fn movement_get(conn: &mut Conn, id: &MovementId) -> Result<Movement, DbError> {
    let row: Option<MovementRow> = movements::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| DbError::NotFound(format!("There is no movement {id}.")))?.try_into()
}

/// Which of these movements have been undone.
pub fn movement_undone(conn: &mut Conn, ids: &[&str]) -> Result<Vec<String>, DbError> {
    let undone: Vec<Option<String>> =
        movements::table.filter(movements::reverses.eq_any(ids)).select(movements::reverses).load(conn)?;
    Ok(undone.into_iter().flatten().collect())
}

/// Does what is asked and writes it into the journal.
pub fn movement_apply(
    conn: &mut Conn,
    request: &MovementRequest,
    actor: &Actor,
    now: Instant,
) -> Result<Movement, DbError> {
    apply(conn, request, actor, now, &Belongs::default())
}

/// The same, for an asker who saw the bottle at a `revision`: when it has moved since, nothing is done and is told who moved
/// it. So of two who move one bottle at once the later does not take the earlier's move away unseen.
pub fn movement_apply_seen(
    conn: &mut Conn,
    request: &MovementRequest,
    revision: Option<i32>,
    actor: &Actor,
    now: Instant,
) -> Result<Movement, DbError> {
    if let (Some(seen), Some(id)) = (revision, request.bottle())
        && bottles::bottle_row(conn, id)?.revision != seen
    {
        let what = newest_of(conn, id)?.map_or_else(|| "edited".to_owned(), |last| told(&last));
        return Err(DbError::Stale(format!("The bottle has changed since you saw it ({what}): look again.")));
    }
    movement_apply(conn, request, actor, now)
}

/// Does all that is asked, at one go: all of it or nothing, and it can be undone at one go. At most 200 at once.
pub fn movement_apply_all(
    conn: &mut Conn,
    requests: &[MovementRequest],
    actor: &Actor,
    now: Instant,
) -> Result<Vec<Movement>, DbError> {
    if !(1..=200).contains(&requests.len()) {
        let message = format!("are {}; 1 to 200 at once are allowed", requests.len());
        return Err(RuleError::field("movements", message).into());
    }
    let belongs = Belongs { batch: Some(new_id()), proposal: None };
    let mut done = Vec::with_capacity(requests.len());
    for (i, request) in requests.iter().enumerate() {
        let movement = apply(conn, request, actor, now, &belongs).map_err(|error| match error {
            DbError::Rule(rule) => rule.within(&format!("movements[{i}]")).into(),
            other => other,
        })?;
        done.push(movement);
    }
    Ok(done)
}

/// What a movement is part of.
#[derive(Debug, Clone, Default)]
pub(super) struct Belongs {
    /// What is done at one go.
    pub(super) batch: Option<String>,
    /// The proposal that is answered.
    pub(super) proposal: Option<ProposalId>,
}

/// [`movement_apply`], as a part of something.
pub(super) fn apply(
    conn: &mut Conn,
    request: &MovementRequest,
    actor: &Actor,
    now: Instant,
    belongs: &Belongs,
) -> Result<Movement, DbError> {
    request.check()?;
    let mut movement = Movement {
        id: MovementId(new_id()),
        bottle_id: BottleId(new_id()),
        kind: MovementKind::Receipt,
        reason: None,
        from_bin: None,
        to_bin: None,
        was_here: true,
        is_here: true,
        actor: actor.name.clone(),
        source: actor.source,
        at: types::cut(now),
        reverses: None,
        proposal_id: belongs.proposal.clone(),
        batch: belongs.batch.clone(),
        note: String::new(),
        revenue_minor: None,
        currency: None,
    };
    match request {
        MovementRequest::Receipt { vintage_id, bin, facts } => {
            movement.was_here = false;
            movement.to_bin.clone_from(bin);
            check_bin(conn, bin.as_ref())?;
            receive(conn, &movement, vintage_id, facts)?;
        }
        MovementRequest::Issue { bottle_id, reason, note, revenue_minor, currency } => {
            movement.kind = MovementKind::Issue;
            movement.reason = Some(*reason);
            movement.from_bin = here(conn, bottle_id)?.bin;
            movement.bottle_id = bottle_id.clone();
            movement.is_here = false;
            movement.note.clone_from(note);
            movement.revenue_minor = *revenue_minor;
            movement.currency = revenue_minor.and(currency.clone());
        }
        MovementRequest::Move { bottle_id, bin } => {
            movement.kind = MovementKind::Move;
            movement.from_bin = here(conn, bottle_id)?.bin;
            movement.bottle_id = bottle_id.clone();
            movement.to_bin.clone_from(bin);
            if movement.from_bin == movement.to_bin {
                let place = bin.as_ref().map_or("in no bin".to_owned(), |bin| format!("in bin {bin}"));
                return Err(RuleError::Forbidden(format!("The bottle lies {place} already.")).into());
            }
            check_bin(conn, bin.as_ref())?;
        }
        MovementRequest::Correction { bottle_id, here, bin, note } => {
            let bottle = bottles::bottle_row(conn, bottle_id)?;
            movement.kind = MovementKind::Correction;
            movement.bottle_id = bottle_id.clone();
            movement.was_here = bottle.status == BottleStatus::InCellar;
            movement.from_bin = bottle.bin;
            movement.is_here = *here;
            movement.to_bin.clone_from(bin);
            movement.note.clone_from(note);
            if !here && bin.is_some() {
                return Err(RuleError::field("bin", "a bottle that is not here lies in no bin; leave it out").into());
            }
            if (movement.was_here, &movement.from_bin) == (movement.is_here, &movement.to_bin) {
                return Err(RuleError::Forbidden("The book says so already.".to_owned()).into());
            }
            if movement.from_bin != movement.to_bin {
                check_bin(conn, bin.as_ref())?;
            }
        }
    }
    movement.id = next_id(conn, &movement.bottle_id)?;
    write(conn, &movement)?;
    Ok(movement)
}

/// Of which vintage the bottle is that a movement brought in, and when it did; nothing where it brought none.
pub fn movement_receipt(conn: &mut Conn, id: &MovementId) -> Result<Option<(VintageId, Instant)>, DbError> {
    let movement = movement_get(conn, id)?;
    if movement.kind != MovementKind::Receipt {
        return Ok(None);
    }
    Ok(Some((bottles::bottle_row(conn, &movement.bottle_id)?.vintage_id, movement.at)))
}

/// The bottle's newest movement, if there is one.
pub(super) fn newest_of(conn: &mut Conn, bottle: &BottleId) -> Result<Option<Movement>, DbError> {
    let filter = MovementFilter { bottle: Some(bottle.clone()), ..MovementFilter::default() };
    Ok(movement_list(conn, &filter, None, 1)?.pop())
}

/// An id for the bottle's next line: the journal of a bottle is read in the order of its ids, also where servers whose
/// clocks differ write into it.
pub(super) fn next_id(conn: &mut Conn, bottle: &BottleId) -> Result<MovementId, DbError> {
    let last: Option<String> = movements::table
        .filter(movements::bottle_id.eq(bottle.as_str()))
        .select(diesel::dsl::max(movements::id))
        .first(conn)?;
    Ok(MovementId(ids::new_id_after(last.as_deref())))
}

/// A movement in words: what, by whom, when.
pub(super) fn told(movement: &Movement) -> String {
    let what = match (movement.reason, movement.kind) {
        (Some(reason), _) => reason.as_str(),
        (None, kind) => kind.as_str(),
    };
    format!("{what} by {}, {} UTC", movement.actor, movement.at.format("%Y-%m-%d %H:%M"))
}

/// The bottle, if it is in the cellar; else who took it is told.
fn here(conn: &mut Conn, id: &BottleId) -> Result<Bottle, DbError> {
    let bottle = bottles::bottle_row(conn, id)?;
    if bottle.status == BottleStatus::InCellar {
        return Ok(bottle);
    }
    let by = newest_of(conn, id)?.map(|last| format!(" ({})", told(&last))).unwrap_or_default();
    Err(RuleError::Forbidden(format!("The bottle has left the cellar already{by}.")).into())
}

/// Refuses a bin that is unknown, disabled or full.
fn check_bin(conn: &mut Conn, bin: Option<&BinId>) -> Result<(), DbError> {
    let Some(id) = bin else { return Ok(()) };
    let bin = racks::bin_find(conn, id)?.ok_or_else(|| RuleError::field("bin", format!("there is no bin {id}")))?;
    if !bin.enabled || racks::rack_get(conn, &bin.rack_id)?.archived {
        return Err(RuleError::field("bin", format!("bin {id} is not in use")).into());
    }
    check_room(conn, id, bin.capacity)
}

pub(super) fn check_room(conn: &mut Conn, bin: &BinId, capacity: i32) -> Result<(), DbError> {
    let holds = bottles::count_in(conn, bin)?.unsigned_abs();
    Ok(stock::check_room(bin, holds, capacity.unsigned_abs())?)
}

/// The row of a new bottle. It lies nowhere until its movement is written.
fn receive(conn: &mut Conn, movement: &Movement, vintage: &VintageId, facts: &BottleFacts) -> Result<(), DbError> {
    match vintages::vintage_get(conn, vintage) {
        Err(DbError::NotFound(_)) => {
            return Err(RuleError::field("vintage_id", format!("there is no vintage {vintage}")).into());
        }
        other => other?,
    };
    let bottle = Bottle {
        id: movement.bottle_id.clone(),
        vintage_id: vintage.clone(),
        bin: None,
        status: BottleStatus::InCellar,
        facts: facts.clone(),
        revision: 0,
        received_at: movement.at,
    };
    let touched = meta::revision(conn)?;
    diesel::insert_into(bottle_table::table).values(&BottleRow::new(&bottle, touched)).execute(conn)?;
    Ok(())
}

/// Writes the line, brings the bottle's row up to it, and settles what the movement has answered.
pub(super) fn write(conn: &mut Conn, movement: &Movement) -> Result<(), DbError> {
    let status = if movement.is_here { BottleStatus::InCellar } else { BottleStatus::Gone };
    diesel::update(bottle_table::table.find(movement.bottle_id.as_str()))
        .set((
            bottle_table::bin.eq(movement.to_bin.as_ref().map(BinId::as_str)),
            bottle_table::status.eq(status.as_str()),
            bottle_table::revision.eq(bottle_table::revision + 1),
            bottle_table::touched.eq(meta::revision(conn)?),
        ))
        .execute(conn)?;
    diesel::insert_into(movements::table).values(&MovementRow::from(movement)).execute(conn)?;
    events::moved(conn, movement)?;
    let corrected = movement.kind == MovementKind::Correction && movement.reverses.is_none();
    for bin in [&movement.from_bin, &movement.to_bin].into_iter().flatten() {
        settle::after_movement(conn, bin, corrected, movement.at)?;
    }
    Ok(())
}
