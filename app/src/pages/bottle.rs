//! `/bottles/:id`: one bottle: what is known of it, what is in it, and all that happened to it.

use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::{
    components::Form,
    hooks::{use_params_map, use_query_map},
};
use models::{
    bottle::{BottleStatus, BottleView},
    wine::{Vintage, Wine},
};

use crate::{
    api::bottles::{BottlePage, RelabelBottle, SaveBottle, get_bottle},
    components::{
        field::{day, hidden, lines, number, text},
        history::{Undoable, history},
        icon::{glyph, icon},
        load::load,
        toast::notice,
        when::when,
        which_wine::which_wine,
    },
    format,
    forms::{address, bottle::BottleForm},
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let wanted = Memo::new(move |_| query.read().get("wanted").unwrap_or_default());
    let data = Resource::new(move || (id.get(), wanted.get()), |(id, wanted)| get_bottle(id.into(), wanted));
    view! { {load(data, show)} }.into_any()
}

fn show(page: BottlePage) -> AnyView {
    let query = use_query_map().read_untracked().clone();
    let refused = query.get("why").or_else(|| query.get("refused")).map(notice);
    let save = ServerAction::<SaveBottle>::new();
    let view = page.view;
    let title = view.title();
    let wine = format!("/wines/{}", view.wine_id);
    let form = BottleForm::of(&view.bottle.facts).typed(&query);
    let this = (hidden("id", view.bottle.id.0.clone()), hidden("revision", view.bottle.revision.to_string()));
    let facts = facts(&view, page.now);
    let wanted = query.get("wanted").unwrap_or_default();
    let other = other(&view, page.vintages, page.wines, wanted);
    view! {
        <Title text=title/>
        <header class="head">
            <a class="button button-quiet" href=wine aria-label=texts::back_to_wine()>{icon("back")}</a>
            <h1>{view.producer.clone()}" "{view.name.clone()}" "{format::vintage(view.year)}</h1>
        </header>
        {refused}
        <div class="split">
            <section>
                <ActionForm action=save attr:class="form">
                    {this}
                    <div class="fields">
                        {text("form[size]", texts::size(), form.size, "75 cl, Magnum")}
                        {number("form[price]", texts::price(), form.price, "24.50")}
                        {text("form[currency]", texts::currency(), form.currency, "EUR")}
                        {day("form[purchased_on]", texts::bought_on(), form.purchased_on)}
                        {text("form[shop]", texts::bought_at(), form.shop, "")}
                        {text("form[provenance]", texts::provenance(), form.provenance, "ex ch\u{e2}teau")}
                        {lines("form[notes]", texts::notes_on_bottle(), form.notes)}
                    </div>
                    <button class="button button-main" type="submit">{icon("check")}{texts::save()}</button>
                </ActionForm>
                {other}
            </section>
            <aside>{facts}</aside>
        </div>
        <h2>{texts::what_happened_to_it()}</h2>
        {history(page.history, page.now, Undoable::Last)}
    }
    .into_any()
}

/// Where it is, and whether it is open.
fn facts(view: &BottleView, now: models::Instant) -> AnyView {
    let bottle = &view.bottle;
    let place = match (&bottle.bin, bottle.status) {
        (Some(bin), _) => view! { <a href=format!("/bins/{bin}")>{texts::bin_name(&bin)}</a> }.into_any(),
        (None, BottleStatus::InCellar) => texts::not_put_away_yet().into_any(),
        (None, BottleStatus::Gone) => texts::has_left().into_any(),
    };
    let opened = bottle
        .facts
        .opened_at
        .map(|at| view! { <dt>{texts::open_state()}</dt><dd>{texts::since()}" "{when(at, now)}</dd> });
    let kept = bottle
        .facts
        .preservation
        .map(|how| view! { <dt>{texts::kept_by()}</dt><dd>{format::preservation_word(how)}</dd> });
    let left = bottle.facts.glasses_left.map(|n| view! { <dt>{texts::left()}</dt><dd>{texts::glasses(n.into())}</dd> });
    view! {
        <div class="label">
            {glyph(view.colour, view.style)}
            <dl class="facts">
                <dt>{texts::place()}</dt><dd>{place}</dd>
                <dt>{texts::received()}</dt><dd>{when(bottle.received_at, now)}</dd>
                <dt>{texts::drink()}</dt><dd>{format::drink_words(view.drink_state)}</dd>
                {opened}{kept}{left}
            </dl>
        </div>
    }
    .into_any()
}

/// The book may be wrong about what is in it, or nobody has said yet.
fn other(view: &BottleView, vintages: Vec<Vintage>, wines: Vec<Wine>, wanted: String) -> AnyView {
    let relabel = ServerAction::<RelabelBottle>::new();
    let (id, revision) = (view.bottle.id.clone(), view.bottle.revision);
    let years: Vec<_> = vintages
        .into_iter()
        .filter(|vintage| vintage.id != view.bottle.vintage_id)
        .map(|vintage| {
            let of = [hidden("id", id.0.clone()), hidden("revision", revision.to_string())];
            view! {
                <ActionForm action=relabel>
                    {of}{hidden("vintage", vintage.id.0)}
                    <button class="button" type="submit">{texts::it_is_the(&format::vintage(vintage.year))}</button>
                </ActionForm>
            }
        })
        .collect();
    let nothing = (wines.is_empty() && !wanted.is_empty()).then(|| {
        view! { <p class="quiet">{texts::no_wine_with_words()}</p> }
    });
    let found: Vec<_> = wines
        .into_iter()
        .map(|wine| {
            let of = [hidden("id", id.0.clone()), hidden("revision", revision.to_string())];
            which_wine(wine, |wine, fields| {
                view! { <ActionForm action=relabel>{of}{hidden("wine", wine.0)}{fields}</ActionForm> }.into_any()
            })
        })
        .collect();
    let new = format!("/wines/new{}", address(&[("bottle", id.as_str())]));
    let open = !wanted.is_empty() || view.producer == "Unknown";
    view! {
        <details class="fold fold-free" open=open>
            <summary>{icon("pen")}{texts::is_another_wine()}</summary>
            <div class="buttons">{years}</div>
            <Form method="GET" action="" attr:class="search" attr:role="search">
                <input type="search" name="wanted" value=wanted placeholder=texts::search_place()
                    aria-label=texts::look_for_wine() autocomplete="off"/>
                <button class="button" type="submit" aria-label=texts::look_for_it()>{icon("search")}</button>
            </Form>
            {nothing}
            <ul class="bottles">{found}</ul>
            <p class="more"><a class="button" href=new>{icon("plus")}{texts::enter_new_wine_for_it()}</a></p>
        </details>
    }
    .into_any()
}
