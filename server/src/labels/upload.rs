//! The form of `/label`, and the shots in a request.

use axum::{
    extract::{Multipart, State, multipart::MultipartError},
    response::{IntoResponse, Redirect, Response},
};

use super::{MOST_SHOTS, read_all};
use crate::{access::Caller, extract::ApiParts, problem::Problem, state::AppState};

/// The pictures of a request: its parts named `shot`, in their order.
pub(crate) async fn shots(form: &mut Multipart) -> Result<Vec<Vec<u8>>, Problem> {
    let unreadable = |error: MultipartError| {
        if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            return Problem::too_large();
        }
        Problem::field("shot", error.body_text())
    };
    let mut shots = Vec::new();
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        if part.name() != Some("shot") {
            continue;
        }
        let bytes = part.bytes().await.map_err(unreadable)?;
        // A browser sends an empty part for a field that was left alone.
        if bytes.is_empty() {
            continue;
        }
        if bytes.len() > labels::LARGEST_FILE {
            return Err(Problem::field(
                "shot",
                format!("has {} bytes; {} are allowed", bytes.len(), labels::LARGEST_FILE),
            ));
        }
        if shots.len() == MOST_SHOTS {
            return Err(Problem::field("shot", format!("comes more than {MOST_SHOTS} times")));
        }
        shots.push(bytes.to_vec());
    }
    Ok(shots)
}

/// Takes the form of `/label` and goes on to what was read.
pub(crate) async fn receive(State(state): State<AppState>, caller: Caller, ApiParts(mut form): ApiParts) -> Response {
    match kept(&state, &caller, &mut form).await {
        Ok(id) => Redirect::to(&format!("/label?read={id}")).into_response(),
        Err(problem) => Redirect::to(&format!("/label{}", app::forms::query(&problem.detail, &[]))).into_response(),
    }
}

async fn kept(state: &AppState, caller: &Caller, form: &mut Multipart) -> Result<String, Problem> {
    let shots = shots(form).await?;
    let address = caller.address.map(|address| address.to_string()).unwrap_or_default();
    let reading = read_all(state, &address, shots).await?;
    let text = serde_json::to_vec(&reading).map_err(|error| {
        tracing::error!(%error, "a reading cannot be written down");
        Problem::internal()
    })?;
    crate::uploads::kept(state, "label".to_owned(), text).await
}
