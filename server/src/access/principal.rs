//! Who sends a request: a program with its token, a person with a cookie, the screen at the box, or nobody.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, Method, header, request::Parts},
};
use models::{
    Instant,
    db::{sessions, tokens},
    movement::Source,
    user::{Role, SessionKind},
};

use super::{Caller, cookies::Cookie, secret};
use crate::{
    config,
    problem::Problem,
    state::{AppState, Store},
};

/// Whether a connection from this machine itself is the screen beside the rack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScreenTrust(pub(crate) bool);

/// Works out who it is. A bad token is an error; a bad cookie is as good as none.
pub(super) async fn of(state: &AppState, parts: &Parts) -> Result<Caller, Problem> {
    let headers = &parts.headers;
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let address = address(peer, headers);
    let by_api = parts.uri.path().starts_with("/api/");
    if let Some(token) = bearer(headers) {
        return program(&state.store, token, address).await;
    }
    let acts = !matches!(parts.method, Method::GET | Method::HEAD);
    let mut caller = Caller::nobody(address);
    if let Some((user, session)) = cookie(&state.store, headers, Cookie::Session, true).await? {
        caller.owner = format!("person {}", user.id);
        caller.name = user.name;
        caller.role = Some(user.role);
        caller.session = Some(session);
        // The kiosk's own account is a screen, not a person: whoever stands there may say who it is.
        caller.user = (user.role != Role::Kiosk).then_some(user.id);
    } else if state.screen.0 && peer.is_some_and(|ip| ip.is_loopback()) && is_direct(headers) {
        caller.name = if by_api { "api" } else { "kiosk" }.to_owned();
        caller.role = Some(Role::Kiosk);
        caller.owner = "screen".to_owned();
    }
    // A PIN names the person at a kiosk; it opens nothing that the kiosk may not.
    if caller.role == Some(Role::Kiosk) {
        if let Some((user, session)) = cookie(&state.store, headers, Cookie::Person, acts).await? {
            // Idempotency keys stay the screen's: a PIN ends in five minutes, and what is sent again after that is the same act.
            caller.name = user.name;
            caller.user = Some(user.id);
            caller.person = Some(session);
        }
    }
    caller.source = match caller.role {
        _ if by_api => Source::Api,
        Some(Role::Kiosk) => Source::Kiosk,
        _ => Source::Web,
    };
    Ok(caller)
}

/// Where the request comes from. A proxy on this machine is believed, in its last word only.
fn address(peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
    let told = || {
        let line = headers.get_all("x-forwarded-for").into_iter().next_back()?.to_str().ok()?;
        line.rsplit(',').next()?.trim().parse().ok()
    };
    match peer {
        Some(ip) if ip.is_loopback() => told().or(peer),
        other => other,
    }
}

/// Whether the request was made on this machine for this machine: not handed on by a proxy, and not by a page that had
/// its own name point here (DNS rebinding), whose browser would still say that name as `Host`.
fn is_direct(headers: &HeaderMap) -> bool {
    if headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED) {
        return false;
    }
    let Some(host) = headers.get(header::HOST) else { return true };
    let Ok(host) = host.to_str() else { return false };
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn program(store: &Store, token: &str, address: Option<IpAddr>) -> Result<Caller, Problem> {
    let now = config::now();
    let found = match token.strip_prefix(secret::TOKEN_PREFIX) {
        Some(_) => {
            let hash = secret::fingerprint(token);
            store.read(move |conn| tokens::token_find(conn, &hash, now)).await?
        }
        None => None,
    };
    let Some(token) = found else {
        return Err(Problem::unauthorized("the token is unknown, revoked or too old; an admin makes another one"));
    };
    // "Last used" is for people who tidy up; to the hour is enough.
    if token.used_at.is_none_or(|at| now - at > chrono::TimeDelta::hours(1)) {
        let id = token.id.clone();
        touch(store.write(move |conn| tokens::token_touch(conn, &id, now)).await);
    }
    Ok(Caller {
        name: token.name,
        owner: format!("token {}", token.id),
        role: Some(token.role),
        scopes: token.scopes,
        source: Source::Api,
        ..Caller::nobody(address)
    })
}

/// The person behind a cookie, with the session's fingerprint. `extends`: this request counts as use of the session.
async fn cookie(
    store: &Store,
    headers: &HeaderMap,
    cookie: Cookie,
    extends: bool,
) -> Result<Option<(models::user::User, String)>, Problem> {
    let Some(secret) = cookie.read(headers) else { return Ok(None) };
    let kind = match cookie {
        Cookie::Session => SessionKind::Browser,
        Cookie::Person => SessionKind::Kiosk,
    };
    let (hash, now) = (secret::fingerprint(&secret), config::now());
    let asked = hash.clone();
    let Some((user, seen_at)) = store.read(move |conn| sessions::session_find(conn, &asked, kind, now)).await? else {
        return Ok(None);
    };
    if extends && is_stale(seen_at, now, kind) {
        let hash = hash.clone();
        touch(store.write(move |conn| sessions::session_touch(conn, &hash, kind, now)).await);
    }
    Ok(Some((user, hash)))
}

fn is_stale(seen_at: Instant, now: Instant, kind: SessionKind) -> bool {
    now - seen_at > kind.patience()
}

/// A use that could not be noted must not keep anybody from reading.
fn touch(noted: Result<(), Problem>) {
    if let Err(problem) = noted {
        tracing::warn!(problem.detail, "a use could not be noted");
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("name"), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_a_request_for_this_machine_is_the_screens() {
        for host in ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"] {
            assert!(is_direct(&headers(&[("host", host)])), "{host}");
        }
        for host in ["evil.example", "winecellar.local:8000", "127.0.0.1.evil.example", "[::2]"] {
            assert!(!is_direct(&headers(&[("host", host)])), "{host}");
        }
        assert!(!is_direct(&headers(&[("host", "localhost"), ("x-forwarded-for", "10.0.0.9")])));
        assert!(!is_direct(&headers(&[("host", "localhost"), ("forwarded", "for=10.0.0.9")])));
    }

    #[test]
    fn a_proxy_is_believed_only_on_this_machine() {
        let ip = |text: &str| text.parse::<IpAddr>().ok();
        let told = headers(&[("x-forwarded-for", "1.1.1.1, 10.0.0.9")]);
        assert_eq!(address(ip("127.0.0.1"), &told), ip("10.0.0.9"), "the last word is the nearest proxy's");
        assert_eq!(address(ip("10.0.0.5"), &told), ip("10.0.0.5"));
        assert_eq!(address(ip("127.0.0.1"), &headers(&[])), ip("127.0.0.1"));
    }

    #[test]
    fn tokens_come_as_bearer() {
        assert_eq!(bearer(&headers(&[("authorization", "bearer wct_1")])), Some("wct_1"));
        assert_eq!(bearer(&headers(&[("authorization", "Basic eA==")])), None);
    }
}
