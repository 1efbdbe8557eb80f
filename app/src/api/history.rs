//! Everything that happened, movements and edits in one line of time, and taking an edit back.

use leptos::prelude::*;
use models::{Instant, ids::ChangeId};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::movements::{Done, MovementLine};
use crate::error::AppError;

/// How many lines a page of the history holds.
pub const PAGE: i64 = 60;

/// An edit, told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditLine {
    /// The edit.
    pub id: ChangeId,
    /// What was edited: kind and id, to know later edits of the same thing.
    pub thing: String,
    /// Its name.
    pub title: String,
    /// What was done to it.
    pub text: String,
    /// Its page.
    pub href: Option<String>,
    /// Who.
    pub actor: String,
    /// When.
    pub at: Instant,
    /// Whether a later edit has undone it.
    pub undone: bool,
    /// Whether whoever asks may take it back, if it can be.
    pub undoable: bool,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum HistoryLine {
    /// A movement.
    Moved(MovementLine),
    /// An edit.
    Edited(EditLine),
}

impl HistoryLine {
    /// Identifiers sort by time, those of movements and of edits alike.
    pub fn id(&self) -> &str {
        match self {
            Self::Moved(line) => line.movement.id.as_str(),
            Self::Edited(line) => line.id.as_str(),
        }
    }
}

/// The history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryPage {
    /// Newest first, at most [`PAGE`].
    pub lines: Vec<HistoryLine>,
    /// Name and page of the one thing that it is about; none = everything.
    pub of: Option<(String, String)>,
    /// The cursor of the page before this one in time, if there is one.
    pub older: Option<String>,
    /// The server's clock.
    pub now: Instant,
}

/// Whose history is wanted; what is empty does not restrict. At most one of `wine` and `bin` is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Only what this person did.
    pub by: String,
    /// Only of this wine, its vintages and bottles.
    pub wine: String,
    /// Only of this bin.
    pub bin: String,
    /// Only what was before this line.
    pub before: String,
}

/// The newest lines. The history of everything tells what was done at one go in one line.
#[server(input = GetUrl)]
pub async fn get_history(#[server(default)] asked: Asked) -> Result<HistoryPage, AppError> {
    use models::{
        change::Entity,
        db::{acts::movement_acts, changes::*, movements::*, wines::wine_get},
        ids::{BinId, MovementId, WineId},
    };
    let some = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (actor, before) = (some(asked.by), some(asked.before));
    let (wine, bin) = (some(asked.wine).map(WineId), some(asked.bin).map(BinId));
    let ctx = crate::ctx::AppCtx::get()?;
    let visitor = ctx.visitor.clone();
    let people = visitor.may(models::user::Permission::Admin);
    ctx.read(move |conn, now| {
        let cursors = (before.clone().map(MovementId), before.map(ChangeId));
        let moved = match wine.is_some() || bin.is_some() {
            true => {
                let filter =
                    MovementFilter { wine: wine.clone(), bin: bin.clone(), actor: actor.clone(), ..Default::default() };
                movement_list(conn, &filter, cursors.0.as_ref(), PAGE + 1)?
            }
            false => movement_acts(conn, actor.as_deref(), cursors.0.as_ref(), PAGE + 1)?,
        };
        let edited = match &wine {
            Some(wine) => {
                let mut edits = change_list_of_wine(conn, wine, cursors.1.as_ref(), PAGE + 1)?;
                edits.retain(|edit| actor.as_ref().is_none_or(|actor| *actor == edit.actor));
                edits
            }
            None => {
                let of = bin.as_ref().map(|bin| (Entity::Bin, bin.0.clone()));
                change_list(conn, &ChangeFilter { actor, of, people }, cursors.1.as_ref(), PAGE + 1)?
            }
        };
        let mut lines = merged(conn, moved, edited, &visitor)?;
        let more = lines.len() > PAGE as usize;
        lines.truncate(PAGE as usize);
        let older = lines.last().filter(|_| more).map(|line| line.id().to_owned());
        let of = match (wine, bin) {
            (Some(wine), _) => {
                let facts = wine_get(conn, &wine)?.facts;
                Some((format!("{} {}", facts.producer, facts.name), format!("/wines/{wine}")))
            }
            (None, Some(bin)) => Some((crate::texts::bin_name(&bin), format!("/bins/{bin}"))),
            (None, None) => None,
        };
        Ok(HistoryPage { lines, of, older, now })
    })
    .await
}

