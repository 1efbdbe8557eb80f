//! `/history`: everything that happened, movements and edits, newest first.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Form, hooks::use_query_map};

use crate::{
    api::history::{Asked, HistoryPage, get_history},
    components::{
        field::hidden,
        history::{Undoable, history},
        icon::icon,
        load::{empty, load},
    },
    forms,
    state::live::Live,
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let query = use_query_map();
    let part = move |name: &'static str| Memo::new(move |_| query.read().get(name).unwrap_or_default());
    let (by, wine, bin, before) = (part("by"), part("wine"), part("bin"), part("before"));
    let asked = move || Asked { by: by.get(), wine: wine.get(), bin: bin.get(), before: before.get() };
    let data = Resource::new(move || (asked(), live.revision.get()), |(asked, _)| get_history(asked));
    view! {
        <Title text=texts::history()/>
        <header class="head">
            <h1>{texts::history()}</h1>
            <Form method="GET" action="/history" attr:class="search" attr:role="search">
                {move || of_field("wine", wine.get())}
                {move || of_field("bin", bin.get())}
                <input type="search" name="by" placeholder=texts::by_whom() aria-label=texts::only_this_person()
                    autocomplete="off" value=move || by.get()/>
                <button class="button" type="submit" aria-label=texts::filter()>{icon("search")}</button>
            </Form>
        </header>
        {load(data, show)}
    }
    .into_any()
}

/// Looking for a person stays with the one thing whose history this is.
fn of_field(name: &'static str, value: String) -> Option<AnyView> {
    (!value.is_empty()).then(|| hidden(name, value))
}

fn show(page: HistoryPage) -> AnyView {
    let of = page.of.map(|(title, href)| {
        view! { <p class="chips"><a class="chip" href=href>{title}</a><a class="button" href="/history">{icon("close")}{texts::all()}</a></p> }
    });
    if page.lines.is_empty() {
        return empty("history", texts::nothing_happened(), texts::history_empty());
    }
    let query = use_query_map().read_untracked().clone();
    let older = page.older.map(|cursor| {
        let part = |name: &str| query.get(name).unwrap_or_default();
        let (by, wine, bin) = (part("by"), part("wine"), part("bin"));
        let parts = [("by", by.as_str()), ("wine", &wine), ("bin", &bin), ("before", &cursor)];
        let href = format!("/history{}", forms::address(&parts));
        view! { <p class="more"><a class="button" href=href>{icon("history")}{texts::older()}</a></p> }
    });
    view! { {of}{history(page.lines, page.now, Undoable::Last)}{older} }.into_any()
}
