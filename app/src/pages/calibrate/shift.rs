//! `/calibrate/{id}/shift`: the rack as it was calibrated beside the newest picture, and the corrected corners to be taken over.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::may_not;
use crate::{
    api::calibrations::{CalibrationPage, get_calibration},
    components::{
        field::hidden,
        icon::icon,
        load::{empty, load_one},
    },
    texts,
};

const COMPARE: &str = include_str!("shift.js");

/// The page.
pub fn page() -> AnyView {
    load_one(get_calibration, show)
}

fn show(page: CalibrationPage) -> AnyView {
    let Some(known) = page.racks.first() else {
        return empty("camera", texts::no_rack_yet(), texts::no_rack_yet_why());
    };
    let id = known.rack.id.clone();
    let body = match page.scan {
        None => empty("camera", texts::no_scan_yet(), texts::shift_needs_scan()),
        Some(scan) => compare(id.as_str(), scan.as_str(), page.may),
    };
    let refused = use_query_map().read_untracked().get("refused").map(|why| match why.as_str() {
        "rights" => may_not(),
        _ => view! { <p class="notice" role="alert">{icon("alert")}{texts::shift_not_taken()}</p> }.into_any(),
    });
    view! {
        <Title text=texts::has_it_moved()/>
        <header class="head">
            <a class="button button-quiet" href="/calibrate" aria-label=texts::back()>{icon("back")}</a>
            <h1>{texts::has_it_moved()}</h1>
            <a class="button" href=format!("/calibrate/{id}")>{icon("pen")}{texts::calibrate()}</a>
        </header>
        {refused}
        {body}
    }
    .into_any()
}

fn compare(rack: &str, scan: &str, may: bool) -> AnyView {
    let words = serde_json::json!({
        "still": texts::shift_still(), "moved": texts::shift_moved(&"{px}", &"{degrees}"), "lost": texts::shift_lost(),
        "unknown": texts::shift_unknown(),
    });
    let accept = may.then(|| {
        view! {
            <form method="post" action="/calibrate/shift">
                {hidden("rack", rack)}
                {hidden("scan", scan)}
                <button class="button button-main" type="submit">{icon("check")}{texts::take_new_corners()}</button>
            </form>
        }
    });
    view! {
        <div class="seen-change shift" data-rack=rack data-words=words.to_string()>
            <p role="status" data-is="told">{texts::one_moment()}</p>
            <div class="pair">
                <figure><img class="photo" src=format!("/media/references/{rack}.jpg") alt=texts::as_calibrated()/><figcaption>{texts::as_calibrated()}</figcaption></figure>
                <figure><img class="photo" src=format!("/media/scans/{scan}/frame.jpg") alt=texts::as_last_seen()/><figcaption>{texts::as_last_seen()}</figcaption></figure>
            </div>
            {accept}
        </div>
        <script nonce=use_nonce()>{COMPARE}</script>
    }
    .into_any()
}
