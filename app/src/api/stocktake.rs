//! The guided stocktake: bins at which somebody should look.

use leptos::prelude::*;
use models::{
    Instant,
    bottle::BottleView,
    ids::{BinId, BottleId},
    trust::BinTrust,
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::movements::Done;
use crate::error::AppError;

/// A bin with what the book says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DoubtfulBin {
    /// What is known of it.
    pub trust: BinTrust,
    /// Bottles in it by the book.
    pub bottles: Vec<BottleView>,
}

/// The bins to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StocktakePage {
    /// The first of them.
    pub bins: Vec<DoubtfulBin>,
    /// How many there are.
    pub doubtful: i32,
    /// Bins in use.
    pub all: i32,
    /// The server's clock.
    pub now: Instant,
}

/// Reads the bins to look at.
#[server(input = GetUrl)]
pub async fn get_stocktake() -> Result<StocktakePage, AppError> {
    use models::bottle::BottleStatus::InCellar;
    use models::db::{
        bottles::{BottleFilter, bottle_list},
        stocktake::trust_list,
    };
    crate::ctx::AppCtx::get()?
        .read(|conn, now| {
            let mut bins = trust_list(conn, now)?;
            let all = super::count(bins.len());
            bins.retain(|bin| bin.doubt.is_some());
            let doubtful = super::count(bins.len());
            bins.truncate(20);
            let year = crate::format::year_of(now);
            let mut shown = Vec::new();
            for mut trust in bins {
                trust.doubt = trust.doubt.as_deref().map(crate::texts::in_our_words);
                let filter =
                    BottleFilter { bin: Some(trust.bin.clone()), status: Some(InCellar), ..Default::default() };
                shown.push(DoubtfulBin { bottles: bottle_list(conn, &filter, None, 200, year)?, trust });
            }
            Ok(StocktakePage { bins: shown, doubtful, all, now })
        })
        .await
}

/// What somebody has found in a bin: the bottles that are ticked, and so many more.
#[server]
pub async fn count_bin(
    bin: BinId,
    #[server(default)] here: Vec<BottleId>,
    #[server(default)] more: String,
) -> Result<Done, AppError> {
    use models::{db::stocktake::bin_count, trust::Stocktake};
    let actor = crate::ctx::actor();
    let done = crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let more = crate::forms::whole("more", &more)?.unwrap_or(0);
            let movements = bin_count(conn, &bin, &Stocktake { here, more }, &actor, now)?;
            let undo = super::movements::undo_of(&movements);
            Ok((Done { text: crate::texts::bin_confirmed(&bin), undo }, "/stocktake".to_owned()))
        })
        .await;
    super::wines::ended(done, |why| format!("/stocktake{}", crate::forms::query(why, &[])))
}
