//! People who may sign in, and the one-time link that makes the first admin.
//!
//! What is stored of passwords and PINs are hashes that the server made; this file never sees the secrets.

use diesel::prelude::*;

use super::{
    Conn, DbError, new_id,
    schema::{setup_links, users},
    sessions, types,
};
use crate::{
    Instant,
    error::RuleError,
    ids::UserId,
    user::{self, Role, SessionKind, User},
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
pub fn user_insert(conn: &mut Conn, new: &NewUser, now: Instant) -> Result<User, DbError> {
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
    row.try_into()
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
) -> Result<User, DbError> {
    let before = user_get(conn, id)?;
    if before.revision != revision {
        return Err(DbError::Stale(format!(
            "{} was changed meanwhile (revision {}, you saw {revision}); read it again.",
            before.name, before.revision
        )));
    }
    let name = user::name(name)?;
    let role = role.of_person()?;
    refuse_taken(conn, &name, Some(id))?;
    diesel::update(users::table.find(id.as_str()))
        .set((
            users::name.eq(name),
            users::role.eq(role.as_str()),
            users::enabled.eq(enabled),
            users::revision.eq(users::revision + 1),
        ))
        .execute(conn)?;
    if is_admin(&before) && !user_has_admin(conn)? {
        let why = format!("{} is the last admin with a password; make another one first.", before.name);
        return Err(RuleError::Forbidden(why).into());
    }
    if !enabled {
        sessions::session_end(conn, id, None)?;
    }
    user_get(conn, id)
}

fn is_admin(user: &User) -> bool {
    user.enabled && user.has_password && user.role == Role::Admin
}

/// Whether anybody can administer: an enabled admin with a password.
pub fn user_has_admin(conn: &mut Conn) -> Result<bool, DbError> {
    Ok(user_list(conn)?.iter().any(is_admin))
}

/// Sets the password's hash and ends all sessions of the person.
pub fn user_set_password(conn: &mut Conn, id: &UserId, hash: &str) -> Result<User, DbError> {
    user_get(conn, id)?;
    diesel::update(users::table.find(id.as_str()))
        .set((users::password_hash.eq(hash), users::revision.eq(users::revision + 1)))
        .execute(conn)?;
    sessions::session_end(conn, id, None)?;
    user_get(conn, id)
}

/// Sets or takes away the PIN's hash and ends the person's sessions at kiosks.
pub fn user_set_pin(conn: &mut Conn, id: &UserId, hash: Option<&str>) -> Result<User, DbError> {
    user_get(conn, id)?;
    diesel::update(users::table.find(id.as_str()))
        .set((users::pin_hash.eq(hash), users::revision.eq(users::revision + 1)))
        .execute(conn)?;
    sessions::session_end(conn, id, Some(SessionKind::Kiosk))?;
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
    user_insert(conn, &new, now)
}
