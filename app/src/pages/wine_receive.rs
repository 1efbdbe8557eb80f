//! `/wines/:id/receive`: some bottles of a wine that is known come in.

use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::wines::{ReceiveCase, WinePage, get_wine},
    components::{
        field::hidden,
        icon::icon,
        load::load_one,
        toast::notice,
        wine_fields::{case_fields, seen_fields, vintage_fields},
    },
    forms::{case::CaseForm, seen::SeenForm, vintage::VintageForm, year_words},
    texts,
};

/// The page.
pub fn page() -> AnyView {
    view! { <Title text=texts::bottles_come_in()/>{load_one(|id| get_wine(id.into()), show)} }.into_any()
}

fn show(page: WinePage) -> AnyView {
    let receive = ServerAction::<ReceiveCase>::new();
    let query = use_query_map().read_untracked().clone();
    let refused = query.get("why").map(notice);
    let newest = page.vintages.first().and_then(|part| part.vintage.year);
    let vintage = VintageForm { year: year_words(newest), ..VintageForm::default() }.typed(&query);
    let back = format!("/wines/{}", page.wine.id);
    let facts = page.wine.facts;
    view! {
        <header class="head">
            <a class="button button-quiet" href=back aria-label=texts::back_to_wine()>{icon("back")}</a>
            <h1>{facts.producer}" "{facts.name}</h1>
        </header>
        {refused}
        <ActionForm action=receive attr:class="form">
            {hidden("wine", page.wine.id.0)}
            <h2>{texts::bottles_title()}</h2>
            {case_fields(CaseForm::typed(&query), &page.free)}
            <h2>{texts::vintage_and_window()}</h2>
            {vintage_fields(vintage, false)}
            {seen_fields(SeenForm::of(&query))}
            <button class="button button-main" type="submit">{icon("in")}{texts::receive()}</button>
        </ActionForm>
    }
    .into_any()
}
