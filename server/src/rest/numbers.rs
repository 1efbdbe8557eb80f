//! The cellar in numbers.

use axum::extract::State;
use models::numbers::Numbers;

use crate::{config, extract::ApiJson, problem::Problem, state::Store};

/// Bottles and what they cost by month, what lies here, what is ready and forgotten. Undone movements count as if they
/// had never been; currencies are never added up.
#[utoipa::path(get, path = "/numbers", tag = "numbers", operation_id = "numbers_get", responses(
    (status = 200, body = Numbers),
    (status = 503, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(
    State(store): State<Store>,
    State(app): State<app::ctx::AppCtx>,
) -> Result<ApiJson<Numbers>, Problem> {
    let numbers = store.read(move |conn| app.numbers.numbers_get(conn, config::now())).await?;
    Ok(ApiJson((*numbers).clone()))
}
