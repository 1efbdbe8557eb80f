//! Bottles: one record for each physical bottle.

use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    ids::{BinId, BottleId, VintageId},
    wine::{Colour, DrinkState, Style},
    word_enum,
};

word_enum! {
    /// Whether the bottle is still here.
    BottleStatus { InCellar = "in_cellar", Gone = "gone" }
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
    /// Nominal volume in millilitres, 187 to 30000.
    pub volume_ml: i32,
    /// What it cost, in the smallest unit of `currency` (cents).
    pub price_minor: Option<i64>,
    /// ISO 4217 code of the price, such as `EUR`.
    pub currency: Option<String>,
    /// Counts up with each change.
    pub revision: i32,
    /// When it was received (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Instant,
}

/// A bottle together with the words a person knows it by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BottleView {
    /// The bottle.
    pub bottle: Bottle,
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
        match self.year {
            Some(year) => format!("{} {} {year}", self.producer, self.name),
            None => format!("{} {} NV", self.producer, self.name),
        }
    }
}
