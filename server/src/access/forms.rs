//! What the pages' forms send. Each answers with "see over there": the forms work without JavaScript, and going back
//! or reloading repeats nothing. What went wrong is told by a word in the address, never by text.

use axum::{
    Form, Router,
    extract::{FromRequest, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use leptos::prelude::provide_context;
use models::{
    db::{Conn, sessions, tokens, users},
    ids::{TokenId, UserId},
    movement::Actor,
    user::{self, Role, TokenFacts},
};
use serde::Deserialize;

use super::{Caller, desk, guard::see, own, secret, way};
use crate::{config, problem::Problem, router, state::AppState};

/// The routes of the forms.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/sign-in", post(sign_in))
        .route("/setup", post(set_up))
        .route("/sign-out", post(sign_out))
        .route("/who", post(name_person))
        .route("/people/add", post(add))
        .route("/people/change", post(change))
        .route("/people/password", post(set_password))
        .route("/people/pin", post(set_pin))
        .route("/people/sign-out", post(end_session))
        .route("/people/tokens", post(add_token))
        .route("/people/tokens/revoke", post(revoke_token))
        .merge(own::routes())
}

/// A form's fields, with problem details as refusal.
#[derive(FromRequest)]
#[from_request(via(Form), rejection(Problem))]
pub(crate) struct Fields<T>(pub(crate) T);

#[derive(Deserialize)]
struct SignIn {
    name: String,
    password: String,
    next: Option<String>,
}

#[derive(Deserialize)]
struct SetUp {
    token: String,
    name: String,
    password: String,
}

#[derive(Deserialize)]
struct Person {
    name: String,
    pin: String,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Add {
    name: String,
    role: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    pin: String,
}

#[derive(Deserialize)]
struct Change {
    user: UserId,
    revision: i32,
    name: String,
    role: String,
    /// Present when the box is ticked.
    enabled: Option<String>,
}

#[derive(Deserialize)]
struct NewSecret {
    user: UserId,
    secret: String,
}

#[derive(Deserialize)]
struct End {
    session: String,
}

#[derive(Deserialize)]
struct AddToken {
    name: String,
    role: String,
    #[serde(default)]
    scopes: String,
    #[serde(default)]
    days: String,
}

#[derive(Deserialize)]
struct RevokeToken {
    token: TokenId,
}

async fn sign_in(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Fields(form): Fields<SignIn>,
) -> Response {
    let next = way::within(form.next.as_deref()).to_owned();
    match desk::sign_in(&state, &caller, &headers, &form.name, form.password).await {
        Ok(entered) => with_cookie(see(&next), entered.cookie),
        Err(problem) => back("/sign-in", &[("next", next.as_str())], &problem),
    }
}

async fn set_up(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Fields(form): Fields<SetUp>,
) -> Response {
    let made = desk::set_up(&state, &caller, &headers, &form.token, form.name, form.password).await;
    match made {
        Ok(entered) => with_cookie(see("/people"), entered.cookie),
        Err(problem) => back("/setup", &[("token", form.token.as_str())], &problem),
    }
}

async fn sign_out(State(state): State<AppState>, caller: Caller, headers: HeaderMap) -> Result<Response, Problem> {
    let cookie = desk::sign_out(&state, &caller, &headers).await?;
    Ok(with_cookie(see("/"), cookie))
}

async fn name_person(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Fields(form): Fields<Person>,
) -> Response {
    let next = way::within(form.next.as_deref()).to_owned();
    match desk::name_person(&state, &caller, &headers, &form.name, form.pin).await {
        Ok(entered) => with_cookie(see(&next), entered.cookie),
        Err(problem) => back("/who", &[("name", form.name.as_str()), ("next", next.as_str())], &problem),
    }
}

async fn add(State(state): State<AppState>, caller: Caller, Fields(form): Fields<Add>) -> Response {
    let added = async {
        let role: Role = form.role.parse()?;
        user::name(&form.name)?;
        let password_hash = match form.password.as_str() {
            "" => None,
            _ => Some(desk::new_password(&state, form.password).await?),
        };
        let pin_hash = match form.pin.as_str() {
            "" => None,
            _ => Some(desk::new_pin(&state, form.pin).await?),
        };
        let new = users::NewUser { name: form.name, role, password_hash, pin_hash };
        state.store.write(move |conn| users::user_insert(conn, &new, &caller.acting(), config::now())).await
    };
    done(added.await)
}

async fn change(State(state): State<AppState>, caller: Caller, Fields(form): Fields<Change>) -> Response {
    let changed = async {
        let role: Role = form.role.parse()?;
        let enabled = form.enabled.is_some();
        let write = move |conn: &mut Conn| {
            let (by, now) = (caller.acting(), config::now());
            users::user_update(conn, &form.user, &form.name, role, enabled, form.revision, &by, now)
        };
        state.store.write(write).await
    };
    done(changed.await)
}

async fn set_password(State(state): State<AppState>, caller: Caller, Fields(form): Fields<NewSecret>) -> Response {
    let set = async {
        let hash = desk::new_password(&state, form.secret).await?;
        let by = caller.acting();
        state.store.write(move |conn| users::user_set_password(conn, &form.user, &hash, &by, config::now())).await
    };
    done(set.await)
}

/// An empty PIN takes it away.
async fn set_pin(State(state): State<AppState>, caller: Caller, Fields(form): Fields<NewSecret>) -> Response {
    let set = async {
        let hash = match form.secret.as_str() {
            "" => None,
            _ => Some(desk::new_pin(&state, form.secret).await?),
        };
        let by = caller.acting();
        let set = move |conn: &mut Conn| users::user_set_pin(conn, &form.user, hash.as_deref(), &by, config::now());
        state.store.write(set).await
    };
    done(set.await)
}

async fn end_session(State(state): State<AppState>, Fields(form): Fields<End>) -> Response {
    done(state.store.write(move |conn| sessions::session_delete(conn, &form.session)).await)
}

async fn revoke_token(State(state): State<AppState>, caller: Caller, Fields(form): Fields<RevokeToken>) -> Response {
    let by = caller.acting();
    done(state.store.write(move |conn| tokens::token_revoke(conn, &form.token, &by, config::now())).await)
}

/// Makes a token and shows it, this once: the answer is the page itself, for the token must not stand in an address.
async fn add_token(State(state): State<AppState>, caller: Caller, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let fields = Fields::<AddToken>::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let made = async {
        let Fields(form) = fields?;
        let days = match form.days.trim() {
            "" => None,
            days => Some(days.parse().map_err(|_| Problem::field("days", "must be a number of days, or empty"))?),
        };
        let facts = TokenFacts { name: form.name, role: form.role.parse()?, scopes: user::scopes(&form.scopes)?, days };
        new_token(&state, facts, caller.acting()).await
    };
    let (secret, _) = match made.await {
        Ok(made) => made,
        Err(problem) => return back("/people", &[], &problem),
    };
    let context = router::context(&state);
    let page = leptos_axum::render_app_to_stream_with_context(
        move || {
            context();
            provide_context(app::ctx::NewToken(secret.clone()));
        },
        router::desk_shell(&state),
    );
    let mut response = page(Request::from_parts(parts, axum::body::Body::empty())).await.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Makes a token; gives it with what is kept of it.
pub(crate) async fn new_token(
    state: &AppState,
    facts: TokenFacts,
    by: Actor,
) -> Result<(String, models::user::Token), Problem> {
    let random = secret::random().map_err(|error| Problem::unavailable(format!("{error:#}")))?;
    let token = format!("{}{random}", secret::TOKEN_PREFIX);
    let hash = secret::fingerprint(&token);
    let kept = state.store.write(move |conn| tokens::token_insert(conn, &facts, &hash, &by, config::now())).await?;
    tracing::info!(name = kept.name, role = kept.role.as_str(), "a token was made");
    Ok((token, kept))
}

fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

fn done<T>(result: Result<T, Problem>) -> Response {
    match result {
        Ok(_) => see("/people"),
        Err(problem) => back("/people", &[], &problem),
    }
}

/// Back to the page of the form, with a word for what went wrong; the pages know the words.
pub(super) fn back(page: &str, keep: &[(&str, &str)], problem: &Problem) -> Response {
    let word = match (StatusCode::try_from(problem.status), problem.field.as_deref()) {
        (_, Some(field)) => field.to_owned(),
        (Ok(StatusCode::UNAUTHORIZED), _) => "wrong".to_owned(),
        (Ok(StatusCode::TOO_MANY_REQUESTS), _) => "slow".to_owned(),
        (Ok(StatusCode::PRECONDITION_FAILED), _) => "stale".to_owned(),
        (Ok(StatusCode::FORBIDDEN | StatusCode::CONFLICT), _) => "rule".to_owned(),
        _ => "failed".to_owned(),
    };
    let mut words = keep.to_vec();
    words.push(("refused", &word));
    let wait = problem.wait.map(|wait| wait.to_string());
    if let Some(wait) = &wait {
        words.push(("wait", wait));
    }
    see(&way::with(page, &words))
}
