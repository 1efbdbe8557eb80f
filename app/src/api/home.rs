//! What the first screen tells.

use leptos::prelude::*;
use models::{Instant, bottle::BottleView, scan::Scan};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// The numbers of the first screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// Proposals that wait for an answer.
    pub open: i32,
    /// Bottles in bins, by the book.
    pub filled: i32,
    /// How many would fit.
    pub capacity: i32,
    /// Bottles that are here but lie in no bin.
    pub unplaced: i32,
    /// Bottles within their drinking window.
    pub ready: i32,
    /// A few of those, for tonight.
    pub tonight: Vec<BottleView>,
    /// The last scan.
    pub last_scan: Option<Scan>,
    /// The server's clock, so that ages agree on both sides.
    pub now: Instant,
}

/// Reads the first screen.
#[server(input = GetUrl)]
pub async fn get_home() -> Result<Home, AppError> {
    use models::db::{bottles::*, proposals::proposal_list, racks::bin_summary, scans::scan_last};
    use models::{bottle::BottleStatus, proposal::ProposalState, window::DrinkState};
    crate::ctx::AppCtx::get()?
        .read(|conn, now| {
            let bins = bin_summary(conn)?;
            let filter = BottleFilter { status: Some(BottleStatus::InCellar), ..Default::default() };
            let here = bottle_list(conn, &filter, None, 10_000, crate::format::year_of(now))?;
            let unplaced = here.iter().filter(|b| b.bottle.bin.is_none()).count();
            let ready: Vec<_> =
                here.into_iter().filter(|b| matches!(b.drink_state, DrinkState::Ready | DrinkState::Peak)).collect();
            Ok(Home {
                open: super::count(proposal_list(conn, Some(ProposalState::Open), 1000)?.len()),
                filled: bins.iter().map(|b| b.qty).sum(),
                capacity: bins.iter().map(|b| b.capacity).sum(),
                unplaced: super::count(unplaced),
                ready: super::count(ready.len()),
                tonight: crate::format::distinct_wines(ready, 3),
                last_scan: scan_last(conn)?,
                now,
            })
        })
        .await
}

/// How many proposals wait: the number on the navigation.
#[server(input = GetUrl)]
pub async fn open_count() -> Result<i32, AppError> {
    use models::{db::proposals::proposal_list, proposal::ProposalState};
    crate::ctx::AppCtx::get()?
        .read(|conn, _| Ok(super::count(proposal_list(conn, Some(ProposalState::Open), 1000)?.len())))
        .await
}
