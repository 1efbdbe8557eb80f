//! `/bottles`: find a bottle, and put away those that still stand on the table.
//!
//! Everything that narrows or orders the list is a link or a GET form: the address tells what is shown.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Form, hooks::use_query_map, params::ParamsMap};
use models::catalogue::{Facet, FacetCounts, Sort};

use crate::{
    api::bottles::{BottlesPage, get_bottles},
    components::{
        bottle::{Place, bottle_row, put_form},
        holding::holding_row,
        icon::icon,
        load::{empty, load},
    },
    format, forms,
    state::{acts::Acts, live::Live},
    texts,
};

type Pairs = Vec<(String, String)>;

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let pairs: Pairs = query.get().into_iter().map(|(name, value)| (name.to_string(), value)).collect();
        serde_json::to_string(&pairs).unwrap_or_default()
    });
    let data = Resource::new(move || (asked.get(), live.revision.get()), |(asked, _)| get_bottles(asked));
    view! { <Title text=texts::bottles_title()/>{load(data, show)} }.into_any()
}

fn show(page: BottlesPage) -> AnyView {
    let acts = Acts::get();
    let puts: Vec<_> =
        page.unplaced.iter().map(|b| bottle_row(b.clone(), Place::Hidden, put_form(acts, b, &page.free))).collect();
    let waiting = (!puts.is_empty()).then(|| {
        view! { <section class="waiting"><h2>{texts::to_put_away()}</h2><a class="button" rel="external" href="/several?loose=1">{texts::several_at_once()}</a><ul class="bottles">{puts}</ul></section> }
    });
    let head = head(&page.asked);
    let found = page.found;
    let narrow = narrow(&page.asked, found.facets);
    let sum = texts::sorts_found(&found.bottles, &found.holdings);
    let list = if found.items.is_empty() {
        empty("bottles", texts::no_bottle_found(), texts::try_fewer_letters())
    } else {
        let rows: Vec<_> = found.items.into_iter().map(holding_row).collect();
        view! { <ul class="bottles">{rows}</ul> }.into_any()
    };
    let more = found.next.map(|next| {
        let mut pairs = without(&page.asked, "cursor");
        pairs.push(("cursor".to_owned(), next));
        view! { <p class="more"><a class="button button-wide" href=address(pairs) rel="next">{texts::more()}</a></p> }
    });
    view! { {head}{waiting}{narrow}<p class="quiet">{sum}</p>{list}{more} }.into_any()
}

/// The search field with the order; what is chosen stays chosen.
fn head(asked: &Pairs) -> AnyView {
    let value = |name: &str| asked.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let several = format!("/several{}", forms::address(&[("q", &value("q"))]));
    let (words, sort, order) = (value("q"), value("sort"), value("order"));
    let options: Vec<_> = Sort::ALL
        .iter()
        .map(|s| view! { <option value=s.as_str() selected=sort == s.as_str()>{sort_words(*s)}</option> })
        .collect();
    let kept: Vec<_> = asked
        .iter()
        .filter(|(name, value)| {
            !["q", "sort", "order", "cursor"].contains(&name.as_str())
                && (!value.is_empty() || name == "country" || name == "region")
        })
        .map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone()/> })
        .collect();
    view! {
        <header class="head">
            <h1>{texts::bottles_title()}</h1>
            <a class="button" rel="external" href="/label">{icon("camera")}{texts::label_link()}</a>
            <a class="button" rel="external" href="/wines/new">{icon("plus")}{texts::new_wine()}</a>
            <a class="button" rel="external" href="/wishes">{texts::wishes()}</a>
            <a class="button" rel="external" href=several>{texts::several_at_once()}</a>
            <Form method="GET" action="/bottles" attr:class="search search-wide" attr:role="search">
                <input type="search" name="q" placeholder=texts::search_place() aria-label=texts::search_bottles()
                    autocomplete="off" maxlength="200" value=words/>
                <select name="sort" aria-label=texts::order()>{options}</select>
                <select name="order" aria-label=texts::direction()>
                    <option value="asc" selected=order != "desc">"\u{2191}"</option>
                    <option value="desc" selected=order == "desc">"\u{2193}"</option>
                </select>
                {kept}
                <button class="button" type="submit" aria-label=texts::search()>{icon("search")}</button>
            </Form>
        </header>
    }
    .into_any()
}

