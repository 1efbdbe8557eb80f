//! Bottles: to find one, and to put it away.

use leptos::prelude::*;
use models::{bin::BinSummary, bottle::BottleView};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// How many bottles one page of the list holds.
pub const PAGE: i64 = 60;

/// The list of bottles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BottlesPage {
    /// Bottles that match, at most [`PAGE`].
    pub found: Vec<BottleView>,
    /// Whether more would match.
    pub more: bool,
    /// Bottles that lie in no bin yet.
    pub unplaced: Vec<BottleView>,
    /// Bins with room, for those.
    pub free: Vec<BinSummary>,
}

/// Bottles in the cellar that match `search` (all when empty).
#[server(input = GetUrl)]
pub async fn get_bottles(#[server(default)] search: String) -> Result<BottlesPage, AppError> {
    use models::bottle::BottleStatus::InCellar;
    use models::db::{bottles::*, racks::bin_summary};
    crate::ctx::AppCtx::get()?
        .read(move |conn, now| {
            let year = crate::format::year_of(now);
            let search = Some(search.trim().to_owned()).filter(|s| !s.is_empty());
            let here = BottleFilter { status: Some(InCellar), search, ..Default::default() };
            let loose = BottleFilter { status: Some(InCellar), unplaced: true, ..Default::default() };
            let mut found = bottle_list(conn, &here, None, PAGE + 1, year)?;
            let more = found.len() > PAGE as usize;
            found.truncate(PAGE as usize);
            let unplaced = bottle_list(conn, &loose, None, PAGE, year)?;
            let free = bin_summary(conn)?.into_iter().filter(|b| b.qty < b.capacity).collect();
            Ok(BottlesPage { found, more, unplaced, free })
        })
        .await
}
