//! Bottles: one record for each physical bottle.

use serde::{Deserialize, Serialize};

use crate::{
    Instant, bottle_format,
    error::RuleError,
    ids::{BinId, BottleId, VintageId, WineId},
    window::DrinkState,
    wine::{self, Colour, Style},
    word_enum,
};

word_enum! {
    /// Whether the bottle is still here.
    BottleStatus { InCellar = "in_cellar", Gone = "gone" }
}

word_enum! {
    /// What keeps an opened bottle.
    Preservation {
        /// The cork put back, or nothing.
        None = "none",
        /// A stopper.
        Stopper = "stopper",
        /// A vacuum pump.
        Vacuum = "vacuum",
        /// Inert gas over the wine.
        Gas = "gas",
        /// Wine drawn by a needle through the cork; never opened.
        Needle = "needle",
    }
}

/// A bottle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bottle {
    /// Identifier.
    pub id: BottleId,
    /// What is in it.
    pub vintage_id: VintageId,
    /// Where it lies; none while it is in the cellar but not yet put away, or gone.
    pub bin: Option<BinId>,
    /// Here or gone.
    pub status: BottleStatus,
    /// What a person has entered.
    #[serde(flatten)]
    pub facts: BottleFacts,
    /// Counts up with each change.
    pub revision: i32,
    /// When it was received (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub received_at: Instant,
}

/// What a person enters of a bottle. What is left out is unknown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct BottleFacts {
    /// Nominal volume in millilitres, 187 to 30000; 750 when absent.
    #[cfg_attr(feature = "openapi", schema(minimum = 187, maximum = 30_000, example = 750))]
    pub volume_ml: i32,
    /// What it cost, in the smallest unit of `currency` (cents), 0 to 10^12.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000_000_000_i64))]
    pub price_minor: Option<i64>,
    /// ISO 4217 code of the price, such as `EUR`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Z]{3}$", example = "EUR"))]
    pub currency: Option<String>,
    /// Day of the purchase, `YYYY-MM-DD`.
    #[cfg_attr(feature = "openapi", schema(format = Date, example = "2026-11-24"))]
    pub purchased_on: Option<String>,
    /// Where it was bought, up to 100 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub shop: String,
    /// Where it has been before, such as `ex château`, up to 200 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub provenance: String,
    /// Notes on this very bottle, up to 2000 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub notes: String,
    /// When it was opened (UTC); none = closed.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime, example = json!(null)))]
    #[serde(with = "crate::instant::optional", default)]
    pub opened_at: Option<Instant>,
    /// What keeps it since.
    pub preservation: Option<Preservation>,
    /// Glasses left in it, 0 to 300.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 300))]
    pub glasses_left: Option<i32>,
}

impl Default for BottleFacts {
    fn default() -> Self {
        Self {
            volume_ml: 750,
            price_minor: None,
            currency: None,
            purchased_on: None,
            shop: String::new(),
            provenance: String::new(),
            notes: String::new(),
            opened_at: None,
            preservation: None,
            glasses_left: None,
        }
    }
}

impl BottleFacts {
    /// Checks every field; the error names it.
    pub fn check(&self) -> Result<(), RuleError> {
        if !bottle_format::RANGE.contains(&self.volume_ml) {
            return Err(RuleError::field("volume_ml", format!("is {}; 187 to 30000 ml are allowed", self.volume_ml)));
        }
        if let Some(price) = self.price_minor.filter(|price| !(0..=1_000_000_000_000).contains(price)) {
            return Err(RuleError::field("price_minor", format!("is {price}; 0 to 10^12 are allowed")));
        }
        match (&self.currency, self.price_minor) {
            (Some(code), _) => wine::currency("currency", code)?,
            (None, Some(_)) => {
                return Err(RuleError::field("currency", "is missing: a price needs its currency, such as EUR"));
            }
            (None, None) => {}
        }
        if let Some(day) = &self.purchased_on {
            wine::day("purchased_on", day)?;
        }
        wine::text("shop", &self.shop, 0, 100)?;
        wine::text("provenance", &self.provenance, 0, 200)?;
        wine::lines("notes", &self.notes, 0, 2000)?;
        if let Some(n) = self.glasses_left.filter(|n| !(0..=300).contains(n)) {
            return Err(RuleError::field("glasses_left", format!("is {n}; 0 to 300 are allowed")));
        }
        match self.opened_at {
            Some(at) if !(1900..=2200).contains(&chrono::Datelike::year(&at)) => {
                Err(RuleError::field("opened_at", "is not between 1900 and 2200"))
            }
            _ => Ok(()),
        }
    }
}

/// A bottle together with the words a person knows it by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BottleView {
    /// The bottle.
    pub bottle: Bottle,
    /// Its wine.
    pub wine_id: WineId,
    /// Producer.
    pub producer: String,
    /// Name of the wine.
    pub name: String,
    /// Year; none = NV.
    pub year: Option<i32>,
    /// Colour.
    pub colour: Colour,
    /// Style.
    pub style: Style,
    /// Region, or the country where none is known.
    pub origin: String,
    /// Where the vintage stands in its window this year.
    pub drink_state: DrinkState,
}

impl BottleView {
    /// `Producer Name 2019` as one line (`NV` without a year).
    pub fn title(&self) -> String {
        title(&self.producer, &self.name, self.year)
    }
}

/// `Producer Name 2019` as one line (`NV` without a year).
pub fn title(producer: &str, name: &str, year: Option<i32>) -> String {
    match year {
        Some(year) => format!("{producer} {name} {year}"),
        None => format!("{producer} {name} NV"),
    }
}
