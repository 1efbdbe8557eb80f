//! Who is signed in. A session is found by the SHA-256 of its cookie's secret; the secret itself is nowhere stored.

use diesel::prelude::*;

use super::{
    Conn, DbError,
    schema::{sessions, users},
    types,
    users::UserRow,
};
use crate::{
    Instant,
    ids::UserId,
    user::{Session, SessionKind, User},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: String,
    user_id: String,
    kind: String,
    agent: String,
    created_at: Instant,
    seen_at: Instant,
    expires_at: Instant,
}

/// Begins a session and forgets those that have run out.
pub fn session_insert(
    conn: &mut Conn,
    hash: &str,
    user: &UserId,
    kind: SessionKind,
    agent: &str,
    now: Instant,
) -> Result<(), DbError> {
    let now = types::cut(now);
    diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(conn)?;
    let row = SessionRow {
        id: hash.to_owned(),
        user_id: user.0.clone(),
        kind: kind.as_str().to_owned(),
        agent: agent.chars().filter(|c| !c.is_control()).take(200).collect(),
        created_at: now,
        seen_at: now,
        expires_at: now + kind.lifetime(),
    };
    diesel::insert_into(sessions::table).values(&row).execute(conn)?;
    Ok(())
}

/// The person of a session that has not run out, and when it was last seen; none for a person who may not sign in.
pub fn session_find(
    conn: &mut Conn,
    hash: &str,
    kind: SessionKind,
    now: Instant,
) -> Result<Option<(User, Instant)>, DbError> {
    let found: Option<(UserRow, Instant)> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(hash))
        .filter(sessions::kind.eq(kind.as_str()))
        .filter(sessions::expires_at.gt(now))
        .filter(users::enabled.eq(true))
        .select((users::all_columns, sessions::seen_at))
        .first(conn)
        .optional()?;
    found.map(|(row, seen_at)| Ok((User::try_from(row)?, seen_at))).transpose()
}

/// Notes that the session was used: its end moves on.
pub fn session_touch(conn: &mut Conn, hash: &str, kind: SessionKind, now: Instant) -> Result<(), DbError> {
    let now = types::cut(now);
    diesel::update(sessions::table.find(hash))
        .set((sessions::seen_at.eq(now), sessions::expires_at.eq(now + kind.lifetime())))
        .execute(conn)?;
    Ok(())
}

/// Ends one session; ending one that is not there is no error.
pub fn session_delete(conn: &mut Conn, hash: &str) -> Result<(), DbError> {
    diesel::delete(sessions::table.find(hash)).execute(conn)?;
    Ok(())
}

/// Ends all sessions of a person, or those of one kind.
pub fn session_end(conn: &mut Conn, user: &UserId, kind: Option<SessionKind>) -> Result<(), DbError> {
    let mut target = diesel::delete(sessions::table).filter(sessions::user_id.eq(user.as_str())).into_boxed();
    if let Some(kind) = kind {
        target = target.filter(sessions::kind.eq(kind.as_str()));
    }
    target.execute(conn)?;
    Ok(())
}

/// The sessions that have not run out, last seen first.
pub fn session_list(conn: &mut Conn, now: Instant) -> Result<Vec<Session>, DbError> {
    let rows: Vec<(SessionRow, String)> = sessions::table
        .inner_join(users::table)
        .filter(sessions::expires_at.gt(now))
        .order((sessions::seen_at.desc(), sessions::id))
        .select((sessions::all_columns, users::name))
        .load(conn)?;
    let session = |(row, user): (SessionRow, String)| {
        Ok(Session {
            kind: types::word("sessions.kind", &row.kind)?,
            id: row.id,
            user_id: UserId(row.user_id),
            user,
            agent: row.agent,
            created_at: row.created_at,
            seen_at: row.seen_at,
            expires_at: row.expires_at,
        })
    };
    rows.into_iter().map(session).collect()
}
