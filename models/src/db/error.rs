//! What can go wrong with the database, in words for a person.

use diesel::result::{DatabaseErrorKind as Kind, Error};

use crate::error::RuleError;

/// A failed read or write. Nothing of a failed write remains.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The thing is not there (any more).
    #[error("{0}")]
    NotFound(String),
    /// Somebody was faster, or the act was done already.
    #[error("{0}")]
    Conflict(String),
    /// The thing was changed since the caller saw it; the text says by whom and what.
    #[error("{0}")]
    Stale(String),
    /// Other writers held the database too long; trying again helps.
    #[error("The database is busy. Please try again.")]
    Busy,
    /// The URL is none that names a database of ours; the text says which forms do.
    #[error("{0}")]
    Url(String),
    /// The database cannot be reached or opened.
    #[error("The database cannot be reached: {0}")]
    Unavailable(String),
    /// The cellar's rules forbid it.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// A failure that no user can cure; the text is for the log.
    #[error("The database failed: {0}")]
    Other(String),
}

impl DbError {
    /// The stored value is not what this program wrote: says where.
    pub(super) fn broken(place: &str, why: impl std::fmt::Display) -> Self {
        Self::Other(format!("{place} holds a value that cannot be read: {why}"))
    }
}

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        match &error {
            Error::NotFound => Self::NotFound("It is not there (any more).".to_owned()),
            Error::DatabaseError(Kind::UniqueViolation, _) => {
                Self::Conflict("There is such an entry already.".to_owned())
            }
            Error::DatabaseError(Kind::ForeignKeyViolation, _) => {
                Self::Conflict("It refers to something that is not there.".to_owned())
            }
            Error::DatabaseError(Kind::SerializationFailure, _) => Self::Busy,
            Error::DatabaseError(Kind::ClosedConnection, info) => Self::Unavailable(info.message().to_owned()),
            Error::DatabaseError(_, info) => by_message(info.message()),
            _ => Self::Other(error.to_string()),
        }
    }
}

/// Diesel hands on no code for these, only the engine's text: SQLITE_BUSY, 1205 and 1213, and a server that went away.
fn by_message(message: &str) -> DbError {
    let has = |part: &str| message.contains(part);
    if has("database is locked") || has("Lock wait timeout") || has("Deadlock found") {
        DbError::Busy
    } else if has("server has gone away") || has("Lost connection") || has("Can't connect") {
        DbError::Unavailable(message.to_owned())
    } else {
        DbError::Other(message.to_owned())
    }
}
