//! `/wines/:id/edit`: what the label says and the own windows. Who saves later than somebody else is led back here, told
//! what the other has changed, and finds what was typed; the form then names the new revision.

use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use models::{ids::WineId, window::OWNER};

use crate::{
    api::wines::{SaveVintage, SaveWine, VintagePart, WinePage, get_wine},
    charts,
    components::{
        field::hidden,
        icon::icon,
        load::load_one,
        toast::notice,
        wine_fields::{vintage_fields, wine_fields},
    },
    format,
    forms::{vintage::VintageForm, wine::WineForm},
    texts,
};

/// The page.
pub fn page() -> AnyView {
    view! { <Title text=texts::edit_wine()/>{load_one(|id| get_wine(id.into()), show)} }.into_any()
}

fn show(page: WinePage) -> AnyView {
    let (save, save_vintage) = (ServerAction::<SaveWine>::new(), ServerAction::<SaveVintage>::new());
    let query = use_query_map().read_untracked().clone();
    let refused = query.get("why").map(told);
    let wine = page.wine;
    let back = format!("/wines/{}", wine.id);
    let of = query.get("of");
    let form = WineForm::of(&wine.facts);
    let form = if of.is_none() { form.typed(&query) } else { form };
    let vintages: Vec<_> =
        page.vintages.into_iter().map(|part| vintage(save_vintage, part, &wine.id, &query)).collect();
    view! {
        <header class="head">
            <a class="button button-quiet" href=back aria-label=texts::back_to_wine()>{icon("back")}</a>
            <h1>{wine.facts.producer.clone()}" "{wine.facts.name.clone()}</h1>
        </header>
        {refused}
        <ActionForm action=save attr:class="form">
            {hidden("id", wine.id.0.clone())}
            {hidden("revision", wine.revision.to_string())}
            {wine_fields(form)}
            <button class="button button-main" type="submit">{icon("check")}{texts::save_label()}</button>
        </ActionForm>
        <h2>{texts::vintages_and_windows()}</h2>
        <p class="quiet">{texts::own_window_wins()}</p>
        {vintages}
    }
    .into_any()
}

fn vintage(save: ServerAction<SaveVintage>, part: VintagePart, wine: &WineId, query: &ParamsMap) -> AnyView {
    let stored = part.vintage;
    let worth = stored.valuation_minor.zip(stored.valuation_currency.as_deref());
    let form = VintageForm::of(stored.year, part.own, worth);
    let form = match query.get("of") {
        Some(of) if of == stored.id.0 => form.typed(query),
        _ => form,
    };
    let counts = stored.window_source.as_deref().filter(|source| *source != OWNER).map(|source| {
        let words = format!("{}: {}", format::source_words(Some(source)), charts::window::words(&stored.window));
        view! { <small>{words}</small> }
    });
    let of = [hidden("id", stored.id.0.clone()), hidden("wine", wine.0.clone())];
    view! {
        <article class="vintage">
            <header class="vintage-head"><h2>{format::vintage(stored.year)}</h2>{counts}</header>
            <ActionForm action=save attr:class="form">
                {of}
                {hidden("revision", stored.revision.to_string())}
                {vintage_fields(form, true)}
                <button class="button" type="submit">{icon("check")}{texts::save_vintage()}</button>
            </ActionForm>
        </article>
    }
    .into_any()
}

fn told(why: String) -> AnyView {
    notice(format!("{why} {}", texts::typed_still_here()))
}
