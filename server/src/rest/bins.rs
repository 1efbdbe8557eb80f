//! Bins.

use axum::extract::State;
use chrono::Datelike;
use models::{
    bin::{Bin, BinSummary},
    bottle::{BottleStatus, BottleView},
    db::{
        bottles::{self, BottleFilter},
        racks,
    },
    ids::BinId,
};

use crate::{
    config,
    extract::{ApiJson, ApiPath},
    problem::Problem,
    state::Store,
};

/// Book and camera of every bin, ordered by name.
#[utoipa::path(get, path = "/bins/summary", tag = "bins", operation_id = "bin_summary", responses(
    (status = 200, body = Vec<BinSummary>),
    (status = 503, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn summary(State(store): State<Store>) -> Result<ApiJson<Vec<BinSummary>>, Problem> {
    store.read(racks::bin_summary).await.map(ApiJson)
}

/// Every bin with its outline.
#[utoipa::path(get, path = "/bins", tag = "bins", operation_id = "bin_list", responses((status = 200, body = Vec<Bin>)))]
pub(crate) async fn list(State(store): State<Store>) -> Result<ApiJson<Vec<Bin>>, Problem> {
    store.read(racks::bin_list).await.map(ApiJson)
}

/// One bin.
#[utoipa::path(get, path = "/bins/{bin}", tag = "bins", operation_id = "bin_get", params(("bin" = String, Path, description = "Name, such as 03_03")), responses(
    (status = 200, body = Bin),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(State(store): State<Store>, ApiPath(bin): ApiPath<BinId>) -> Result<ApiJson<Bin>, Problem> {
    store.read(move |conn| racks::bin_get(conn, &bin)).await.map(ApiJson)
}

/// The bottles that lie in a bin by the book.
#[utoipa::path(get, path = "/bins/{bin}/wines", tag = "bins", operation_id = "bin_wines", params(("bin" = String, Path, description = "Name, such as 03_03")), responses(
    (status = 200, body = Vec<BottleView>),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn wines(
    State(store): State<Store>,
    ApiPath(bin): ApiPath<BinId>,
) -> Result<ApiJson<Vec<BottleView>>, Problem> {
    let year = config::now().year();
    let list = store.read(move |conn| {
        let capacity = i64::from(racks::bin_get(conn, &bin)?.capacity);
        let filter = BottleFilter { bin: Some(bin), status: Some(BottleStatus::InCellar), ..BottleFilter::default() };
        bottles::bottle_list(conn, &filter, None, capacity.max(200), year)
    });
    list.await.map(ApiJson)
}
