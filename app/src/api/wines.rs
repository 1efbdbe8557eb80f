//! Wines: a page of one, and the forms that enter and change them.

use leptos::prelude::*;
use models::{
    Instant,
    bin::BinSummary,
    bottle::BottleView,
    ids::{BottleId, VintageId, WineId},
    note::TastingNote,
    window::Window,
    wine::{Vintage, Wine},
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::{history::HistoryLine, movements::Done};
use crate::{
    error::AppError,
    forms::{case::CaseForm, seen::SeenForm, vintage::VintageForm, wine::WineForm},
};

/// A vintage with what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VintagePart {
    /// The vintage.
    pub vintage: Vintage,
    /// The owner's own window.
    pub own: Window,
    /// Every window that is known, by source.
    pub windows: Vec<(String, Window)>,
    /// Bottles in the cellar.
    pub bottles: Vec<BottleView>,
    /// Tasting notes, newest first.
    pub notes: Vec<TastingNote>,
}

/// Everything the page of a wine shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WinePage {
    /// The wine.
    pub wine: Wine,
    /// Its vintages, newest first.
    pub vintages: Vec<VintagePart>,
    /// Bins with room.
    pub free: Vec<BinSummary>,
    /// What happened, newest first.
    pub history: Vec<HistoryLine>,
    /// Photos of its label and its barcodes, as the server has drawn them: no browser loads the code for it.
    pub kept: String,
    /// The server's clock.
    pub now: Instant,
}

/// Reads one wine.
#[server(input = GetUrl)]
pub async fn get_wine(id: WineId) -> Result<WinePage, AppError> {
    use models::bottle::BottleStatus::InCellar;
    use models::db::{
        bottles::*, changes::change_list_of_wine, movements::*, notes::note_list, racks::bin_summary, vintages::*,
        wines::wine_get,
    };
    let ctx = crate::ctx::AppCtx::get()?;
    let (visitor, photos, language) = (ctx.visitor.clone(), ctx.photos.clone(), crate::texts::language());
    let (page, codes) = ctx
        .read(move |conn, now| {
            let wine = wine_get(conn, &id)?;
            let here = BottleFilter { wine_id: Some(id.clone()), status: Some(InCellar), ..Default::default() };
            let here = bottle_list(conn, &here, None, 500, crate::format::year_of(now))?;
            let mut vintages = Vec::new();
            for vintage in vintage_list_of(conn, &id)?.into_iter().rev() {
                let bottles = here.iter().filter(|view| view.bottle.vintage_id == vintage.id).cloned().collect();
                vintages.push(VintagePart {
                    own: facts(conn, &vintage)?.window,
                    windows: window_list(conn, &vintage.id)?,
                    notes: note_list(conn, Some(&vintage.id), None, 50)?,
                    bottles,
                    vintage,
                });
            }
            let moved = MovementFilter { wine: Some(id.clone()), ..Default::default() };
            let moved = movement_list(conn, &moved, None, 30)?;
            let edited = change_list_of_wine(conn, &id, None, 30)?;
            let mut history = super::history::merged(conn, moved, edited, &visitor)?;
            history.truncate(30);
            let free = bin_summary(conn)?.into_iter().filter(|bin| bin.qty < bin.capacity).collect();
            let codes = models::db::barcodes::barcode_list(conn, None, Some(&id), 50)?;
            Ok((WinePage { wine, vintages, free, history, kept: String::new(), now }, codes))
        })
        .await?;
    // What comes after a wait may be on another task, which knows nothing of the request's language.
    let kept = crate::texts::within(language, || {
        crate::pages::wine_kept::html(&page, &codes, &ctx.visitor, |vintage| photos.stamp(vintage))
    });
    Ok(WinePage { kept, ..page })
}

/// What the page that enters a wine needs.
#[server(input = GetUrl)]
pub async fn get_free_bins() -> Result<Vec<BinSummary>, AppError> {
    use models::db::racks::bin_summary;
    let free = |bins: Vec<BinSummary>| bins.into_iter().filter(|bin| bin.qty < bin.capacity).collect();
    crate::ctx::AppCtx::get()?.read(move |conn, _| Ok(free(bin_summary(conn)?))).await
}

