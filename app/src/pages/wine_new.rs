//! `/wines/new`: a wine, its vintage and a whole case of it in one go.

use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::bin::BinSummary;

use crate::{
    api::{
        listed::{Listed, get_listed},
        wines::{EnterWine, get_free_bins},
    },
    components::{
        field::hidden,
        icon::icon,
        listed::listed,
        load::load,
        toast::notice,
        wine_fields::{case_fields, seen_fields, vintage_fields, wine_fields},
    },
    forms::{case::CaseForm, seen::SeenForm, vintage::VintageForm, wine::WineForm},
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let data = Resource::new(|| (), |()| get_free_bins());
    let query = use_query_map();
    let find = Memo::new(move |_| query.read().get("find").unwrap_or_default());
    let catalogue = Resource::new(move || find.get(), get_listed);
    view! {
        <Title text=texts::new_wine()/>
        <header class="head">
            <a class="button button-quiet" href="/bottles" aria-label=texts::back_to_bottles()>{icon("back")}</a>
            <h1>{texts::new_wine()}</h1>
        </header>
        {load(catalogue, find_in_catalogue)}
        {load(data, show)}
    }
    .into_any()
}

/// What the address carries of a bottle that is to be of the new wine; a search in the catalogue keeps it.
const CARRIED: [&str; 6] = ["bottle", "photo", "code", "year", "size", "bottles"];

/// The search in the catalogue, where there is one.
fn find_in_catalogue(catalogue: Listed) -> AnyView {
    if !catalogue.any {
        return ().into_any();
    }
    let query = use_query_map().read_untracked().clone();
    let carried: Vec<(&'static str, String)> =
        CARRIED.iter().filter_map(|name| Some((*name, query.get(name).filter(|value| !value.is_empty())?))).collect();
    let said: Vec<(&'static str, &str)> = carried.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let find = query.get("find").unwrap_or_default();
    let none = (catalogue.found.is_empty() && !find.trim().is_empty()).then(|| {
        view! { <p class="quiet">{texts::not_in_catalogue()}</p> }
    });
    let found = (!catalogue.found.is_empty()).then(|| listed(catalogue.found, &said));
    let carried: Vec<_> = carried.iter().map(|(name, value)| hidden(name, value.clone())).collect();
    view! {
        <section>
            <form class="search" role="search" method="GET" action="/wines/new">
                {carried}
                <input type="search" name="find" value=find placeholder=texts::search_catalogue()
                    aria-label=texts::search_catalogue() autocomplete="off"/>
                <button class="button" type="submit" aria-label=texts::look_for_it()>{icon("search")}</button>
            </form>
            {none}
            {found}
        </section>
    }
    .into_any()
}

fn show(free: Vec<BinSummary>) -> AnyView {
    let enter = ServerAction::<EnterWine>::new();
    let query = use_query_map().read_untracked().clone();
    let refused = query.get("why").map(notice);
    let vintage = VintageForm::default().typed(&query);
    let case = CaseForm::typed(&query);
    let bottle = query.get("bottle");
    let cased = bottle.is_none().then(|| view! { <h2>{texts::bottles_title()}</h2>{case_fields(case, &free)} });
    let of = bottle.map(|id| {
        view! {
            <p class="notice">{icon("look")}{texts::will_be_of_this_wine()}</p>
            {hidden("bottle", id)}
        }
    });
    view! {
        {refused}
        <ActionForm action=enter attr:class="form">
            {of}
            {wine_fields(WineForm::default().typed(&query))}
            <h2>{texts::vintage_and_window()}</h2>
            {vintage_fields(vintage, false)}
            {cased}
            {seen_fields(SeenForm::of(&query))}
            <button class="button button-main" type="submit">{icon("check")}{texts::enter()}</button>
        </ActionForm>
    }
    .into_any()
}
