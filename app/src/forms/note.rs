//! A tasting note.

use models::{
    error::RuleError,
    ids::BottleId,
    note::{NoteFacts, Rating},
};
use serde::{Deserialize, Serialize};

use super::{decimal, decimal_words};
use crate::{format, texts};

/// The fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoteForm {
    /// `2026-11-24`.
    pub tasted_on: String,
    /// The note.
    pub body: String,
    /// `17.5`, or nothing.
    pub points: String,
    /// `5`, `20` or `100`.
    pub scale: String,
}

impl NoteForm {
    /// As it is stored.
    pub fn of(facts: &NoteFacts) -> Self {
        Self {
            tasted_on: facts.tasted_on.clone(),
            body: facts.body.clone(),
            points: facts.rating.map(|rating| decimal_words(rating.hundredths.into(), 2)).unwrap_or_default(),
            scale: facts.rating.map_or_else(|| "100".to_owned(), |rating| rating.scale.to_string()),
        }
    }

    /// What was typed.
    pub fn facts(&self, bottle_id: Option<BottleId>) -> Result<NoteFacts, RuleError> {
        let hundredths = decimal("points", &self.points, 2)?;
        let scale = self.scale.trim().parse().unwrap_or(100);
        let rating = hundredths.map(|n| Rating { hundredths: i32::try_from(n).unwrap_or(i32::MAX), scale });
        if let Some(rating) = rating {
            rating.check()?;
        }
        // Browsers send lines that end in CR LF.
        let body = self.body.replace("\r\n", "\n");
        Ok(NoteFacts { bottle_id, tasted_on: self.tasted_on.trim().to_owned(), body, rating })
    }

    /// Every field with its name.
    pub fn fields(&self) -> [(&'static str, &str); 4] {
        [("tasted_on", &self.tasted_on), ("body", &self.body), ("points", &self.points), ("scale", &self.scale)]
    }
}

/// `17.5 of 20`.
pub fn rating_words(rating: Rating) -> String {
    texts::score_of(&format::points(rating.hundredths.into(), 2), &rating.scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_survives_its_form() {
        let facts = NoteFacts {
            bottle_id: None,
            tasted_on: "2026-11-24".into(),
            body: "Plums.\nLong.".into(),
            rating: Some(Rating { hundredths: 1750, scale: 20 }),
        };
        let form = NoteForm { body: "Plums.\r\nLong.".into(), ..NoteForm::of(&facts) };
        assert_eq!(form.facts(None), Ok(facts));
        assert_eq!(rating_words(Rating { hundredths: 425, scale: 5 }), "4.25 of 5");
        let beyond = NoteForm { points: "21".into(), scale: "20".into(), ..NoteForm::default() };
        assert!(beyond.facts(None).is_err());
    }
}
