//! `/bottles/:id`: one bottle: what is known of it, what is in it, and all that happened to it.

use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::{
    components::Form,
    hooks::{use_params_map, use_query_map},
};
use models::{
    bottle::{BottleStatus, BottleView},
    ids::BottleId,
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
    },
    format,
    forms::{address, bottle::BottleForm},
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
            <a class="button button-quiet" href=wine aria-label="Back to the wine">{icon("back")}</a>
            <h1>{view.producer.clone()}" "{view.name.clone()}" "{format::vintage(view.year)}</h1>
        </header>
        {refused}
        <div class="split">
            <section>
                <ActionForm action=save attr:class="form">
                    {this}
                    <div class="fields">
                        {text("form[size]", "Size", form.size, "75 cl, Magnum")}
                        {number("form[price]", "Price", form.price, "24.50")}
                        {text("form[currency]", "Currency", form.currency, "EUR")}
                        {day("form[purchased_on]", "Bought on", form.purchased_on)}
                        {text("form[shop]", "Bought at", form.shop, "")}
                        {text("form[provenance]", "Provenance", form.provenance, "ex ch\u{e2}teau")}
                        {lines("form[notes]", "Notes on this bottle", form.notes)}
                    </div>
                    <button class="button button-main" type="submit">{icon("check")}"Save"</button>
                </ActionForm>
                {other}
            </section>
            <aside>{facts}</aside>
        </div>
        <h2>"What happened to it"</h2>
        {history(page.history, page.now, Undoable::Last)}
    }
    .into_any()
}

/// Where it is, and whether it is open.
fn facts(view: &BottleView, now: models::Instant) -> AnyView {
    let bottle = &view.bottle;
    let place = match (&bottle.bin, bottle.status) {
        (Some(bin), _) => view! { <a href=format!("/bins/{bin}")>"Bin "{bin.to_string()}</a> }.into_any(),
        (None, BottleStatus::InCellar) => "not put away yet".into_any(),
        (None, BottleStatus::Gone) => "has left the cellar".into_any(),
    };
    let opened = bottle.facts.opened_at.map(|at| view! { <dt>"Open"</dt><dd>"since "{when(at, now)}</dd> });
    let kept = bottle.facts.preservation.map(|how| view! { <dt>"Kept by"</dt><dd>{how.as_str()}</dd> });
    let left = bottle.facts.glasses_left.map(|n| view! { <dt>"Left"</dt><dd>{format::glasses(n)}</dd> });
    view! {
        <div class="label">
            {glyph(view.colour, view.style)}
            <dl class="facts">
                <dt>"Place"</dt><dd>{place}</dd>
                <dt>"Received"</dt><dd>{when(bottle.received_at, now)}</dd>
                <dt>"Drink"</dt><dd>{format::drink_words(view.drink_state)}</dd>
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
                    <button class="button" type="submit">"It is the "{format::vintage(vintage.year)}</button>
                </ActionForm>
            }
        })
        .collect();
    let nothing = (wines.is_empty() && !wanted.is_empty()).then(|| {
        view! { <p class="quiet">"No wine has all these words in its name or origin."</p> }
    });
    let found: Vec<_> = wines.into_iter().map(|wine| wine_row(relabel, wine, &id, revision)).collect();
    let new = format!("/wines/new{}", address(&[("bottle", id.as_str())]));
    let open = !wanted.is_empty() || view.producer == "Unknown";
    view! {
        <details class="fold fold-free" open=open>
            <summary>{icon("pen")}"It is another wine"</summary>
            <div class="buttons">{years}</div>
            <Form method="GET" action="" attr:class="search" attr:role="search">
                <input type="search" name="wanted" value=wanted placeholder="Producer, wine, region"
                    aria-label="Look for a wine" autocomplete="off"/>
                <button class="button" type="submit" aria-label="Look for it">{icon("search")}</button>
            </Form>
            {nothing}
            <ul class="bottles">{found}</ul>
            <p class="more"><a class="button" href=new>{icon("plus")}"Enter a new wine for it"</a></p>
        </details>
    }
    .into_any()
}

fn wine_row(relabel: ServerAction<RelabelBottle>, wine: Wine, bottle: &BottleId, revision: i32) -> AnyView {
    let facts = wine.facts;
    let origin = if facts.region.is_empty() { facts.country } else { facts.region };
    let of = [hidden("id", bottle.0.clone()), hidden("revision", revision.to_string()), hidden("wine", wine.id.0)];
    let label = format!("Vintage of {} {}", facts.producer, facts.name);
    view! {
        <li class="bottle">
            {glyph(facts.colour, facts.style)}
            <div class="bottle-words"><strong>{facts.producer}" "{facts.name}</strong><small>{origin}</small></div>
            <ActionForm action=relabel>
                {of}
                <div class="buttons">
                    <input name="year" inputmode="numeric" size="4" placeholder="NV" aria-label=label autocomplete="off"/>
                    <button class="button" type="submit">"This one"</button>
                </div>
            </ActionForm>
        </li>
    }
    .into_any()
}
