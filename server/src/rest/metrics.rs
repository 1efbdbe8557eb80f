//! /metrics, for Prometheus.

use axum::{extract::State, http::header, response::IntoResponse};

use crate::{
    problem::Problem,
    watch::{Look, metrics},
};

/// How the box is, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health", operation_id = "metrics", responses(
    (status = 200, body = String, content_type = "text/plain", description = "Prometheus text format 0.0.4",
        example = json!("# HELP winecellar_database_up Whether the database answers.\n# TYPE winecellar_database_up gauge\nwinecellar_database_up 1\n"))
))]
pub(crate) async fn metrics(State(look): State<Look>) -> Result<impl IntoResponse, Problem> {
    let seen = tokio::task::spawn_blocking(move || metrics::text(&look.now())).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], seen))
}
