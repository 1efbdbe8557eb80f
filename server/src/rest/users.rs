//! People who may sign in, and their sessions. For admins.

use axum::{extract::State, http::StatusCode};
use models::{
    db::{Conn, sessions, users},
    ids::UserId,
    user::{Role, Session, User},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    access::{Caller, desk},
    config,
    extract::{ApiJson, ApiPath},
    problem::Problem,
    revision::{IfMatch, Tagged},
    state::{AppState, Store},
};

/// A person to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPerson {
    /// Name in the history, 1 to 100 characters.
    name: String,
    /// kiosk, member or admin.
    role: Role,
    /// 10 to 200 characters; without one there is no signing in by browser.
    password: Option<String>,
    /// 4 to 8 digits; without one the kiosk does not offer the name.
    pin: Option<String>,
}

/// What can be changed of a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonChange {
    /// Name in the history.
    name: String,
    /// kiosk, member or admin.
    role: Role,
    /// Whether the person may sign in.
    enabled: bool,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// 10 to 200 characters.
    password: String,
}

/// A new PIN.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPin {
    /// 4 to 8 digits.
    pin: String,
}

/// Everybody, by name.
#[utoipa::path(get, path = "/users", tag = "access", operation_id = "user_list", responses((status = 200, body = Vec<User>)))]
pub(crate) async fn list(State(store): State<Store>) -> Result<ApiJson<Vec<User>>, Problem> {
    store.read(users::user_list).await.map(ApiJson)
}

/// One person. The `ETag` is the revision.
#[utoipa::path(get, path = "/users/{user}", tag = "access", operation_id = "user_get", params(("user" = String, Path, description = "Id of the person")), responses(
    (status = 200, body = User),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(State(store): State<Store>, ApiPath(id): ApiPath<UserId>) -> Result<Tagged<User>, Problem> {
    store.read(move |conn| users::user_get(conn, &id)).await.map(|user| Tagged(user.revision, user))
}

/// Enters a person.
#[utoipa::path(post, path = "/users", tag = "access", operation_id = "user_create", request_body = NewPerson, responses(
    (status = 201, body = User),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(body): ApiJson<NewPerson>,
) -> Result<(StatusCode, Tagged<User>), Problem> {
    let password_hash = match body.password {
        Some(password) => Some(desk::new_password(&state, password).await?),
        None => None,
    };
    let pin_hash = match body.pin {
        Some(pin) => Some(desk::new_pin(&state, pin).await?),
        None => None,
    };
    let new = users::NewUser { name: body.name, role: body.role, password_hash, pin_hash };
    let user = state.store.write(move |conn| users::user_insert(conn, &new, &caller.acting(), config::now())).await?;
    Ok((StatusCode::CREATED, Tagged(user.revision, user)))
}

/// Changes name, role and whether the person may sign in. The last admin stays one.
#[utoipa::path(put, path = "/users/{user}", tag = "access", operation_id = "user_update", params(("user" = String, Path, description = "Id of the person")), request_body = PersonChange, responses(
    (status = 200, body = User),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It is the last admin", body = Problem, content_type = "application/problem+json"),
    (status = 412, body = Problem, content_type = "application/problem+json"),
    (status = 428, description = "If-Match is missing", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn update(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<UserId>,
    IfMatch(revision): IfMatch,
    ApiJson(body): ApiJson<PersonChange>,
) -> Result<Tagged<User>, Problem> {
    let write = move |conn: &mut Conn| {
        let (by, now) = (caller.acting(), config::now());
        users::user_update(conn, &id, &body.name, body.role, body.enabled, revision, &by, now)
    };
    store.write(write).await.map(|user| Tagged(user.revision, user))
}

/// Sets the password. Ends all sessions of the person.
#[utoipa::path(put, path = "/users/{user}/password", tag = "access", operation_id = "user_password", params(("user" = String, Path, description = "Id of the person")), request_body = NewPassword, responses(
    (status = 200, body = User),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn password(
    State(state): State<AppState>,
    caller: Caller,
    ApiPath(id): ApiPath<UserId>,
    ApiJson(body): ApiJson<NewPassword>,
) -> Result<Tagged<User>, Problem> {
    let hash = desk::new_password(&state, body.password).await?;
    let set = move |conn: &mut Conn| users::user_set_password(conn, &id, &hash, &caller.acting(), config::now());
    let user = state.store.write(set).await?;
    Ok(Tagged(user.revision, user))
}

/// Sets the PIN. Ends the person's sessions at kiosks.
#[utoipa::path(put, path = "/users/{user}/pin", tag = "access", operation_id = "user_pin", params(("user" = String, Path, description = "Id of the person")), request_body = NewPin, responses(
    (status = 200, body = User),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn pin(
    State(state): State<AppState>,
    caller: Caller,
    ApiPath(id): ApiPath<UserId>,
    ApiJson(body): ApiJson<NewPin>,
) -> Result<Tagged<User>, Problem> {
    let hash = desk::new_pin(&state, body.pin).await?;
    let set = move |conn: &mut Conn| users::user_set_pin(conn, &id, Some(&hash), &caller.acting(), config::now());
    let user = state.store.write(set).await?;
    Ok(Tagged(user.revision, user))
}

/// Takes the PIN away.
#[utoipa::path(delete, path = "/users/{user}/pin", tag = "access", operation_id = "user_pin_remove", params(("user" = String, Path, description = "Id of the person")), responses(
    (status = 200, body = User),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn pin_remove(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<UserId>,
) -> Result<Tagged<User>, Problem> {
    let set = move |conn: &mut Conn| users::user_set_pin(conn, &id, None, &caller.acting(), config::now());
    let user = store.write(set).await?;
    Ok(Tagged(user.revision, user))
}

/// Who is signed in, last seen first.
#[utoipa::path(get, path = "/sessions", tag = "access", operation_id = "session_list", responses((status = 200, body = Vec<Session>)))]
pub(crate) async fn sessions(State(store): State<Store>) -> Result<ApiJson<Vec<Session>>, Problem> {
    store.read(|conn| sessions::session_list(conn, config::now())).await.map(ApiJson)
}

/// Signs somebody out.
#[utoipa::path(delete, path = "/sessions/{session}", tag = "access", operation_id = "session_end", params(("session" = String, Path, description = "Id of the session")), responses((status = 204, description = "Done")))]
pub(crate) async fn session_end(
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    store.write(move |conn| sessions::session_delete(conn, &id)).await.map(|()| StatusCode::NO_CONTENT)
}
