//! `/codes?c=…`: a code that leads nowhere by itself, because nobody knows it or because several wines bear it; and the
//! place to type one. `/code?c=…`, which scanners go to, leads here.

use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::wine::Wine;

use crate::{
    api::codes::{CodePage, RememberCode, get_code},
    components::{field::hidden, icon::icon, load::load, toast::notice, which_wine::which_wine},
    format,
    forms::address,
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let query = use_query_map();
    let part = move |name: &str| query.read().get(name).unwrap_or_default();
    let asked = Memo::new(move |_| (part("c"), part("wanted")));
    let data = Resource::new(move || asked.get(), |(text, wanted)| get_code(text, wanted));
    view! {
        <Title text=texts::scanned_code()/>
        <header class="head">
            <a class="button button-quiet" href="/bottles" aria-label=texts::back_to_bottles()>{icon("back")}</a>
            <h1>{texts::scanned_code()}</h1>
        </header>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: CodePage) -> AnyView {
    let refused = use_query_map().read_untracked().get("refused").map(notice);
    let unknown = (!page.text.is_empty() && page.known.is_empty()).then(|| notice(texts::no_such_code(&page.text)));
    let several = (!page.known.is_empty()).then(|| {
        let wines: Vec<_> = page
            .known
            .iter()
            .map(|known| {
                let title = format!("{} {}", known.title, format::vintage(known.year));
                view! { <li><a class="button" rel="external" href=format!("/wines/{}", known.wine)>{icon("bottle")}{title}</a></li> }
            })
            .collect();
        view! { <section><h2>{texts::several_bear_code()}</h2><ul class="history">{wines}</ul></section> }
    });
    let learn = page.barcode.map(|code| learn(code, page.found));
    view! {
        {refused}
        {unknown}
        {several}
        {learn}
        <section>
            <h2>{texts::type_a_code()}</h2>
            <form class="search" role="search" method="GET" action="/code">
                <input type="search" name="c" placeholder="3760123456784" aria-label=texts::digits_below_bars() autocomplete="off"/>
                <button class="button" type="submit">{icon("search")}{texts::look_code_up()}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Reads its label, or says which of the wines bears it.
fn learn(code: String, found: Vec<Wine>) -> AnyView {
    let query = use_query_map().read_untracked().clone();
    let wanted = query.get("wanted").unwrap_or_default();
    let remember = ServerAction::<RememberCode>::new();
    let nothing = (found.is_empty() && !wanted.is_empty()).then(|| {
        view! { <p class="quiet">{texts::no_wine_with_words()}</p> }
    });
    let rows: Vec<_> = found
        .into_iter()
        .map(|wine| {
            let of = hidden("code", code.clone());
            which_wine(wine, |wine, fields| {
                view! { <ActionForm action=remember>{of}{hidden("wine", wine.0)}{fields}</ActionForm> }.into_any()
            })
        })
        .collect();
    let label = format!("/label{}", address(&[("code", &code)]));
    view! {
        <section>
            <h2>{texts::remember_code()}</h2>
            <p><a class="button button-main" href=label>{icon("look")}{texts::read_its_label()}</a></p>
            <form class="search" role="search" method="GET" action="/codes">
                {hidden("c", code)}
                <input type="search" name="wanted" value=wanted placeholder=texts::search_place()
                    aria-label=texts::look_for_wine() autocomplete="off"/>
                <button class="button" type="submit" aria-label=texts::look_for_it()>{icon("search")}</button>
            </form>
            {nothing}
            <ul class="bottles">{rows}</ul>
        </section>
    }
    .into_any()
}
