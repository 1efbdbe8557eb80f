//! In which language a request is answered: the one that was chosen on this device, else the browser's.

use app::texts::{self, Language};
use axum::{
    Router,
    extract::{Path, Request},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    access::{cookies, forms::Fields, see, way},
    problem::Problem,
    state::AppState,
};

/// The cookie with the language of a device.
const COOKIE: &str = "lang";

/// The texts for browsers, and the choice.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/texts/{file}", get(script)).route("/language", post(choose))
}

/// Answers in the language of whoever asks.
pub(crate) async fn speak(request: Request, next: Next) -> Response {
    let language = wanted(request.headers());
    texts::saying(language, next.run(request)).await
}

fn wanted(headers: &HeaderMap) -> Language {
    let chosen = app::cookies::value(headers, COOKIE).and_then(Language::from_tag);
    let mut spoken = headers.get_all(header::ACCEPT_LANGUAGE).into_iter().filter_map(|line| line.to_str().ok());
    chosen.or_else(|| spoken.find_map(Language::accepted)).unwrap_or_default()
}

/// `de-0123456789abcdef.js`: the language and the fingerprint of all texts, so that a browser keeps it for ever.
async fn script(Path(file): Path<String>) -> Response {
    let name = file.strip_suffix(".js").and_then(|name| name.split_once('-'));
    let Some(language) =
        name.filter(|(_, of)| *of == texts::fingerprint()).and_then(|(tag, _)| Language::from_tag(tag))
    else {
        return Problem::not_found("these texts are of another build: load the page anew").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, texts::script(language)).into_response()
}

#[derive(Deserialize)]
struct Choice {
    language: String,
    next: Option<String>,
}

/// Keeps the language on this device.
async fn choose(headers: HeaderMap, Fields(choice): Fields<Choice>) -> Response {
    let Some(language) = Language::ALL.into_iter().find(|language| language.tag() == choice.language) else {
        let tags = Language::ALL.map(Language::tag).join(", ");
        return Problem::field("language", format!("is one of {tags}")).into_response();
    };
    let cookie = cookies::choice(&headers, COOKIE, language.tag());
    ([(header::SET_COOKIE, cookie)], see(way::within(choice.next.as_deref()))).into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn what_was_chosen_wins_over_what_the_browser_speaks() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr, en;q=0.5"));
        assert_eq!(wanted(&headers), Language::French);
        headers.insert(header::COOKIE, HeaderValue::from_static("wc_session=1; lang=hu"));
        assert_eq!(wanted(&headers), Language::Hungarian);
        headers.insert(header::COOKIE, HeaderValue::from_static("lang=tlh"));
        assert_eq!(wanted(&headers), Language::French);
    }
}
