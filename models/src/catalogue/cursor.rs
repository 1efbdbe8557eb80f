//! The place of a holding in the list, and the opaque text that names it.
//!
//! The text holds the whole sort key: whatever is added or taken meanwhile, the next page begins right after it.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{
    base64,
    query::{Query, Sort},
};
use crate::error::RuleError;

/// A place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// What the list is ordered by; none comes last.
    pub(super) key: Option<i64>,
    pub(super) name: &'a str,
    pub(super) year: i32,
    pub(super) vintage: &'a str,
    pub(super) volume: i32,
}

impl Place<'_> {
    /// The order of the list. Ties are told apart by name, year, vintage and volume, always upwards.
    pub(super) fn order(&self, other: &Self, sort: Sort, descending: bool) -> Ordering {
        let turned = |order: Ordering| if descending { order.reverse() } else { order };
        let first = match (self.key, other.key) {
            (Some(a), Some(b)) => turned(a.cmp(&b)),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        let name = self.name.cmp(other.name);
        first
            .then(if sort == Sort::Name { turned(name) } else { name })
            .then(self.year.cmp(&other.year))
            .then_with(|| self.vintage.cmp(other.vintage))
            .then(self.volume.cmp(&other.volume))
    }
}

/// What the text holds.
#[derive(Serialize, Deserialize)]
pub(super) struct Cursor(Sort, bool, Option<i64>, String, i32, String, i32);

impl Cursor {
    pub(super) fn text(place: &Place<'_>, query: &Query) -> String {
        let (name, vintage) = (place.name.to_owned(), place.vintage.to_owned());
        let cursor = Self(query.sort, query.descending, place.key, name, place.year, vintage, place.volume);
        base64::encode(&serde_json::to_vec(&cursor).unwrap_or_default())
    }

    /// Reads the cursor of a query.
    pub(super) fn read(query: &Query) -> Result<Option<Self>, RuleError> {
        let Some(text) = &query.cursor else { return Ok(None) };
        let cursor: Option<Self> = base64::decode(text).and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match cursor {
            Some(cursor) if (cursor.0, cursor.1) == (query.sort, query.descending) => Ok(Some(cursor)),
            Some(_) => Err(RuleError::field("cursor", "belongs to another order; leave it out to begin anew")),
            None => Err(RuleError::field("cursor", "is not one that was given as `next`; leave it out to begin anew")),
        }
    }

    pub(super) fn place(&self) -> Place<'_> {
        Place { key: self.2, name: &self.3, year: self.4, vintage: &self.5, volume: self.6 }
    }
}
