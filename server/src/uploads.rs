//! Files that a person has chosen on the import page. They wait in the data folder until they are imported; what waits
//! longer than a day is thrown away.

use std::{path::Path, time::Duration};

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use models::db::new_id;

use crate::{access::Caller, extract::ApiParts, problem::Problem, state::AppState};

const KEPT: Duration = Duration::from_secs(24 * 3600);

/// Takes the form of `/import` and goes on to its preview.
pub(crate) async fn receive(
    State(state): State<AppState>,
    _: Caller,
    ApiParts(mut form): ApiParts,
) -> Result<Response, Problem> {
    let unreadable = |error: axum::extract::multipart::MultipartError| Problem::field("file", error.body_text());
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        if part.name() != Some("file") {
            continue;
        }
        let name: String = part.file_name().unwrap_or("file").chars().filter(|c| !c.is_control()).take(200).collect();
        let bytes = part.bytes().await.map_err(unreadable)?;
        if bytes.is_empty() {
            return Ok(Redirect::to("/import?empty=1").into_response());
        }
        let id = kept(&state, name, bytes.into()).await?;
        return Ok(Redirect::to(&format!("/import?upload={id}")).into_response());
    }
    Ok(Redirect::to("/import?empty=1").into_response())
}

/// Keeps it until a person has said what to do with it; the id under which it waits.
pub(crate) async fn kept(state: &AppState, name: String, bytes: Vec<u8>) -> Result<String, Problem> {
    let (id, folder) = (new_id(), state.data.uploads());
    let kept = id.clone();
    tokio::task::spawn_blocking(move || keep(&folder, &kept, &name, &bytes)).await?.map_err(|error| {
        tracing::error!(%error, "an upload cannot be kept");
        Problem::unavailable("the file cannot be kept: is the data folder writable, and is there room?")
    })?;
    Ok(id)
}

/// Writes the file under its id, its name beside it.
fn keep(folder: &Path, id: &str, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for entry in std::fs::read_dir(folder)?.filter_map(Result::ok) {
        let age = entry.metadata().and_then(|meta| meta.modified()).ok().and_then(|at| at.elapsed().ok());
        if age.is_some_and(|age| age > KEPT) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    std::fs::write(folder.join(format!("{id}.name")), name)?;
    let part = folder.join(format!("{id}.part"));
    std::fs::write(&part, bytes)?;
    std::fs::rename(part, folder.join(format!("{id}.file")))
}
