//! Tasting notes.

use diesel::prelude::*;
use serde_json::Value;

use super::{Conn, DbError, bottles, changes, new_id, schema::tasting_notes, types, vintages};
use crate::{
    Instant,
    change::Entity,
    error::RuleError,
    ids::{BottleId, NoteId, VintageId},
    movement::Actor,
    note::{NoteFacts, Rating, TastingNote},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = tasting_notes, treat_none_as_default_value = false)]
pub(super) struct NoteRow {
    id: String,
    vintage_id: String,
    bottle_id: Option<String>,
    author: String,
    tasted_on: String,
    body: String,
    rating_hundredths: Option<i32>,
    scale: Option<i32>,
    deleted: bool,
    revision: i32,
    created_at: Instant,
}

impl From<&TastingNote> for NoteRow {
    fn from(note: &TastingNote) -> Self {
        let facts = note.facts.clone();
        Self {
            id: note.id.0.clone(),
            vintage_id: note.vintage_id.0.clone(),
            bottle_id: facts.bottle_id.map(|id| id.0),
            author: note.author.clone(),
            tasted_on: facts.tasted_on,
            body: facts.body,
            rating_hundredths: facts.rating.map(|rating| rating.hundredths),
            scale: facts.rating.map(|rating| rating.scale),
            deleted: false,
            revision: note.revision,
            created_at: note.created_at,
        }
    }
}

impl From<NoteRow> for TastingNote {
    fn from(row: NoteRow) -> Self {
        let rating = row.rating_hundredths.zip(row.scale).map(|(hundredths, scale)| Rating { hundredths, scale });
        Self {
            id: NoteId(row.id),
            vintage_id: VintageId(row.vintage_id),
            facts: NoteFacts {
                bottle_id: row.bottle_id.map(BottleId),
                tasted_on: row.tasted_on,
                body: row.body,
                rating,
            },
            author: row.author,
            revision: row.revision,
            created_at: row.created_at,
        }
    }
}

/// Notes, newest first; of one vintage, or of all.
pub fn note_list(
    conn: &mut Conn,
    vintage: Option<&VintageId>,
    before: Option<&NoteId>,
    limit: i64,
) -> Result<Vec<TastingNote>, DbError> {
    let there = tasting_notes::table.filter(tasting_notes::deleted.eq(false));
    let mut query = there.order(tasting_notes::id.desc()).limit(limit).into_boxed();
    if let Some(vintage) = vintage {
        query = query.filter(tasting_notes::vintage_id.eq(vintage.as_str()));
    }
    if let Some(before) = before {
        query = query.filter(tasting_notes::id.lt(before.as_str()));
    }
    Ok(query.load::<NoteRow>(conn)?.into_iter().map(TastingNote::from).collect())
}

/// One note.
pub fn note_get(conn: &mut Conn, id: &NoteId) -> Result<TastingNote, DbError> {
    row(conn, id)?
        .filter(|row| !row.deleted)
        .map(TastingNote::from)
        .ok_or_else(|| DbError::NotFound(format!("There is no note {id}.")))
}

fn row(conn: &mut Conn, id: &NoteId) -> Result<Option<NoteRow>, DbError> {
    Ok(tasting_notes::table.find(id.as_str()).first(conn).optional()?)
}

/// Enters a note by the actor.
pub fn note_insert(
    conn: &mut Conn,
    vintage: &VintageId,
    facts: &NoteFacts,
    actor: &Actor,
    now: Instant,
) -> Result<TastingNote, DbError> {
    let note = insert_quietly(conn, vintage, facts, &actor.name, now)?;
    vintages::settle_one(conn, vintage)?;
    changes::record(conn, Entity::Note, note.id.as_str(), None, Some(&note.facts), actor, now)?;
    Ok(note)
}

