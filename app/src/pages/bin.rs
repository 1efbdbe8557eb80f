//! `/bins/:id`: one bin. The page somebody opens with a bottle in the other hand.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use models::bin::BinSummary;

use crate::{
    api::{
        bins::{BinPage, get_bin},
        history::HistoryLine,
    },
    components::{
        bottle::{Place, bottle_row, put_form, take_buttons},
        history::{Undoable, history},
        icon::icon,
        load::load,
        when::when,
    },
    state::{acts::Acts, live::Live},
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let data = Resource::new(move || (id.get(), live.revision.get()), |(id, _)| get_bin(id.into()));
    view! {
        <Title text=move || texts::bin_name(&id.get())/>
        <header class="head">
            <a class="button button-quiet" href="/rack" aria-label=texts::back_to_rack()>{icon("back")}</a>
            <h1>{move || texts::bin_name(&id.get())}</h1>
        </header>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: BinPage) -> AnyView {
    let acts = Acts::get();
    let full = i32::try_from(page.bottles.len()).unwrap_or(i32::MAX) >= page.bin.capacity;
    let rows: Vec<_> = page
        .bottles
        .into_iter()
        .map(|b| {
            let buttons = take_buttons(acts, &b);
            bottle_row(b, Place::Hidden, buttons)
        })
        .collect();
    let nobody = rows.is_empty().then(|| view! { <p class="quiet">{texts::nothing_in_bin()}</p> });
    let waiting = if full { Vec::new() } else { page.waiting };
    let room: Vec<BinSummary> = page.summary.clone().into_iter().collect();
    let puts: Vec<_> = waiting
        .into_iter()
        .map(|b| {
            let form = put_form(acts, &b, &room);
            bottle_row(b, Place::Hidden, form)
        })
        .collect();
    let waiting =
        (!puts.is_empty()).then(|| view! { <h2>{texts::waiting_to_be_put_away()}</h2><ul class="bottles">{puts}</ul> });
    let (all, seen) = (format!("/history?bin={}", page.bin.id), format!("/archive?bin={}", page.bin.id));
    let past = (!page.history.is_empty())
        .then(|| history(page.history.into_iter().map(HistoryLine::Moved).collect(), page.now, Undoable::Newest));
    let facts = page.summary.map(|s| facts(s, page.facts, page.times, page.now));
    view! {
        <div class="split">
            <section>
                <ul class="bottles bottles-tall">{rows}</ul>
                {nobody}
                {waiting}
            </section>
            <aside>{facts}</aside>
        </div>
        <h2>{texts::what_happened_here()}</h2>
        {past.unwrap_or_else(|| view! { <p class="quiet">{texts::nothing_yet()}</p> }.into_any())}
        <p class="more">
            <a class="button" href=all>{icon("history")}{texts::all_of_it()}</a>
            <a class="button" rel="external" href=seen>{icon("camera")}{texts::over_time()}</a>
        </p>
    }
    .into_any()
}

/// What book and camera say, with the last picture.
fn facts(
    s: BinSummary,
    said: Vec<(String, String)>,
    times: Vec<(String, models::Instant, String)>,
    now: models::Instant,
) -> AnyView {
    let said: Vec<_> = said.into_iter().map(|(what, is)| view! { <dt>{what}</dt><dd>{is}</dd> }).collect();
    let times: Vec<_> =
        times.into_iter().map(|(what, at, by)| view! { <dt>{what}</dt><dd>{when(at, now)}" "{by}</dd> }).collect();
    // There is a picture as soon as a scan has looked, whatever it made of it.
    let looked = s.seen_at.is_some() || s.confidence.is_some();
    let picture = looked.then(|| {
        let src = format!("/media/bins/{}.jpg", s.st_bin);
        let alt = texts::last_picture_of(&s.st_bin);
        view! { <img class="crop" src=src alt=alt fetchpriority="high"/> }
    });
    let look = s.needs_look.map(|why| view! { <p class="notice">{icon("look")}{why}</p> });
    let open = s.open_proposal.then(|| {
        view! { <a class="button button-main button-wide" href="/proposals">{icon("look")}{texts::proposal_waits()}</a> }
    });
    view! {
        {picture}
        <dl class="facts">{said}{times}</dl>
        {look}
        {open}
    }
    .into_any()
}
