//! Wines of the catalogue: lists from elsewhere of wines that one need not own. A label is looked up in them after the
//! cellar's own wines, and a new wine is filled in from them.

use serde::{Deserialize, Serialize};

use crate::{Instant, error::RuleError, wine::WineFacts};

/// Largest file of a list that is taken in by a command, in bytes.
pub const LARGEST: usize = 256 * 1024 * 1024;

/// A list of wines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CatalogueList {
    /// Identifier.
    pub id: String,
    /// Its name, 1 to 100 characters. A list that comes in under a name that is there takes the other's place.
    pub name: String,
    /// How many wines it has.
    pub wines: i32,
    /// When it came in (UTC).
    #[serde(with = "crate::instant")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub imported_at: Instant,
    /// Who brought it in.
    pub imported_by: String,
}

/// A wine of the catalogue that a label, or what was typed, may mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CatalogueMatch {
    /// Name of the list that has it.
    pub list: String,
    /// How much of producer and name was read, 0 to 1.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1))]
    pub likeness: f32,
    /// What its label says; `tags` stay empty.
    pub wine: WineFacts,
}

/// A wine of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListedWine {
    /// Name of the list.
    pub list: String,
    /// What the label says.
    pub facts: WineFacts,
}

/// Refuses a name that a list cannot have.
pub fn check_name(name: &str) -> Result<(), RuleError> {
    crate::wine::text("name", name, 1, 100)
}

/// What a label may say beside producer and name.
pub fn beside(facts: &WineFacts) -> impl Iterator<Item = &str> {
    let places = [
        &facts.country,
        &facts.region,
        &facts.subregion,
        &facts.appellation,
        &facts.designation,
        &facts.vineyard,
        &facts.classification,
    ];
    places.into_iter().map(String::as_str).chain(facts.grapes.iter().map(|grape| grape.name.as_str()))
}

/// How much a word says that stands in `count` of `all` wines.
pub fn rarity(all: f32, count: f32) -> f32 {
    (1.0 + all / (count + 0.5)).ln()
}
