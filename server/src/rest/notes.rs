//! Tasting notes.

use axum::{extract::State, http::StatusCode};
use models::{
    db::notes,
    ids::{NoteId, VintageId},
    note::{NoteFacts, TastingNote},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::page::{self, Page};
use crate::{
    access::Caller,
    config,
    extract::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    revision::{IfMatch, Tagged},
    state::Store,
};

/// Which notes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NoteQuery {
    /// Only those of this vintage (id).
    vintage: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items per page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Tasting notes, newest first.
#[utoipa::path(get, path = "/notes", tag = "notes", operation_id = "note_list", params(NoteQuery), responses((status = 200, body = Page<TastingNote>)))]
pub(crate) async fn list(
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<NoteQuery>,
) -> Result<ApiJson<Page<TastingNote>>, Problem> {
    let limit = page::limit(query.limit)?;
    let (vintage, cursor) = (query.vintage.map(VintageId), query.cursor.map(NoteId));
    let list = store.read(move |conn| notes::note_list(conn, vintage.as_ref(), cursor.as_ref(), limit + 1)).await?;
    Ok(ApiJson(Page::cut(list, limit, |note| note.id.as_str())))
}

/// Enters a note on a vintage; its author is who asks.
#[utoipa::path(post, path = "/vintages/{vintage}/notes", tag = "notes", operation_id = "note_create", params(("vintage" = String, Path, description = "Id of the vintage")), request_body = NoteFacts, responses(
    (status = 201, body = TastingNote),
    (status = 404, description = "There is no such vintage", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(vintage): ApiPath<VintageId>,
    ApiJson(facts): ApiJson<NoteFacts>,
) -> Result<(StatusCode, Tagged<TastingNote>), Problem> {
    let actor = caller.actor(None)?;
    let note = store.write(move |conn| notes::note_insert(conn, &vintage, &facts, &actor, config::now())).await?;
    Ok((StatusCode::CREATED, Tagged(note.revision, note)))
}

/// One note.
#[utoipa::path(get, path = "/notes/{note}", tag = "notes", operation_id = "note_get", params(("note" = String, Path, description = "Id of the note")), responses(
    (status = 200, body = TastingNote, headers(("ETag" = String, description = "The revision, for If-Match"))),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(
    State(store): State<Store>,
    ApiPath(id): ApiPath<NoteId>,
) -> Result<Tagged<TastingNote>, Problem> {
    let note = store.read(move |conn| notes::note_get(conn, &id)).await?;
    Ok(Tagged(note.revision, note))
}

/// Changes a note: all of it.
#[utoipa::path(put, path = "/notes/{note}", tag = "notes", operation_id = "note_update", params(("note" = String, Path, description = "Id of the note")), request_body = NoteFacts, responses(
    (status = 200, body = TastingNote, headers(("ETag" = String, description = "The new revision"))),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has changed it since; the detail says who and what", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn update(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<NoteId>,
    IfMatch(revision): IfMatch,
    ApiJson(facts): ApiJson<NoteFacts>,
) -> Result<Tagged<TastingNote>, Problem> {
    let actor = caller.actor(None)?;
    let note = store.write(move |conn| notes::note_update(conn, &id, &facts, revision, &actor, config::now())).await?;
    Ok(Tagged(note.revision, note))
}

/// Removes a note; the journal of edits can bring it back.
#[utoipa::path(delete, path = "/notes/{note}", tag = "notes", operation_id = "note_delete", params(("note" = String, Path, description = "Id of the note")), responses(
    (status = 204, description = "Done"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn delete(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<NoteId>,
    IfMatch(revision): IfMatch,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor(None)?;
    store.write(move |conn| notes::note_delete(conn, &id, revision, &actor, config::now())).await?;
    Ok(StatusCode::NO_CONTENT)
}
