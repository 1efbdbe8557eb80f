//! The cellar as the search sees it: a compact copy of wines, vintages and bottles in memory.
//!
//! Pure: [`crate::db::catalogue`] fills it and keeps it up to date. A row of an answer is a *holding*: the bottles of one
//! vintage in one format. Facets count bottles.

mod base64;
mod copy;
mod cursor;
mod facets;
mod holding;
mod query;
mod search;
mod words;

pub use copy::{BottleLine, Catalogue};
pub use facets::{Facet, FacetCounts, FacetValue};
pub use holding::{Holding, PlaceCount};
pub use query::{Answer, Query, Sort, State};
