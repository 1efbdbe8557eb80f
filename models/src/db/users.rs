//! People who may sign in, and the one-time link that makes the first admin.
//!
//! What is stored of passwords and PINs are hashes that the server made; this file never sees the secrets.

use diesel::prelude::*;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Conn, DbError, changes, new_id,
    schema::{setup_links, users},
    sessions, types,
};
use crate::{
    Instant,
    change::Entity,
    error::RuleError,
    ids::UserId,
    movement::{Actor, Source},
    user::{self, Permission, Role, SessionKind, User},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = users)]
pub(super) struct UserRow {
    id: String,
    name: String,
    role: String,
    password_hash: Option<String>,
    pin_hash: Option<String>,
    enabled: bool,
    revision: i32,
    created_at: Instant,
}

impl TryFrom<UserRow> for User {
    type Error = DbError;

    fn try_from(row: UserRow) -> Result<Self, DbError> {
        Ok(Self {
            role: types::word("users.role", &row.role)?,
            has_password: row.password_hash.is_some(),
            has_pin: row.pin_hash.is_some(),
            id: UserId(row.id),
            name: row.name,
            enabled: row.enabled,
            revision: row.revision,
            created_at: row.created_at,
        })
    }
}

/// A person to be entered, with hashes instead of secrets.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Name in the history.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Hash of the password.
    pub password_hash: Option<String>,
    /// Hash of the PIN.
    pub pin_hash: Option<String>,
}

/// A person with the hashes that a password or PIN is compared with.
#[derive(Debug, Clone)]
pub struct UserSecrets {
    /// The person.
    pub user: User,
    /// Hash of the password.
    pub password_hash: Option<String>,
    /// Hash of the PIN.
    pub pin_hash: Option<String>,
}

/// Everybody, by name.
pub fn user_list(conn: &mut Conn) -> Result<Vec<User>, DbError> {
    users::table.order(users::name).load::<UserRow>(conn)?.into_iter().map(User::try_from).collect()
}

/// Whether somebody may manage racks: by their role; at the screen beside the rack also a person of such a role who is named by
/// PIN, or, where nobody has a PIN, whoever stands there. The screen alone may not, so a role cannot say it.
pub fn may_manage(
    conn: &mut Conn,
    role: Option<Role>,
    scopes: &[Permission],
    person: Option<&UserId>,
) -> Result<bool, DbError> {
    if role.is_some_and(|role| user::allowed(role, scopes, Permission::Manage)) {
        return Ok(true);
    }
    if role != Some(Role::Kiosk) {
        return Ok(false);
    }
    let all = user_list(conn)?;
    Ok(match person {
        Some(id) => all.iter().any(|user| user.id == *id && user.enabled && user.role.may(Permission::Manage)),
        None => !all.iter().any(|user| user.enabled && user.has_pin),
    })
}

/// One person.
pub fn user_get(conn: &mut Conn, id: &UserId) -> Result<User, DbError> {
    let row: Option<UserRow> = users::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| DbError::NotFound(format!("There is no person {id}.")))?.try_into()
}

/// The person of that name, in any case, with the hashes.
pub fn user_secrets(conn: &mut Conn, name: &str) -> Result<Option<UserSecrets>, DbError> {
    // Case is folded here and not by a collation, which the engines do differently; a household is a short list.
    let wanted = name.trim().to_lowercase();
    let rows: Vec<UserRow> = users::table.load(conn)?;
    let Some(row) = rows.into_iter().find(|row| row.name.to_lowercase() == wanted) else { return Ok(None) };
    let (password_hash, pin_hash) = (row.password_hash.clone(), row.pin_hash.clone());
    Ok(Some(UserSecrets { user: row.try_into()?, password_hash, pin_hash }))
}

/// The person of that name, in any case.
pub fn user_named(conn: &mut Conn, name: &str) -> Result<User, DbError> {
    let found = user_secrets(conn, name)?;
    found.map(|secrets| secrets.user).ok_or_else(|| DbError::NotFound(format!("There is nobody named `{name}`.")))
}

