//! Facets: by what a list can be narrowed, and how many bottles each value would leave.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    currency::{decimals, magnitude},
    word_enum,
};

word_enum! {
    /// What a list can be narrowed by.
    Facet {
        /// `red`, `white`, `rose`, `orange`.
        Colour = "colour",
        /// Country as it is written.
        Country = "country",
        /// Region as it is written.
        Region = "region",
        /// Each grape of the blend.
        Grape = "grape",
        /// Year, or `nv`.
        Vintage = "vintage",
        /// Volume in millilitres.
        Format = "format",
        /// `young`, `ready`, `peak`, `past`, `unknown`.
        Drink = "drink",
        /// `rack:ID` and `bin:NAME`, `unplaced`, `gone`.
        Place = "place",
        /// What the bottle cost, such as `EUR 20-50`, or `unknown`.
        Price = "price",
        /// Mean of our ratings, such as `90-94`, or `unknown`.
        Rating = "rating",
        /// Words of one's own.
        Tag = "tag",
    }
}

/// How many facets there are.
pub(super) const COUNT: usize = Facet::ALL.len();

/// A value of a facet with the bottles that have it, under all filters but this facet's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacetValue {
    /// What to filter by.
    pub value: String,
    /// What to show.
    pub label: String,
    /// Bottles that have it.
    pub bottles: u32,
    /// Whether it is filtered by now.
    pub chosen: bool,
}

/// A facet with its values, the most frequent first (vintages: the youngest first).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacetCounts {
    /// Which facet.
    pub facet: Facet,
    /// Its values.
    pub values: Vec<FacetValue>,
    /// How many more values there are than are listed.
    pub more: u32,
}

/// Values of a facet by number.
#[derive(Default)]
pub(super) struct Values {
    texts: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

impl Values {
    /// The number of a value, given one if it is new.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    /// The number of a value that is known.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The value of a number.
    pub(super) fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }
}

/// The bucket of a price in the smallest unit of its currency: buckets of different currencies are different values.
pub(super) fn price_bucket(minor: Option<i64>, code: Option<&str>) -> String {
    let (Some(minor), Some(code)) = (minor, code) else { return "unknown".to_owned() };
    let step = magnitude(code);
    let whole = minor / 10_i64.pow(decimals(code));
    const BOUNDS: [i64; 5] = [10, 20, 50, 100, 250];
    let place = BOUNDS.iter().position(|bound| whole < bound * step);
    match place {
        Some(0) => format!("{code} 0-{}", BOUNDS[0] * step),
        Some(i) => format!("{code} {}-{}", BOUNDS[i - 1] * step, BOUNDS[i] * step),
        None => format!("{code} {}+", BOUNDS[4] * step),
    }
}

/// The bucket of a score in tenths of a point.
pub(super) fn rating_bucket(tenths: Option<i32>) -> &'static str {
    match tenths {
        None => "unknown",
        Some(..800) => "0-79",
        Some(800..850) => "80-84",
        Some(850..900) => "85-89",
        Some(900..950) => "90-94",
        Some(_) => "95-100",
    }
}
