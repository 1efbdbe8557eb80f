//! The journal of edits: who changed what beside the movements, and taking it back.

use axum::{extract::State, http::StatusCode};
use models::{
    change::{Change, Entity},
    db::changes::{self, ChangeFilter},
    ids::ChangeId,
    user::Permission,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    movements::By,
    page::{self, Page},
};
use crate::{
    access::Caller,
    config,
    extract::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    state::Store,
};

/// Which edits.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangeQuery {
    /// Kind of the thing that `id` names.
    #[param(inline)]
    entity: Option<Entity>,
    /// Only edits of this thing; needs `entity`.
    id: Option<String>,
    /// Only those made by this person.
    actor: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items per page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Edits, newest first, each with what the thing was before and after. Those of people and tokens are told to admins only.
#[utoipa::path(get, path = "/changes", tag = "changes", operation_id = "change_list", params(ChangeQuery), responses((status = 200, body = Page<Change>)))]
pub(crate) async fn list(
    State(store): State<Store>,
    caller: Caller,
    ApiQuery(query): ApiQuery<ChangeQuery>,
) -> Result<ApiJson<Page<Change>>, Problem> {
    let limit = page::limit(query.limit)?;
    let of = match (query.entity, query.id) {
        (Some(entity), Some(id)) => Some((entity, id)),
        (None, None) => None,
        (None, Some(_)) => return Err(Problem::field("entity", "is missing: say what kind of thing `id` names")),
        (Some(_), None) => return Err(Problem::field("id", "is missing: say which one")),
    };
    let people = caller.may(Permission::Admin);
    if !people && of.as_ref().is_some_and(|(entity, _)| entity.permission() == Permission::Admin) {
        return Err(Problem::forbidden("edits of people and tokens are an admin's to see"));
    }
    let (filter, cursor) = (ChangeFilter { of, actor: query.actor, people }, query.cursor.map(ChangeId));
    let list = store.read(move |conn| changes::change_list(conn, &filter, cursor.as_ref(), limit + 1)).await?;
    Ok(ApiJson(Page::cut(list, limit, |change| change.id.as_str())))
}

/// Takes an edit back, exactly. An undo is an edit too, and can be taken back in turn.
#[utoipa::path(post, path = "/changes/{change}/undo", tag = "changes", operation_id = "change_undo", params(("change" = String, Path, description = "Id of the edit")), request_body = By, responses(
    (status = 201, body = Change),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Already undone, changed since, in use, or a secret that is not kept", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn undo(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<ChangeId>,
    ApiJson(by): ApiJson<By>,
) -> Result<(StatusCode, ApiJson<Change>), Problem> {
    let actor = caller.actor(by.user.as_deref())?;
    let asked = id.clone();
    let edit = store.read(move |conn| changes::change_get(conn, &asked)).await?;
    // Who may not furnish racks or admit people may not take that back either.
    let needed = edit.entity.permission();
    if !caller.may(needed) {
        return Err(Problem::forbidden(format!("taking this back needs the right `{}`", needed.as_str())));
    }
    let change = store.write(move |conn| changes::change_undo(conn, &id, &actor, config::now())).await?;
    Ok((StatusCode::CREATED, ApiJson(change)))
}
