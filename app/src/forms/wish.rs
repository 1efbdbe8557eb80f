//! A wish.

use models::{
    error::RuleError,
    wish::{WishFacts, WishState},
};
use serde::{Deserialize, Serialize};

use super::whole;

/// The fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WishForm {
    /// Producer.
    pub producer: String,
    /// Name.
    pub name: String,
    /// `2019`, or nothing for any.
    pub year: String,
    /// Where seen, for what.
    pub note: String,
    /// `1` to `3`.
    pub priority: String,
}

impl WishForm {
    /// What was typed.
    pub fn facts(&self) -> Result<WishFacts, RuleError> {
        Ok(WishFacts {
            producer: self.producer.trim().to_owned(),
            name: self.name.trim().to_owned(),
            year: whole("year", &self.year)?,
            note: self.note.replace("\r\n", "\n"),
            priority: whole("priority", &self.priority)?.unwrap_or(3),
            state: WishState::Open,
        })
    }

    /// Every field with its name.
    pub fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("producer", &self.producer),
            ("name", &self.name),
            ("year", &self.year),
            ("note", &self.note),
            ("priority", &self.priority),
        ]
    }
}
