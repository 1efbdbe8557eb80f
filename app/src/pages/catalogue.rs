//! `/catalogue`: lists of wines that one need not own: bring one in, look into them, take one out. A page of the desk.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::{Instant, listed::CatalogueList};

use crate::{
    api::listed::{Catalogue, get_catalogue},
    components::{
        field::{hidden, text},
        icon::icon,
        listed::listed,
        load::load,
        toast::notice,
        when::when,
    },
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let query = use_query_map();
    let find = Memo::new(move |_| query.read().get("find").unwrap_or_default());
    let data = Resource::new(move || find.get(), get_catalogue);
    view! {
        <Title text=texts::catalogue()/>
        <header class="head">
            <a class="button button-quiet" href="/import" aria-label=texts::import_and_export()>{icon("back")}</a>
            <h1>{texts::catalogue()}</h1>
        </header>
        <p class="quiet">{texts::catalogue_what()}</p>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: Catalogue) -> AnyView {
    let query = use_query_map().read_untracked().clone();
    let refused = query.get("why").map(notice);
    let removed = query.get("removed").is_some().then(|| notice(texts::list_removed()));
    let empty = query.get("empty").is_some().then(|| notice(texts::no_file()));
    let Catalogue { lists, found, now } = page;
    let made = query.get("done").and_then(|id| lists.iter().find(|list| list.id == id).cloned());
    let made = made.map(|list| {
        let words = texts::list_is_in(&list.wines, &list.name);
        view! { <p class="notice" role="status">{icon("check")}{words}</p> }
    });
    let search = (!lists.is_empty()).then(|| search(query.get("find").unwrap_or_default(), found));
    let rows: Vec<_> = lists.into_iter().map(|list| row(list, now)).collect();
    let rows = if rows.is_empty() {
        view! { <p class="quiet">{texts::no_lists()}</p> }.into_any()
    } else {
        view! { <ul class="history" id="lists">{rows}</ul> }.into_any()
    };
    view! {
        {refused}{removed}{empty}{made}
        {search}
        <section><h2>{texts::lists()}</h2>{rows}</section>
        <section>
            <h2>{texts::bring_in_list()}</h2>
            <p class="quiet">{texts::bring_in_list_how()}</p>
            <form class="form" method="POST" action="/catalogue/upload" enctype="multipart/form-data">
                <div class="fields">{text("name", texts::list_name(), String::new(), texts::list_name_else())}</div>
                <p class="buttons">
                    <input class="entry" type="file" name="file" aria-label=texts::file_of_list() required
                        accept=".csv,.tsv,.tab,.txt,text/csv,text/tab-separated-values,text/plain"/>
                    <button class="button button-main" type="submit">{icon("plus")}{texts::bring_in()}</button>
                </p>
            </form>
        </section>
    }
    .into_any()
}

fn search(find: String, found: Vec<models::listed::CatalogueMatch>) -> AnyView {
    let none = (found.is_empty() && !find.trim().is_empty()).then(|| {
        view! { <p class="quiet">{texts::not_in_catalogue()}</p> }
    });
    let found = (!found.is_empty()).then(|| listed(found, &[]));
    view! {
        <form class="search" role="search" method="GET" action="/catalogue">
            <input type="search" name="find" value=find placeholder=texts::search_catalogue()
                aria-label=texts::search_catalogue() autocomplete="off"/>
            <button class="button" type="submit" aria-label=texts::look_for_it()>{icon("search")}</button>
        </form>
        {none}{found}
    }
    .into_any()
}

/// A list goes by two taps: nothing brings it back but its file.
fn row(list: CatalogueList, now: Instant) -> AnyView {
    view! {
        <li class="line">
            {icon("bottles")}
            <div class="bottle-words">
                <strong>{list.name}</strong>
                <small>{texts::wines_by(&list.wines, &list.imported_by)}</small>
            </div>
            {when(list.imported_at, now)}
            <details class="fold fold-free">
                <summary>{texts::remove_list()}</summary>
                <form method="POST" action="/catalogue/remove">
                    {hidden("list", list.id)}
                    <p class="quiet">{texts::remove_list_how()}</p>
                    <button class="button button-main" type="submit">{texts::remove_for_good()}</button>
                </form>
            </details>
        </li>
    }
    .into_any()
}