/// Enters a note without a line in the journal of edits and without settling the vintage's mean rating.
pub(super) fn insert_quietly(
    conn: &mut Conn,
    vintage: &VintageId,
    facts: &NoteFacts,
    author: &str,
    now: Instant,
) -> Result<TastingNote, DbError> {
    check(conn, vintage, facts)?;
    let id = NoteId(new_id());
    let row = NoteRow {
        id: id.0,
        vintage_id: vintage.0.clone(),
        bottle_id: facts.bottle_id.as_ref().map(|id| id.0.clone()),
        author: author.to_owned(),
        tasted_on: facts.tasted_on.clone(),
        body: facts.body.clone(),
        rating_hundredths: facts.rating.map(|rating| rating.hundredths),
        scale: facts.rating.map(|rating| rating.scale),
        deleted: false,
        revision: 1,
        created_at: types::cut(now),
    };
    diesel::insert_into(tasting_notes::table).values(&row).execute(conn)?;
    Ok(row.into())
}

fn check(conn: &mut Conn, vintage: &VintageId, facts: &NoteFacts) -> Result<(), DbError> {
    facts.check()?;
    vintages::vintage_get(conn, vintage)?;
    let Some(bottle) = &facts.bottle_id else { return Ok(()) };
    match bottles::bottle_row(conn, bottle) {
        Ok(found) if found.vintage_id == *vintage => Ok(()),
        Ok(_) => Err(RuleError::field("bottle_id", format!("bottle {bottle} is of another vintage")).into()),
        Err(DbError::NotFound(message)) => Err(RuleError::field("bottle_id", message).into()),
        Err(error) => Err(error),
    }
}

/// Changes a note that the caller saw at `revision`.
pub fn note_update(
    conn: &mut Conn,
    id: &NoteId,
    facts: &NoteFacts,
    revision: i32,
    actor: &Actor,
    now: Instant,
) -> Result<TastingNote, DbError> {
    let before = note_get(conn, id)?;
    changes::check_revision(conn, Entity::Note, id.as_str(), before.revision, revision)?;
    check(conn, &before.vintage_id, facts)?;
    write(conn, id, Some(facts))?;
    changes::record(conn, Entity::Note, id.as_str(), Some(&before.facts), Some(facts), actor, now)?;
    note_get(conn, id)
}

/// Removes a note; an undo brings it back.
pub fn note_delete(conn: &mut Conn, id: &NoteId, revision: i32, actor: &Actor, now: Instant) -> Result<(), DbError> {
    let before = note_get(conn, id)?;
    changes::check_revision(conn, Entity::Note, id.as_str(), before.revision, revision)?;
    write(conn, id, None)?;
    changes::record(conn, Entity::Note, id.as_str(), Some(&before.facts), None, actor, now)
}

/// Writes facts, or that the note is removed, as the next revision; the vintage's mean rating follows.
fn write(conn: &mut Conn, id: &NoteId, facts: Option<&NoteFacts>) -> Result<(), DbError> {
    let target = tasting_notes::table.find(id.as_str());
    if let Some(facts) = facts {
        diesel::update(target)
            .set((
                tasting_notes::bottle_id.eq(facts.bottle_id.as_ref().map(|id| &id.0)),
                tasting_notes::tasted_on.eq(&facts.tasted_on),
                tasting_notes::body.eq(&facts.body),
                tasting_notes::rating_hundredths.eq(facts.rating.map(|rating| rating.hundredths)),
                tasting_notes::scale.eq(facts.rating.map(|rating| rating.scale)),
            ))
            .execute(conn)?;
    }
    diesel::update(target)
        .set((tasting_notes::deleted.eq(facts.is_none()), tasting_notes::revision.eq(tasting_notes::revision + 1)))
        .execute(conn)?;
    let vintage: String = target.select(tasting_notes::vintage_id).first(conn)?;
    vintages::settle_one(conn, &VintageId(vintage))
}

/// What an edit of the note would be told against; none while it is removed.
pub(super) fn state(conn: &mut Conn, id: &str) -> Result<Option<Value>, DbError> {
    let row = row(conn, &NoteId::from(id))?.filter(|row| !row.deleted);
    row.map(|row| changes::value(&TastingNote::from(row).facts)).transpose()
}

/// Brings the note back to `state`.
pub(super) fn restore(conn: &mut Conn, id: &str, state: Option<&Value>) -> Result<(), DbError> {
    let facts: Option<NoteFacts> = state.map(changes::typed).transpose()?;
    write(conn, &NoteId::from(id), facts.as_ref())
}
