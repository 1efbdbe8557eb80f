//! Some bottles that come in together.

use models::{bottle::BottleFacts, error::RuleError};
use serde::{Deserialize, Serialize};

use super::{vintage::money, whole};

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
    /// Millilitres; 750 where nothing is said.
    pub volume: String,
}

impl CaseForm {
    /// How many.
    pub fn count(&self) -> Result<usize, RuleError> {
        match whole("bottles", &self.bottles)? {
            None => Ok(0),
            Some(n) => usize::try_from(n)
                .ok()
                .filter(|n| *n <= 200)
                .ok_or_else(|| RuleError::field("bottles", format!("are {n}; 0 to 200 at once are allowed"))),
        }
    }

    /// What is known of each.
    pub fn facts(&self) -> Result<BottleFacts, RuleError> {
        let (price_minor, currency) = money("price", &self.price, &self.currency)?.unzip();
        let shop = self.shop.trim().to_owned();
        let volume_ml = whole("volume", &self.volume)?.unwrap_or(BottleFacts::default().volume_ml);
        Ok(BottleFacts { price_minor, currency, shop, volume_ml, ..BottleFacts::default() })
    }

    /// Every field with its name.
    pub fn fields(&self) -> [(&'static str, &str); 6] {
        [
            ("bottles", &self.bottles),
            ("bin", &self.bin),
            ("price", &self.price),
            ("price_currency", &self.currency),
            ("shop", &self.shop),
            ("volume", &self.volume),
        ]
    }
}
