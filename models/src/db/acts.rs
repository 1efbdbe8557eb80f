//! The journal as acts: what was done at one go is one line.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Conn, DbError, movements::MovementRow, schema::movements};
use crate::{
    ids::MovementId,
    movement::{Movement, Source},
};

/// What was done, newest first: of movements made at one go only the last, with how many there were. What came by an
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
    let mut rows: Vec<MovementRow> = single.load(conn)?;
    let ends: Vec<Option<String>> = movements::table
        .filter(movements::batch.is_not_null())
        .group_by(movements::batch)
        .select(diesel::dsl::max(movements::id))
        .load(conn)?;
    let older = |id: &String| before.is_none_or(|before| id.as_str() < before.as_str());
    let mut ends: Vec<String> = ends.into_iter().flatten().filter(older).collect();
    ends.sort_unstable_by(|a, b| b.cmp(a));
    let mut found = 0;
    for part in ends.chunks(200) {
        let mut query = movements::table
            .filter(movements::id.eq_any(part))
            .filter(movements::source.ne(Source::Import.as_str()))
            .into_boxed();
        if let Some(actor) = actor {
            query = query.filter(movements::actor.eq(actor));
        }
        let more: Vec<MovementRow> = query.load(conn)?;
        found += more.len() as i64;
        rows.extend(more);
        if found >= limit {
            break;
        }
    }
    let mut acts: Vec<Movement> = rows.into_iter().map(Movement::try_from).collect::<Result<_, _>>()?;
    acts.sort_unstable_by(|a, b| b.id.cmp(&a.id));
    acts.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(acts)
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
