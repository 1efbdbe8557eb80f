//! Signing in and out, and who one is.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use models::{
    ids::UserId,
    user::{Permission, Role},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{
        Caller, desk,
        own::{self, Own},
    },
    extract::ApiJson,
    problem::Problem,
    state::AppState,
};

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// Name for the history.
    name: String,
    /// What it is in this cellar; null for nobody.
    role: Option<Role>,
    /// What it may do.
    may: Vec<Permission>,
    /// The person, where it is one.
    user: Option<UserId>,
}

impl Me {
    fn of(name: String, role: Option<Role>, scopes: &[Permission], user: Option<UserId>) -> Self {
        let may = |p: &&Permission| role.is_some_and(|role| models::user::allowed(role, scopes, **p));
        Self { name, role, may: Permission::ALL.iter().filter(may).copied().collect(), user }
    }
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// Name, in any case.
    name: String,
    /// Password.
    password: String,
}

/// Name and PIN of the person at a kiosk.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonPin {
    /// Name, in any case.
    name: String,
    /// 4 to 8 digits.
    pin: String,
}

/// One's own new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnPassword {
    /// The password that there is.
    current: String,
    /// The new one, 10 to 200 characters.
    password: String,
}

/// One's own new PIN.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnPin {
    /// The password.
    current: String,
    /// 4 to 8 digits; null takes the PIN away.
    pin: Option<String>,
}

/// Who you are to this server, and what you may do.
#[utoipa::path(get, path = "/session", tag = "access", operation_id = "session_get", responses((status = 200, body = Me)))]
pub(crate) async fn get(caller: Caller) -> ApiJson<Me> {
    ApiJson(Me::of(caller.name, caller.role, &caller.scopes, caller.user))
}

/// Signs in; the answer sets a cookie. Programs use tokens instead.
#[utoipa::path(post, path = "/session", tag = "access", operation_id = "session_create", request_body = Credentials, responses(
    (status = 201, body = Me),
    (status = 401, description = "Name or password is wrong", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many wrong answers; Retry-After says how long to wait", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    ApiJson(body): ApiJson<Credentials>,
) -> Result<Response, Problem> {
    let entered = desk::sign_in(&state, &caller, &headers, &body.name, body.password).await?;
    let me = Me::of(entered.user.name, Some(entered.user.role), &[], Some(entered.user.id));
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, entered.cookie)], ApiJson(me)).into_response())
}

/// Names the person who stands at the kiosk, so that movements carry the name; ends five minutes after the last act.
#[utoipa::path(post, path = "/session/person", tag = "access", operation_id = "session_person", request_body = PersonPin, responses(
    (status = 201, body = Me),
    (status = 401, description = "Name or PIN is wrong", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "Only a kiosk takes PINs", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many wrong answers; Retry-After says how long to wait", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn person(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    ApiJson(body): ApiJson<PersonPin>,
) -> Result<Response, Problem> {
    let entered = desk::name_person(&state, &caller, &headers, &body.name, body.pin).await?;
    let me = Me::of(entered.user.name, caller.role, &caller.scopes, Some(entered.user.id));
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, entered.cookie)], ApiJson(me)).into_response())
}

/// Signs out: the person at a kiosk first, else whoever is signed in.
#[utoipa::path(delete, path = "/session", tag = "access", operation_id = "session_delete", responses((status = 204, description = "Done")))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let cookie = desk::sign_out(&state, &caller, &headers).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Changes your own password. You stay signed in here, by a new cookie, and are signed out everywhere else.
#[utoipa::path(put, path = "/session/password", tag = "access", operation_id = "session_password", request_body = OwnPassword, responses(
    (status = 204, description = "Done"),
    (status = 422, description = "`current` is not your password, or the new one is too short", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many wrong answers; Retry-After says how long to wait", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn password(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    ApiJson(body): ApiJson<OwnPassword>,
) -> Result<Response, Problem> {
    let cookie = own::change(&state, &caller, &headers, body.current, Own::Password(body.password)).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

/// Changes your own PIN, or takes it away. Ends your sessions at kiosks.
#[utoipa::path(put, path = "/session/pin", tag = "access", operation_id = "session_pin", request_body = OwnPin, responses(
    (status = 204, description = "Done"),
    (status = 422, description = "`current` is not your password, or the PIN is none", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many wrong answers; Retry-After says how long to wait", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn pin(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    ApiJson(body): ApiJson<OwnPin>,
) -> Result<StatusCode, Problem> {
    own::change(&state, &caller, &headers, body.current, Own::Pin(body.pin)).await.map(|_| StatusCode::NO_CONTENT)
}
