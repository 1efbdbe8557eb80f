//! A person's own password and PIN: changed without an admin, by whoever knows the password that there is.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::post,
};
use models::{db::users, user::SessionKind};
use serde::Deserialize;

use super::{
    Caller, desk,
    forms::{self, Fields},
    guard::see,
};
use crate::{config, problem::Problem, state::AppState};

/// What is to be changed.
pub(crate) enum Own {
    /// The password, to this.
    Password(String),
    /// The PIN, to this; none takes it away.
    Pin(Option<String>),
}

/// Changes the caller's own password or PIN. A new password ends all of the person's sessions but this one, whose
/// cookie is given anew.
pub(crate) async fn change(
    state: &AppState,
    caller: &Caller,
    headers: &HeaderMap,
    current: String,
    new: Own,
) -> Result<Option<HeaderValue>, Problem> {
    let (Some(id), Some(_), None) = (caller.user.clone(), &caller.session, &caller.person) else {
        return Err(Problem::forbidden("sign in with your password first; programs and screens have none"));
    };
    // What cannot be set is told before the password is tried: a typing error there costs no try.
    match &new {
        Own::Password(new) => models::user::check_password(new)?,
        Own::Pin(Some(new)) => models::user::check_pin(new)?,
        Own::Pin(None) => {}
    }
    let proven = desk::prove(state, caller, &caller.name, current, SessionKind::Browser).await;
    let user = proven.map_err(|problem| match problem.status == StatusCode::UNAUTHORIZED.as_u16() {
        true => Problem::field("current", "is not your present password"),
        false => problem,
    })?;
    if user.id != id {
        return Err(Problem::forbidden("your name was given to somebody else meanwhile; sign in again"));
    }
    let (by, now) = (caller.acting(), config::now());
    match new {
        Own::Password(new) => {
            let hash = desk::new_password(state, new).await?;
            let user = state.store.write(move |conn| users::user_set_password(conn, &id, &hash, &by, now)).await?;
            desk::enter(state, caller, headers, user, SessionKind::Browser).await.map(|entered| Some(entered.cookie))
        }
        Own::Pin(new) => {
            let hash = match new {
                Some(new) => Some(desk::new_pin(state, new).await?),
                None => None,
            };
            state.store.write(move |conn| users::user_set_pin(conn, &id, hash.as_deref(), &by, now)).await?;
            Ok(None)
        }
    }
}

/// The forms of the page `/who`.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/who/password", post(password)).route("/who/pin", post(pin))
}

#[derive(Deserialize)]
struct Secrets {
    current: String,
    secret: String,
}

async fn password(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Fields(form): Fields<Secrets>,
) -> Response {
    let changed = change(&state, &caller, &headers, form.current, Own::Password(form.secret)).await;
    answer(changed, "/who?done=password")
}

/// An empty PIN takes it away.
async fn pin(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Fields(form): Fields<Secrets>,
) -> Response {
    let new = Some(form.secret).filter(|pin| !pin.is_empty());
    answer(change(&state, &caller, &headers, form.current, Own::Pin(new)).await, "/who?done=pin")
}

fn answer(changed: Result<Option<HeaderValue>, Problem>, place: &str) -> Response {
    match changed {
        Ok(cookie) => {
            let mut response = see(place);
            response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
            response
        }
        Err(problem) => forms::back("/who", &[], &problem),
    }
}
