//! `POST /trouble`: what a page tells of itself when it broke: a panic of the wasm, a main thread that hangs, an error of
//! a script. It goes into the log, where the box's owner looks; never more than a little of it, and never often.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderMap, StatusCode, header},
    routing::post,
};
use serde::Deserialize;

use crate::{
    access::{Caller, limiter::Limiter},
    extract::ApiJson,
    problem::Problem,
    state::AppState,
};

/// A report has four short texts.
const LARGEST: usize = 8 * 1024;
/// Kinds that the watchdog tells (`app/src/shell/watchdog.js`).
const KINDS: &[&str] = &["panic", "trap", "asleep", "hang", "error"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trouble {
    kind: String,
    message: String,
    page: String,
    build: String,
}

/// The route. How often is counted for the address: five reports at once, then one in 5 s, in 10 s and so on.
pub(crate) fn routes() -> Router<AppState> {
    let limiter = Limiter::default();
    let receive = move |caller, headers, trouble| receive(limiter.clone(), caller, headers, trouble);
    Router::new().route("/trouble", post(receive)).layer(DefaultBodyLimit::max(LARGEST))
}

async fn receive(
    limiter: Limiter,
    caller: Caller,
    headers: HeaderMap,
    ApiJson(trouble): ApiJson<Trouble>,
) -> Result<StatusCode, Problem> {
    let Trouble { kind, message, page, build } = trouble;
    if !KINDS.contains(&kind.as_str()) {
        return Err(Problem::field("kind", format!("must be one of {}", KINDS.join(", "))));
    }
    let address = caller.from();
    limiter.admit(&[address], std::time::Instant::now()).map_err(|wait| Problem::too_often("reports", wait))?;
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    // In quotes and escaped: the texts are a browser's, and no line of the log may be made up by one.
    tracing::error!(kind, told = ?message, ?page, ?build, ?agent, by = ?caller.name, "a page broke");
    Ok(StatusCode::NO_CONTENT)
}
