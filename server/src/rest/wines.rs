//! Wines and vintages.

use axum::{extract::State, http::StatusCode};
use models::{
    db::wines,
    ids::WineId,
    wine::{self, NewWine, Vintage, Wine},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::page::{self, Page};
use crate::{
    config,
    extract::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
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

/// A change of a wine: all of it, and the revision that was seen.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct WineChange {
    /// The wine as it shall be.
    wine: NewWine,
    /// The revision that the change was made on.
    revision: i32,
}

/// A vintage to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVintage {
    /// Year of harvest, 1700 to 2200; none = NV.
    year: Option<i32>,
    /// First year of the drinking window.
    drink_from: Option<i32>,
    /// Last year of the drinking window.
    drink_to: Option<i32>,
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
#[utoipa::path(post, path = "/wines", tag = "wines", operation_id = "wine_create", request_body = NewWine, responses(
    (status = 201, body = Wine),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create(
    State(store): State<Store>,
    ApiJson(new): ApiJson<NewWine>,
) -> Result<(StatusCode, ApiJson<Wine>), Problem> {
    new.check()?;
    let wine = store.write(move |conn| wines::wine_insert(conn, &new, config::now())).await?;
    Ok((StatusCode::CREATED, ApiJson(wine)))
}

/// One wine with its vintages.
#[utoipa::path(get, path = "/wines/{wine}", tag = "wines", operation_id = "wine_get", params(("wine" = String, Path, description = "Id of the wine")), responses(
    (status = 200, body = WineDetail),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(
    State(store): State<Store>,
    ApiPath(id): ApiPath<WineId>,
) -> Result<ApiJson<WineDetail>, Problem> {
    let detail = store.read(move |conn| {
        Ok(WineDetail { wine: wines::wine_get(conn, &id)?, vintages: wines::vintage_list_of(conn, &id)? })
    });
    detail.await.map(ApiJson)
}

/// Changes a wine. 409 when somebody changed it since `revision`.
#[utoipa::path(put, path = "/wines/{wine}", tag = "wines", operation_id = "wine_update", params(("wine" = String, Path, description = "Id of the wine")), request_body = WineChange, responses(
    (status = 200, body = Wine),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn update(
    State(store): State<Store>,
    ApiPath(id): ApiPath<WineId>,
    ApiJson(change): ApiJson<WineChange>,
) -> Result<ApiJson<Wine>, Problem> {
    change.wine.check()?;
    store.write(move |conn| wines::wine_update(conn, &id, &change.wine, change.revision)).await.map(ApiJson)
}

/// Enters a vintage, or finds it where it is there already.
#[utoipa::path(post, path = "/wines/{wine}/vintages", tag = "wines", operation_id = "vintage_create", params(("wine" = String, Path, description = "Id of the wine")), request_body = NewVintage, responses(
    (status = 200, body = Vintage),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create_vintage(
    State(store): State<Store>,
    ApiPath(id): ApiPath<WineId>,
    ApiJson(new): ApiJson<NewVintage>,
) -> Result<ApiJson<Vintage>, Problem> {
    for (field, value) in [("year", new.year), ("drink_from", new.drink_from), ("drink_to", new.drink_to)] {
        wine::year(field, value)?;
    }
    store.write(move |conn| wines::vintage_ensure(conn, &id, new.year, new.drink_from, new.drink_to)).await.map(ApiJson)
}
