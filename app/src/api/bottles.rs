//! Bottles: to find some, and to put them away.

use leptos::prelude::*;
use models::{
    Instant,
    bin::BinSummary,
    bottle::BottleView,
    catalogue::Answer,
    ids::{BottleId, VintageId, WineId},
    wine::{Vintage, Wine},
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::{history::HistoryLine, movements::Done};
use crate::{error::AppError, forms::bottle::BottleForm};

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

/// How many wines are offered for a bottle whose label is to be set right.
#[cfg(feature = "ssr")]
const WINES: i64 = 12;

/// Everything the page of a bottle shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BottlePage {
    /// The bottle.
    pub view: BottleView,
    /// Vintages of its wine, newest first.
    pub vintages: Vec<Vintage>,
    /// Wines that match what was looked for.
    pub wines: Vec<Wine>,
    /// All that happened to it, newest first.
    pub history: Vec<HistoryLine>,
    /// The server's clock.
    pub now: Instant,
}

/// Reads one bottle, and wines whose names hold every word of `wanted`.
#[server(input = GetUrl)]
pub async fn get_bottle(id: BottleId, #[server(default)] wanted: String) -> Result<BottlePage, AppError> {
    use models::change::Entity;
    use models::db::{bottles::*, changes::*, movements::*, vintages::*, wines::*};
    let ctx = crate::ctx::AppCtx::get()?;
    let visitor = ctx.visitor.clone();
    ctx.read(move |conn, now| {
        let view = bottle_get(conn, &id, crate::format::year_of(now))?;
        let mut vintages = vintage_list_of(conn, &view.wine_id)?;
        vintages.reverse();
        let wines = match wanted.trim() {
            "" => Vec::new(),
            words => wine_list(conn, Some(words), None, WINES)?,
        };
        let moved = MovementFilter { bottle: Some(id.clone()), ..Default::default() };
        let moved = movement_list(conn, &moved, None, 200)?;
        let edited = ChangeFilter { of: Some((Entity::Bottle, id.0)), actor: None, people: false };
        let edited = change_list(conn, &edited, None, 200)?;
        let history = super::history::merged(conn, moved, edited, &visitor)?;
        Ok(BottlePage { view, vintages, wines, history, now })
    })
    .await
}

/// Changes what is known of a bottle.
#[server]
pub async fn save_bottle(id: BottleId, revision: i32, #[server(default)] form: BottleForm) -> Result<Done, AppError> {
    use models::db::bottles::*;
    let back = {
        let (id, form) = (id.clone(), form.clone());
        move |why: &str| format!("/bottles/{id}{}", crate::forms::query(why, &form.fields()))
    };
    let actor = crate::ctx::actor();
    let done = crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let view = bottle_get(conn, &id, crate::format::year_of(now))?;
            let facts = form.facts(view.bottle.facts.clone())?;
            bottle_update(conn, &id, &facts, revision, &actor, now)?;
            let undo = super::wines::last_edit(conn, models::change::Entity::Bottle, id.as_str())?;
            Ok((Done { text: crate::texts::bottles_saved(&view.title()), undo }, format!("/bottles/{id}")))
        })
        .await;
    super::wines::ended(done, back)
}

/// Says what a bottle is: of the vintage, or of that year of the wine.
#[server]
pub async fn relabel_bottle(
    id: BottleId,
    revision: i32,
    #[server(default)] vintage: Option<VintageId>,
    #[server(default)] wine: Option<WineId>,
    #[server(default)] year: String,
) -> Result<Done, AppError> {
    use models::{
        db::{bottles::*, vintages::vintage_ensure},
        error::RuleError,
        window::Window,
    };
    let back = {
        let id = id.clone();
        move |why: &str| format!("/bottles/{id}{}", crate::forms::address(&[("refused", why)]))
    };
    let actor = crate::ctx::actor();
    let done = crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let vintage = match (vintage, wine) {
                (Some(vintage), None) => vintage,
                (None, Some(wine)) => {
                    let year = crate::forms::whole("year", &year)?;
                    vintage_ensure(conn, &wine, year, Window::default(), &actor, now)?.id
                }
                _ => return Err(RuleError::field("vintage", crate::texts::which_wine()).into()),
            };
            bottle_relabel(conn, &id, &vintage, revision, &actor, now)?;
            let title = bottle_get(conn, &id, crate::format::year_of(now))?.title();
            let undo = super::wines::last_edit(conn, models::change::Entity::Bottle, id.as_str())?;
            Ok((Done { text: crate::texts::bottle_is_now(&title), undo }, format!("/bottles/{id}")))
        })
        .await;
    super::wines::ended(done, back)
}