/// Enters a wine with a vintage and, if wanted, a whole case of it; or says that the `bottle` is one of it.
#[server]
pub async fn enter_wine(
    #[server(default)] bottle: Option<BottleId>,
    #[server(default)] wine: WineForm,
    #[server(default)] vintage: VintageForm,
    #[server(default)] case: CaseForm,
    #[server(default)] seen: SeenForm,
) -> Result<Done, AppError> {
    use models::db::{
        bottles::{bottle_get, bottle_relabel},
        wines::wine_insert,
    };
    let bottle = bottle.filter(|id| !id.as_str().is_empty());
    let back = {
        let (wine, vintage, case, bottle) = (wine.clone(), vintage.clone(), case.clone(), bottle.clone());
        let seen = seen.clone();
        move |why: &str| {
            let mut fields: Vec<_> = [&wine.fields()[..], &vintage.fields(), &case.fields(), &seen.fields()].concat();
            fields.extend(bottle.as_ref().map(|id| ("bottle", id.as_str())));
            format!("/wines/new{}", crate::forms::query(why, &fields))
        }
    };
    let actor = crate::ctx::actor();
    let (ctx, noted) = (crate::ctx::AppCtx::get()?, seen.clone());
    let done = ctx
        .write(move |conn, now| {
            let facts = wine.facts()?;
            let wine = wine_insert(conn, &facts, &actor, now)?;
            let title = format!("{} {}", wine.facts.producer, wine.facts.name);
            let (mut done, came, vintage) = fill(conn, &wine.id, &vintage, &case, &actor, now)?;
            noted.learn(conn, &vintage, &case, &actor, now)?;
            done.text = format!("{}{came}", crate::texts::entered_title(&title));
            if done.undo.is_none() {
                done.undo = last_edit(conn, models::change::Entity::Wine, wine.id.as_str())?;
            }
            let Some(bottle) = bottle else { return Ok(((done, format!("/wines/{}", wine.id)), vintage, now)) };
            let known = bottle_get(conn, &bottle, crate::format::year_of(now))?.bottle.revision;
            bottle_relabel(conn, &bottle, &vintage, known, &actor, now)?;
            Ok(((done, format!("/bottles/{bottle}")), vintage, now))
        })
        .await;
    ended(with_photo(done, seen, ctx.photos).await, back)
}

/// The act, with the photo kept where it succeeded.
#[cfg(feature = "ssr")]
async fn with_photo(
    done: Result<((Done, String), VintageId, Instant), AppError>,
    seen: SeenForm,
    photos: std::sync::Arc<dyn crate::ctx::LabelPhotos>,
) -> Result<(Done, String), AppError> {
    let (done, vintage, at) = done?;
    seen.keep_photo(photos, vintage, at).await;
    Ok(done)
}

/// Some more bottles of a wine that is known come in.
#[server]
pub async fn receive_case(
    wine: WineId,
    #[server(default)] vintage: VintageForm,
    #[server(default)] case: CaseForm,
    #[server(default)] seen: SeenForm,
) -> Result<Done, AppError> {
    use models::{db::wines::wine_get, error::RuleError};
    let address = format!("/wines/{wine}");
    let back = {
        let (vintage, case, seen, address) = (vintage.clone(), case.clone(), seen.clone(), address.clone());
        move |why: &str| {
            let fields: Vec<_> = [&vintage.fields()[..], &case.fields(), &seen.fields()].concat();
            format!("{address}/receive{}", crate::forms::query(why, &fields))
        }
    };
    let actor = crate::ctx::actor();
    let (ctx, noted) = (crate::ctx::AppCtx::get()?, seen.clone());
    let done = ctx
        .write(move |conn, now| {
            if case.count()? == 0 {
                return Err(RuleError::field("bottles", crate::texts::how_many_come()).into());
            }
            let facts = wine_get(conn, &wine)?.facts;
            let (mut done, came, vintage) = fill(conn, &wine, &vintage, &case, &actor, now)?;
            noted.learn(conn, &vintage, &case, &actor, now)?;
            done.text = format!("{} {}{came}", facts.producer, facts.name);
            Ok(((done, address), vintage, now))
        })
        .await;
    ended(with_photo(done, seen, ctx.photos).await, back)
}

/// Makes the vintage if need be and receives the bottles.
#[cfg(feature = "ssr")]
fn fill(
    conn: &mut models::db::Conn,
    wine: &WineId,
    vintage: &VintageForm,
    case: &CaseForm,
    actor: &models::movement::Actor,
    now: Instant,
) -> Result<(Done, String, VintageId), models::db::DbError> {
    use models::{
        db::{case::case_receive, vintages::vintage_ensure},
        ids::BinId,
    };
    let (count, facts) = (case.count()?, case.facts()?);
    let vintage = vintage_ensure(conn, wine, vintage.year()?, vintage.window()?, actor, now)?.id;
    if count == 0 {
        return Ok((Done { text: String::new(), undo: None }, String::new(), vintage));
    }
    let from = Some(case.bin.trim()).filter(|from| !from.is_empty()).map(BinId::from);
    let done = case_receive(conn, &vintage, count, from.as_ref(), &facts, actor, now)?;
    let mut bins: Vec<String> = done.iter().filter_map(|m| m.to_bin.as_ref()).map(ToString::to_string).collect();
    let placed = bins.len();
    bins.dedup();
    let mut came = format!(", {}", crate::texts::and_received(super::count(count).into()));
    if !bins.is_empty() {
        came.push_str(&format!(" {}", crate::texts::received_into(&bins.join(", "))));
    }
    if placed < count {
        came.push_str(&format!(", {}", crate::texts::still_to_put_away(&(count - placed))));
    }
    let undo = done.into_iter().next().map(|movement| super::movements::Undo::Movement(movement.id));
    Ok((Done { text: String::new(), undo }, came, vintage))
}

