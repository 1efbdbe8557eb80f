//! Labels: photos become a wine.

use axum::extract::State;
use utoipa::ToSchema;

use crate::{
    access::Caller,
    extract::{ApiJson, ApiParts},
    labels::{LabelReading, read_all},
    problem::Problem,
    state::AppState,
};

/// The shots of one bottle.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its documentation is used")]
pub(crate) struct LabelShots {
    /// JPEG, PNG or WebP pictures of at most 12 MiB and 40 million pixels each. One to four parts of this
    /// name, the front label first.
    #[schema(value_type = String, format = Binary)]
    shot: Vec<u8>,
}

/// Reads the label and the codes on one to four shots of a bottle, and names the wines of the cellar that it may be. Nothing
/// is entered. The shots are not kept. They are read on this machine, or sent to Google Cloud Vision where the owner has set that: `reader` says
/// which it was. Twenty readings a minute are allowed.
#[utoipa::path(post, path = "/labels:parse", tag = "wines", operation_id = "label_parse", request_body(content = LabelShots, content_type = "multipart/form-data"), responses(
    (status = 200, body = LabelReading),
    (status = 413, description = "The shots are too large", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A shot is no picture, or too large; the detail says which bound", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many labels from here", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "No reader is set up, it is busy, or Google has not read and this machine cannot; the detail says why, `wait` when to ask again", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn parse(
    State(state): State<AppState>,
    caller: Caller,
    ApiParts(mut form): ApiParts,
) -> Result<ApiJson<LabelReading>, Problem> {
    Ok(ApiJson(read_all(&state, &caller, &mut form).await?.reading))
}
