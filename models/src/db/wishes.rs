//! The wish list.

use diesel::prelude::*;
use serde_json::Value;

use super::{Conn, DbError, changes, new_id, schema::wishes, types};
use crate::{
    Instant,
    change::Entity,
    error::RuleError,
    ids::WishId,
    movement::Actor,
    wish::{Wish, WishFacts, WishState},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = wishes)]
struct WishRow {
    id: String,
    producer: String,
    name: String,
    year: Option<i32>,
    note: String,
    priority: i32,
    state: String,
    added_by: String,
    deleted: bool,
    revision: i32,
    created_at: Instant,
}

impl TryFrom<WishRow> for Wish {
    type Error = DbError;

    fn try_from(row: WishRow) -> Result<Self, DbError> {
        Ok(Self {
            facts: WishFacts {
                state: types::word("wishes.state", &row.state)?,
                producer: row.producer,
                name: row.name,
                year: row.year,
                note: row.note,
                priority: row.priority,
            },
            id: WishId(row.id),
            added_by: row.added_by,
            revision: row.revision,
            created_at: row.created_at,
        })
    }
}

/// Wishes, the pressing ones first; only those in `state`, or all.
pub fn wish_list(
    conn: &mut Conn,
    state: Option<WishState>,
    after: Option<&WishId>,
    limit: i64,
) -> Result<Vec<Wish>, DbError> {
    let there = wishes::table.filter(wishes::deleted.eq(false));
    let mut query = there.order((wishes::priority, wishes::id)).limit(limit).into_boxed();
    if let Some(state) = state {
        query = query.filter(wishes::state.eq(state.as_str()));
    }
    if let Some(after) = after {
        // Also a wish that was fulfilled meanwhile still says where the page before ended.
        let last = row(conn, after)?.ok_or_else(|| RuleError::field("cursor", format!("there is no wish {after}")))?;
        let same = wishes::priority.eq(last.priority).and(wishes::id.gt(after.as_str()));
        query = query.filter(wishes::priority.gt(last.priority).or(same));
    }
    query.load::<WishRow>(conn)?.into_iter().map(Wish::try_from).collect()
}

/// One wish.
pub fn wish_get(conn: &mut Conn, id: &WishId) -> Result<Wish, DbError> {
    let row = row(conn, id)?.filter(|row| !row.deleted);
    row.ok_or_else(|| DbError::NotFound(format!("There is no wish {id}.")))?.try_into()
}

fn row(conn: &mut Conn, id: &WishId) -> Result<Option<WishRow>, DbError> {
    Ok(wishes::table.find(id.as_str()).first(conn).optional()?)
}

/// Enters a wish of the actor.
pub fn wish_insert(conn: &mut Conn, facts: &WishFacts, actor: &Actor, now: Instant) -> Result<Wish, DbError> {
    facts.check()?;
    let id = WishId(new_id());
    let row = WishRow {
        id: id.0.clone(),
        producer: facts.producer.clone(),
        name: facts.name.clone(),
        year: facts.year,
        note: facts.note.clone(),
        priority: facts.priority,
        state: facts.state.as_str().to_owned(),
        added_by: actor.name.clone(),
        deleted: false,
        revision: 1,
        created_at: types::cut(now),
    };
    diesel::insert_into(wishes::table).values(&row).execute(conn)?;
    changes::record(conn, Entity::Wish, id.as_str(), None, Some(facts), actor, now)?;
    row.try_into()
}

/// Changes a wish that the caller saw at `revision`.
pub fn wish_update(
    conn: &mut Conn,
    id: &WishId,
    facts: &WishFacts,
    revision: i32,
    actor: &Actor,
    now: Instant,
) -> Result<Wish, DbError> {
    facts.check()?;
    let before = wish_get(conn, id)?;
    changes::check_revision(conn, Entity::Wish, id.as_str(), before.revision, revision)?;
    write(conn, id, Some(facts))?;
    changes::record(conn, Entity::Wish, id.as_str(), Some(&before.facts), Some(facts), actor, now)?;
    wish_get(conn, id)
}

/// Removes a wish; an undo brings it back.
pub fn wish_delete(conn: &mut Conn, id: &WishId, revision: i32, actor: &Actor, now: Instant) -> Result<(), DbError> {
    let before = wish_get(conn, id)?;
    changes::check_revision(conn, Entity::Wish, id.as_str(), before.revision, revision)?;
    write(conn, id, None)?;
    changes::record(conn, Entity::Wish, id.as_str(), Some(&before.facts), None, actor, now)
}

/// Writes facts, or that the wish is removed, as the next revision.
fn write(conn: &mut Conn, id: &WishId, facts: Option<&WishFacts>) -> Result<(), DbError> {
    let target = wishes::table.find(id.as_str());
    if let Some(facts) = facts {
        diesel::update(target)
            .set((
                wishes::producer.eq(&facts.producer),
                wishes::name.eq(&facts.name),
                wishes::year.eq(facts.year),
                wishes::note.eq(&facts.note),
                wishes::priority.eq(facts.priority),
                wishes::state.eq(facts.state.as_str()),
            ))
            .execute(conn)?;
    }
    diesel::update(target)
        .set((wishes::deleted.eq(facts.is_none()), wishes::revision.eq(wishes::revision + 1)))
        .execute(conn)?;
    Ok(())
}

/// What an edit of the wish would be told against; none while it is removed.
pub(super) fn state(conn: &mut Conn, id: &str) -> Result<Option<Value>, DbError> {
    let Some(row) = row(conn, &WishId::from(id))?.filter(|row| !row.deleted) else { return Ok(None) };
    changes::value(&Wish::try_from(row)?.facts).map(Some)
}

/// Brings the wish back to `state`.
pub(super) fn restore(conn: &mut Conn, id: &str, state: Option<&Value>) -> Result<(), DbError> {
    let facts: Option<WishFacts> = state.map(changes::typed).transpose()?;
    write(conn, &WishId::from(id), facts.as_ref())
}

/// Writes wishes as they are.
pub(super) fn restore_all(conn: &mut Conn, list: &[Wish]) -> Result<(), DbError> {
    for wish in list {
        let facts = wish.facts.clone();
        let row = WishRow {
            id: wish.id.0.clone(),
            producer: facts.producer,
            name: facts.name,
            year: facts.year,
            note: facts.note,
            priority: facts.priority,
            state: facts.state.as_str().to_owned(),
            added_by: wish.added_by.clone(),
            deleted: false,
            revision: wish.revision,
            created_at: wish.created_at,
        };
        diesel::insert_into(wishes::table).values(&row).execute(conn)?;
    }
    Ok(())
}
