//! What the pages of calibration send without a script: going back to a version, and taking a shift over.

use axum::{Router, extract::State, response::Response, routing::post};
use models::{
    db::racks,
    ids::{CalibrationId, RackId},
};
use serde::Deserialize;

use super::{accept, must_calibrate, with_picture};
use crate::{
    access::{Caller, forms::Fields, guard::see},
    config,
    problem::Problem,
    state::AppState,
};

/// The routes.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/calibrate/restore", post(restore)).route("/calibrate/shift", post(shift))
}

#[derive(Deserialize)]
struct Restore {
    calibration: CalibrationId,
    rack: RackId,
}

#[derive(Deserialize)]
struct Shift {
    rack: RackId,
    scan: String,
}

/// A rack's page, told what came of it by a word.
fn told(rack: &RackId, page: &str, word: &str) -> Response {
    // An id that came with the form is no address.
    let known = rack.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    see(&if known { format!("/calibrate/{rack}/{page}?{word}") } else { "/calibrate".to_owned() })
}

async fn restore(
    State(state): State<AppState>,
    caller: Caller,
    Fields(asked): Fields<Restore>,
) -> Result<Response, Problem> {
    if must_calibrate(&caller, &state.store).await.is_err() {
        return Ok(told(&asked.rack, "versions", "refused=rights"));
    }
    let actor = caller.acting();
    Ok(match super::restore(&state, asked.calibration, actor).await {
        Ok((_, version)) => told(&asked.rack, "versions", &format!("done={}", version.number)),
        Err(problem) if problem.field.is_some() => told(&asked.rack, "versions", "refused=bottles"),
        Err(problem) => return Err(problem),
    })
}

async fn shift(
    State(state): State<AppState>,
    caller: Caller,
    Fields(asked): Fields<Shift>,
) -> Result<Response, Problem> {
    if must_calibrate(&caller, &state.store).await.is_err() {
        return Ok(told(&asked.rack, "shift", "refused=rights"));
    }
    let actor = caller.acting();
    let id = asked.rack.clone();
    let rack = state.store.read(move |conn| racks::rack_get(conn, &id)).await?;
    let (db, data) = (state.store.0.clone(), state.data.clone());
    let done = with_picture(move || accept(&db, &data, &rack, &asked.scan, &actor, config::now())).await;
    Ok(match done {
        Ok(version) => told(&asked.rack, "versions", &format!("done={}", version.number)),
        Err(problem) if problem.field.is_some() => told(&asked.rack, "shift", "refused=shift"),
        Err(problem) => return Err(problem),
    })
}
