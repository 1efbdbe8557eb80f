//! The acts of taking and putting, and the history they leave.

use leptos::prelude::*;
use models::{
    ids::{BinId, BottleId, ChangeId, MovementId, ProposalId},
    movement::{IssueReason, Movement},
};
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// A movement with the name of its bottle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MovementLine {
    /// The movement.
    pub movement: Movement,
    /// Producer, name and year.
    pub title: String,
    /// Whether a later movement has undone it.
    pub undone: bool,
    /// How many more were made at one go with it; they are undone together.
    pub others: i32,
}

/// What was done, for the toast that offers to undo it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// A sentence.
    pub text: String,
    /// What can be undone, when it is exactly one thing.
    pub undo: Option<Undo>,
}

/// What an *Undo* takes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Undo {
    /// A movement, with all that was done at one go with it.
    Movement(MovementId),
    /// An edit.
    Change(ChangeId),
    /// "The camera was wrong": the proposal waits for an answer again.
    Rejection(ProposalId),
}

/// Names the bottle of each movement.
#[cfg(feature = "ssr")]
pub(crate) fn with_titles(
    conn: &mut models::db::Conn,
    movements: Vec<Movement>,
) -> Result<Vec<MovementLine>, models::db::DbError> {
    let ids: Vec<_> = movements.iter().map(|m| m.id.as_str()).collect();
    let undone = models::db::movements::movement_undone(conn, &ids)?;
    let bottles: Vec<_> = movements.iter().map(|m| m.bottle_id.as_str()).collect();
    let titles = models::db::bottles::bottle_titles(conn, &bottles)?;
    // An import is not counted: it is undone by a line of its own.
    let counted = movements.iter().filter(|m| m.source != models::movement::Source::Import);
    let batches: Vec<_> = counted.filter_map(|m| m.batch.as_deref()).collect();
    let sizes = models::db::acts::movement_batch_sizes(conn, &batches)?;
    let size = |movement: &Movement| movement.batch.as_ref().and_then(|batch| sizes.get(batch)).copied().unwrap_or(1);
    let line = |movement: Movement| MovementLine {
        others: super::count(usize::try_from(size(&movement) - 1).unwrap_or(0)),
        undone: undone.contains(&movement.id.0),
        title: titles.get(movement.bottle_id.as_str()).cloned().unwrap_or_default(),
        movement,
    };
    Ok(movements.into_iter().map(line).collect())
}

/// Tells what was written at one go, and is undone so.
#[cfg(feature = "ssr")]
pub(crate) fn done(
    conn: &mut models::db::Conn,
    movements: &[Movement],
    now: models::Instant,
) -> Result<Done, models::db::DbError> {
    let undo = undo_of(movements);
    let [only] = movements else {
        return Ok(Done { text: crate::texts::bottles_booked(super::count(movements.len()).into()), undo });
    };
    let title = models::db::bottles::bottle_get(conn, &only.bottle_id, crate::format::year_of(now))?.title();
    let text = crate::texts::what_of(&title, &crate::format::movement_words(only));
    Ok(Done { text, undo })
}

/// Takes back what was written at one go.
#[cfg(feature = "ssr")]
pub(crate) fn undo_of(movements: &[Movement]) -> Option<Undo> {
    movements.first().map(|first| Undo::Movement(first.id.clone()))
}

/// A bottle leaves the cellar, or, without a reason, is taken out of its bin to be laid elsewhere.
#[server]
pub async fn take_bottle(
    bottle: BottleId,
    #[server(default)] reason: Option<IssueReason>,
    #[server(default)] revision: Option<i32>,
) -> Result<Done, AppError> {
    use models::movement::MovementRequest;
    let request = match reason {
        Some(reason) => MovementRequest::issue(bottle, reason),
        None => MovementRequest::Move { bottle_id: bottle, bin: None },
    };
    apply(request, revision).await
}

/// A bottle is laid into a bin.
#[server]
pub async fn put_bottle(
    bottle: BottleId,
    bin: BinId,
    #[server(default)] revision: Option<i32>,
) -> Result<Done, AppError> {
    apply(models::movement::MovementRequest::Move { bottle_id: bottle, bin: Some(bin) }, revision).await
}

#[cfg(feature = "ssr")]
async fn apply(request: models::movement::MovementRequest, revision: Option<i32>) -> Result<Done, AppError> {
    use models::db::movements::movement_apply_seen;
    crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let movement = movement_apply_seen(conn, &request, revision, &crate::ctx::actor(), now)?;
            done(conn, &[movement], now)
        })
        .await
}

/// Takes a movement back.
#[server]
pub async fn undo_movement(movement: MovementId) -> Result<Done, AppError> {
    use models::db::{
        bottles::bottle_get,
        movements::{movement_receipt, movement_undo},
    };
    let ctx = crate::ctx::AppCtx::get()?;
    let photos = ctx.photos.clone();
    let (done, receipt) = ctx
        .write(move |conn, now| {
            let receipt = movement_receipt(conn, &movement)?;
            let back = movement_undo(conn, &movement, &crate::ctx::actor(), now)?;
            let title = bottle_get(conn, &back.bottle_id, crate::format::year_of(now))?.title();
            Ok((Done { text: crate::texts::undone(&title), undo: Some(Undo::Movement(back.id)) }, receipt))
        })
        .await?;
    if let Some((vintage, at)) = receipt {
        let _ = tokio::task::spawn_blocking(move || photos.give_back(&vintage, at)).await;
    }
    Ok(done)
}
