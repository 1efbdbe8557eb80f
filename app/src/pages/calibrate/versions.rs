//! `/calibrate/{id}/versions`: every calibration of a rack that was in force, and the way back to each.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::{
    Instant,
    calibration::{Calibration, Origin},
    ids::BinId,
};

use super::{may_not, picture};
use crate::{
    api::calibrations::{CalibrationPage, get_calibration},
    components::{
        field::hidden,
        icon::icon,
        load::{empty, load_one},
        when::when,
    },
    texts,
};

/// The page.
pub fn page() -> AnyView {
    load_one(get_calibration, show)
}

fn show(page: CalibrationPage) -> AnyView {
    let Some(known) = page.racks.first() else {
        return empty("camera", texts::no_rack_yet(), texts::no_rack_yet_why());
    };
    let (id, name, now) = (known.rack.id.clone(), known.rack.facts.name.clone(), page.now);
    let query = use_query_map().read_untracked().clone();
    let said = match (query.get("done"), query.get("refused").as_deref()) {
        (Some(number), _) => Some(
            view! { <p class="quiet" role="status">{icon("check")}{texts::version_in_force(&number)}</p> }.into_any(),
        ),
        (None, Some("rights")) => Some(may_not()),
        (None, Some("bottles")) => {
            Some(view! { <p class="notice" role="alert">{icon("alert")}{texts::bin_holds_bottles()}</p> }.into_any())
        }
        (None, Some(_)) => {
            Some(view! { <p class="notice" role="alert">{icon("alert")}{texts::did_not_work()}</p> }.into_any())
        }
        (None, None) => None,
    };
    let edited = (!known.stands && !page.versions.is_empty())
        .then(|| view! { <p class="quiet">{icon("look")}{texts::rack_edited_since()}</p> });
    let stands = known.stands;
    let none = page.versions.is_empty().then(|| empty("history", texts::no_version_yet(), texts::no_version_yet_why()));
    let may = page.may;
    let rows: Vec<_> =
        page.versions.into_iter().enumerate().map(|(i, version)| row(version, i == 0 && stands, may, now)).collect();
    view! {
        <Title text=texts::versions()/>
        <header class="head">
            <a class="button button-quiet" href="/calibrate" aria-label=texts::back()>{icon("back")}</a>
            <h1>{format!("{name}: {}", texts::versions())}</h1>
            <a class="button button-main" href=format!("/calibrate/{id}")>{icon("pen")}{texts::calibrate()}</a>
        </header>
        {said}{edited}{by_eye(page.unplaced)}{none}
        <div class="seen-changes">{rows}</div>
    }
    .into_any()
}

/// Bottles that lie in the rack and not in the book: wines that were imported without a place are put there.
fn by_eye(unplaced: Vec<(BinId, i32, i32)>) -> Option<AnyView> {
    if unplaced.is_empty() {
        return None;
    }
    let rows: Vec<_> = unplaced
        .into_iter()
        .map(|(bin, counted, book)| {
            view! { <li><a class="button" href=format!("/bins/{bin}")>{icon("bin")}{bin.to_string()}</a>" "{texts::counted_and_booked(&counted, &book)}</li> }
        })
        .collect();
    Some(
        view! {
            <details class="fold fold-free" open>
                <summary>{texts::seen_not_booked()}</summary>
                <p class="quiet">{texts::seen_not_booked_how()}</p>
                <ul class="several-list">{rows}</ul>
                <p class="buttons"><a class="button button-main" href="/several">{icon("put")}{texts::put_away_by_eye()}</a></p>
            </details>
        }
        .into_any(),
    )
}

fn row(version: Calibration, in_force: bool, may: bool, now: Instant) -> AnyView {
    let used = version.bins.iter().filter(|bin| bin.enabled).count();
    let picture = picture(&version);
    let note = (!version.note.is_empty()).then(|| view! { <p>{version.note.clone()}</p> });
    let file = format!("/api/v1/calibrations/{}/layout", version.id);
    let back = (may && !in_force).then(|| {
        view! {
            <form method="post" action="/calibrate/restore">
                {hidden("calibration", version.id.0.clone())}
                {hidden("rack", version.rack_id.0.clone())}
                <button class="button" type="submit">{icon("undo")}{texts::go_back_to_it()}</button>
            </form>
        }
    });
    let current = in_force.then(|| view! { <strong>{icon("check")}{texts::in_force()}</strong> });
    view! {
        <article class="seen-change" id=version.id.0.clone()>
            <h2>{texts::version_number(&version.number)}</h2>
            {picture}
            <p>{origin_words(version.origin)}" · "{version.made_by.clone()}" · "{when(version.made_at, now)}</p>
            <p>{texts::bins_in_use(used as i64)}</p>
            {note}
            {current}
            <p class="buttons">
                <a class="button" href=file.clone() download="layout.json">{icon("out")}{texts::layout_file()}</a>
                <a class="button" href=format!("{file}?cells=true") download="cells_polygons.json">{icon("out")}{texts::cells_file()}</a>
            </p>
            {back}
        </article>
    }
    .into_any()
}

fn origin_words(origin: Origin) -> &'static str {
    match origin {
        Origin::Drawn => texts::origin_drawn(),
        Origin::Restored => texts::origin_restored(),
        Origin::Shifted => texts::origin_shifted(),
        Origin::Imported => texts::origin_imported(),
        Origin::Found => texts::origin_found(),
    }
}
