//! The catalogue: lists of wines that one need not own.

use axum::{body::Bytes, extract::State, http::StatusCode};
use models::{
    db::listed,
    import::listed::wines,
    listed::{CatalogueList, CatalogueMatch, check_name},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::page;
use crate::{
    access::Caller,
    config,
    extract::{ApiJson, ApiPath, ApiQuery},
    labels,
    problem::Problem,
    state::Store,
};

/// What is said of the file beside its bytes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Name of the list, 1 to 100 characters; a list of that name is replaced.
    #[param(min_length = 1, max_length = 100)]
    name: String,
}

/// Which wines.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WineQuery {
    /// Words of producer and name; they may be misspelt, or begun with three letters or more.
    #[serde(default)]
    search: String,
    /// Wines, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// The lists of the catalogue, by name. A label is looked up in them after the cellar's own wines.
#[utoipa::path(get, path = "/catalogue", tag = "wines", operation_id = "catalogue_list", responses((status = 200, body = Vec<CatalogueList>)))]
pub(crate) async fn list(State(store): State<Store>) -> Result<ApiJson<Vec<CatalogueList>>, Problem> {
    store.read(listed::catalogue_lists).await.map(ApiJson)
}

/// Brings a list of wines into the catalogue, whole or not at all. The body is a CSV file of at most 32 MiB (the command
/// `winecellar catalogue import` takes 256) with the columns of X-Wines (`WineName`, `WineryName`, `Type`, and `Country`, `RegionName`, `Grapes`, `ABV`)
/// or of this program's export (`producer`, `wine`, `colour` …).
#[utoipa::path(post, path = "/catalogue", tag = "wines", operation_id = "catalogue_import", params(ListQuery), request_body(content = String, content_type = "text/csv"), responses(
    (status = 201, body = CatalogueList),
    (status = 413, description = "The file is larger than 32 MiB"),
    (status = 422, description = "The file cannot be used; the detail names line, column and cure", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn import(
    State(store): State<Store>,
    caller: Caller,
    ApiQuery(query): ApiQuery<ListQuery>,
    body: Bytes,
) -> Result<(StatusCode, ApiJson<CatalogueList>), Problem> {
    check_name(&query.name)?;
    let actor = caller.actor(None)?;
    let wines = tokio::task::spawn_blocking(move || wines(&body)).await??;
    let made =
        store.write_much(move |conn| listed::catalogue_put(conn, &query.name, &wines, &actor, config::now())).await?;
    Ok((StatusCode::CREATED, ApiJson(made)))
}

/// Takes a list out of the catalogue. Wines that were entered from it stay.
#[utoipa::path(delete, path = "/catalogue/{list}", tag = "wines", operation_id = "catalogue_remove", params(("list" = String, Path, description = "Id of the list")), responses(
    (status = 204, description = "Removed"),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn remove(
    State(store): State<Store>,
    _: Caller,
    ApiPath(list): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    store.write_much(move |conn| listed::catalogue_remove(conn, &list)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Wines of the catalogue by words of their producer and name, likeliest first.
#[utoipa::path(get, path = "/catalogue/wines", tag = "wines", operation_id = "catalogue_search", params(WineQuery), responses((status = 200, body = Vec<CatalogueMatch>)))]
pub(crate) async fn search(
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<WineQuery>,
) -> Result<ApiJson<Vec<CatalogueMatch>>, Problem> {
    let most = usize::try_from(page::limit(query.limit)?).unwrap_or_default();
    let text: String = query.search.chars().take(200).collect();
    store.read(move |conn| labels::listed::typed(conn, &text, most)).await.map(ApiJson)
}