/// Enters a person.
pub fn user_insert(conn: &mut Conn, new: &NewUser, actor: &Actor, now: Instant) -> Result<User, DbError> {
    let name = user::name(&new.name)?;
    let role = new.role.of_person()?;
    refuse_taken(conn, &name, None)?;
    let row = UserRow {
        id: new_id(),
        name,
        role: role.as_str().to_owned(),
        password_hash: new.password_hash.clone(),
        pin_hash: new.pin_hash.clone(),
        enabled: true,
        revision: 1,
        created_at: types::cut(now),
    };
    diesel::insert_into(users::table).values(&row).execute(conn)?;
    let user = User::try_from(row)?;
    changes::record(conn, Entity::User, user.id.as_str(), None, Some(&PersonState::of(&user)), actor, now)?;
    Ok(user)
}

fn refuse_taken(conn: &mut Conn, name: &str, but: Option<&UserId>) -> Result<(), DbError> {
    match user_secrets(conn, name)? {
        Some(found) if Some(&found.user.id) != but => {
            Err(RuleError::field("name", format!("`{}` is taken; choose another name", found.user.name)).into())
        }
        _ => Ok(()),
    }
}

/// Changes name, role and whether the person may sign in. Who may no longer is signed out everywhere.
pub fn user_update(
    conn: &mut Conn,
    id: &UserId,
    name: &str,
    role: Role,
    enabled: bool,
    revision: i32,
    actor: &Actor,
    now: Instant,
) -> Result<User, DbError> {
    let before = user_get(conn, id)?;
    changes::check_revision(conn, Entity::User, id.as_str(), before.revision, revision)?;
    let after = PersonState { name: user::name(name)?, role: role.of_person()?, enabled };
    write(conn, &before, &after)?;
    let before = PersonState::of(&before);
    changes::record(conn, Entity::User, id.as_str(), Some(&before), Some(&after), actor, now)?;
    user_get(conn, id)
}

/// What the journal tells of a person. Of secrets it tells only that they were changed.
#[derive(Serialize, Deserialize)]
struct PersonState {
    name: String,
    role: Role,
    enabled: bool,
}

impl PersonState {
    fn of(user: &User) -> Self {
        Self { name: user.name.clone(), role: user.role, enabled: user.enabled }
    }
}

fn write(conn: &mut Conn, before: &User, after: &PersonState) -> Result<(), DbError> {
    refuse_taken(conn, &after.name, Some(&before.id))?;
    diesel::update(users::table.find(before.id.as_str()))
        .set((
            users::name.eq(&after.name),
            users::role.eq(after.role.as_str()),
            users::enabled.eq(after.enabled),
            users::revision.eq(users::revision + 1),
        ))
        .execute(conn)?;
    if !after.enabled {
        sessions::session_end(conn, &before.id, None)?;
    }
    keep_an_admin(conn, before)
}

/// Refuses what has taken the last admin away.
fn keep_an_admin(conn: &mut Conn, before: &User) -> Result<(), DbError> {
    if is_admin(before) && !user_has_admin(conn)? {
        let why = format!("{} is the last admin with a password; make another one first.", before.name);
        return Err(RuleError::Forbidden(why).into());
    }
    Ok(())
}

fn find(conn: &mut Conn, id: &str) -> Result<Option<User>, DbError> {
    users::table.find(id).first::<UserRow>(conn).optional()?.map(User::try_from).transpose()
}

/// What the journal would tell of the person now; none when there is no such person.
pub(super) fn state(conn: &mut Conn, id: &str) -> Result<Option<Value>, DbError> {
    find(conn, id)?.map(|user| changes::value(&PersonState::of(&user))).transpose()
}

/// Brings the person back to `state`. Who was removed comes back without password and PIN.
pub(super) fn restore(conn: &mut Conn, id: &str, state: Option<&Value>, now: Instant) -> Result<(), DbError> {
    let wanted: Option<PersonState> = state.map(changes::typed).transpose()?;
    match (find(conn, id)?, wanted) {
        (Some(user), Some(state)) => write(conn, &user, &state),
        (Some(user), None) => {
            sessions::session_end(conn, &user.id, None)?;
            diesel::delete(users::table.find(id)).execute(conn)?;
            keep_an_admin(conn, &user)
        }
        (None, Some(state)) => {
            refuse_taken(conn, &state.name, None)?;
            let row = UserRow {
                id: id.to_owned(),
                name: state.name,
                role: state.role.as_str().to_owned(),
                password_hash: None,
                pin_hash: None,
                enabled: state.enabled,
                revision: 1,
                created_at: types::cut(now),
            };
            diesel::insert_into(users::table).values(&row).execute(conn)?;
            Ok(())
        }
        (None, None) => Ok(()),
    }
}

