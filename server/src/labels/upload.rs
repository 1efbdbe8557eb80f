//! The form of `/label`, and the shots in a request.

use std::{fs::File, io::Write};

use axum::{
    extract::{Multipart, State, multipart::MultipartError},
    response::{IntoResponse, Redirect, Response},
};
use rustix::fs::{MemfdFlags, memfd_create};

use super::{MOST_SHOTS, read_all};
use crate::{access::Caller, extract::ApiParts, problem::Problem, state::AppState};

/// Shots on their way to the process that reads them: in a file without a name, which is gone with the last who holds it,
/// each after its length.
pub(crate) struct Shots {
    file: File,
    count: usize,
}

impl Shots {
    fn none() -> std::io::Result<Self> {
        Ok(Self { file: File::from(memfd_create("shots", MemfdFlags::CLOEXEC)?), count: 0 })
    }

    fn push(&mut self, shot: &[u8]) -> std::io::Result<()> {
        self.count += 1;
        self.file.write_all(&(shot.len() as u64).to_le_bytes())?;
        self.file.write_all(shot)
    }

    /// The file, ready to be read from its beginning, by one at a time; without a shot there is none.
    pub(super) fn file(&self) -> Result<File, Problem> {
        use std::io::Seek;
        if self.count == 0 {
            return Err(Problem::field(
                "shot",
                "there is no picture: send one to four parts named `shot`, the front first",
            ));
        }
        let mut file = self.file.try_clone().map_err(full)?;
        file.rewind().map_err(full)?;
        Ok(file)
    }
}

fn full(error: std::io::Error) -> Problem {
    tracing::error!(%error, "the shots of a label cannot be passed on");
    Problem::unavailable("the shots cannot be kept: is there memory?")
}

/// The pictures of a request: its parts named `shot`, in their order.
pub(crate) async fn shots(form: &mut Multipart) -> Result<Shots, Problem> {
    let unreadable = |error: MultipartError| {
        if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            return Problem::too_large();
        }
        Problem::field("shot", error.body_text())
    };
    let mut shots = Shots::none().map_err(full)?;
    while let Some(mut part) = form.next_field().await.map_err(unreadable)? {
        if part.name() != Some("shot") {
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(more) = part.chunk().await.map_err(unreadable)? {
            bytes.extend_from_slice(&more);
            if bytes.len() > labels::LARGEST_FILE {
                return Err(Problem::field("shot", format!("has more than {} bytes", labels::LARGEST_FILE)));
            }
        }
        // A browser sends an empty part for a field that was left alone.
        if bytes.is_empty() {
            continue;
        }
        if shots.count == MOST_SHOTS {
            return Err(Problem::field("shot", format!("comes more than {MOST_SHOTS} times")));
        }
        shots.push(&bytes).map_err(full)?;
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

/// What the page shows of a reading waits as a file that was chosen on the import page does.
async fn kept(state: &AppState, caller: &Caller, form: &mut Multipart) -> Result<String, Problem> {
    let reading = read_all(state, caller, form).await?;
    let shown = serde_json::json!({ "matches": reading.matches, "fields": reading.fields, "by_google": reading.reader == "google", "instead": reading.instead });
    crate::uploads::kept(state, "label".to_owned(), shown.to_string().into_bytes()).await
}
