//! The journal of edits, and taking an edit back.

use diesel::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Conn, DbError, bottles, decide, import_undo, new_id, notes, racks,
    schema::{bottles as bottle_table, changes, tasting_notes, vintages as vintage_table},
    tokens, types, users, vintages, wines, wishes,
};
use crate::{
    Instant,
    change::{Change, Entity},
    error::RuleError,
    ids::{ChangeId, WineId},
    movement::Actor,
};

/// Which edits are wanted; what is left out does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// Those of one thing.
    pub of: Option<(Entity, String)>,
    /// Those made by somebody.
    pub actor: Option<String>,
    /// Also those of people and tokens, which are an admin's to see.
    pub people: bool,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = changes)]
struct ChangeRow {
    id: String,
    entity: String,
    entity_id: String,
    before_json: Option<String>,
    after_json: Option<String>,
    actor: String,
    source: String,
    at: Instant,
    reverses: Option<String>,
}

impl TryFrom<ChangeRow> for Change {
    type Error = DbError;

    fn try_from(row: ChangeRow) -> Result<Self, DbError> {
        let json = |text: Option<String>| text.map(|text| types::from_json("changes", &text)).transpose();
        Ok(Self {
            entity: types::word("changes.entity", &row.entity)?,
            source: types::word("changes.source", &row.source)?,
            before: json(row.before_json)?,
            after: json(row.after_json)?,
            id: ChangeId(row.id),
            entity_id: row.entity_id,
            actor: row.actor,
            at: row.at,
            reverses: row.reverses.map(ChangeId),
        })
    }
}

/// Any value as JSON.
pub(super) fn value<T: Serialize>(value: &T) -> Result<Value, DbError> {
    serde_json::to_value(value).map_err(|error| DbError::Other(format!("a value cannot be written as JSON: {error}")))
}

/// JSON as its type.
pub(super) fn typed<T: DeserializeOwned>(value: &Value) -> Result<T, DbError> {
    serde_json::from_value(value.clone()).map_err(|error| DbError::broken("changes", error))
}

/// Writes an edit into the journal; one that changed nothing is left out.
pub(super) fn record<T: Serialize>(
    conn: &mut Conn,
    entity: Entity,
    id: &str,
    before: Option<&T>,
    after: Option<&T>,
    actor: &Actor,
    now: Instant,
) -> Result<(), DbError> {
    let (before, after) = (before.map(value).transpose()?, after.map(value).transpose()?);
    if before == after {
        return Ok(());
    }
    let change = Change {
        id: ChangeId(new_id()),
        entity,
        entity_id: id.to_owned(),
        before,
        after,
        actor: actor.name.clone(),
        source: actor.source,
        at: types::cut(now),
        reverses: None,
    };
    insert(conn, &change)
}

fn insert(conn: &mut Conn, change: &Change) -> Result<(), DbError> {
    let json = |value: &Option<Value>| value.as_ref().map(types::to_json).transpose();
    let row = ChangeRow {
        id: change.id.0.clone(),
        entity: change.entity.as_str().to_owned(),
        entity_id: change.entity_id.clone(),
        before_json: json(&change.before)?,
        after_json: json(&change.after)?,
        actor: change.actor.clone(),
        source: change.source.as_str().to_owned(),
        at: change.at,
        reverses: change.reverses.as_ref().map(|id| id.0.clone()),
    };
    diesel::insert_into(changes::table).values(&row).execute(conn)?;
    Ok(())
}

/// Edits, newest first.
pub fn change_list(
    conn: &mut Conn,
    filter: &ChangeFilter,
    before: Option<&ChangeId>,
    limit: i64,
) -> Result<Vec<Change>, DbError> {
    let mut query = changes::table.order(changes::id.desc()).limit(limit).into_boxed();
    if let Some((entity, id)) = &filter.of {
        query = query.filter(changes::entity.eq(entity.as_str())).filter(changes::entity_id.eq(id));
    }
    if let Some(actor) = &filter.actor {
        query = query.filter(changes::actor.eq(actor));
    }
    if !filter.people {
        query = query.filter(changes::entity.ne_all([Entity::User.as_str(), Entity::Token.as_str()]));
    }
    if let Some(before) = before {
        query = query.filter(changes::id.lt(before.as_str()));
    }
    query.load::<ChangeRow>(conn)?.into_iter().map(Change::try_from).collect()
}

/// The last edit of a thing, if there is one.
pub(super) fn last_of(conn: &mut Conn, entity: Entity, id: &str) -> Result<Option<Change>, DbError> {
    let filter = ChangeFilter { of: Some((entity, id.to_owned())), actor: None, people: true };
    Ok(change_list(conn, &filter, None, 1)?.pop())
}

