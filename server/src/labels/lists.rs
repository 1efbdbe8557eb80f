//! What the page of the catalogue sends: a list that comes in, and one that goes.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart, State, multipart::MultipartError},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use models::{
    db::listed::{catalogue_put, catalogue_remove},
    import::{LARGEST, listed::wines},
    listed::{CatalogueList, check_name},
};
use serde::Deserialize;

use crate::{
    access::{Caller, forms::Fields},
    config,
    extract::ApiParts,
    problem::Problem,
    state::AppState,
};

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/catalogue/upload", post(receive).layer(DefaultBodyLimit::max(LARGEST + 64 * 1024)))
        .route("/catalogue/remove", post(remove))
}

/// Back to the page, with what came of it.
fn back(done: Result<(&'static str, &str), Problem>) -> Response {
    let to = match done {
        Ok(word) => app::forms::address(&[word]),
        Err(problem) => app::forms::query(&app::texts::in_our_words(&problem.detail), &[]),
    };
    Redirect::to(&format!("/catalogue{to}")).into_response()
}

async fn receive(State(state): State<AppState>, caller: Caller, ApiParts(mut form): ApiParts) -> Response {
    match taken_in(&state, &caller, &mut form).await {
        Ok(Some(list)) => back(Ok(("done", &list.id))),
        Ok(None) => back(Ok(("empty", "1"))),
        Err(problem) => back(Err(problem)),
    }
}

/// The list as it is now in the catalogue; none where no file was chosen.
async fn taken_in(state: &AppState, caller: &Caller, form: &mut Multipart) -> Result<Option<CatalogueList>, Problem> {
    let unreadable = |error: MultipartError| Problem::field("file", error.body_text());
    let (mut name, mut file) = (String::new(), None);
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        match part.name() {
            Some("name") => name = part.text().await.map_err(unreadable)?,
            Some("file") => {
                let stem = part.file_name().and_then(|name| std::path::Path::new(name).file_stem()?.to_str());
                let stem = stem.unwrap_or_default().to_owned();
                file = Some((stem, part.bytes().await.map_err(unreadable)?)).filter(|(_, bytes)| !bytes.is_empty());
            }
            _ => {}
        }
    }
    let Some((stem, bytes)) = file else { return Ok(None) };
    let name = if name.trim().is_empty() { stem } else { name };
    check_name(&name)?;
    let actor = caller.actor(None)?;
    let wines = tokio::task::spawn_blocking(move || wines(&bytes)).await??;
    let put = state.store.write_much(move |conn| catalogue_put(conn, &name, &wines, &actor, config::now()));
    put.await.map(Some)
}

#[derive(Deserialize)]
struct Gone {
    list: String,
}

async fn remove(State(state): State<AppState>, _: Caller, Fields(gone): Fields<Gone>) -> Response {
    let removed = state.store.write_much(move |conn| catalogue_remove(conn, &gone.list)).await;
    back(removed.map(|()| ("removed", "1")))
}