/// What is chosen, each a link that takes it back, and the drawer with what can be chosen.
fn narrow(asked: &Pairs, facets: Vec<FacetCounts>) -> AnyView {
    let chosen: Vec<_> = facets
        .iter()
        .flat_map(|counts| counts.values.iter().filter(|v| v.chosen).map(move |v| (counts.facet, v)))
        .map(|(facet, value)| {
            let label = texts::take_back_filter(&facet_words(facet), &value_words(facet, &value.label));
            let words = value_words(facet, &value.label);
            view! { <a class="button" href=toggled(asked, facet, &value.value) aria-label=label>{words}" \u{d7}"</a> }
        })
        .collect();
    let groups: Vec<_> =
        facets.into_iter().filter(|counts| !counts.values.is_empty()).map(|c| group(asked, c)).collect();
    view! {
        <div class="narrow">
            <details class="drawer">
                <summary class="button">{texts::filter()}</summary>
                <div class="drawer-body">{groups}</div>
            </details>
            {chosen}
        </div>
    }
    .into_any()
}

fn group(asked: &Pairs, counts: FacetCounts) -> AnyView {
    let facet = counts.facet;
    let values: Vec<_> = counts
        .values
        .into_iter()
        .map(|value| {
            let class = if value.chosen { "button button-main" } else { "button" };
            let current = value.chosen.then_some("true");
            let words = value_words(facet, &value.label);
            view! {
                <a class=class aria-current=current href=toggled(asked, facet, &value.value)>{words}" "<small>{value.bottles}</small></a>
            }
        })
        .collect();
    let more = (counts.more > 0).then(|| view! { <small>{texts::more_search(&counts.more)}</small> });
    view! { <section><h2>{facet_words(facet)}</h2><div class="buttons">{values}{more}</div></section> }.into_any()
}

fn without(asked: &Pairs, name: &str) -> Pairs {
    // An empty country or region is one that is not known.
    let says = |n: &str, value: &str| !value.is_empty() || n == "country" || n == "region";
    asked.iter().filter(|(n, value)| n != name && !n.is_empty() && says(n, value)).cloned().collect()
}

/// The address with a value chosen, or taken back. It begins at the first page.
fn toggled(asked: &Pairs, facet: Facet, value: &str) -> String {
    let mut pairs = without(asked, "cursor");
    let before = pairs.len();
    pairs.retain(|(n, v)| n != facet.as_str() || v != value);
    if pairs.len() == before {
        pairs.push((facet.as_str().to_owned(), value.to_owned()));
    }
    address(pairs)
}

fn address(pairs: Pairs) -> String {
    let mut map = ParamsMap::new();
    for (name, value) in pairs {
        map.insert(name, value);
    }
    format!("/bottles{}", map.to_query_string())
}

fn facet_words(facet: Facet) -> &'static str {
    match facet {
        Facet::Colour => texts::colour(),
        Facet::Country => texts::country(),
        Facet::Region => texts::region(),
        Facet::Grape => texts::grape(),
        Facet::Vintage => texts::vintage_word(),
        Facet::Format => texts::size(),
        Facet::Drink => texts::to_drink(),
        Facet::Place => texts::place(),
        Facet::Price => texts::price(),
        Facet::Rating => texts::rating(),
        Facet::Tag => texts::tag(),
    }
}

fn value_words(facet: Facet, label: &str) -> String {
    let words = match (facet, label) {
        (Facet::Drink, "young") => texts::keep(),
        (Facet::Drink, "ready") => texts::ready(),
        (Facet::Drink, "peak") => texts::at_its_peak(),
        (Facet::Drink, "past") => texts::past_peak(),
        (Facet::Drink, "unknown") => texts::no_window(),
        (Facet::Colour, word) => format::colour_word(word),
        (Facet::Place, "unplaced") => texts::not_put_away(),
        (_, label) => label,
    };
    words.to_owned()
}

fn sort_words(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => texts::best_match(),
        Sort::Name => texts::name(),
        Sort::Vintage => texts::vintage_word(),
        Sort::Price => texts::price(),
        Sort::Rating => texts::rating(),
        Sort::DrinkBy => texts::drink_by(),
        Sort::Newest => texts::newest(),
        Sort::Count => texts::how_many(),
    }
}
