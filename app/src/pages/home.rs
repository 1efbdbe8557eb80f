//! `/`: how the cellar is, at a glance from across the room.

use leptos::prelude::*;
use leptos_meta::Title;
use models::{catalogue::Holding, scan::Scan};

use crate::{
    api::{
        home::{Home, get_home},
        scans::ScanNow,
    },
    components::{
        act::{Act, to},
        icon::{glyph, icon},
        load::load,
        when::when,
    },
    format,
    state::{acts::Acts, live::Live},
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let data = Resource::new(move || live.revision.get(), |_| get_home());
    view! { <Title text=""/><h1 class="hidden">{texts::home()}</h1>{load(data, show)} }.into_any()
}

fn show(mut home: Home) -> AnyView {
    let (words, page) = (std::mem::take(&mut home.alarm), std::mem::take(&mut home.alarm_page));
    let alarm = (!words.is_empty())
        .then(|| view! { <a class="notice" rel="external" href=page>{icon("look")}{words}</a> }.into_any());
    view! {
        {alarm}
        <div class="tiles">
            {review(home.open)}
            {fill(&home)}
            {tonight(home.ready, home.tonight)}
            {camera(home.last_scan, home.now)}
        </div>
        <p class="desk-links">
            <a rel="external" href="/help">{texts::how_it_works()}</a>
            <a rel="external" href="/guests">{texts::tonight()}</a>
            <a rel="external" href="/import">{texts::import()}</a>
            <a rel="external" href="/device">{texts::this_screen()}</a>
        </p>
    }
    .into_any()
}

fn review(open: i32) -> AnyView {
    let (class, symbol, words) = match open {
        0 => ("tile tile-calm", "check", texts::nothing_waits().to_owned()),
        n => ("tile tile-call", "look", texts::differences_wait(n.into())),
    };
    let number = (open > 0).then(|| view! { <span class="big">{open}</span> });
    view! { <a class=class href="/proposals">{icon(symbol)}{number}<span class="tile-words">{words}</span></a> }
        .into_any()
}

fn fill(home: &Home) -> AnyView {
    let percent = format::percent(home.filled, home.capacity);
    let unplaced = (home.unplaced > 0).then(|| texts::bottles_to_put_away(home.unplaced.into()));
    view! {
        <section class="tile" aria-label=texts::stock()>
            <a class="tile-corner" rel="external" href="/numbers">{icon("numbers")}<span>{texts::numbers()}</span></a>
            <a class="tile-link" href="/rack">
                <span class="big">{home.filled}<small>" / "{home.capacity}</small></span>
                <span class="tile-words">{texts::bottles_in_rack()}</span>
                <svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="meter-all" width="100" height="4" rx="2"></rect>
                    <rect class="meter-part" width=percent height="4" rx="2"></rect>
                </svg>
                {unplaced.map(|words| view! { <small class="tile-note">{words}</small> })}
            </a>
        </section>
    }
    .into_any()
}

fn tonight(ready: i32, some: Vec<Holding>) -> AnyView {
    let rows: Vec<_> = some
        .into_iter()
        .map(|b| {
            let words = format!("{} {}", b.name, format::vintage(b.year));
            let bin =
                b.places.into_iter().find_map(|place| place.bin).map(|bin| view! { <small>{bin.to_string()}</small> });
            view! { <li>{glyph(b.colour, b.style)}<span>{words}</span>{bin}</li> }
        })
        .collect();
    view! {
        <a class="tile" href="/bottles?drink=ready&drink=peak&sort=drink_by">
            {icon("glass")}
            <span class="big">{ready}</span>
            <span class="tile-words">{texts::ready_tonight()}</span>
            <ul class="tonight">{rows}</ul>
        </a>
    }
    .into_any()
}

fn camera(scan: Option<Scan>, now: models::Instant) -> AnyView {
    let acts = Acts::get();
    let busy = acts.busy;
    let last = match scan {
        None => view! { <p class="tile-words">{texts::no_scan_yet()}</p> }.into_any(),
        Some(scan) => {
            let (word, class) = format::scan_words(&scan);
            let href = format!("/scans/{}", scan.id);
            view! {
                <a class="tile-link" rel="external" href=href>
                    <span class="tile-row">{texts::last_scan()}</span>
                    <span class="tile-line"><span class=class>{word}</span>{when(scan.started_at, now)}</span>
                    <small class="tile-note">{format::scan_message(&scan)}</small>
                </a>
            }
            .into_any()
        }
    };
    view! {
        <section class="tile" aria-label=texts::camera()>
            <a class="tile-corner" rel="external" href="/scans">{icon("camera")}<span>{texts::all_scans()}</span></a>
            {last}
            <p class="tile-note" role="status" data-scan hidden></p>
            <Act acts to={to::<ScanNow>()}>
                <button class="button button-main button-wide" type="submit" disabled=move || busy.get()>
                    {icon("camera")}{texts::scan_now()}
                </button>
            </Act>
        </section>
    }
    .into_any()
}
