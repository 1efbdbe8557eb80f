//! Whether the server works.

use axum::extract::State;
use models::db::meta;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{extract::ApiJson, problem::Problem, state::Store};

/// Health of the server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`
    status: &'static str,
    /// Version of the program.
    version: &'static str,
}

const OK: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "health", operation_id = "healthz", responses((status = 200, body = Health)))]
pub(crate) async fn healthz() -> ApiJson<Health> {
    ApiJson(OK)
}

/// The process can work: the database answers.
#[utoipa::path(get, path = "/readyz", tag = "health", operation_id = "readyz", responses(
    (status = 200, body = Health),
    (status = 503, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn readyz(State(store): State<Store>) -> Result<ApiJson<Health>, Problem> {
    store.read(meta::revision).await.map(|_| ApiJson(OK))
}
