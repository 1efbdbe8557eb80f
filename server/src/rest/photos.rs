//! The photo of the label that is kept with a vintage.

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use models::{db::vintages::vintage_get, ids::VintageId};

use crate::{
    access::Caller,
    extract::ApiPath,
    labels::{
        Photos, photos,
        upload::{Shots, in_time},
    },
    media,
    problem::Problem,
    state::AppState,
};

/// The photo of a vintage's label, a JPEG of at most 1200 pixels.
#[utoipa::path(get, path = "/vintages/{vintage}/photo", tag = "wines", operation_id = "vintage_photo_get", params(("vintage" = String, Path, description = "Id of the vintage")), responses(
    (status = 200, description = "The photo", body = Vec<u8>, content_type = "image/jpeg"),
    (status = 404, description = "There is no such vintage, or it has no photo", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(
    State(state): State<AppState>,
    ApiPath(vintage): ApiPath<VintageId>,
) -> Result<Response, Problem> {
    media::label(State(state.data), ApiPath(format!("{vintage}.jpg"))).await
}

/// Keeps a photo of the label with a vintage, in place of the one before: a JPEG, PNG or WebP picture of at most 12 MiB and
/// 40 million pixels. It is turned as its camera says, made smaller, and what the camera wrote beside it is left out.
/// Counts as a reading: twenty a minute are allowed.
#[utoipa::path(put, path = "/vintages/{vintage}/photo", tag = "wines", operation_id = "vintage_photo_put", params(("vintage" = String, Path, description = "Id of the vintage")), request_body(content = Vec<u8>, content_type = "image/jpeg"), responses(
    (status = 204, description = "Kept"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "The photo is too large", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "It is no picture, or too large; the detail says which bound", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many from here", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "Other labels are being read", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn put(
    State(state): State<AppState>,
    caller: Caller,
    ApiPath(vintage): ApiPath<VintageId>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let of = vintage.clone();
    state.store.read(move |conn| vintage_get(conn, &of)).await?;
    let place = state.reading.admit(&caller)?;
    let body = async { to_bytes(request.into_body(), labels::LARGEST_FILE).await.map_err(|_| Problem::too_large()) };
    let body = in_time(body).await?;
    let jpeg = state.reading.photo(place, Shots::of(&body)?).await?;
    photos::keep(&state.store, &Photos::of(&state.data), vintage, jpeg).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the photo of a vintage's label away.
#[utoipa::path(delete, path = "/vintages/{vintage}/photo", tag = "wines", operation_id = "vintage_photo_delete", params(("vintage" = String, Path, description = "Id of the vintage")), responses(
    (status = 204, description = "Gone"),
    (status = 404, description = "There is no such vintage, or it has no photo", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    ApiPath(vintage): ApiPath<VintageId>,
) -> Result<StatusCode, Problem> {
    match photos::remove(&state.store, &Photos::of(&state.data), vintage).await? {
        (_, true) => Ok(StatusCode::NO_CONTENT),
        (_, false) => Err(Problem::not_found("this vintage has no photo")),
    }
}
