//! Tokens of programs. A token is found by its SHA-256; the token itself is nowhere stored.

use chrono::TimeDelta;
use diesel::prelude::*;

use serde_json::{Value, json};

use super::{Conn, DbError, changes, new_id, schema::tokens, types};
use crate::{
    Instant,
    change::Entity,
    ids::TokenId,
    movement::Actor,
    user::{self, Permission, Token, TokenFacts},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = tokens)]
struct TokenRow {
    id: String,
    name: String,
    hash: String,
    role: String,
    scopes: String,
    created_by: String,
    created_at: Instant,
    used_at: Option<Instant>,
    expires_at: Option<Instant>,
    revoked_at: Option<Instant>,
}

impl TryFrom<TokenRow> for Token {
    type Error = DbError;

    fn try_from(row: TokenRow) -> Result<Self, DbError> {
        Ok(Self {
            role: types::word("tokens.role", &row.role)?,
            scopes: user::scopes(&row.scopes).map_err(|error| DbError::broken("tokens.scopes", error))?,
            id: TokenId(row.id),
            name: row.name,
            created_by: row.created_by,
            created_at: row.created_at,
            used_at: row.used_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
        })
    }
}

/// Enters a token by its hash.
pub fn token_insert(
    conn: &mut Conn,
    facts: &TokenFacts,
    hash: &str,
    actor: &Actor,
    now: Instant,
) -> Result<Token, DbError> {
    facts.check()?;
    let now = types::cut(now);
    let scopes: Vec<&str> = facts.scopes.iter().copied().map(Permission::as_str).collect();
    let row = TokenRow {
        id: new_id(),
        name: facts.name.trim().to_owned(),
        hash: hash.to_owned(),
        role: facts.role.as_str().to_owned(),
        scopes: scopes.join(" "),
        created_by: actor.name.clone(),
        created_at: now,
        used_at: None,
        expires_at: facts.days.map(|days| now + TimeDelta::days(days)),
        revoked_at: None,
    };
    diesel::insert_into(tokens::table).values(&row).execute(conn)?;
    let made = state(conn, &row.id)?;
    changes::record(conn, Entity::Token, &row.id, None, made.as_ref(), actor, now)?;
    row.try_into()
}

/// All tokens, newest first, also those that open nothing any more.
pub fn token_list(conn: &mut Conn) -> Result<Vec<Token>, DbError> {
    tokens::table.order(tokens::id.desc()).load::<TokenRow>(conn)?.into_iter().map(Token::try_from).collect()
}

/// The token of that hash, if it is neither revoked nor too old.
pub fn token_find(conn: &mut Conn, hash: &str, now: Instant) -> Result<Option<Token>, DbError> {
    let row: Option<TokenRow> = tokens::table
        .filter(tokens::hash.eq(hash))
        .filter(tokens::revoked_at.is_null())
        .filter(tokens::expires_at.is_null().or(tokens::expires_at.gt(now)))
        .first(conn)
        .optional()?;
    row.map(Token::try_from).transpose()
}

/// Notes that the token was used.
pub fn token_touch(conn: &mut Conn, id: &TokenId, now: Instant) -> Result<(), DbError> {
    diesel::update(tokens::table.find(id.as_str())).set(tokens::used_at.eq(types::cut(now))).execute(conn)?;
    Ok(())
}

/// Ends a token for good. Revoking one twice keeps the first time.
pub fn token_revoke(conn: &mut Conn, id: &TokenId, actor: &Actor, now: Instant) -> Result<Token, DbError> {
    let before = state(conn, id.as_str())?;
    end(conn, id, now)?;
    let token = row(conn, id.as_str())?.ok_or_else(|| DbError::NotFound(format!("There is no token {id}.")))?;
    changes::record(conn, Entity::Token, id.as_str(), before.as_ref(), None, actor, now)?;
    token.try_into()
}

/// Ends a token that has not ended.
pub(super) fn end(conn: &mut Conn, id: &TokenId, now: Instant) -> Result<(), DbError> {
    diesel::update(tokens::table.find(id.as_str()).filter(tokens::revoked_at.is_null()))
        .set(tokens::revoked_at.eq(types::cut(now)))
        .execute(conn)?;
    Ok(())
}

fn row(conn: &mut Conn, id: &str) -> Result<Option<TokenRow>, DbError> {
    Ok(tokens::table.find(id).first(conn).optional()?)
}

/// What the journal tells of a token; none once it is revoked.
pub(super) fn state(conn: &mut Conn, id: &str) -> Result<Option<Value>, DbError> {
    let found = row(conn, id)?.filter(|row| row.revoked_at.is_none());
    Ok(found.map(|row| json!({"name": row.name, "role": row.role, "scopes": row.scopes, "ends": row.expires_at})))
}
