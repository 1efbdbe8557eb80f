//! What is known of one bottle.

use leptos_router::params::ParamsMap;
use models::{bottle::BottleFacts, bottle_format, currency, error::RuleError};
use serde::{Deserialize, Serialize};

use super::{decimal_words, typed, vintage::money};
use crate::texts;

/// The fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BottleForm {
    /// `75 cl`, `1.5 l`, `Magnum`; 75 cl where nothing is said.
    pub size: String,
    /// What it cost.
    pub price: String,
    /// In which currency.
    pub currency: String,
    /// Day of the purchase.
    pub purchased_on: String,
    /// Where it was bought.
    pub shop: String,
    /// Where it has been before.
    pub provenance: String,
    /// Notes on this very bottle.
    pub notes: String,
}

impl BottleForm {
    /// As it is stored.
    pub fn of(facts: &BottleFacts) -> Self {
        let price = facts.price_minor.zip(facts.currency.as_deref());
        Self {
            size: bottle_format::words(facts.volume_ml, false),
            price: price.map(|(minor, code)| decimal_words(minor, currency::decimals(code))).unwrap_or_default(),
            currency: facts.currency.clone().unwrap_or_default(),
            purchased_on: facts.purchased_on.clone().unwrap_or_default(),
            shop: facts.shop.clone(),
            provenance: facts.provenance.clone(),
            notes: facts.notes.clone(),
        }
    }

    /// What was typed, over `before`, whose other facts stay.
    pub fn facts(&self, before: BottleFacts) -> Result<BottleFacts, RuleError> {
        let (price_minor, currency) = money("price", &self.price, &self.currency)?.unzip();
        let day = self.purchased_on.trim().to_owned();
        Ok(BottleFacts {
            volume_ml: size("size", &self.size, before.volume_ml)?,
            price_minor,
            currency,
            purchased_on: Some(day).filter(|day| !day.is_empty()),
            shop: self.shop.trim().to_owned(),
            provenance: self.provenance.trim().to_owned(),
            // A browser sends line ends as CR LF.
            notes: self.notes.replace("\r\n", "\n").trim_end().to_owned(),
            ..before
        })
    }

    /// Every field with its name.
    pub fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("size", &self.size),
            ("price", &self.price),
            ("currency", &self.currency),
            ("purchased_on", &self.purchased_on),
            ("shop", &self.shop),
            ("provenance", &self.provenance),
            ("notes", &self.notes),
        ]
    }

    /// With what was typed before a refusal.
    pub fn typed(self, query: &ParamsMap) -> Self {
        let field = |name: &str, stored: String| typed(query, name, stored);
        Self {
            size: field("size", self.size),
            price: field("price", self.price),
            currency: field("currency", self.currency),
            purchased_on: field("purchased_on", self.purchased_on),
            shop: field("shop", self.shop),
            provenance: field("provenance", self.provenance),
            notes: field("notes", self.notes),
        }
    }
}

/// Reads a size in millilitres, also as it is shown: `Magnum (1.5 l)`. An empty field is the stored one.
pub fn size(field: &str, text: &str, stored: i32) -> Result<i32, RuleError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(stored);
    }
    let bare = text.split_once('(').map_or(text, |(_, size)| size.trim_end_matches(')'));
    bottle_format::parse(bare).ok_or_else(|| RuleError::field(field, texts::no_size(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bottle_survives_its_form() {
        let facts = BottleFacts {
            volume_ml: 1500,
            price_minor: Some(2450),
            currency: Some("EUR".into()),
            purchased_on: Some("2026-11-24".into()),
            shop: "Wein & Co".into(),
            provenance: "ex ch\u{e2}teau".into(),
            notes: "low fill\nstained label".into(),
            glasses_left: Some(3),
            ..BottleFacts::default()
        };
        assert_eq!(BottleForm::of(&facts).facts(facts.clone()), Ok(facts));
    }

    #[test]
    fn a_size_is_read_as_people_write_it() {
        assert_eq!(size("size", "", 750), Ok(750));
        assert_eq!(size("size", "Magnum", 750), Ok(1500));
        assert_eq!(size("size", "37,5 cl", 750), Ok(375));
        assert_eq!(size("size", "Magnum (1.5 l)", 750), Ok(1500), "as the form shows it");
        assert!(size("size", "large", 750).is_err_and(|error| error.to_string().starts_with("size: ")));
    }
}
