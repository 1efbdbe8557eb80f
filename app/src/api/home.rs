//! What the first screen tells.

use leptos::prelude::*;
use models::{Instant, catalogue::Holding, scan::Scan};
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
    pub tonight: Vec<Holding>,
    /// What of the box needs care, in words; empty: nothing.
    pub alarm: String,
    /// Where more is said of it.
    pub alarm_page: String,
    /// The last scan.
    pub last_scan: Option<Scan>,
    /// The server's clock, so that ages agree on both sides.
    pub now: Instant,
}

/// Reads the first screen.
#[server(input = GetUrl)]
pub async fn get_home() -> Result<Home, AppError> {
    use models::catalogue::{Facet, Query, Sort};
    use models::db::{proposals::proposal_count, scans::scan_last};
    let ctx = crate::ctx::AppCtx::get()?;
    let year = crate::format::year_of((ctx.now)());
    let here = Query { limit: 0, facet_limit: 0, ..Query::all(year) };
    let only = |facet: Facet, values: &[&str]| [(facet, values.iter().map(|v| (*v).to_owned()).collect())].into();
    let unplaced = ctx.search(Query { filters: only(Facet::Place, &["unplaced"]), ..here.clone() }).await?.bottles;
    // What must be drunk first comes first; a few more than are shown, because a wine is named once.
    let ready = Query { filters: only(Facet::Drink, &["ready", "peak"]), sort: Sort::DrinkBy, limit: 12, ..here };
    let ready = ctx.search(ready).await?;
    let (catalogue, alarms) = (ctx.catalogue.clone(), ctx.alarms.clone());
    ctx.read(move |conn, now| {
        let bins = catalogue.bin_summary(conn)?;
        let (alarm, alarm_page) = if bins.is_empty() { first_step() } else { alarm(&alarms).unwrap_or_default() };
        Ok(Home {
            open: super::count(proposal_count(conn, now)? as usize),
            filled: bins.iter().map(|b| b.qty).sum(),
            capacity: bins.iter().map(|b| b.capacity).sum(),
            unplaced: super::count(unplaced as usize),
            ready: super::count(ready.bottles as usize),
            tonight: crate::format::distinct_wines(ready.items, 3),
            alarm,
            alarm_page,
            last_scan: scan_last(conn)?.map(super::scans::in_our_words),
            now,
        })
    })
    .await
}

/// How many proposals wait: the number on the navigation.
#[server(input = GetUrl)]
pub async fn open_count() -> Result<i32, AppError> {
    use models::db::proposals::proposal_count;
    crate::ctx::AppCtx::get()?.read(|conn, now| Ok(super::count(proposal_count(conn, now)? as usize))).await
}

/// Where a cellar without a rack begins.
#[cfg(feature = "ssr")]
fn first_step() -> (String, String) {
    (crate::texts::set_up_rack().to_owned(), "/calibrate/new".to_owned())
}

/// The first of what is wrong with the box.
#[cfg(feature = "ssr")]
fn alarm(alarms: &crate::ctx::Alarms) -> Option<(String, String)> {
    use crate::texts::in_our_words;
    let first = alarms.lock().unwrap_or_else(std::sync::PoisonError::into_inner).first()?.clone();
    let found = in_our_words(&first.found);
    // Where its page cures it, the sentence says all; any other problem stands on the health page.
    let words = first.page().map_or_else(|| format!("{}: {found}", in_our_words(&first.name)), |_| found.clone());
    let words: String = words.chars().take(1).flat_map(char::to_uppercase).chain(words.chars().skip(1)).collect();
    Some((words, first.page().unwrap_or("/health").to_owned()))
}
