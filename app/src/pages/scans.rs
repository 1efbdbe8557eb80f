//! `/scans`: every time the camera looked.

use leptos::prelude::*;
use leptos_meta::Title;
use models::{Instant, scan::Scan};

use crate::{
    api::scans::{ScansPage, get_scans},
    components::{
        icon::icon,
        load::{empty, load},
        when::when,
    },
    format,
    state::live::Live,
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let data = Resource::new(move || live.revision.get(), |_| get_scans());
    view! {
        <Title text=texts::scans()/>
        <header class="head">
            <a class="button button-quiet" href="/" aria-label=texts::back_to_home()>{icon("back")}</a>
            <h1>{texts::scans()}</h1>
            <a class="button" href="/calibrate">{icon("pen")}{texts::calibrate()}</a>
            <a class="button" href="/archive">{icon("history")}{texts::over_time()}</a>
        </header>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: ScansPage) -> AnyView {
    if page.scans.is_empty() {
        return empty("camera", texts::no_scan_yet(), texts::scans_empty());
    }
    let rows: Vec<_> = page.scans.into_iter().map(|s| row(s, page.now)).collect();
    view! { <ul class="history">{rows}</ul> }.into_any()
}

fn row(scan: Scan, now: Instant) -> AnyView {
    let (word, class) = format::scan_words(&scan);
    view! {
        <li>
            <a class="line" href=format!("/scans/{}", scan.id)>
                {icon("camera")}
                <div class="bottle-words">
                    <strong>{when(scan.started_at, now)}</strong>
                    <small>{format::scan_message(&scan)}</small>
                </div>
                <span class=class>{word}</span>
            </a>
        </li>
    }
    .into_any()
}
