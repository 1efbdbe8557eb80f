//! Taking an import back, as a whole.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Conn, DbError, changes,
    import::{Import, import_get},
    movements,
    schema::{bottles, import_refs, imports, movements as journal, tasting_notes, vintages, wines as wine_table},
    types, undo, vintages as vintage_queries,
};
use crate::{
    Instant,
    bottle::{BottleFacts, BottleStatus},
    change::Entity,
    ids::{BottleId, MovementId, VintageId},
    movement::{Actor, Movement, Source},
    window::Window,
};

/// What an import wrote over, with what it wrote: taking it back brings back what nobody has changed since.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Replaced {
    /// By bottle and field of its facts.
    bottles: BTreeMap<String, BTreeMap<String, [Value; 2]>>,
    /// By vintage: the file's own window.
    pub(super) windows: BTreeMap<String, [Window; 2]>,
}

impl Replaced {
    /// Notes what is about to be written over.
    pub(super) fn bottle(&mut self, id: &BottleId, before: &BottleFacts, after: &BottleFacts) -> Result<(), DbError> {
        let (mut before, after) = (changes::value(before)?, changes::value(after)?);
        let fields = self.bottles.entry(id.0.clone()).or_default();
        for (name, value) in after.as_object().into_iter().flatten() {
            let old = before[name].take();
            if old != *value {
                fields.insert(name.clone(), [old, value.clone()]);
            }
        }
        Ok(())
    }

    fn bring_back(&self, conn: &mut Conn, scheme: &str) -> Result<(), DbError> {
        for (id, fields) in &self.bottles {
            let id = BottleId(id.clone());
            let mut facts = changes::value(&super::bottles::bottle_row(conn, &id)?.facts)?;
            for (name, [old, new]) in fields {
                if facts[name] == *new {
                    facts[name] = old.clone();
                }
            }
            super::bottles::write(conn, &id, &changes::typed(&facts)?)?;
        }
        for (id, [old, new]) in &self.windows {
            let id = VintageId(id.clone());
            let now = vintage_queries::window_list(conn, &id)?;
            if now.iter().any(|(source, window)| source == scheme && window == new) {
                vintage_queries::write_window(conn, &id, scheme, old)?;
                vintage_queries::settle_one(conn, &id)?;
            }
        }
        Ok(())
    }
}

/// What the journal of edits tells of an import.
pub(super) fn told(import: &Import, replaced: &Replaced) -> Value {
    let report = &import.report;
    json!({
        "file_name": import.file_name, "scheme": import.scheme, "bottles_new": report.bottles_new,
        "bottles_gone": report.bottles_gone, "wines_new": report.wines_new, "notes_new": report.notes_new,
        "replaced": replaced,
    })
}

/// What taking an import back is told against.
pub(super) fn state(conn: &mut Conn, id: &str) -> Result<Option<Value>, DbError> {
    let stands = import_get(conn, id)?.undone_at.is_none();
    Ok(changes::last_of(conn, Entity::Import, id)?.and_then(|edit| edit.after).filter(|_| stands))
}

/// The import by which a movement came.
pub(super) fn import_of(conn: &mut Conn, movement: &Movement) -> Result<Option<String>, DbError> {
    let Some(batch) = &movement.batch else { return Ok(None) };
    Ok(imports::table.find(batch).select(imports::file_name).first(conn).optional()?)
}

/// Takes an import back: its movements are undone, its notes removed, its wines taken out of the lists where no bottle
/// of them is left, and what it completed of bottles and vintages that were known before is as it was, where nobody has
/// changed it since. Refused, with the reason, when a bottle of it has moved since.
pub fn import_undo(conn: &mut Conn, id: &str, actor: &Actor, now: Instant) -> Result<Import, DbError> {
    if import_get(conn, id)?.undone_at.is_some() {
        return Err(DbError::Conflict("This import has been undone already.".to_owned()));
    }
    match changes::last_of(conn, Entity::Import, id)? {
        Some(edit) => {
            changes::change_undo(conn, &edit.id, actor, now)?;
        }
        // Made before the journal told of imports.
        None => take_back(conn, id, actor, now)?,
    }
    import_get(conn, id)
}

/// [`import_undo`] without a line in the journal of edits.
pub(super) fn take_back(conn: &mut Conn, id: &str, actor: &Actor, now: Instant) -> Result<(), DbError> {
    let made = import_get(conn, id)?;
    // As its movements, so their undoing: one line of the history stands for all.
    let actor = &Actor { source: Source::Import, ..actor.clone() };
    let last: Option<String> = journal::table
        .filter(journal::batch.eq(id))
        .order(journal::id.desc())
        .select(journal::id)
        .first(conn)
        .optional()?;
    if let Some(last) = last {
        let undone: i64 = journal::table.filter(journal::reverses.eq(&last)).count().get_result(conn)?;
        // Older versions let people undo its movements alone.
        if undone == 0 {
            let last = movements::movement_get(conn, &MovementId(last))?;
            undo::undo_all(conn, &last, actor, now)?;
        }
    }
    if let Some(edit) = state(conn, id)? {
        let replaced: Replaced = changes::typed(&edit["replaced"])?;
        replaced.bring_back(conn, &made.scheme)?;
    }
    let noted: Vec<String> = import_refs::table
        .filter(import_refs::import_id.eq(id))
        .filter(import_refs::entity.eq("note"))
        .select(import_refs::entity_id)
        .load(conn)?;
    for note in &noted {
        diesel::update(tasting_notes::table.find(note))
            .set((tasting_notes::deleted.eq(true), tasting_notes::revision.eq(tasting_notes::revision + 1)))
            .execute(conn)?;
        let vintage: String = tasting_notes::table.find(note).select(tasting_notes::vintage_id).first(conn)?;
        vintage_queries::settle_one(conn, &VintageId(vintage))?;
    }
    let fresh: Vec<String> = import_refs::table
        .filter(import_refs::import_id.eq(id))
        .filter(import_refs::entity.eq("wine"))
        .select(import_refs::entity_id)
        .load(conn)?;
    diesel::delete(import_refs::table.filter(import_refs::import_id.eq(id))).execute(conn)?;
    let came_back: Vec<(String, String)> = import_refs::table
        .inner_join(journal::table.on(journal::bottle_id.eq(import_refs::entity_id)))
        .filter(journal::batch.eq(id))
        .filter(import_refs::scheme.eq(&made.scheme))
        .filter(import_refs::foreign_id.like("gone/%"))
        .select((import_refs::scheme, import_refs::foreign_id))
        .distinct()
        .load(conn)?;
    for (scheme, key) in &came_back {
        diesel::update(import_refs::table.find((scheme, key)))
            .set(import_refs::foreign_id.eq(key.replacen("gone/", "here/", 1)))
            .execute(conn)?;
    }
    for wine in fresh {
        let here: i64 = bottles::table
            .inner_join(vintages::table)
            .filter(vintages::wine_id.eq(&wine))
            .filter(bottles::status.eq(BottleStatus::InCellar.as_str()))
            .count()
            .get_result(conn)?;
        if here == 0 {
            let touched = super::meta::revision(conn)?;
            diesel::update(wine_table::table.find(&wine))
                .set((
                    wine_table::archived.eq(true),
                    wine_table::revision.eq(wine_table::revision + 1),
                    wine_table::touched.eq(touched),
                ))
                .execute(conn)?;
        }
    }
    diesel::update(imports::table.find(id)).set(imports::undone_at.eq(types::cut(now))).execute(conn)?;
    Ok(())
}
