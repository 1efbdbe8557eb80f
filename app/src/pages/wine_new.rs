//! `/wines/new`: a wine, its vintage and a whole case of it in one go.

use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::bin::BinSummary;

use crate::{
    api::wines::{EnterWine, get_free_bins},
    components::{
        field::hidden,
        icon::icon,
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
    view! {
        <Title text=texts::new_wine()/>
        <header class="head">
            <a class="button button-quiet" href="/bottles" aria-label=texts::back_to_bottles()>{icon("back")}</a>
            <h1>{texts::new_wine()}</h1>
        </header>
        {load(data, show)}
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
