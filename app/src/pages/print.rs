//! `/labels/print`: labels with codes for the bins of a rack, and for bottles. A page of the desk.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::{bottle::BottleView, label_sheet::SHEETS};

use crate::{
    api::print::{PrintPage, get_print},
    components::{
        field::{choice, hidden, number, text},
        icon::icon,
        load::load,
        toast::notice,
    },
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.read().get("q").unwrap_or_default());
    let data = Resource::new(move || asked.get(), get_print);
    view! {
        <Title text=texts::print_labels()/>
        <header class="head">
            <a class="button button-quiet" href="/bottles" aria-label=texts::back_to_bottles()>{icon("back")}</a>
            <h1>{texts::print_labels()}</h1>
        </header>
        <p class="quiet">{texts::print_labels_how()}</p>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: PrintPage) -> AnyView {
    let refused = use_query_map().read_untracked().get("why").map(notice);
    let PrintPage { racks, q, bottles } = page;
    let racks: Vec<_> = racks.into_iter().map(|(id, name)| (id.0, name)).collect();
    let first = racks.first().map(|(id, _)| id.clone()).unwrap_or_default();
    let none = bottles.is_empty().then(|| view! { <p class="quiet">{texts::no_bottle_found()}</p> });
    let rows: Vec<_> = bottles.into_iter().map(|(view, has)| row(view, has)).collect();
    view! {
        {refused}
        <section>
            <h2>{texts::labels_of_bins()}</h2>
            <form class="form" method="POST" action="/labels/print/sheet.pdf">
                {hidden("what", "rack")}
                <div class="fields">{choice("rack", texts::rack(), &first, racks)}{sheet()}</div>
                <button class="button button-main" type="submit">{icon("bin")}{texts::print_labels()}</button>
            </form>
        </section>
        <section>
            <h2>{texts::labels_of_new_bottles()}</h2>
            <form class="form" method="POST" action="/labels/print/sheet.pdf">
                {hidden("what", "unlabelled")}
                <div class="fields">{sheet()}</div>
                <button class="button button-main" type="submit">{icon("bottles")}{texts::print_labels()}</button>
            </form>
        </section>
        <section>
            <h2>{texts::labels_of_chosen()}</h2>
            <form class="search" role="search" method="GET" action="/labels/print">
                <input type="search" name="q" value=q placeholder=texts::search_place()
                    aria-label=texts::look_for_wine() autocomplete="off"/>
                <button class="button" type="submit" aria-label=texts::look_for_it()>{icon("search")}</button>
            </form>
            {none}
            <form class="form" method="POST" action="/labels/print/sheet.pdf">
                {hidden("what", "bottles")}
                <fieldset class="choices several-list"><legend class="hidden">{texts::bottles_title()}</legend>{rows}</fieldset>
                <div class="fields">{sheet()}</div>
                <button class="button button-main" type="submit">{icon("bottles")}{texts::print_labels()}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Which sheet, where on it to begin, and what the codes lead to.
fn sheet() -> AnyView {
    let sheets = SHEETS.iter().map(|sheet| {
        let words =
            format!("{} \u{b7} {} \u{d7} {} mm", sheet.name.replace('x', " \u{d7} "), sheet.width, sheet.height);
        (sheet.name.to_owned(), words)
    });
    view! {
        {choice("sheet", texts::sheet_of_labels(), SHEETS[0].name, sheets.collect())}
        {number("start", texts::first_free_label(), "1".to_owned(), "1")}
        {text("address", texts::address_on_codes(), String::new(), "http://cellar.local:8000")}
    }
    .into_any()
}

fn row(view: BottleView, has: bool) -> AnyView {
    let place = view.bottle.bin.as_ref().map(ToString::to_string).unwrap_or_default();
    let said = if has { format!("{place} \u{b7} {}", texts::has_a_label()) } else { place };
    view! {
        <label class="choice">
            <input type="checkbox" name="bottle" value=view.bottle.id.0.clone()/>
            <span>{view.title()}" "<small>{said}</small></span>
        </label>
    }
    .into_any()
}
