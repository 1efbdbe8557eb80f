//! Taking movements back: another line in the journal, never one less.

use diesel::prelude::*;

use super::{
    Conn, DbError, bottles, changes,
    movements::{MovementRow, check_room, movement_get, newest_of, next_id, told, write},
    new_id, racks,
    schema::movements,
    settle, types,
};
use crate::{
    Instant,
    change::Entity,
    ids::{BottleId, MovementId, ProposalId},
    movement::{Actor, Movement, MovementKind},
    stock,
};

/// Takes a movement back, exactly. One that was done at one go with others is taken back with all of them.
pub fn movement_undo(conn: &mut Conn, id: &MovementId, actor: &Actor, now: Instant) -> Result<Movement, DbError> {
    let original = movement_get(conn, id)?;
    let undone: i64 = movements::table.filter(movements::reverses.eq(id.as_str())).count().get_result(conn)?;
    if undone > 0 {
        return Err(DbError::Conflict("This has been undone already.".to_owned()));
    }
    if original.reverses.is_none()
        && let Some(file) = super::import_undo::import_of(conn, &original)?
    {
        let why = format!("The bottle came with the import of {file}: take that back as a whole, on the page Import.");
        return Err(DbError::Conflict(why));
    }
    let vintage = bottles::bottle_row(conn, &original.bottle_id)?.vintage_id;
    let reversal = undo_all(conn, &original, actor, now)?;
    if original.kind == MovementKind::Receipt {
        super::barcodes::unlearn(conn, &vintage, original.at)?;
    }
    for proposal in answered(conn, &original)? {
        settle::after_undo(conn, &proposal, types::cut(now))?;
    }
    Ok(reversal)
}

/// The proposals that a movement and what was done with it at one go have answered.
fn answered(conn: &mut Conn, original: &Movement) -> Result<Vec<ProposalId>, DbError> {
    let Some(batch) = &original.batch else { return Ok(original.proposal_id.clone().into_iter().collect()) };
    let ids: Vec<Option<String>> = movements::table
        .filter(movements::batch.eq(batch))
        .filter(movements::proposal_id.is_not_null())
        .select(movements::proposal_id)
        .distinct()
        .load(conn)?;
    Ok(ids.into_iter().flatten().map(ProposalId).collect())
}

/// Undoes the movement and those of its batch; returns its own reversal.
pub(super) fn undo_all(conn: &mut Conn, original: &Movement, actor: &Actor, now: Instant) -> Result<Movement, DbError> {
    let Some(batch) = original.batch.clone() else { return undo_one(conn, original, None, actor, now) };
    let all: Vec<MovementRow> =
        movements::table.filter(movements::batch.eq(&batch)).order(movements::id.desc()).load(conn)?;
    let back = Some(new_id());
    let mut of_this = None;
    for row in all {
        let movement = Movement::try_from(row)?;
        let reversal = undo_one(conn, &movement, back.clone(), actor, now)?;
        if movement.id == original.id {
            of_this = Some(reversal);
        }
    }
    of_this.ok_or_else(|| DbError::NotFound(format!("There is no movement {}.", original.id)))
}

/// Takes the bottle's newest movement back alone, also where it was done at one go with others: it was not this bottle.
pub(super) fn undo_newest(
    conn: &mut Conn,
    bottle: &BottleId,
    batch: Option<String>,
    actor: &Actor,
    now: Instant,
) -> Result<Movement, DbError> {
    let newest = newest_of(conn, bottle)?;
    let newest = newest.ok_or_else(|| DbError::NotFound(format!("bottle {bottle} has never moved")))?;
    undo_one(conn, &newest, batch, actor, now)
}

fn undo_one(
    conn: &mut Conn,
    original: &Movement,
    batch: Option<String>,
    actor: &Actor,
    now: Instant,
) -> Result<Movement, DbError> {
    let last = newest_of(conn, &original.bottle_id)?;
    // What this undo has written itself (a bottle that came and left at one go) does not count.
    let own = |last: &Movement| last.batch.is_some() && last.batch == batch;
    if let Some(last) = last.filter(|last| last.id != original.id && !own(last)) {
        return Err(DbError::Conflict(format!("The bottle has moved since ({}): undo that first.", told(&last))));
    }
    unopen(conn, original, actor, now)?;
    let mut movement = stock::reversal(original, next_id(conn, &original.bottle_id)?, actor, types::cut(now));
    movement.batch = batch;
    if let Some(bin) = &movement.to_bin {
        let capacity = racks::bin_get(conn, bin)?.capacity;
        check_room(conn, bin, capacity)?;
    }
    write(conn, &movement)?;
    Ok(movement)
}

/// A bottle that was opened in the act that is taken back is closed again; taken back in its turn, it is open again.
fn unopen(conn: &mut Conn, original: &Movement, actor: &Actor, now: Instant) -> Result<(), DbError> {
    if original.proposal_id.is_none() && original.reverses.is_none() {
        return Ok(());
    }
    match changes::last_of(conn, Entity::Bottle, original.bottle_id.as_str())? {
        Some(edit) if edit.at == original.at && edit.fields().iter().any(|field| field == "opened_at") => {
            changes::change_undo(conn, &edit.id, actor, now).map(drop)
        }
        _ => Ok(()),
    }
}
