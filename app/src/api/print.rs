//! What labels can be printed for.

use leptos::prelude::*;
use models::{bottle::BottleView, ids::RackId};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// Most bottles that are shown to choose among.
#[cfg(feature = "ssr")]
const OFFERED: i64 = 200;

/// All that the page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrintPage {
    /// The racks.
    pub racks: Vec<(RackId, String)>,
    /// What was looked for.
    pub q: String,
    /// Bottles in the cellar that match, each with whether a label of it was printed.
    pub bottles: Vec<(BottleView, bool)>,
}

/// Reads the page: bottles with every word of `q`.
#[server(input = GetUrl)]
pub async fn get_print(#[server(default)] q: String) -> Result<PrintPage, AppError> {
    use models::{
        bottle::BottleStatus,
        db::{bottle_labels::bottle_label_list, bottles::*, racks::rack_list},
    };
    crate::ctx::AppCtx::get()?
        .read(move |conn, now| {
            let search = Some(q.trim().to_owned()).filter(|words| !words.is_empty());
            let filter = BottleFilter { status: Some(BottleStatus::InCellar), search, ..Default::default() };
            let bottles = bottle_list(conn, &filter, None, OFFERED, crate::format::year_of(now))?;
            let ids: Vec<_> = bottles.iter().map(|view| view.bottle.id.clone()).collect();
            let labelled = bottle_label_list(conn, &ids)?;
            let marked = bottles.into_iter().map(|view| {
                let has = labelled.contains(&view.bottle.id);
                (view, has)
            });
            let mut bottles: Vec<_> = marked.collect();
            bottles.sort_by_key(|(view, has)| (*has, view.title(), view.bottle.id.0.clone()));
            let racks = rack_list(conn)?.into_iter().map(|rack| (rack.id, rack.facts.name)).collect();
            Ok(PrintPage { racks, q, bottles })
        })
        .await
}
