//! The cellar's change counter.

use diesel::prelude::*;

use super::{Conn, DbError, schema::meta};

/// How many writes there have been: a view is stale when the number has grown.
pub fn revision(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(meta::table.select(meta::revision).first(conn)?)
}

/// Takes the lock that [`bump`] takes, for a write that no view shows.
pub(super) fn lock(conn: &mut Conn) -> QueryResult<()> {
    diesel::update(meta::table).set(meta::revision.eq(meta::revision)).execute(conn).map(drop)
}

/// Counts one write. It is the first statement of every write transaction, so that the write lock is taken before
/// anything is read: SQLite could not upgrade a stale reader, and in MariaDB all writers queue at this row.
pub(super) fn bump(conn: &mut Conn) -> QueryResult<()> {
    match diesel::update(meta::table).set(meta::revision.eq(meta::revision + 1)).execute(conn)? {
        0 => Err(diesel::result::Error::NotFound),
        _ => Ok(()),
    }
}
