//! Tasting notes and ratings.

use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    error::RuleError,
    ids::{BottleId, NoteId, VintageId},
    wine,
};

/// A rating on its scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Points in hundredths: 425 on the scale of 5 is 4.25 stars.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 10_000))]
    pub hundredths: i32,
    /// The scale's best: 5, 20 or 100.
    #[cfg_attr(feature = "openapi", schema(example = 100))]
    pub scale: i32,
}

impl Rating {
    /// Checks the scale, and that the points are on it.
    pub fn check(&self) -> Result<(), RuleError> {
        if ![5, 20, 100].contains(&self.scale) {
            return Err(RuleError::field("rating.scale", format!("is {}; 5, 20 and 100 are known", self.scale)));
        }
        if !(0..=self.scale * 100).contains(&self.hundredths) {
            let most = self.scale * 100;
            return Err(RuleError::field(
                "rating.hundredths",
                format!("is {}; 0 to {most} are on this scale", self.hundredths),
            ));
        }
        Ok(())
    }

    /// The same in tenths of a point of 100. Five stars and twenty points are stretched over the half of the 100-point
    /// scale that is in use (50 to 100), as is common where scales are compared.
    pub fn score_tenths(&self) -> i32 {
        match self.scale {
            100 => self.hundredths / 10,
            scale => 500 + self.hundredths * 5 / scale,
        }
    }
}

/// What somebody found in the glass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TastingNote {
    /// Identifier.
    pub id: NoteId,
    /// Of which vintage.
    pub vintage_id: VintageId,
    /// What a person has entered.
    #[serde(flatten)]
    pub facts: NoteFacts,
    /// Who tasted.
    pub author: String,
    /// Counts up with each change.
    pub revision: i32,
    /// When it was entered (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub created_at: Instant,
}

/// What a person enters of a tasting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoteFacts {
    /// The bottle, where it is known which.
    #[serde(default)]
    pub bottle_id: Option<BottleId>,
    /// Day of the tasting, `YYYY-MM-DD`.
    #[cfg_attr(feature = "openapi", schema(format = Date, example = "2026-11-24"))]
    pub tasted_on: String,
    /// The note, up to 10000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub body: String,
    /// The rating.
    #[serde(default)]
    pub rating: Option<Rating>,
}

impl NoteFacts {
    /// Checks every field; the error names it.
    pub fn check(&self) -> Result<(), RuleError> {
        wine::day("tasted_on", &self.tasted_on)?;
        wine::lines("body", &self.body, 0, 10_000)?;
        if self.body.trim().is_empty() && self.rating.is_none() {
            return Err(RuleError::field("body", "write a note, or give a rating"));
        }
        self.rating.map_or(Ok(()), |rating| rating.check())
    }
}
