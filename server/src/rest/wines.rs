//! Wines and vintages.

use axum::{extract::State, http::StatusCode};
use models::{
    db::{vintages, wines},
    ids::WineId,
    wine::{Vintage, Wine, WineFacts},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::page::{self, Page};
use crate::{
    access::Caller,
    config,
    extract::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    revision::{IfMatch, Tagged},
    state::Store,
};

/// Which wines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WineQuery {
    /// Words of producer, name or origin.
    search: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items per page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// A wine with its vintages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WineDetail {
    /// The wine.
    wine: Wine,
    /// Its vintages, oldest first.
    vintages: Vec<Vintage>,
}

/// Wines, oldest entry first.
#[utoipa::path(get, path = "/wines", tag = "wines", operation_id = "wine_list", params(WineQuery), responses(
    (status = 200, body = Page<Wine>),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn list(
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<WineQuery>,
) -> Result<ApiJson<Page<Wine>>, Problem> {
    let limit = page::limit(query.limit)?;
    let cursor = query.cursor.map(WineId);
    let wines =
        store.read(move |conn| wines::wine_list(conn, query.search.as_deref(), cursor.as_ref(), limit + 1)).await?;
    Ok(ApiJson(Page::cut(wines, limit, |wine| wine.id.as_str())))
}

/// Enters a wine.
#[utoipa::path(post, path = "/wines", tag = "wines", operation_id = "wine_create", request_body = WineFacts, responses(
    (status = 201, body = Wine),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create(
    State(store): State<Store>,
    caller: Caller,
    ApiJson(facts): ApiJson<WineFacts>,
) -> Result<(StatusCode, Tagged<Wine>), Problem> {
    let actor = caller.actor(None)?;
    let wine = store.write(move |conn| wines::wine_insert(conn, &facts, &actor, config::now())).await?;
    Ok((StatusCode::CREATED, Tagged(wine.revision, wine)))
}

/// One wine with its vintages. The `ETag` is the wine's revision.
#[utoipa::path(get, path = "/wines/{wine}", tag = "wines", operation_id = "wine_get", params(("wine" = String, Path, description = "Id of the wine")), responses(
    (status = 200, body = WineDetail, headers(("ETag" = String, description = "The revision, for If-Match"))),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(
    State(store): State<Store>,
    ApiPath(id): ApiPath<WineId>,
) -> Result<Tagged<WineDetail>, Problem> {
    let detail = store.read(move |conn| {
        Ok(WineDetail { wine: wines::wine_get(conn, &id)?, vintages: vintages::vintage_list_of(conn, &id)? })
    });
    detail.await.map(|detail| Tagged(detail.wine.revision, detail))
}

/// Changes a wine: all of it.
#[utoipa::path(put, path = "/wines/{wine}", tag = "wines", operation_id = "wine_update", params(("wine" = String, Path, description = "Id of the wine")), request_body = WineFacts, responses(
    (status = 200, body = Wine, headers(("ETag" = String, description = "The new revision"))),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has changed it since; the detail says who and what", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 428, description = "If-Match is missing", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn update(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<WineId>,
    IfMatch(revision): IfMatch,
    ApiJson(facts): ApiJson<WineFacts>,
) -> Result<Tagged<Wine>, Problem> {
    let actor = caller.actor(None)?;
    let wine = store.write(move |conn| wines::wine_update(conn, &id, &facts, revision, &actor, config::now())).await?;
    Ok(Tagged(wine.revision, wine))
}

/// Takes a wine out of the lists; the journal of edits can bring it back.
#[utoipa::path(delete, path = "/wines/{wine}", tag = "wines", operation_id = "wine_archive", params(("wine" = String, Path, description = "Id of the wine")), responses(
    (status = 204, description = "Done"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Bottles of it are in the cellar", body = Problem, content_type = "application/problem+json"),
    (status = 412, body = Problem, content_type = "application/problem+json"),
    (status = 428, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn archive(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<WineId>,
    IfMatch(revision): IfMatch,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor(None)?;
    store.write(move |conn| wines::wine_archive(conn, &id, revision, &actor, config::now())).await?;
    Ok(StatusCode::NO_CONTENT)
}
