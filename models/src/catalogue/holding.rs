//! A row of the list: the bottles of one vintage in one format.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{BinId, VintageId, WineId},
    window::{DrinkState, Window},
    wine::{Colour, Style},
};

/// Bottles at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceCount {
    /// The bin; none = not put away, or gone.
    pub bin: Option<BinId>,
    /// How many.
    pub bottles: u32,
}

/// The bottles of one vintage in one format that match.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Holding {
    /// The wine.
    pub wine_id: WineId,
    /// The vintage.
    pub vintage_id: VintageId,
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
    /// Country.
    pub country: String,
    /// Region.
    pub region: String,
    /// Appellation.
    pub appellation: String,
    /// Volume in millilitres.
    pub volume_ml: i32,
    /// Its name, such as `Magnum (1.5 l)`.
    pub format: String,
    /// How many bottles.
    pub bottles: u32,
    /// Where they are, by name of the bin.
    pub places: Vec<PlaceCount>,
    /// The least that one cost, in the smallest unit of `currency`.
    pub price_min_minor: Option<i64>,
    /// The most that one cost.
    pub price_max_minor: Option<i64>,
    /// ISO 4217 code of the prices; none where they have several.
    pub currency: Option<String>,
    /// When to drink it.
    pub window: Window,
    /// Where it stands in that window this year.
    pub drink_state: DrinkState,
    /// Mean of our ratings, in tenths of a point of 100.
    pub score_tenths: Option<i32>,
    /// Words of one's own.
    pub tags: Vec<String>,
}

impl Holding {
    /// Where it grew: the region, or the country where none is known.
    pub fn origin(&self) -> &str {
        if self.region.is_empty() { &self.country } else { &self.region }
    }
}
