//! Bottles: to find some, and to put them away.

use leptos::prelude::*;
use models::{bin::BinSummary, bottle::BottleView, catalogue::Answer};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// How many holdings one page of the list holds.
pub const PAGE: usize = 40;
/// How many bottles to put away are shown at a time: each carries the list of bins with room.
#[cfg(feature = "ssr")]
const WAITING: i64 = 12;
/// How many bins with room are offered.
#[cfg(feature = "ssr")]
const OFFERED: usize = 200;

/// The list of bottles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BottlesPage {
    /// The pairs of the address, for links that change one of them.
    pub asked: Vec<(String, String)>,
    /// What was found.
    pub found: Answer,
    /// Bottles that lie in no bin yet.
    pub unplaced: Vec<BottleView>,
    /// Bins with room, for those.
    pub free: Vec<BinSummary>,
}

/// Bottles that match; `asked` are the pairs of the address as a JSON list of pairs.
#[server(input = GetUrl)]
pub async fn get_bottles(#[server(default)] asked: String) -> Result<BottlesPage, AppError> {
    use models::{bottle::BottleStatus::InCellar, catalogue::Query, db::bottles::*, db::racks::bin_summary};
    let ctx = crate::ctx::AppCtx::get()?;
    let asked: Vec<(String, String)> = serde_json::from_str(&asked).unwrap_or_default();
    let pairs = asked.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let year = crate::format::year_of((ctx.now)());
    let query =
        Query { limit: PAGE, facet_limit: 12, ..Query::from_pairs(pairs, year).map_err(models::db::DbError::from)? };
    let found = ctx.search(query).await?;
    let (unplaced, free) = ctx
        .read(move |conn, _| {
            let loose = BottleFilter { status: Some(InCellar), unplaced: true, ..Default::default() };
            let unplaced = bottle_list(conn, &loose, None, WAITING, year)?;
            let free = match unplaced.is_empty() {
                true => Vec::new(),
                false => bin_summary(conn)?.into_iter().filter(|b| b.qty < b.capacity).take(OFFERED).collect(),
            };
            Ok((unplaced, free))
        })
        .await?;
    Ok(BottlesPage { asked, found, unplaced, free })
}
