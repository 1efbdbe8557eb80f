//! Some bottles that come in together.

use leptos_router::params::ParamsMap;
use models::{bottle::BottleFacts, error::RuleError};
use serde::{Deserialize, Serialize};

use super::{bottle::size, typed, vintage::money, whole};
use crate::texts;

/// The fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseForm {
    /// How many bottles; nothing is none.
    pub bottles: String,
    /// The bin to begin with; nothing to put them away later.
    pub bin: String,
    /// What one cost.
    pub price: String,
    /// In which currency.
    pub currency: String,
    /// Where it was bought.
    pub shop: String,
    /// Day of the purchase.
    pub purchased_on: String,
    /// Where the bottles have been before.
    pub provenance: String,
    /// `75 cl`, `Magnum`; 75 cl where nothing is said.
    pub size: String,
}

impl CaseForm {
    /// How many.
    pub fn count(&self) -> Result<usize, RuleError> {
        match whole("bottles", &self.bottles)? {
            None => Ok(0),
            Some(n) => usize::try_from(n)
                .ok()
                .filter(|n| *n <= 200)
                .ok_or_else(|| RuleError::field("bottles", texts::too_many_bottles(&n))),
        }
    }

    /// What is known of each.
    pub fn facts(&self) -> Result<BottleFacts, RuleError> {
        let (price_minor, currency) = money("price", &self.price, &self.currency)?.unzip();
        let day = self.purchased_on.trim().to_owned();
        let facts = BottleFacts::default();
        Ok(BottleFacts {
            volume_ml: size("size", &self.size, facts.volume_ml)?,
            price_minor,
            currency,
            purchased_on: Some(day).filter(|day| !day.is_empty()),
            shop: self.shop.trim().to_owned(),
            provenance: self.provenance.trim().to_owned(),
            ..facts
        })
    }

    /// Every field with its name.
    pub fn fields(&self) -> [(&'static str, &str); 8] {
        [
            ("bottles", &self.bottles),
            ("bin", &self.bin),
            ("price", &self.price),
            ("price_currency", &self.currency),
            ("shop", &self.shop),
            ("purchased_on", &self.purchased_on),
            ("provenance", &self.provenance),
            ("size", &self.size),
        ]
    }

    /// What was typed before a refusal.
    pub fn typed(query: &ParamsMap) -> Self {
        let field = |name: &str| typed(query, name, String::new());
        Self {
            bottles: field("bottles"),
            bin: field("bin"),
            price: field("price"),
            currency: field("price_currency"),
            shop: field("shop"),
            purchased_on: field("purchased_on"),
            provenance: field("provenance"),
            size: field("size"),
        }
    }
}
