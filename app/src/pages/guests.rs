//! `/guests`: what may be opened tonight, for those who were handed the screen. A page of the desk, without the places of the app.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::catalogue::Holding;

use crate::{
    api::guests::{Tonight, get_tonight},
    components::{
        icon::{glyph, icon},
        load::{empty, load},
        who::refused,
    },
    format, texts,
};

/// Not while somebody types a PIN.
const RENEW: &str = "setInterval(function () { var pin = document.querySelector('[name=pin]'); if (!pin || !pin.value) location.reload(); }, 300000);";

/// The page. It comes anew by itself: what was opened meanwhile is gone from it.
pub fn page() -> AnyView {
    let data = Resource::new(|| (), |()| get_tonight());
    view! {
        <Title text=texts::tonight()/>
        <header class="head"><h1>{texts::tonight()}</h1></header>
        {refused()}
        {load(data, show)}
        <script nonce=use_nonce()>{RENEW}</script>
    }
    .into_any()
}

fn show(page: Tonight) -> AnyView {
    let list = if page.wines.is_empty() {
        empty("glass", texts::nothing_tonight(), texts::nothing_tonight_why())
    } else {
        kinds(page.wines)
    };
    view! { {list}{house(page.names, page.may_end)} }.into_any()
}

/// By kind, as a wine list does.
fn kinds(wines: Vec<Holding>) -> AnyView {
    let mut kinds: Vec<(String, Vec<Holding>)> = Vec::new();
    for wine in wines {
        let kind = format::colour_words(wine.colour, wine.style);
        match kinds.last_mut() {
            Some((last, wines)) if *last == kind => wines.push(wine),
            _ => kinds.push((kind, vec![wine])),
        }
    }
    let kinds: Vec<_> = kinds
        .into_iter()
        .map(|(kind, wines)| {
            let rows: Vec<_> = wines.into_iter().map(row).collect();
            view! { <section><h2 class="kind">{kind}</h2><ul class="bottles">{rows}</ul></section> }
        })
        .collect();
    view! { <div class="guests">{kinds}</div> }.into_any()
}

fn row(wine: Holding) -> AnyView {
    let bin = wine.places.iter().find_map(|place| place.bin.clone());
    let bin = bin.map(|bin| view! { <span class="bin-tag">{icon("bin")}{bin.to_string()}</span> });
    let small = format!("{} \u{b7} {}", format::vintage(wine.year), wine.origin());
    view! {
        <li class="bottle">
            {glyph(wine.colour, wine.style)}
            <div class="bottle-words"><strong>{wine.producer}" "{wine.name}</strong><small>{small}</small></div>
            {bin}
        </li>
    }
    .into_any()
}

/// Lending the screen, and the way back for those of the house.
fn house(names: Vec<String>, may_end: bool) -> AnyView {
    let chosen = use_query_map().read_untracked().get("name");
    let choices: Vec<_> = names
        .into_iter()
        .map(|name| {
            let selected = chosen.as_ref() == Some(&name);
            view! { <option selected=selected>{name.clone()}</option> }
        })
        .collect();
    let named = (!choices.is_empty() && !may_end).then(|| {
        view! {
            <form class="buttons" method="post" action="/who">
                <input type="hidden" name="next" value="/"/>
                <input type="hidden" name="from" value="/guests"/>
                <select name="name" aria-label=texts::your_name()>{choices}</select>
                <input class="entry" type="password" name="pin" inputmode="numeric" autocomplete="off" required minlength="4" maxlength="8"
                    pattern="[0-9]*" size="8" placeholder=texts::pin() aria-label=texts::pin()/>
                <button class="button button-main" type="submit">{texts::that_is_me()}</button>
            </form>
        }
    });
    let ends = may_end.then(|| {
        view! {
            <form class="buttons" method="post" action="/guests/begin"><button class="button" type="submit">{icon("person")}{texts::lend_screen()}</button></form>
            <form class="buttons" method="post" action="/guests/end"><button class="button" type="submit">{icon("home")}{texts::end_guests()}</button></form>
        }
    });
    view! {
        <details class="fold fold-free">
            <summary>{icon("key")}{texts::for_the_house()}</summary>
            <p class="quiet">{texts::guests_how()}</p>
            {named}{ends}
        </details>
    }
    .into_any()
}