/// Edits of a wine, of its vintages and bottles, and of the notes on them; newest first.
pub fn change_list_of_wine(
    conn: &mut Conn,
    wine: &WineId,
    before: Option<&ChangeId>,
    limit: i64,
) -> Result<Vec<Change>, DbError> {
    let of_wine = || vintage_table::table.filter(vintage_table::wine_id.eq(wine.as_str())).select(vintage_table::id);
    let bottles = bottle_table::table.filter(bottle_table::vintage_id.eq_any(of_wine())).select(bottle_table::id);
    let notes = tasting_notes::table.filter(tasting_notes::vintage_id.eq_any(of_wine())).select(tasting_notes::id);
    let is = |entity: Entity| changes::entity.eq(entity.as_str());
    let mut query = changes::table
        .filter(
            (is(Entity::Wine).and(changes::entity_id.eq(wine.as_str())))
                .or(is(Entity::Vintage).and(changes::entity_id.eq_any(of_wine())))
                .or(is(Entity::Bottle).and(changes::entity_id.eq_any(bottles)))
                .or(is(Entity::Note).and(changes::entity_id.eq_any(notes))),
        )
        .order(changes::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(changes::id.lt(before.as_str()));
    }
    query.load::<ChangeRow>(conn)?.into_iter().map(Change::try_from).collect()
}

/// One edit.
pub fn change_get(conn: &mut Conn, id: &ChangeId) -> Result<Change, DbError> {
    let row: Option<ChangeRow> = changes::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| DbError::NotFound(format!("There is no edit {id}.")))?.try_into()
}

/// Which of these edits have been undone.
pub fn change_undone(conn: &mut Conn, ids: &[&str]) -> Result<Vec<String>, DbError> {
    let undone: Vec<Option<String>> =
        changes::table.filter(changes::reverses.eq_any(ids)).select(changes::reverses).load(conn)?;
    Ok(undone.into_iter().flatten().collect())
}

/// Refuses a write that was made on an older revision, and tells who has changed what since.
pub(super) fn check_revision(conn: &mut Conn, entity: Entity, id: &str, stored: i32, seen: i32) -> Result<(), DbError> {
    if stored == seen {
        return Ok(());
    }
    let what = match last_of(conn, entity, id)? {
        Some(last) => {
            let fields = last.fields().join(", ");
            let at = last.at.format("%Y-%m-%d %H:%M");
            format!("{} changed {} at {at} UTC", last.actor, if fields.is_empty() { "it".to_owned() } else { fields })
        }
        None => "somebody has changed it".to_owned(),
    };
    Err(DbError::Stale(format!(
        "You saw revision {seen}, it is now {stored}: {what}. Look again and repeat your change."
    )))
}

/// Takes an edit back, exactly; refused when the thing has been changed since.
pub fn change_undo(conn: &mut Conn, id: &ChangeId, actor: &Actor, now: Instant) -> Result<Change, DbError> {
    let original = change_get(conn, id)?;
    let undone: i64 = changes::table.filter(changes::reverses.eq(id.as_str())).count().get_result(conn)?;
    if undone > 0 {
        return Err(DbError::Conflict("This has been undone already.".to_owned()));
    }
    if !original.can_be_undone() {
        let why = match original.entity {
            Entity::Import => "An import that was taken back is made again by importing its file.",
            _ => "An old password, PIN or token is nowhere kept, so it cannot be put back: set or make a new one.",
        };
        return Err(RuleError::Forbidden(why.to_owned()).into());
    }
    let thing = original.entity_id.as_str();
    let current = match original.entity {
        Entity::Wine => wines::state(conn, thing)?,
        Entity::Vintage => vintages::state(conn, thing)?,
        Entity::Bottle => bottles::state(conn, thing, original.after.as_ref())?,
        Entity::Note => notes::state(conn, thing)?,
        Entity::Wish => wishes::state(conn, thing)?,
        Entity::Rack => racks::rack_state(conn, thing)?,
        Entity::Bin => racks::bin_state(conn, thing)?,
        Entity::User => users::state(conn, thing)?,
        Entity::Token => tokens::state(conn, thing)?,
        Entity::Import => import_undo::state(conn, thing)?,
        Entity::Proposal => decide::state(conn, thing)?,
    };
    if current != original.after {
        return Err(DbError::Conflict("It has been changed since: undo the later edit first.".to_owned()));
    }
    let back = original.before.as_ref();
    match original.entity {
        Entity::Wine => wines::restore(conn, thing, back)?,
        Entity::Vintage => vintages::restore(conn, thing, back)?,
        Entity::Bottle => bottles::restore(conn, thing, back)?,
        Entity::Note => notes::restore(conn, thing, back)?,
        Entity::Wish => wishes::restore(conn, thing, back)?,
        Entity::Rack => racks::rack_restore(conn, thing, back)?,
        Entity::Bin => racks::bin_restore(conn, thing, back)?,
        Entity::User => users::restore(conn, thing, back, now)?,
        // It was made, or it could not be undone: what was made is revoked.
        Entity::Token => tokens::end(conn, &thing.into(), now)?,
        Entity::Import => import_undo::take_back(conn, thing, actor, now)?,
        Entity::Proposal => decide::restore(conn, thing, back, actor, now)?,
    }
    let change = Change {
        id: ChangeId(new_id()),
        before: original.after,
        after: original.before,
        actor: actor.name.clone(),
        source: actor.source,
        at: types::cut(now),
        reverses: Some(original.id),
        entity: original.entity,
        entity_id: original.entity_id,
    };
    insert(conn, &change)?;
    Ok(change)
}
