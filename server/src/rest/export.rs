//! The whole book as CSV, JSON and a wine list.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use models::db::{book, export};

use crate::{config, problem::Problem, state::Store};

/// A file to be kept under a name.
pub(super) fn file(kind: &'static str, name: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

/// Every bottle, one line each, also those that have left. No cell is a formula for a spreadsheet: one that would be has
/// an apostrophe in front, which the import takes off again.
#[utoipa::path(get, path = "/export.csv", tag = "export", operation_id = "export_csv", responses(
    (status = 200, description = "UTF-8, comma, CRLF", body = String, content_type = "text/csv")
))]
pub(crate) async fn csv(State(store): State<Store>) -> Result<Response, Problem> {
    let bytes = store.read(export::export_csv).await?;
    Ok(file("text/csv; charset=utf-8", "winecellar.csv", bytes))
}

/// All of the book: racks, bins, wines, vintages, windows, bottles, movements, notes, wishes. Brought into an empty
/// cellar by `winecellar import` it gives the same book.
#[utoipa::path(get, path = "/export.json", tag = "export", operation_id = "export_json", responses(
    (status = 200, description = "The book, `kind` winecellar-book, `version` 1", body = serde_json::Value, content_type = "application/json")
))]
pub(crate) async fn json(State(store): State<Store>) -> Result<Response, Problem> {
    let bytes = store.read(|conn| book::book_get(conn)?.to_json()).await?;
    Ok(file("application/json", "winecellar.json", bytes))
}

/// What is in the cellar as a wine list to print (A4).
#[utoipa::path(get, path = "/export.pdf", tag = "export", operation_id = "export_pdf", responses(
    (status = 200, description = "The list", body = Vec<u8>, content_type = "application/pdf")
))]
pub(crate) async fn pdf(State(store): State<Store>) -> Result<Response, Problem> {
    let lines = store.read(export::list_lines).await?;
    let made = tokio::task::spawn_blocking(move || crate::wine_list::pdf(&lines, config::now())).await?;
    let bytes = made.map_err(|error| {
        tracing::error!(%error, "the wine list failed");
        Problem::unavailable("the wine list cannot be made; the server's log says why")
    })?;
    Ok(file("application/pdf", "wine-list.pdf", bytes))
}
