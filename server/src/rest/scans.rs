//! Scans and readings.

use axum::{extract::State, http::StatusCode};
use models::{
    db::scans,
    ids::ScanId,
    scan::{Reading, Scan},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::page::{self, Page};
use crate::{
    extract::{ApiJson, ApiPath, ApiQuery},
    idempotency,
    problem::Problem,
    state::{AppState, Store},
};

/// Which scans.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ScanQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items per page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Scans, newest first.
#[utoipa::path(get, path = "/scans", tag = "scans", operation_id = "scan_list", params(ScanQuery), responses(
    (status = 200, body = Page<Scan>),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn list(
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<ScanQuery>,
) -> Result<ApiJson<Page<Scan>>, Problem> {
    let limit = page::limit(query.limit)?;
    let cursor = query.cursor.map(ScanId);
    let list = store.read(move |conn| scans::scan_list(conn, cursor.as_ref(), limit + 1)).await?;
    Ok(ApiJson(Page::cut(list, limit, |scan| scan.id.as_str())))
}

/// Starts a scan now. It runs in the background; /events tells when it ends.
#[utoipa::path(post, path = "/scans", tag = "scans", operation_id = "scan_start", responses(
    (status = 202, description = "Started"),
    (status = 409, description = "One is running already, or no camera is named", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn start(State(state): State<AppState>) -> Result<StatusCode, Problem> {
    let start = state.app.start_scan.clone();
    tokio::task::spawn_blocking(move || start()).await?.map_err(Problem::scan_running)?;
    if idempotency::current().is_some() {
        // Starting writes nothing by itself; this notes the key, so that the request sent again starts no second scan.
        state.store.write(|_| Ok(())).await?;
    }
    Ok(StatusCode::ACCEPTED)
}

/// One scan.
#[utoipa::path(get, path = "/scans/{scan}", tag = "scans", operation_id = "scan_get", params(("scan" = String, Path, description = "Id of the scan")), responses(
    (status = 200, body = Scan),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(State(store): State<Store>, ApiPath(id): ApiPath<ScanId>) -> Result<ApiJson<Scan>, Problem> {
    store.read(move |conn| scans::scan_get(conn, &id)).await.map(ApiJson)
}

/// What a scan saw in each bin.
#[utoipa::path(get, path = "/scans/{scan}/readings", tag = "scans", operation_id = "reading_list", params(("scan" = String, Path, description = "Id of the scan")), responses(
    (status = 200, body = Vec<Reading>),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn readings(
    State(store): State<Store>,
    ApiPath(id): ApiPath<ScanId>,
) -> Result<ApiJson<Vec<Reading>>, Problem> {
    let list = store.read(move |conn| {
        scans::scan_get(conn, &id)?;
        scans::reading_list(conn, &id)
    });
    list.await.map(ApiJson)
}

/// What the last scan saw; empty where there was none.
#[utoipa::path(get, path = "/readings", tag = "scans", operation_id = "reading_list_last", responses((status = 200, body = Vec<Reading>)))]
pub(crate) async fn last_readings(State(store): State<Store>) -> Result<ApiJson<Vec<Reading>>, Problem> {
    let list = store.read(|conn| match scans::scan_last(conn)? {
        Some(scan) => scans::reading_list(conn, &scan.id),
        None => Ok(Vec::new()),
    });
    list.await.map(ApiJson)
}
