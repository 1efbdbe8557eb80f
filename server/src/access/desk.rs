//! The desk where people sign in, say who they are, and leave. Pages and API come to the same place.

use axum::http::{HeaderMap, HeaderValue, header};
use models::{
    db::{sessions, users},
    user::{self, SessionKind, User},
};

use super::{
    Caller,
    cookies::Cookie,
    limiter::Limiter,
    secret::{self, Stretcher},
};
use crate::{config, problem::Problem, state::AppState};

/// What the desk needs besides the database.
#[derive(Clone)]
pub(crate) struct Desk {
    /// Counts wrong answers.
    pub(crate) limiter: Limiter,
    /// Hashes passwords.
    pub(crate) stretcher: Stretcher,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { limiter: Limiter::default(), stretcher: Stretcher::new() }
    }
}

/// Somebody who has just come in, and the cookie that says so.
pub(crate) struct Entered {
    pub(crate) user: User,
    pub(crate) cookie: HeaderValue,
}

/// Signs in with name and password.
pub(crate) async fn sign_in(
    state: &AppState,
    caller: &Caller,
    headers: &HeaderMap,
    name: &str,
    password: String,
) -> Result<Entered, Problem> {
    let user = prove(state, caller, name, password, SessionKind::Browser).await?;
    enter(state, caller, headers, user, SessionKind::Browser).await
}

/// Names the person who stands at a kiosk, by PIN. Who calls this is a screen, not a person with a password.
pub(crate) async fn name_person(
    state: &AppState,
    caller: &Caller,
    headers: &HeaderMap,
    name: &str,
    pin: String,
) -> Result<Entered, Problem> {
    let is_screen = caller.role == Some(user::Role::Kiosk) && (caller.user.is_none() || caller.person.is_some());
    if !is_screen {
        return Err(Problem::forbidden("a PIN is for the kiosk; you are signed in already"));
    }
    let user = prove(state, caller, name, pin, SessionKind::Kiosk).await?;
    enter(state, caller, headers, user, SessionKind::Kiosk).await
}

/// The person of that name, whose password or PIN this is. Wrong answers are counted.
pub(super) async fn prove(
    state: &AppState,
    caller: &Caller,
    name: &str,
    secret: String,
    kind: SessionKind,
) -> Result<User, Problem> {
    let address = caller.address.map_or_else(|| "address ?".to_owned(), |ip| format!("address {ip}"));
    // Password and PIN are counted apart: whoever plays with the kiosk's keys must not lock a phone out.
    let short: String = name.trim().to_lowercase().chars().take(100).collect();
    let who = format!("{} {short}", kind.as_str());
    let keys = [address.clone(), who.clone()];
    state.desk.limiter.admit(&keys, std::time::Instant::now()).map_err(|wait| {
        tracing::warn!(%address, name = short, "too many wrong answers");
        Problem::too_many(wait)
    })?;
    // Longer than any password: not worth the work of hashing it.
    let fits = secret.len() <= 1000;
    let wanted = short;
    let found = state.store.read(move |conn| users::user_secrets(conn, &wanted)).await?;
    let hash = found.as_ref().filter(|found| found.user.enabled && fits).and_then(|found| match kind {
        SessionKind::Browser => found.password_hash.clone(),
        SessionKind::Kiosk => found.pin_hash.clone(),
    });
    let secret = if fits { secret } else { String::new() };
    let right = state.desk.stretcher.matches(secret, hash).await?;
    match found {
        Some(found) if right => {
            state.desk.limiter.right(&address, &who, std::time::Instant::now());
            Ok(found.user)
        }
        _ => {
            tracing::warn!(%address, kind = kind.as_str(), "a sign-in was refused");
            Err(Problem::unauthorized(match kind {
                SessionKind::Browser => "name or password is wrong",
                SessionKind::Kiosk => "name or PIN is wrong",
            }))
        }
    }
}

/// Begins a session for somebody who has proven to be it. An older one of this browser ends.
pub(super) async fn enter(
    state: &AppState,
    caller: &Caller,
    headers: &HeaderMap,
    user: User,
    kind: SessionKind,
) -> Result<Entered, Problem> {
    let secret = secret::random().map_err(|error| Problem::unavailable(format!("{error:#}")))?;
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default().to_owned();
    let (hash, id, now) = (secret::fingerprint(&secret), user.id.clone(), config::now());
    let (cookie, old) = match kind {
        SessionKind::Browser => (Cookie::Session, caller.session.clone()),
        SessionKind::Kiosk => (Cookie::Person, caller.person.clone()),
    };
    let begin = move |conn: &mut models::db::Conn| {
        if let Some(old) = &old {
            sessions::session_delete(conn, old)?;
        }
        sessions::session_insert(conn, &hash, &id, kind, &agent, now)
    };
    state.store.write(begin).await?;
    tracing::info!(name = user.name, kind = kind.as_str(), "signed in");
    Ok(Entered { cookie: cookie.set(headers, Some(&secret)), user })
}

/// Leaves: the person at a kiosk first, else whoever is signed in. Gives the cookie to be taken back.
pub(crate) async fn sign_out(state: &AppState, caller: &Caller, headers: &HeaderMap) -> Result<HeaderValue, Problem> {
    let (session, cookie) = match (&caller.person, &caller.session) {
        (Some(person), _) => (Some(person.clone()), Cookie::Person),
        (None, session) => (session.clone(), Cookie::Session),
    };
    if let Some(session) = session {
        state.store.write(move |conn| sessions::session_delete(conn, &session)).await?;
    }
    Ok(cookie.set(headers, None))
}

/// The hash of a new password that keeps the rules.
pub(crate) async fn new_password(state: &AppState, password: String) -> Result<String, Problem> {
    user::check_password(&password)?;
    state.desk.stretcher.stretch(password).await
}

/// The hash of a new PIN that keeps the rules.
pub(crate) async fn new_pin(state: &AppState, pin: String) -> Result<String, Problem> {
    user::check_pin(&pin)?;
    state.desk.stretcher.stretch(pin).await
}

/// Makes the first admin by the link of the log, and signs it in.
pub(crate) async fn set_up(
    state: &AppState,
    caller: &Caller,
    headers: &HeaderMap,
    token: &str,
    name: String,
    password: String,
) -> Result<Entered, Problem> {
    let (hash, now) = (secret::fingerprint(token), config::now());
    // Asked first, so that a stranger without the link cannot make the server hash passwords.
    let asked = hash.clone();
    if !state.store.read(move |conn| users::setup_link_valid(conn, &asked, now)).await? {
        return Err(Problem::forbidden("the link was used or is too old; a restart of the server logs a new one"));
    }
    user::name(&name)?;
    let password = new_password(state, password).await?;
    let user = state.store.write(move |conn| users::setup_admin(conn, &hash, &name, &password, now)).await?;
    tracing::info!(name = user.name, "the first admin was made");
    enter(state, caller, headers, user, SessionKind::Browser).await
}
