//! The one error that crosses from server to browser: a code to branch on and a sentence to show.

use serde::{Deserialize, Serialize};

use crate::texts;
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// What kind of failure it is; the wording is in [`AppError::message`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// It is not there (any more).
    NotFound,
    /// Somebody else was faster: look again.
    Conflict,
    /// The cellar's rules forbid it.
    Rule,
    /// The database is busy or away: try again.
    Busy,
    /// The request never reached the server, or its answer never came back.
    Network,
    /// Our fault; the log knows more.
    Internal,
}

/// A failed server function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct AppError {
    /// What kind.
    pub code: ErrorCode,
    /// A sentence for a person.
    pub message: String,
    /// Which field of the request is to blame.
    pub field: Option<String>,
}

impl AppError {
    /// An error without a field.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::new(ErrorCode::Network, texts::no_answer())
            }
            ServerFnErrorErr::Args(text) | ServerFnErrorErr::MissingArg(text) => {
                Self::new(ErrorCode::Rule, texts::not_understood(&text))
            }
            other => Self::new(ErrorCode::Internal, other.to_string()),
        }
    }
}

#[cfg(feature = "ssr")]
impl From<models::db::DbError> for AppError {
    fn from(error: models::db::DbError) -> Self {
        use models::{db::DbError, error::RuleError};
        match error {
            DbError::NotFound(what) => Self::new(ErrorCode::NotFound, texts::in_our_words(&what)),
            DbError::Conflict(what) | DbError::Stale(what) => {
                Self::new(ErrorCode::Conflict, texts::in_our_words(&what))
            }
            DbError::Busy => Self::new(ErrorCode::Busy, texts::database_busy()),
            DbError::Unavailable(_) => Self::new(ErrorCode::Busy, texts::database_away()),
            DbError::Rule(rule) => {
                let (field, message) = match &rule {
                    RuleError::Field { field, message } => {
                        (Some(field.clone()), format!("{field}: {}", texts::in_our_words(message)))
                    }
                    _ => (None, texts::in_our_words(&rule.to_string())),
                };
                Self { code: ErrorCode::Rule, message, field }
            }
            other => {
                // The text may name tables and paths: it belongs into the log, not on the screen.
                tracing::error!(error = %other, "a server function failed");
                Self::new(ErrorCode::Internal, texts::something_went_wrong())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_survive_the_wire() {
        let error = AppError { code: ErrorCode::Rule, message: "bin 01_01 is full".into(), field: Some("bin".into()) };
        assert_eq!(AppError::de(error.ser()), error);
    }

    #[test]
    fn a_lost_answer_is_told_in_words() {
        let error = AppError::from_server_fn_error(ServerFnErrorErr::Request("fetch failed".into()));
        assert_eq!(error.code, ErrorCode::Network);
        assert!(!error.message.contains("fetch"));
    }
}
