//! `POST /device`: keeps the settings of one screen, in a cookie of its browser.

use app::device::{COOKIE, Device};
use axum::{
    Router,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
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
async fn keep(headers: HeaderMap, Fields(fields): Fields<Vec<(String, String)>>) -> Result<Response, Problem> {
    let cookies_sent = headers.get(header::COOKIE).and_then(|line| line.to_str().ok()).unwrap_or_default();
    let mut device = Device::from_cookies(cookies_sent);
    for (name, value) in &fields {
        device.set(name, value).map_err(|why| Problem::field(name.clone(), format!("`{name}` {why}")))?;
    }
    let mut response = see("/device?done=1");
    response.headers_mut().append(header::SET_COOKIE, lasting(&headers, &device));
    Ok(response)
}

/// The longest that browsers keep a cookie. Scripts may read it: it is no secret.
fn lasting(headers: &HeaderMap, device: &Device) -> HeaderValue {
    let secure = if cookies::https(headers) { "; Secure" } else { "" };
    let text = format!("{COOKIE}={}; Path=/; SameSite=Lax; Max-Age=34560000{secure}", device.text());
    // Our own words and digits: always a header.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
