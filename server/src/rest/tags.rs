//! Tags.

use axum::extract::State;
use models::db::wines;

use crate::{extract::ApiJson, problem::Problem, state::Store};

/// All tags in use, sorted. A wine's tags are changed with the wine.
#[utoipa::path(get, path = "/tags", tag = "wines", operation_id = "tag_list", responses((status = 200, body = Vec<String>)))]
pub(crate) async fn list(State(store): State<Store>) -> Result<ApiJson<Vec<String>>, Problem> {
    store.read(wines::tag_list).await.map(ApiJson)
}
