//! Requests that were done already: a client that got no answer may ask again without its act being done twice.
//!
//! The key is written in the same transaction as the act, the answer afterwards. So after a crash between the two the
//! act is known to be done, only its answer is lost.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::{Conn, DbError, schema::idempotency, types};
use crate::Instant;

/// How long a key is remembered, in hours.
pub const HOURS: i64 = 48;

/// A key, whose it is, and for what it was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Who sent it: keys of different callers never meet.
    pub owner: String,
    /// What the client sent.
    pub key: String,
    /// Fingerprint of method, path and body.
    pub request_hash: String,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Fingerprint of the request it was used for.
    pub request_hash: String,
    /// Status and body of the answer; none when the answer was lost.
    pub answer: Option<(i32, String)>,
}

/// What is known of the key, if it was used.
pub fn idempotency_find(conn: &mut Conn, owner: &str, key: &str) -> Result<Option<Answered>, DbError> {
    let row: Option<(String, i32, String)> = idempotency::table
        .find((owner, key))
        .select((idempotency::request_hash, idempotency::status, idempotency::body))
        .first(conn)
        .optional()?;
    Ok(row
        .map(|(request_hash, status, body)| Answered { request_hash, answer: (status > 0).then_some((status, body)) }))
}

/// Notes that the request with this key is being done in this transaction; a conflict when it is done already.
pub fn idempotency_reserve(conn: &mut Conn, key: &IdempotencyKey, now: Instant) -> Result<(), DbError> {
    let old = types::cut(now) - TimeDelta::hours(HOURS);
    diesel::delete(idempotency::table.filter(idempotency::at.lt(old))).execute(conn)?;
    let row = (
        idempotency::owner.eq(&key.owner),
        idempotency::idem_key.eq(&key.key),
        idempotency::request_hash.eq(&key.request_hash),
        idempotency::status.eq(0),
        idempotency::body.eq(""),
        idempotency::at.eq(types::cut(now)),
    );
    match diesel::insert_into(idempotency::table).values(row).execute(conn).map_err(DbError::from) {
        Err(DbError::Conflict(_)) => {
            Err(DbError::Conflict("A request with this Idempotency-Key is being done.".to_owned()))
        }
        other => other.map(drop),
    }
}

/// Keeps the answer for those who ask again.
pub fn idempotency_finish(conn: &mut Conn, key: &IdempotencyKey, status: i32, body: &str) -> Result<(), DbError> {
    diesel::update(idempotency::table.find((&key.owner, &key.key)))
        .set((idempotency::status.eq(status), idempotency::body.eq(body)))
        .execute(conn)?;
    Ok(())
}
