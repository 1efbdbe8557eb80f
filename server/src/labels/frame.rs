//! A frame of a screen's camera: is there a code in it?

use axum::{
    body::to_bytes,
    extract::{Request, State},
};
use labels::codes::Code;
use serde::Serialize;

use super::{
    is_ours,
    upload::{Shots, in_time},
};
use crate::{access::Caller, extract::ApiJson, problem::Problem, state::AppState};

/// Largest frame, in bytes: 1280 pixels make some 200,000.
pub(crate) const LARGEST_FRAME: usize = 2 * 1024 * 1024;

/// What was found.
#[derive(Serialize)]
pub(crate) struct Found {
    /// A code of ours or a barcode; what others wrote into a QR code leads nowhere and is not told.
    code: Option<String>,
}

/// Looks for a code in the JPEG that is sent.
pub(crate) async fn look(
    State(state): State<AppState>,
    caller: Caller,
    request: Request,
) -> Result<ApiJson<Found>, Problem> {
    let body = async { to_bytes(request.into_body(), LARGEST_FRAME).await.map_err(|_| Problem::too_large()) };
    let frame = in_time(body).await?;
    let place = state.reading.admit_frame(&caller)?;
    let codes = state.reading.codes_of(place, Shots::of(&frame)?).await?;
    let known = |code: Code| match code {
        Code::Barcode(digits) => Some(digits),
        Code::Qr(text) => is_ours(&Code::Qr(text.clone())).then_some(text),
    };
    Ok(ApiJson(Found { code: codes.into_iter().find_map(known) }))
}