/// Changes what the label says.
#[server]
pub async fn save_wine(id: WineId, revision: i32, #[server(default)] wine: WineForm) -> Result<Done, AppError> {
    use models::db::wines::*;
    let back = {
        let (id, wine) = (id.clone(), wine.clone());
        move |why: &str| format!("/wines/{id}/edit{}", crate::forms::query(why, &wine.fields()))
    };
    let actor = crate::ctx::actor();
    let done = crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let facts = wine.facts()?;
            let wine = wine_update(conn, &id, &facts, revision, &actor, now)?;
            let text = crate::texts::bottles_saved(&format!("{} {}", wine.facts.producer, wine.facts.name));
            let undo = last_edit(conn, models::change::Entity::Wine, id.as_str())?;
            Ok((Done { text, undo }, format!("/wines/{id}")))
        })
        .await;
    ended(done, back)
}

/// Changes year, own window and value of a vintage.
#[server]
pub async fn save_vintage(
    id: VintageId,
    wine: WineId,
    revision: i32,
    #[server(default)] vintage: VintageForm,
) -> Result<Done, AppError> {
    use models::db::vintages::*;
    let back = {
        let (id, wine, vintage) = (id.clone(), wine.clone(), vintage.clone());
        move |why: &str| {
            let mut fields = vintage.fields().to_vec();
            fields.push(("of", id.as_str()));
            format!("/wines/{wine}/edit{}", crate::forms::query(why, &fields))
        }
    };
    let actor = crate::ctx::actor();
    let done = crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let (valuation_minor, valuation_currency) = vintage.value()?.unzip();
            let facts =
                VintageFacts { year: vintage.year()?, window: vintage.window()?, valuation_minor, valuation_currency };
            let saved = vintage_update(conn, &id, &facts, revision, &actor, now)?;
            let undo = last_edit(conn, models::change::Entity::Vintage, id.as_str())?;
            let text = crate::texts::vintage_saved(&crate::format::vintage(saved.year));
            Ok((Done { text, undo }, format!("/wines/{}", saved.wine_id)))
        })
        .await;
    ended(done, back)
}

/// A bottle is opened, or some of it was drunk: what keeps it, and how many glasses are left.
#[server]
pub async fn open_bottle(
    bottle: BottleId,
    revision: i32,
    #[server(default)] preservation: String,
    #[server(default)] glasses: String,
) -> Result<Done, AppError> {
    use models::{
        bottle::{BottleFacts, Preservation},
        db::bottles::*,
    };
    let actor = crate::ctx::actor();
    crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let view = bottle_get(conn, &bottle, crate::format::year_of(now))?;
            let glasses_left = crate::forms::whole("glasses", &glasses)?;
            // What a form leaves empty is not known.
            let preservation: Option<Preservation> =
                Some(preservation).filter(|word| !word.is_empty()).map(|word| word.parse()).transpose()?;
            let opened_at = view.bottle.facts.opened_at.or(Some(now));
            let facts = BottleFacts { opened_at, preservation, glasses_left, ..view.bottle.facts.clone() };
            bottle_update(conn, &bottle, &facts, revision, &actor, now)?;
            let undo = last_edit(conn, models::change::Entity::Bottle, bottle.as_str())?;
            let left = glasses_left.map(|n| format!(", {}", crate::texts::glasses_left_words(n.into())));
            Ok(Done { text: format!("{}{}", crate::texts::open_now(&view.title()), left.unwrap_or_default()), undo })
        })
        .await
}

/// The edit that was just made, to be undone.
#[cfg(feature = "ssr")]
pub(crate) fn last_edit(
    conn: &mut models::db::Conn,
    entity: models::change::Entity,
    id: &str,
) -> Result<Option<super::movements::Undo>, models::db::DbError> {
    use models::db::changes::*;
    let filter = ChangeFilter { of: Some((entity, id.to_owned())), actor: None, people: false };
    let last = change_list(conn, &filter, None, 1)?.pop();
    Ok(last.map(|change| super::movements::Undo::Change(change.id)))
}

/// Leads a form on: to the page of what was saved; or, without JavaScript, back to the form with the reason and with
/// what was typed. With JavaScript the form is still there and the error is shown beside it.
#[cfg(feature = "ssr")]
pub(crate) fn ended(
    result: Result<(Done, String), AppError>,
    back: impl FnOnce(&str) -> String,
) -> Result<Done, AppError> {
    let plain = use_context::<axum::http::request::Parts>().is_some_and(|parts| {
        parts
            .headers
            .get(axum::http::header::ACCEPT)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.contains("text/html"))
    });
    // An id comes from the form: nothing but plain letters may go into a header.
    let lead =
        |address: String| leptos_axum::redirect(&address.chars().filter(char::is_ascii_graphic).collect::<String>());
    match result {
        Ok((done, address)) => {
            lead(address);
            Ok(done)
        }
        Err(error) if plain => {
            lead(back(&error.message));
            Ok(Done { text: error.message, undo: None })
        }
        Err(error) => Err(error),
    }
}
