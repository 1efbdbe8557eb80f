//! The middleware before every route: who asks, and may it?

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    Caller, principal,
    table::{self, Need, Ruling},
    way,
};
use crate::{problem::Problem, state::AppState};

/// Lets a request in with its [`Caller`], or refuses it.
pub(crate) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let route = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let ruling = match &route {
        Some(path) => table::ruling(parts.method.as_str(), path),
        // A file that is open to everybody may be missing to everybody: there may be no browser half.
        None => match table::ruling(parts.method.as_str(), parts.uri.path()) {
            Ruling::Needs(Need::Open) => Ruling::Needs(Need::Open),
            _ => Ruling::Needs(table::NOWHERE),
        },
    };
    let caller = match principal::of(&state, &parts).await {
        Ok(caller) => caller,
        // What is open stays so while the database is away.
        Err(_) if ruling == Ruling::Needs(Need::Open) => Caller::nobody(None),
        Err(problem) => return problem.into_response(),
    };
    match ruling {
        Ruling::Needs(need) if need.admits(caller.role, &caller.scopes) => {}
        Ruling::WrongMethod if caller.role.is_some() => {
            let mut response = Problem::method_not_allowed().into_response();
            let allowed = table::methods(route.as_deref().unwrap_or_default());
            response.headers_mut().extend(HeaderValue::from_str(&allowed).map(|methods| (header::ALLOW, methods)));
            return response;
        }
        Ruling::Unknown => {
            tracing::error!(route, "a route without a line in access/table.rs is refused to everybody");
            return refuse(&parts, &caller);
        }
        _ => return refuse(&parts, &caller),
    }
    let private = is_private(parts.uri.path());
    parts.extensions.insert(caller);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if private {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// Answers that tell of this cellar and are no pages: no cache may keep them.
fn is_private(path: &str) -> bool {
    path.starts_with("/api/") || path.starts_with("/_fn/")
}

/// A person's browser is shown where to sign in, a program is told.
fn refuse(parts: &Parts, caller: &Caller) -> Response {
    let path = parts.uri.path();
    let program = ["/api/", "/_fn/", "/media/", "/events", "/pkg/"].iter().any(|below| path.starts_with(below));
    let accepts = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !program && accepts.contains("text/html") {
        let wanted = if parts.method == Method::GET {
            parts.uri.path_and_query().map_or(path, |wanted| wanted.as_str())
        } else {
            "/"
        };
        let mut words = vec![("next", wanted)];
        // The screen at the box reaches this place by wanting more than a screen may.
        if caller.role.is_some() {
            words.push(("refused", "rights"));
        }
        return see(&way::with("/sign-in", &words));
    }
    match caller.role {
        None => Problem::unauthorized("sign in, or send a token as `Authorization: Bearer wct_…`").into_response(),
        Some(role) => Problem::forbidden(format!("{} ({}) may not do this; ask an admin", caller.name, role.as_str()))
            .into_response(),
    }
}

/// "See over there", after a form or instead of a page.
pub(crate) fn see(place: &str) -> Response {
    let place = HeaderValue::from_str(place).unwrap_or(HeaderValue::from_static("/"));
    let headers = [(header::LOCATION, place), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (StatusCode::SEE_OTHER, headers).into_response()
}