fn is_admin(user: &User) -> bool {
    user.enabled && user.has_password && user.role == Role::Admin
}

/// Whether anybody can administer: an enabled admin with a password.
pub fn user_has_admin(conn: &mut Conn) -> Result<bool, DbError> {
    Ok(user_list(conn)?.iter().any(is_admin))
}

/// Sets the password's hash and ends all sessions of the person.
pub fn user_set_password(
    conn: &mut Conn,
    id: &UserId,
    hash: &str,
    actor: &Actor,
    now: Instant,
) -> Result<User, DbError> {
    let before = user_get(conn, id)?;
    diesel::update(users::table.find(id.as_str()))
        .set((users::password_hash.eq(hash), users::revision.eq(users::revision + 1)))
        .execute(conn)?;
    sessions::session_end(conn, id, None)?;
    let told = |word: &str| json!({"name": before.name, "password": word});
    let (before, after) = (told(had(before.has_password)), told("new"));
    changes::record(conn, Entity::User, id.as_str(), Some(&before), Some(&after), actor, now)?;
    user_get(conn, id)
}

/// What the journal says of a secret that there was.
fn had(there: bool) -> &'static str {
    if there { "set" } else { "none" }
}

/// Sets or takes away the PIN's hash and ends the person's sessions at kiosks.
pub fn user_set_pin(
    conn: &mut Conn,
    id: &UserId,
    hash: Option<&str>,
    actor: &Actor,
    now: Instant,
) -> Result<User, DbError> {
    let before = user_get(conn, id)?;
    diesel::update(users::table.find(id.as_str()))
        .set((users::pin_hash.eq(hash), users::revision.eq(users::revision + 1)))
        .execute(conn)?;
    sessions::session_end(conn, id, Some(SessionKind::Kiosk))?;
    let told = |word: &str| json!({"name": before.name, "pin": word});
    let (before, after) = (told(had(before.has_pin)), told(if hash.is_some() { "new" } else { "none" }));
    changes::record(conn, Entity::User, id.as_str(), Some(&before), Some(&after), actor, now)?;
    user_get(conn, id)
}

/// Enters a new one-time link by its hash; links that were made before open nothing any more.
pub fn setup_link_insert(conn: &mut Conn, hash: &str, now: Instant) -> Result<(), DbError> {
    diesel::delete(setup_links::table.filter(setup_links::used_at.is_null())).execute(conn)?;
    let now = types::cut(now);
    diesel::insert_into(setup_links::table)
        .values((
            setup_links::hash.eq(hash),
            setup_links::created_at.eq(now),
            setup_links::expires_at.eq(now + user::setup_lifetime()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether the link can still be used.
pub fn setup_link_valid(conn: &mut Conn, hash: &str, now: Instant) -> Result<bool, DbError> {
    let found: i64 = setup_links::table
        .filter(setup_links::hash.eq(hash))
        .filter(setup_links::used_at.is_null())
        .filter(setup_links::expires_at.gt(now))
        .count()
        .get_result(conn)?;
    Ok(found == 1 && !user_has_admin(conn)?)
}

/// Makes the first admin by a link, which is used up.
pub fn setup_admin(
    conn: &mut Conn,
    hash: &str,
    name: &str,
    password_hash: &str,
    now: Instant,
) -> Result<User, DbError> {
    if !setup_link_valid(conn, hash, now)? {
        return Err(RuleError::Forbidden(
            "This link was used, is too old, or there is an admin already. A restart of the server logs a new one as \
             long as there is no admin."
                .to_owned(),
        )
        .into());
    }
    diesel::update(setup_links::table.find(hash)).set(setup_links::used_at.eq(types::cut(now))).execute(conn)?;
    let new = NewUser {
        name: name.to_owned(),
        role: Role::Admin,
        password_hash: Some(password_hash.to_owned()),
        pin_hash: None,
    };
    // Nobody has signed in yet: whoever holds the link enters itself.
    let actor = Actor { name: user::name(name)?, source: Source::Web };
    user_insert(conn, &new, &actor, now)
}
