//! The form of `/label`, and the shots in a request.

use std::{fs::File, io::Write, time::Duration};

use axum::{
    extract::{Multipart, State, multipart::MultipartError},
    response::{IntoResponse, Redirect, Response},
};
use models::scanned::is_our_label;
use rustix::fs::{MemfdFlags, memfd_create};
use serde::Deserialize;

use super::{Found, MOST_SHOTS, Photos, read_all};
use crate::{
    access::Caller,
    extract::{ApiParts, ApiQuery},
    problem::Problem,
    state::AppState,
};

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

    /// One picture.
    pub(crate) fn of(shot: &[u8]) -> Result<Self, Problem> {
        if shot.is_empty() {
            return Err(Problem::field("photo", "is empty: send a JPEG, PNG or WebP picture as the body"));
        }
        let mut one = Self::none().map_err(full)?;
        one.push(shot).map_err(full)?;
        Ok(one)
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

/// What is sent must have come by then: a phone that goes out of reach in the middle leaves a line that never ends.
const ARRIVES: Duration = Duration::from_secs(60);

/// Waits for what is sent, but not for ever: whoever waits holds a place of those who read labels.
pub(crate) async fn in_time<T>(sent: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    tokio::time::timeout(ARRIVES, sent).await.unwrap_or_else(|_| {
        Err(Problem::field("shot", "did not arrive within a minute: try again nearer to the Wi-Fi"))
    })
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

/// What was scanned before the label was read.
#[derive(Deserialize)]
pub(crate) struct Before {
    /// Digits of a barcode that nobody knows yet.
    code: Option<String>,
}

/// Takes the form of `/label` and goes on to what was read; a label of our own leads to its bin or bottle at once.
pub(crate) async fn receive(
    State(state): State<AppState>,
    caller: Caller,
    ApiQuery(before): ApiQuery<Before>,
    ApiParts(mut form): ApiParts,
) -> Response {
    // A code that was scanned before is not lost with a photo that cannot be used.
    let code = before.code.clone().unwrap_or_default();
    match kept(&state, &caller, before, &mut form).await {
        Ok(to) => Redirect::to(&to).into_response(),
        Err(problem) => {
            let why = app::texts::in_our_words(&problem.detail);
            Redirect::to(&format!("/label{}", app::forms::query(&why, &[("code", &code)]))).into_response()
        }
    }
}

/// What the page shows of a reading waits as a file that was chosen on the import page does, and the photo beside it for
/// its bottle. Where it leads to.
async fn kept(state: &AppState, caller: &Caller, before: Before, form: &mut Multipart) -> Result<String, Problem> {
    let Found { reading, photo } = read_all(state, caller, form).await?;
    let ours = |code: &&super::read::LabelCode| code.kind == "qr" && is_our_label(&code.text);
    if let Some(code) = reading.codes.iter().find(ours) {
        return Ok(format!("/code{}", app::forms::address(&[("c", &code.text)])));
    }
    let photos = Photos::of(&state.data);
    let draft = tokio::task::spawn_blocking(move || photos.draft(&photo)).await?.map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "the photo of a label cannot be kept");
        Problem::unavailable("the photo cannot be kept: is the data folder writable, and is there room?")
    })?;
    // One that was scanned on purpose counts before one that happens to be in the picture.
    let seen = reading.codes.iter().find(|code| code.kind == "barcode").map(|code| &code.text);
    let barcode = before.code.as_ref().or(seen);
    let shown = serde_json::json!({
        "matches": reading.matches, "catalogue": reading.catalogue, "fields": reading.fields, "photo": draft, "barcode": barcode,
        "by_google": reading.reader == "google", "instead": reading.instead.as_deref().map(app::texts::in_our_words),
    });
    let id = crate::uploads::kept(state, "label".to_owned(), shown.to_string().into_bytes()).await?;
    Ok(format!("/label?read={id}"))
}
