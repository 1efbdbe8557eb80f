//! In which language a request is answered: the one that was chosen on this device, else the browser's.

use app::texts::{self, Language};
use axum::{
    Router,
    extract::{Path, Request},
    http::{HeaderMap, HeaderValue, header},
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
    let of = |name| headers.get_all(name).into_iter().filter_map(|line: &HeaderValue| line.to_str().ok());
    let mut pairs = of(header::COOKIE).flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let chosen = pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, tag)| Language::from_tag(tag));
    chosen.or_else(|| of(header::ACCEPT_LANGUAGE).find_map(Language::accepted)).unwrap_or_default()
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
    let secure = if cookies::https(&headers) { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={}; Path=/; SameSite=Lax; Max-Age=34560000{secure}", language.tag());
    let mut response = see(way::within(choice.next.as_deref()));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
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
