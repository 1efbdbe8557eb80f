//! `/archive`: the rack's pictures over time, and of a bin (`?bin=`) when its count changed: when did this bottle leave? A page
//! of the desk, with a script of a few lines that lets the slider show its picture at once.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::{Instant, archive::Look, ids::BinId};

use crate::{
    api::archive::{ArchivePage, SeenChange, get_archive},
    components::{
        field::hidden,
        icon::icon,
        load::{empty, load},
        when::when,
    },
    format,
    forms::address,
    texts,
};

const SLIDE: &str = include_str!("archive.js");

/// The page.
pub fn page() -> AnyView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let part = |name: &str| query.read().get(name).unwrap_or_default();
        (part("rack"), part("bin"))
    });
    let data = Resource::new(move || asked.get(), |(rack, bin)| get_archive(rack, bin));
    view! { {load(data, show)} }.into_any()
}

fn show(page: ArchivePage) -> AnyView {
    let (title, back) = match &page.bin {
        Some(bin) => (texts::bin_over_time(bin), format!("/bins/{bin}")),
        None => (texts::over_time().to_owned(), "/scans".to_owned()),
    };
    let racks: Vec<_> =
        page.racks.iter().map(|(id, name)| rack(id.as_str(), name, page.bin.is_none() && *id == page.rack)).collect();
    let racks = (page.bin.is_none() && racks.len() > 1)
        .then(|| view! { <nav class="tabs" aria-label=texts::rack()>{racks}</nav> });
    let changed = page.bin.clone().map(|bin| changes(bin, page.changes, page.now));
    view! {
        <Title text=title.clone()/>
        <header class="head">
            <a class="button button-quiet" href=back aria-label=texts::back()>{icon("back")}</a>
            <h1>{title}</h1>
            {racks}
        </header>
        {slider(page.bin.as_ref(), page.rack.as_str(), &page.looks, page.now)}
        {changed}
    }
    .into_any()
}

fn rack(id: &str, name: &str, here: bool) -> AnyView {
    let href = format!("/archive{}", address(&[("rack", id)]));
    view! { <a href=href aria-current=here.then_some("true")>{name.to_owned()}</a> }.into_any()
}

/// The pictures, one at a time. Without JavaScript the button shows the one that was slid to.
fn slider(bin: Option<&BinId>, rack: &str, looks: &[Look], now: Instant) -> AnyView {
    let Some(last) = looks.len().checked_sub(1) else {
        return empty("camera", texts::no_looks(), texts::no_looks_why());
    };
    let query = use_query_map().read_untracked().clone();
    let by_scan = query.get("at").and_then(|at| looks.iter().position(|look| look.scan.as_str() == at));
    let by_place = query.get("n").and_then(|n| n.parse().ok()).map(|n: usize| n.min(last));
    let here = by_scan.or(by_place).unwrap_or(last);
    let step = |to: Option<usize>, symbol: &'static str, words: &'static str| {
        let scan = to.and_then(|to| looks.get(to)).map(|look| look.scan.as_str());
        let place = scan.map(|scan| {
            format!("/archive{}", address(&[("bin", bin.map_or("", |bin| bin.as_str())), ("rack", rack), ("at", scan)]))
        });
        // At either end there is nowhere to go: the place stays, so that nothing jumps.
        match place {
            Some(place) => view! { <a class="button" href=place aria-label=words>{icon(symbol)}</a> }.into_any(),
            None => view! { <span class="button button-off" aria-hidden="true">{icon(symbol)}</span> }.into_any(),
        }
    };
    let frames: Vec<_> = looks.iter().map(|look| (picture(bin, look), caption(look, now))).collect();
    let (src, words) = frames[here].clone();
    let frames = serde_json::to_string(&frames).unwrap_or_default();
    let kept = match bin {
        Some(bin) => hidden("bin", bin.to_string()),
        None => hidden("rack", rack),
    };
    view! {
        <figure class="archive" data-frames=frames>
            <img class="photo" src=src alt=texts::what_camera_saw()/>
            <figcaption aria-live="polite">{words}</figcaption>
        </figure>
        <form class="slide" method="GET" action="/archive">
            {kept}
            {step(here.checked_sub(1), "back", texts::earlier())}
            <input type="range" name="n" min="0" max=last value=here aria-label=texts::point_in_time()/>
            {step(Some(here + 1).filter(|next| *next <= last), "forward", texts::later())}
            <button class="button" type="submit">{texts::show()}</button>
        </form>
        <script nonce=use_nonce()>{SLIDE}</script>
    }
    .into_any()
}

fn picture(bin: Option<&BinId>, look: &Look) -> String {
    match bin {
        Some(bin) => format!("/media/scans/{}/bins/{bin}.jpg", look.scan),
        None => format!("/media/scans/{}/rectified.jpg", look.scan),
    }
}

fn caption(look: &Look, now: Instant) -> String {
    let at = format!("{} \u{b7} {}", format::utc(look.at), format::age(look.at, now));
    match look.count {
        Some(n) => format!("{at} \u{b7} {}", texts::bottles(n.into())),
        None => at,
    }
}

/// When the count changed, with both pictures and what the book says of the time between.
fn changes(bin: BinId, changes: Vec<SeenChange>, now: Instant) -> AnyView {
    let none = changes.is_empty().then(|| view! { <p class="quiet">{texts::never_changed()}</p> });
    let cards: Vec<_> = changes.into_iter().map(|change| card(&bin, change, now)).collect();
    view! { <h2>{texts::when_did_it_change()}</h2>{none}<div class="seen-changes">{cards}</div> }.into_any()
}

fn card(bin: &BinId, change: SeenChange, now: Instant) -> AnyView {
    let side = |look: &Look| {
        let count = look.count.map(|n| texts::bottles(n.into()));
        let href = format!("/archive{}", address(&[("bin", bin.as_str()), ("at", look.scan.as_str())]));
        view! {
            <figure>
                <a href=href><img class="crop" src=picture(Some(bin), look) alt=texts::picture_of(bin) loading="lazy"/></a>
                <figcaption>{count}" \u{b7} "{when(look.at, now)}</figcaption>
            </figure>
        }
    };
    let lines: Vec<_> = change
        .movements
        .iter()
        .map(|line| {
            let words = format!("{} \u{b7} {}", format::movement_words(&line.movement), line.movement.actor);
            view! { <li><strong>{line.title.clone()}</strong>" "<small>{words}</small></li> }
        })
        .collect();
    let nobody = lines.is_empty().then(|| view! { <p class="notice">{icon("look")}{texts::nobody_wrote()}</p> });
    view! {
        <article class="seen-change">
            <div class="pair">{side(&change.before)}{side(&change.after)}</div>
            {nobody}
            <ul>{lines}</ul>
        </article>
    }
    .into_any()
}
