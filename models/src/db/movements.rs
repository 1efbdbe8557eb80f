//! The journal: every change of a bottle is one line here, and the bottle's row is the fold of its lines.

use diesel::prelude::*;

use super::{
    Conn, DbError,
    bottles::{self, BottleRow},
    new_id, racks,
    schema::{bottles as bottle_table, movements},
    settle, types, wines,
};
use crate::{
    Instant,
    bottle::{Bottle, BottleStatus},
    error::RuleError,
    ids::{BinId, BottleId, MovementId, ProposalId, VintageId},
    movement::{Actor, Movement, MovementKind, MovementRequest},
    stock,
};

/// Which movements are wanted; what is left out does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MovementFilter {
    /// Those of the bottle.
    pub bottle: Option<BottleId>,
    /// Those into or out of the bin.
    pub bin: Option<BinId>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = movements)]
struct MovementRow {
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
    if let Some(before) = before {
        query = query.filter(movements::id.lt(before.as_str()));
    }
    query.load::<MovementRow>(conn)?.into_iter().map(Movement::try_from).collect()
}

/// One movement.
pub fn movement_get(conn: &mut Conn, id: &MovementId) -> Result<Movement, DbError> {
    let row: Option<MovementRow> = movements::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| DbError::NotFound(format!("There is no movement {id}.")))?.try_into()
}

/// Does what is asked and writes it into the journal.
pub fn movement_apply(
    conn: &mut Conn,
    request: &MovementRequest,
    actor: &Actor,
    now: Instant,
) -> Result<Movement, DbError> {
    apply(conn, request, actor, now, None)
}

/// [`movement_apply`], as the answer to a proposal.
pub(super) fn apply(
    conn: &mut Conn,
    request: &MovementRequest,
    actor: &Actor,
    now: Instant,
    proposal: Option<&ProposalId>,
) -> Result<Movement, DbError> {
    let now = types::cut(now);
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
        at: now,
        reverses: None,
        proposal_id: proposal.cloned(),
    };
    match request {
        MovementRequest::Receipt { vintage_id, bin } => {
            movement.was_here = false;
            movement.to_bin.clone_from(bin);
            check_bin(conn, bin.as_ref())?;
            receive(conn, &movement, vintage_id)?;
        }
        MovementRequest::Issue { bottle_id, reason } => {
            movement.kind = MovementKind::Issue;
            movement.reason = Some(*reason);
            movement.from_bin = here(conn, bottle_id)?.bin;
            movement.bottle_id = bottle_id.clone();
            movement.is_here = false;
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
    }
    write(conn, &movement)?;
    Ok(movement)
}

/// Takes a movement back, exactly.
pub fn movement_undo(conn: &mut Conn, id: &MovementId, actor: &Actor, now: Instant) -> Result<Movement, DbError> {
    let original = movement_get(conn, id)?;
    let filter = MovementFilter { bottle: Some(original.bottle_id.clone()), bin: None };
    let undone: i64 = movements::table.filter(movements::reverses.eq(id.as_str())).count().get_result(conn)?;
    if undone > 0 {
        return Err(DbError::Conflict("This has been undone already.".to_owned()));
    }
    let last = movement_list(conn, &filter, None, 1)?;
    if last.first().is_some_and(|last| last.id != *id) {
        return Err(DbError::Conflict("The bottle has moved since: undo its later movement first.".to_owned()));
    }
    let movement = stock::reversal(&original, MovementId(new_id()), actor, types::cut(now));
    if let Some(bin) = &movement.to_bin {
        let capacity = racks::bin_get(conn, bin)?.capacity;
        check_room(conn, bin, capacity)?;
    }
    write(conn, &movement)?;
    Ok(movement)
}

/// The bottle, if it is in the cellar.
fn here(conn: &mut Conn, id: &BottleId) -> Result<Bottle, DbError> {
    let bottle = bottles::bottle_row(conn, id)?;
    match bottle.status {
        BottleStatus::InCellar => Ok(bottle),
        BottleStatus::Gone => Err(RuleError::Forbidden("The bottle has left the cellar already.".to_owned()).into()),
    }
}

/// Refuses a bin that is unknown, disabled or full.
fn check_bin(conn: &mut Conn, bin: Option<&BinId>) -> Result<(), DbError> {
    let Some(id) = bin else { return Ok(()) };
    let bin = racks::bin_find(conn, id)?.ok_or_else(|| RuleError::field("bin", format!("there is no bin {id}")))?;
    if !bin.enabled {
        return Err(RuleError::field("bin", format!("bin {id} is not in use")).into());
    }
    check_room(conn, id, bin.capacity)
}

fn check_room(conn: &mut Conn, bin: &BinId, capacity: i32) -> Result<(), DbError> {
    let holds = bottles::count_in(conn, bin)?.unsigned_abs();
    Ok(stock::check_room(bin, holds, capacity.unsigned_abs())?)
}

/// The row of a new bottle. It lies nowhere until its movement is written.
fn receive(conn: &mut Conn, movement: &Movement, vintage: &VintageId) -> Result<(), DbError> {
    match wines::vintage_get(conn, vintage) {
        Err(DbError::NotFound(_)) => {
            return Err(RuleError::field("vintage_id", format!("there is no vintage {vintage}")).into());
        }
        other => other?,
    };
    let row = BottleRow {
        id: movement.bottle_id.0.clone(),
        vintage_id: vintage.0.clone(),
        bin: None,
        status: BottleStatus::InCellar.as_str().to_owned(),
        volume_ml: 750,
        price_minor: None,
        currency: None,
        revision: 0,
        received_at: movement.at,
    };
    diesel::insert_into(bottle_table::table).values(&row).execute(conn)?;
    Ok(())
}

/// Writes the line, brings the bottle's row up to it, and settles what the movement has answered.
fn write(conn: &mut Conn, movement: &Movement) -> Result<(), DbError> {
    let status = if movement.is_here { BottleStatus::InCellar } else { BottleStatus::Gone };
    diesel::update(bottle_table::table.find(movement.bottle_id.as_str()))
        .set((
            bottle_table::bin.eq(movement.to_bin.as_ref().map(BinId::as_str)),
            bottle_table::status.eq(status.as_str()),
            bottle_table::revision.eq(bottle_table::revision + 1),
        ))
        .execute(conn)?;
    diesel::insert_into(movements::table).values(&MovementRow::from(movement)).execute(conn)?;
    for bin in [&movement.from_bin, &movement.to_bin].into_iter().flatten() {
        settle::after_movement(conn, bin, movement.at)?;
    }
    Ok(())
}
