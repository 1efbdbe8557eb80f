//! What is asked of the catalogue, and what it answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    facets::{Facet, FacetCounts},
    holding::Holding,
};
use crate::{error::RuleError, word_enum};

word_enum! {
    /// Which bottles are looked at.
    State { InCellar = "in_cellar", Gone = "gone", All = "all" }
}

word_enum! {
    /// By what the list is ordered.
    Sort {
        /// How well the words fit; without words by name.
        Relevance = "relevance",
        /// Producer, then name.
        Name = "name",
        /// Year; NV last.
        Vintage = "vintage",
        /// The least that a bottle cost; unknown last.
        Price = "price",
        /// Our rating; unknown last.
        Rating = "rating",
        /// The last year of the window; unknown last.
        DrinkBy = "drink_by",
        /// When the last bottle was received.
        Newest = "newest",
        /// How many bottles.
        Count = "count",
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Words, all of which must fit; empty = everything.
    pub words: String,
    /// Which bottles.
    pub state: State,
    /// Values by facet: any value of a facet, all facets.
    pub filters: BTreeMap<Facet, Vec<String>>,
    /// The order.
    pub sort: Sort,
    /// Whether the order is turned round.
    pub descending: bool,
    /// `next` of the answer before.
    pub cursor: Option<String>,
    /// At most so many holdings.
    pub limit: usize,
    /// At most so many values of each facet; 0 = no facets.
    pub facet_limit: usize,
    /// For the drinking windows.
    pub this_year: i32,
}

impl Query {
    /// Everything in the cellar, by name.
    pub fn all(this_year: i32) -> Self {
        Self {
            words: String::new(),
            state: State::InCellar,
            filters: BTreeMap::new(),
            sort: Sort::Relevance,
            descending: false,
            cursor: None,
            limit: 50,
            facet_limit: 50,
            this_year,
        }
    }

    /// Reads the pairs of an address, such as `q=margaux&colour=red&colour=white&sort=price&order=desc`. A facet may
    /// come several times.
    pub fn from_pairs<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        this_year: i32,
    ) -> Result<Self, RuleError> {
        let mut query = Self::all(this_year);
        for (name, value) in pairs {
            let told = |error: RuleError| RuleError::field(name, error.to_string());
            let number = |range: std::ops::RangeInclusive<usize>| {
                let refusal =
                    || RuleError::field(name, format!("`{value}` is not {} to {}", range.start(), range.end()));
                value.parse().ok().filter(|n| range.contains(n)).ok_or_else(refusal)
            };
            match name {
                _ if value.is_empty() && name != "country" && name != "region" => {}
                "q" => value.clone_into(&mut query.words),
                "state" => query.state = value.parse().map_err(told)?,
                "sort" => query.sort = value.parse().map_err(told)?,
                "order" => match value {
                    "asc" => query.descending = false,
                    "desc" => query.descending = true,
                    _ => return Err(RuleError::field("order", format!("`{value}` is not one of: asc, desc"))),
                },
                "cursor" => query.cursor = Some(value.to_owned()),
                "limit" => query.limit = number(1..=200)?,
                "facets" => query.facet_limit = number(0..=1000)?,
                // What the server's own redirects add.
                _ if name.starts_with("__") => {}
                _ => match name.parse::<Facet>() {
                    Ok(facet) => query.filters.entry(facet).or_default().push(value.to_owned()),
                    Err(_) => {
                        return Err(RuleError::field(
                            name,
                            "is not known; use q, state, sort, order, cursor, limit, facets or a facet (colour, \
                             country, region, grape, vintage, format, drink, place, price, rating, tag)",
                        ));
                    }
                },
            }
        }
        if query.words.chars().count() > 200 {
            return Err(RuleError::field("q", "is longer than 200 characters"));
        }
        Ok(query)
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer {
    /// This page.
    pub items: Vec<Holding>,
    /// Give this as `cursor` for the next page; none when this was the last.
    pub next: Option<String>,
    /// How many holdings match, on all pages.
    pub holdings: u32,
    /// How many bottles they are.
    pub bottles: u32,
    /// What the list can be narrowed by.
    pub facets: Vec<FacetCounts>,
    /// The cellar's revision that this answer shows.
    pub revision: i64,
}
