//! One bin: what lies in it, what the camera saw, what happened.

use leptos::prelude::*;
use models::{
    Instant,
    bin::{Bin, BinSummary},
    bottle::BottleView,
    ids::BinId,
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::movements::MovementLine;
use crate::error::AppError;

/// Everything the page of a bin shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BinPage {
    /// The bin.
    pub bin: Bin,
    /// What book and camera say.
    pub summary: Option<BinSummary>,
    /// Bottles in it.
    pub bottles: Vec<BottleView>,
    /// Bottles that wait to be put away and could be laid here.
    pub waiting: Vec<BottleView>,
    /// What book and camera say, in words.
    pub facts: Vec<(String, String)>,
    /// When it was seen and confirmed, with by what.
    pub times: Vec<(String, Instant, String)>,
    /// What happened here, newest first.
    pub history: Vec<MovementLine>,
    /// The server's clock.
    pub now: Instant,
}

#[cfg(feature = "ssr")]
mod words;

/// Reads one bin.
#[server(input = GetUrl)]
pub async fn get_bin(id: BinId) -> Result<BinPage, AppError> {
    use models::bottle::BottleStatus::InCellar;
    use models::db::{bottles::*, movements::*, racks::*};
    crate::ctx::AppCtx::get()?
        .read(move |conn, now| {
            let bin = bin_get(conn, &id)?;
            let mut summary = bin_summary_of(conn, &id)?;
            if let Some(summary) = &mut summary {
                summary.needs_look = summary.needs_look.as_deref().map(crate::texts::in_our_words);
            }
            let year = crate::format::year_of(now);
            let here = BottleFilter { bin: Some(id.clone()), status: Some(InCellar), ..Default::default() };
            let loose = BottleFilter { unplaced: true, status: Some(InCellar), ..Default::default() };
            let filter = MovementFilter { bin: Some(id.clone()), ..Default::default() };
            let lines = movement_list(conn, &filter, None, 12)?;
            let mut history = super::movements::with_titles(conn, lines)?;
            let confirmed = models::db::stocktake::last_confirmed(conn, &id)?;
            if let (Some(newest), Some(until)) = (history.first_mut(), confirmed.as_ref().and_then(|it| it.seen_until))
            {
                words::seen_by_camera(&mut newest.movement, &id, until);
            }
            Ok(BinPage {
                facts: summary.as_ref().map(words::facts).unwrap_or_default(),
                times: words::times(summary.as_ref(), confirmed),
                bottles: bottle_list(conn, &here, None, 200, year)?,
                waiting: bottle_list(conn, &loose, None, 12, year)?,
                history,
                bin,
                summary,
                now,
            })
        })
        .await
}
