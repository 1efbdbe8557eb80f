//! The five places of the app, always in reach, and who is here.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::{
    api::home::open_count,
    components::{icon::icon, who::who},
    state::live::Live,
    texts,
};

/// A rail at the side, or a bar at the bottom of an upright screen.
pub fn navigation(live: Live) -> AnyView {
    let open = Resource::new(move || live.revision.get(), |_| open_count());
    view! {
        <nav class="nav" aria-label=texts::main_places()>
            <A href="/" exact=true>{icon("home")}<span>{texts::home()}</span></A>
            <A href="/rack">{icon("rack")}<span>{texts::rack()}</span></A>
            <A href="/bottles">{icon("bottles")}<span>{texts::bottles_title()}</span></A>
            <A href="/proposals">
                {icon("look")}
                <span>{texts::review()}</span>
                <Transition>
                    {move || Suspend::new(async move { badge(open.await.unwrap_or(0)) })}
                </Transition>
            </A>
            <A href="/history">{icon("history")}<span>{texts::history()}</span></A>
            {who(live)}
        </nav>
    }
    .into_any()
}

fn badge(n: i32) -> AnyView {
    let words = texts::n_open(&n);
    view! { <b class="badge" hidden=n == 0 aria-label=words>{n}</b> }.into_any()
}
