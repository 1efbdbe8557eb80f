//! The five places of the app, always in reach, and who is here.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::{
    api::home::open_count,
    components::{icon::icon, who::who},
    state::live::Live,
};

/// A rail at the side, or a bar at the bottom of an upright screen.
pub fn navigation(live: Live) -> AnyView {
    let open = Resource::new(move || live.revision.get(), |_| open_count());
    view! {
        <nav class="nav" aria-label="Main">
            <A href="/" exact=true>{icon("home")}<span>"Home"</span></A>
            <A href="/rack">{icon("rack")}<span>"Rack"</span></A>
            <A href="/bottles">{icon("bottles")}<span>"Bottles"</span></A>
            <A href="/proposals">
                {icon("look")}
                <span>"Review"</span>
                <Transition>
                    {move || Suspend::new(async move { badge(open.await.unwrap_or(0)) })}
                </Transition>
            </A>
            <A href="/history">{icon("history")}<span>"History"</span></A>
            {who(live)}
        </nav>
    }
    .into_any()
}

fn badge(n: i32) -> AnyView {
    let words = format!("{n} open");
    view! { <b class="badge" hidden=n == 0 aria-label=words>{n}</b> }.into_any()
}
