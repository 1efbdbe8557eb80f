//! Motion before the rack, as a camera or Home Assistant tells it.

use axum::{extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{access::Caller, extract::ApiJson, motion::Motion};

/// What comes of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MotionTaken {
    /// Seconds until the rack is looked at, if nothing more moves.
    scan_in: u64,
}

/// Tells that something moves before the rack: when it has been quiet for a while the rack is scanned. A body may be sent and is
/// not read, so that any camera's message will do.
#[utoipa::path(post, path = "/motion", tag = "scans", operation_id = "motion", responses((status = 202, description = "Taken note of", body = MotionTaken, example = json!({"scan_in": 60}))))]
pub(crate) async fn notice(State(motion): State<Motion>, caller: Caller) -> (StatusCode, ApiJson<MotionTaken>) {
    (StatusCode::ACCEPTED, ApiJson(MotionTaken { scan_in: motion.seen(&caller.name) }))
}
