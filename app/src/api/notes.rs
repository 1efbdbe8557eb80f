//! Tasting notes.

use leptos::prelude::*;
use models::ids::{NoteId, VintageId, WineId};

use super::movements::Done;
use crate::{error::AppError, forms::note::NoteForm};

/// Writes a note, or changes one where `note` names it.
#[server]
pub async fn save_note(
    wine: WineId,
    vintage: VintageId,
    #[server(default)] note: Option<NoteId>,
    #[server(default)] revision: i32,
    #[server(default)] form: NoteForm,
) -> Result<Done, AppError> {
    use models::db::notes::*;
    let address = format!("/wines/{wine}");
    let note = note.filter(|id| !id.as_str().is_empty());
    let back = {
        let (form, address) = (form.clone(), address.clone());
        let of = note.as_ref().map_or_else(|| vintage.to_string(), ToString::to_string);
        move |why: &str| {
            let mut fields = form.fields().to_vec();
            fields.push(("of", &of));
            format!("{address}{}", crate::forms::query(why, &fields))
        }
    };
    let actor = crate::ctx::actor();
    let done = crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let saved = match &note {
                Some(id) => {
                    let bottle = note_get(conn, id)?.facts.bottle_id;
                    note_update(conn, id, &form.facts(bottle)?, revision, &actor, now)?
                }
                None => note_insert(conn, &vintage, &form.facts(None)?, &actor, now)?,
            };
            let undo = super::wines::last_edit(conn, models::change::Entity::Note, saved.id.as_str())?;
            Ok((Done { text: crate::texts::note_saved().to_owned(), undo }, address))
        })
        .await;
    super::wines::ended(done, back)
}

/// Removes a note.
#[server]
pub async fn remove_note(note: NoteId, revision: i32) -> Result<Done, AppError> {
    use models::db::notes::*;
    let actor = crate::ctx::actor();
    crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            note_delete(conn, &note, revision, &actor, now)?;
            let undo = super::wines::last_edit(conn, models::change::Entity::Note, note.as_str())?;
            Ok(Done { text: crate::texts::note_removed().to_owned(), undo })
        })
        .await
}
