//! The wish list.

use axum::{extract::State, http::StatusCode};
use models::{
    db::wishes,
    ids::WishId,
    wish::{Wish, WishFacts, WishState},
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

/// Which wishes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WishQuery {
    /// `open`, `bought` or `dropped`; all when absent.
    #[param(inline)]
    state: Option<WishState>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items per page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Wishes, the pressing ones first.
#[utoipa::path(get, path = "/wishes", tag = "wishes", operation_id = "wish_list", params(WishQuery), responses((status = 200, body = Page<Wish>)))]
pub(crate) async fn list(
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<WishQuery>,
) -> Result<ApiJson<Page<Wish>>, Problem> {
    let limit = page::limit(query.limit)?;
    let cursor = query.cursor.map(WishId);
    let list = store.read(move |conn| wishes::wish_list(conn, query.state, cursor.as_ref(), limit + 1)).await?;
    Ok(ApiJson(Page::cut(list, limit, |wish| wish.id.as_str())))
}

/// Enters a wish.
#[utoipa::path(post, path = "/wishes", tag = "wishes", operation_id = "wish_create", request_body = WishFacts, responses((status = 201, body = Wish)))]
pub(crate) async fn create(
    State(store): State<Store>,
    caller: Caller,
    ApiJson(facts): ApiJson<WishFacts>,
) -> Result<(StatusCode, Tagged<Wish>), Problem> {
    let actor = caller.actor(None)?;
    let wish = store.write(move |conn| wishes::wish_insert(conn, &facts, &actor, config::now())).await?;
    Ok((StatusCode::CREATED, Tagged(wish.revision, wish)))
}

/// One wish.
#[utoipa::path(get, path = "/wishes/{wish}", tag = "wishes", operation_id = "wish_get", params(("wish" = String, Path, description = "Id of the wish")), responses(
    (status = 200, body = Wish, headers(("ETag" = String, description = "The revision, for If-Match"))),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(State(store): State<Store>, ApiPath(id): ApiPath<WishId>) -> Result<Tagged<Wish>, Problem> {
    let wish = store.read(move |conn| wishes::wish_get(conn, &id)).await?;
    Ok(Tagged(wish.revision, wish))
}

/// Changes a wish: all of it. Bought and dropped are states of it.
#[utoipa::path(put, path = "/wishes/{wish}", tag = "wishes", operation_id = "wish_update", params(("wish" = String, Path, description = "Id of the wish")), request_body = WishFacts, responses(
    (status = 200, body = Wish, headers(("ETag" = String, description = "The new revision"))),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has changed it since; the detail says who and what", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn update(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<WishId>,
    IfMatch(revision): IfMatch,
    ApiJson(facts): ApiJson<WishFacts>,
) -> Result<Tagged<Wish>, Problem> {
    let actor = caller.actor(None)?;
    let wish = store.write(move |conn| wishes::wish_update(conn, &id, &facts, revision, &actor, config::now())).await?;
    Ok(Tagged(wish.revision, wish))
}

/// Removes a wish; the journal of edits can bring it back.
#[utoipa::path(delete, path = "/wishes/{wish}", tag = "wishes", operation_id = "wish_delete", params(("wish" = String, Path, description = "Id of the wish")), responses(
    (status = 204, description = "Done"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn delete(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<WishId>,
    IfMatch(revision): IfMatch,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor(None)?;
    store.write(move |conn| wishes::wish_delete(conn, &id, revision, &actor, config::now())).await?;
    Ok(StatusCode::NO_CONTENT)
}
