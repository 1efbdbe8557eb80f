//! Guest mode: a screen that is lent to guests shows what may be opened, and does nothing else.
//!
//! A cookie of the screen says so. Whoever names themself by PIN has the whole screen until that ends by itself; then it is the guests' again.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
    routing::post,
};
use models::{db::users, user::Role};

use super::{Caller, cookies, see};
use crate::{problem::Problem, state::AppState};

/// The page of the guests.
pub(crate) const PAGE: &str = "/guests";
const COOKIE: &str = "guests";

/// The forms that begin and end it.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/guests/begin", post(begin)).route("/guests/end", post(end))
}

/// Whether a screen's request must wait until a person of the house is named.
pub(super) fn keeps_out(caller: &Caller, headers: &HeaderMap, method: &Method, route: Option<&str>) -> bool {
    let screen = caller.role == Some(Role::Kiosk) && caller.user.is_none();
    screen && is_lent(headers) && !is_theirs(method, route.unwrap_or_default())
}

fn is_lent(headers: &HeaderMap) -> bool {
    app::cookies::value(headers, COOKIE).is_some_and(|value| !value.is_empty())
}

/// What guests may see, and the ways out.
fn is_theirs(method: &Method, route: &str) -> bool {
    let reads = *method == Method::GET || *method == Method::HEAD;
    reads && (route == PAGE || route.starts_with("/media/"))
        || ["/who", "/guests/end", "/sign-in", "/language"].contains(&route)
}

async fn begin(headers: HeaderMap) -> Response {
    ([(header::SET_COOKIE, cookies::choice(&headers, COOKIE, "1"))], see(PAGE)).into_response()
}

/// Ends it for good: by a person of the house, or by anybody where nobody has a PIN.
async fn end(State(state): State<AppState>, caller: Caller, headers: HeaderMap) -> Result<Response, Problem> {
    if caller.user.is_none() {
        let all = state.store.read(users::user_list).await?;
        if all.iter().any(|user| user.enabled && user.has_pin) {
            return Ok(see("/guests?refused=rights"));
        }
    }
    Ok(([(header::SET_COOKIE, cookies::choice(&headers, COOKIE, ""))], see("/")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_see_their_page_and_its_pictures_only() {
        for (method, route, theirs) in [
            (Method::GET, "/guests", true),
            (Method::GET, "/media/bins/{picture}", true),
            (Method::POST, "/who", true),
            (Method::GET, "/bottles", false),
            (Method::GET, "/_fn/get_bottles", false),
            (Method::POST, "/_fn/take_bottle", false),
            (Method::POST, "/api/v1/movements", false),
            (Method::DELETE, "/media/bins/{picture}", false),
        ] {
            assert_eq!(is_theirs(&method, route), theirs, "{method} {route}");
        }
    }
}
