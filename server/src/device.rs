//! `POST /device`: keeps the settings of one screen, in a cookie of its browser.

use app::device::{COOKIE, Device};
use axum::{
    Router,
    http::{HeaderMap, header},
    response::IntoResponse,
    routing::post,
};

use crate::{
    access::{cookies, forms::Fields, guard::see},
    problem::Problem,
    state::AppState,
};

/// The route.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/device", post(keep))
}

/// Keeps what the form says; a setting that is not in it stays as it is.
async fn keep(headers: HeaderMap, Fields(fields): Fields<Vec<(String, String)>>) -> Result<impl IntoResponse, Problem> {
    let mut device = Device::of(&headers);
    for (name, value) in &fields {
        device.set(name, value).map_err(|why| Problem::field(name.clone(), format!("`{name}` {why}")))?;
    }
    Ok(([(header::SET_COOKIE, cookies::choice(&headers, COOKIE, &device.text()))], see("/device?done=1")))
}
