//! Small conversions between columns and domain types that every table needs.

use std::str::FromStr;

use chrono::{SubsecRound, Timelike};
use serde::{Serialize, de::DeserializeOwned};

use super::DbError;
use crate::{Instant, search::fold};

/// A stored word as its enum.
pub(super) fn word<T: FromStr<Err = crate::error::RuleError>>(place: &str, text: &str) -> Result<T, DbError> {
    text.parse().map_err(|error| DbError::broken(place, error))
}

/// A stored word as its enum; an empty one is none.
pub(super) fn optional_word<T: FromStr<Err = crate::error::RuleError>>(
    place: &str,
    text: &str,
) -> Result<Option<T>, DbError> {
    if text.is_empty() { Ok(None) } else { word(place, text).map(Some) }
}

/// Stored JSON as its value.
pub(super) fn from_json<T: DeserializeOwned>(place: &str, text: &str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|error| DbError::broken(place, error))
}

/// A value as JSON to be stored.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Other(format!("a value cannot be written as JSON: {error}")))
}

/// The time as it is stored: MariaDB keeps six digits, so both engines get six.
pub(super) fn cut(at: Instant) -> Instant {
    if at.nanosecond() % 1000 == 0 { at } else { at.trunc_subsecs(6) }
}

/// The words of a search in the form of `search_key`, each as a LIKE pattern with `!` as escape. Case is folded here and
/// not by a collation, which the engines do differently.
pub(super) fn patterns(search: Option<&str>) -> Vec<String> {
    let escape = |word: &str| word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    fold(search.unwrap_or_default()).split_whitespace().map(|word| format!("%{}%", escape(word))).collect()
}
