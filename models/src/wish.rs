//! Wishes: wines to buy.

use serde::{Deserialize, Serialize};

use crate::{Instant, error::RuleError, ids::WishId, wine, word_enum};

word_enum! {
    /// What has become of a wish.
    WishState { Open = "open", Bought = "bought", Dropped = "dropped" }
}

/// A wine to buy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wish {
    /// Identifier.
    pub id: WishId,
    /// What a person has entered.
    #[serde(flatten)]
    pub facts: WishFacts,
    /// Who wishes it.
    pub added_by: String,
    /// Counts up with each change.
    pub revision: i32,
    /// When it was entered (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub created_at: Instant,
}

/// What a person enters of a wish.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WishFacts {
    /// Producer, up to 200 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub producer: String,
    /// Name, 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// Year wanted, 1700 to 2200; none = any.
    #[serde(default)]
    pub year: Option<i32>,
    /// Where seen, for what, up to 1000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub note: String,
    /// 1 (soon) to 3 (some day).
    #[serde(default = "some_day")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3))]
    pub priority: i32,
    /// What has become of it.
    #[serde(default = "open")]
    pub state: WishState,
}

fn some_day() -> i32 {
    3
}

fn open() -> WishState {
    WishState::Open
}

impl WishFacts {
    /// Checks every field; the error names it.
    pub fn check(&self) -> Result<(), RuleError> {
        wine::text("producer", &self.producer, 0, 200)?;
        wine::text("name", &self.name, 1, 200)?;
        wine::year("year", self.year)?;
        wine::lines("note", &self.note, 0, 1000)?;
        match self.priority {
            1..=3 => Ok(()),
            n => Err(RuleError::field("priority", format!("is {n}; 1 (soon) to 3 (some day) are allowed"))),
        }
    }
}
