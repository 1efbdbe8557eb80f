//! `/bottles`: find a bottle, and put away those that still stand on the table.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Form, hooks::use_query_map};

use crate::{
    api::bottles::{BottlesPage, get_bottles},
    components::{
        bottle::{Place, bottle_row, put_form},
        icon::icon,
        load::{empty, load},
    },
    state::{acts::Acts, live::Live},
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let query = use_query_map();
    let search = Memo::new(move |_| query.read().get("q").unwrap_or_default());
    let data = Resource::new(move || (search.get(), live.revision.get()), |(q, _)| get_bottles(q));
    view! {
        <Title text="Bottles"/>
        <header class="head">
            <h1>"Bottles"</h1>
            <a class="button" href="/wines/new">{icon("plus")}"New wine"</a>
            <a class="button" href="/wishes">"Wishes"</a>
            <Form method="GET" action="/bottles" attr:class="search" attr:role="search">
                <input type="search" name="q" placeholder="Producer, wine, region\u{2026}" aria-label="Search bottles"
                    autocomplete="off" value=move || search.get()/>
                <button class="button" type="submit" aria-label="Search">{icon("search")}</button>
            </Form>
        </header>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: BottlesPage) -> AnyView {
    let acts = Acts::get();
    let puts: Vec<_> =
        page.unplaced.iter().map(|b| bottle_row(b.clone(), Place::Hidden, put_form(acts, b, &page.free))).collect();
    let waiting = (!puts.is_empty()).then(|| {
        view! { <section class="waiting"><h2>"To put away"</h2><ul class="bottles">{puts}</ul></section> }
    });
    let placed: Vec<_> = page.found.into_iter().filter(|b| b.bottle.bin.is_some()).collect();
    let list = if placed.is_empty() {
        empty("bottles", "No bottle found", "Try fewer letters: part of the producer or of the wine is enough.")
    } else {
        let rows: Vec<_> = placed.into_iter().map(|b| bottle_row(b, Place::Shown, ().into_any())).collect();
        view! { <ul class="bottles">{rows}</ul> }.into_any()
    };
    let more = page.more.then(|| view! { <p class="quiet">"There are more. Search to narrow the list."</p> });
    view! { {waiting}{list}{more} }.into_any()
}
