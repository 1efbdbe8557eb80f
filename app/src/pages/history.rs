//! `/history`: everything that happened, movements and edits, newest first.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Form, hooks::use_query_map};

use crate::{
    api::history::{HistoryPage, get_history},
    components::{
        history::{Undoable, history},
        icon::icon,
        load::{empty, load},
    },
    forms,
    state::live::Live,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let query = use_query_map();
    let part = move |name: &'static str| Memo::new(move |_| query.read().get(name).unwrap_or_default());
    let (by, before) = (part("by"), part("before"));
    let data =
        Resource::new(move || (by.get(), before.get(), live.revision.get()), |(by, before, _)| get_history(by, before));
    view! {
        <Title text="History"/>
        <header class="head">
            <h1>"History"</h1>
            <Form method="GET" action="/history" attr:class="search" attr:role="search">
                <input type="search" name="by" placeholder="By whom: Anna, kiosk\u{2026}" aria-label="Only what this person did"
                    autocomplete="off" value=move || by.get()/>
                <button class="button" type="submit" aria-label="Filter">{icon("search")}</button>
            </Form>
        </header>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: HistoryPage) -> AnyView {
    if page.lines.is_empty() {
        return empty(
            "history",
            "Nothing has happened here",
            "Every bottle that comes, moves or leaves, and every edit, is noted.",
        );
    }
    let by = use_query_map().read_untracked().get("by").unwrap_or_default();
    let older = page.older.map(|cursor| {
        let href = format!("/history{}", forms::address(&[("by", &by), ("before", &cursor)]));
        view! { <p class="more"><a class="button" href=href>{icon("history")}"Older"</a></p> }
    });
    view! { {history(page.lines, page.now, Undoable::Last)}{older} }.into_any()
}
