//! `/calibrate`: where the camera sees which bin. Pages of the desk: all racks, drawing one (`/calibrate/new`, `/calibrate/{id}`), its
//! versions, and the camera that has moved. Drawing needs a script; the others read and work without one.

pub mod draw;
pub mod shift;
pub mod versions;

use leptos::prelude::*;
use leptos_meta::Title;
use models::{Instant, calibration::Calibration};

use crate::{
    api::calibrations::{CalibratedRack, CalibrationPage, get_calibration},
    components::{
        icon::icon,
        load::{empty, load},
        when::when,
    },
    texts,
};

/// All racks.
pub fn page() -> AnyView {
    let data = Resource::new(|| (), |()| get_calibration(String::new()));
    view! {
        <Title text=texts::calibrate()/>
        <header class="head">
            <a class="button button-quiet" href="/scans" aria-label=texts::back()>{icon("back")}</a>
            <h1>{texts::calibrate()}</h1>
            <a class="button button-main" href="/calibrate/new">{icon("plus")}{texts::new_rack()}</a>
        </header>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: CalibrationPage) -> AnyView {
    let now = page.now;
    let refused = (!page.may).then(may_not);
    if page.racks.is_empty() {
        return view! { {refused}{empty("camera", texts::no_rack_yet(), texts::no_rack_yet_why())} }.into_any();
    }
    let cards: Vec<_> = page.racks.into_iter().map(|rack| card(rack, now)).collect();
    view! { {refused}<div class="seen-changes">{cards}</div> }.into_any()
}

/// Who may not is told who may.
fn may_not() -> AnyView {
    view! { <p class="notice">{icon("key")}{texts::may_not_calibrate()}" "<a class="button" href="/who">{texts::who_is_here()}</a></p> }.into_any()
}

/// What a version was drawn on.
fn picture(version: &Calibration) -> Option<AnyView> {
    version.has_picture.then(|| {
        let src = format!("/media/calibrations/{}.jpg", version.id);
        view! { <img class="photo" src=src alt=texts::what_camera_saw() loading="lazy"/> }.into_any()
    })
}

fn card(known: CalibratedRack, now: Instant) -> AnyView {
    let CalibratedRack { rack, bins, last, stands } = known;
    let used = bins.iter().filter(|bin| bin.enabled).count();
    let picture = last.as_ref().and_then(picture);
    let version = last.map(|last| {
        view! { <p class="quiet">{texts::version_by(&last.number, &last.made_by)}" · "{when(last.made_at, now)}</p> }
    });
    let edited = (!stands && version.is_some()).then(|| view! { <p class="quiet">{texts::rack_edited_since()}</p> });
    let id = rack.id;
    view! {
        <article class="seen-change">
            <h2>{rack.facts.name}</h2>
            {picture}
            <p>{texts::bins_in_use(used as i64)}</p>
            {version}
            {edited}
            <p class="buttons">
                <a class="button button-main" href=format!("/calibrate/{id}")>{icon("pen")}{texts::calibrate()}</a>
                <a class="button" href=format!("/calibrate/{id}/versions")>{icon("history")}{texts::versions()}</a>
                <a class="button" href=format!("/calibrate/{id}/shift")>{icon("camera")}{texts::has_it_moved()}</a>
            </p>
        </article>
    }
    .into_any()
}
