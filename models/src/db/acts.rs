//! The journal as acts: what was done at one go is one line.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Conn, DbError, movements::MovementRow, schema::movements};
use crate::{
    ids::MovementId,
    movement::{Movement, Source},
};

/// So many batches are looked at for one page: of somebody who did little, not all years are searched.
const MOST_BATCHES: usize = 5000;

/// What was done, newest first: of movements made at one go only the last ([`movement_batch_sizes`] tells how many there were). What came by an
/// import is left out, because an edit tells of it.
pub fn movement_acts(
    conn: &mut Conn,
    actor: Option<&str>,
    before: Option<&MovementId>,
    limit: i64,
) -> Result<Vec<Movement>, DbError> {
    let mut single =
        movements::table.filter(movements::batch.is_null()).order(movements::id.desc()).limit(limit).into_boxed();
    if let Some(actor) = actor {
        single = single.filter(movements::actor.eq(actor));
    }
    if let Some(before) = before {
        single = single.filter(movements::id.lt(before.as_str()));
    }
    let rows: Vec<MovementRow> = single.load(conn)?;
    let mut acts: Vec<Movement> = rows.into_iter().map(Movement::try_from).collect::<Result<_, _>>()?;
    // A full page of single ones: what is older than the last of them is not on it.
    let oldest = acts.last().filter(|_| acts.len() as i64 == limit).map(|oldest| oldest.id.clone());
    let mut found = 0;
    let mut last = before.map(|before| before.0.clone());
    for _ in 0..MOST_BATCHES {
        let Some(end) = end_of_batch_before(conn, last.as_deref())? else { break };
        last.clone_from(&end.batch);
        if oldest.as_ref().is_some_and(|oldest| end.id < *oldest) {
            break;
        }
        let newer = before.is_some_and(|before| end.id >= *before);
        if newer || end.source == Source::Import || actor.is_some_and(|actor| actor != end.actor) {
            continue;
        }
        acts.push(end);
        found += 1;
        if found >= limit {
            break;
        }
    }
    acts.sort_unstable_by(|a, b| b.id.cmp(&a.id));
    acts.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(acts)
}

/// The last movement of the batch before that one. Batches are named by the clock, as movements are, so this walks back
/// in time; each step is one look into the index, however many movements a batch has.
fn end_of_batch_before(conn: &mut Conn, batch: Option<&str>) -> Result<Option<Movement>, DbError> {
    let mut query = movements::table
        .filter(movements::batch.is_not_null())
        .order((movements::batch.desc(), movements::id.desc()))
        .limit(1)
        .into_boxed();
    if let Some(batch) = batch {
        query = query.filter(movements::batch.lt(batch));
    }
    query.load::<MovementRow>(conn)?.pop().map(Movement::try_from).transpose()
}

/// How many movements were made at one go, by batch.
pub fn movement_batch_sizes(conn: &mut Conn, batches: &[&str]) -> Result<BTreeMap<String, i64>, DbError> {
    let rows: Vec<(Option<String>, i64)> = movements::table
        .filter(movements::batch.eq_any(batches))
        .group_by(movements::batch)
        .select((movements::batch, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(batch, count)| Some((batch?, count))).collect())
}
