//! `/history`: everything that happened, newest first.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::movements::{HistoryPage, get_history},
    components::{
        history::{Undoable, history},
        load::{empty, load},
    },
    state::live::Live,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let data = Resource::new(move || live.revision.get(), |_| get_history());
    view! {
        <Title text="History"/>
        <header class="head"><h1>"History"</h1></header>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: HistoryPage) -> AnyView {
    if page.lines.is_empty() {
        return empty("history", "Nothing has happened yet", "Every bottle that comes, moves or leaves is noted here.");
    }
    history(page.lines, page.now, Undoable::Last)
}