/// Movements and edits in one line of time, newest first.
#[cfg(feature = "ssr")]
pub(crate) fn merged(
    conn: &mut models::db::Conn,
    moved: Vec<models::movement::Movement>,
    edited: Vec<models::change::Change>,
    visitor: &crate::ctx::Visitor,
) -> Result<Vec<HistoryLine>, models::db::DbError> {
    let mut lines: Vec<HistoryLine> =
        super::movements::with_titles(conn, moved)?.into_iter().map(HistoryLine::Moved).collect();
    let ids: Vec<_> = edited.iter().map(|change| change.id.as_str()).collect();
    let undone = models::db::changes::change_undone(conn, &ids)?;
    for change in edited {
        let undone = undone.contains(&change.id.0);
        lines.push(HistoryLine::Edited(told(conn, change, undone, visitor)?));
    }
    lines.sort_by(|a, b| b.id().cmp(a.id()));
    Ok(lines)
}

/// Names the thing that was edited.
#[cfg(feature = "ssr")]
fn told(
    conn: &mut models::db::Conn,
    change: models::change::Change,
    undone: bool,
    visitor: &crate::ctx::Visitor,
) -> Result<EditLine, models::db::DbError> {
    use models::{
        change::Entity,
        db::{DbError, bottles, notes, vintages, wines},
    };
    let either = change.after.as_ref().or(change.before.as_ref());
    let word = |name: &str| either.and_then(|value| value[name].as_str()).unwrap_or_default().to_owned();
    let id = change.entity_id.clone();
    // What was taken away has no name any more; then the kind has to do.
    let there = |found: Result<(String, Option<String>), DbError>, kind: &str| match found {
        Err(DbError::NotFound(_)) => Ok((kind.to_owned(), None)),
        other => other,
    };
    let of_vintage = |conn: &mut models::db::Conn, id: &models::ids::VintageId| {
        let vintage = vintages::vintage_get(conn, id)?;
        let facts = wines::wine_get(conn, &vintage.wine_id)?.facts;
        let title = models::bottle::title(&facts.producer, &facts.name, vintage.year);
        Ok::<_, DbError>((title, Some(format!("/wines/{}", vintage.wine_id))))
    };
    let (title, href) = match change.entity {
        Entity::Wine => (format!("{} {}", word("producer"), word("name")), Some(format!("/wines/{id}"))),
        Entity::Vintage => there(of_vintage(conn, &id.as_str().into()), crate::texts::a_vintage())?,
        Entity::Note => {
            let note = notes::note_get(conn, &id.as_str().into());
            there(note.and_then(|note| of_vintage(conn, &note.vintage_id)), crate::texts::a_tasting_note())?
        }
        Entity::Bottle => {
            let title = bottles::bottle_titles(conn, &[id.as_str()])?.remove(&id);
            (title.unwrap_or_else(|| crate::texts::a_bottle().to_owned()), Some(format!("/bottles/{id}")))
        }
        Entity::Wish => {
            (format!("{} {}", word("producer"), word("name")).trim().to_owned(), Some("/wishes".to_owned()))
        }
        Entity::Rack => (word("name"), Some("/rack".to_owned())),
        Entity::Bin => (crate::texts::bin_name(&id), Some(format!("/bins/{id}"))),
        Entity::User | Entity::Token => (word("name"), Some("/people".to_owned())),
        Entity::Import => (word("file_name"), Some(format!("/import?done={id}"))),
        Entity::Proposal => (crate::texts::bin_name(&word("bin")), Some("/proposals".to_owned())),
    };
    Ok(EditLine {
        thing: format!("{} {}", change.entity.as_str(), change.entity_id),
        text: crate::format::change_words(&change),
        undoable: change.can_be_undone() && visitor.may(change.entity.permission()),
        id: change.id,
        title,
        href,
        actor: change.actor,
        at: change.at,
        undone,
    })
}

/// Takes an edit back.
#[server]
pub async fn undo_change(change: ChangeId) -> Result<Done, AppError> {
    use models::{db::changes::*, error::RuleError};
    let actor = crate::ctx::actor();
    let ctx = crate::ctx::AppCtx::get()?;
    let visitor = ctx.visitor.clone();
    ctx.write(move |conn, now| {
        let needed = change_get(conn, &change)?.entity.permission();
        if !visitor.may(needed) {
            let why = crate::texts::taking_back_needs(&needed.as_str());
            return Err(RuleError::Forbidden(why).into());
        }
        let back = change_undo(conn, &change, &actor, now)?;
        let undo = back.can_be_undone().then(|| super::movements::Undo::Change(back.id.clone()));
        let line = told(conn, back, false, &visitor)?;
        Ok(Done { text: crate::texts::undone(&line.title), undo })
    })
    .await
}
