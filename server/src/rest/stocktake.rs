//! How far the book can be trusted, bin by bin, and counting a bin by hand.

use axum::extract::State;
use models::{
    db::stocktake,
    ids::BinId,
    movement::Movement,
    trust::{BinTrust, Stocktake},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::Caller,
    config,
    extract::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    state::Store,
};

/// Which bins.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TrustQuery {
    /// Only those at which somebody should look.
    #[serde(default)]
    doubtful: bool,
}

/// What lies in a bin.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(crate) struct CountBody {
    /// What was found.
    #[serde(flatten)]
    found: Stocktake,
    /// Who says so; `api` when absent.
    user: Option<String>,
}

/// Every bin in use: when it was last found as the book says, through what, and why somebody should look.
#[utoipa::path(get, path = "/stocktake", tag = "bins", operation_id = "stocktake_list", params(TrustQuery), responses((status = 200, body = Vec<BinTrust>)))]
pub(crate) async fn list(
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<TrustQuery>,
) -> Result<ApiJson<Vec<BinTrust>>, Problem> {
    let mut bins = store.read(|conn| stocktake::trust_list(conn, config::now())).await?;
    bins.retain(|bin| !query.doubtful || bin.doubt.is_some());
    Ok(ApiJson(bins))
}

/// Makes the book say what a person finds in a bin, in one transaction; returns the movements that were needed, which are undone
/// at one go. What was asked about the bin is settled.
#[utoipa::path(post, path = "/bins/{bin}/count", tag = "bins", operation_id = "bin_count", params(("bin" = String, Path, description = "Name, such as 03_03")), request_body = CountBody, responses(
    (status = 200, body = Vec<Movement>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn count(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(bin): ApiPath<BinId>,
    ApiJson(body): ApiJson<CountBody>,
) -> Result<ApiJson<Vec<Movement>>, Problem> {
    let actor = caller.actor(body.user.as_deref())?;
    store.write(move |conn| stocktake::bin_count(conn, &bin, &body.found, &actor, config::now())).await.map(ApiJson)
}
