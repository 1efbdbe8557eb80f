//! The route table, and the frame around every page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    hooks::{use_location, use_query_map},
    path,
};

#[cfg(feature = "hydrate")]
use crate::browser;
use crate::{
    components::{
        nav::navigation,
        toast::{notice, toast},
    },
    pages,
    state::{
        acts::Acts,
        live::{Link, Live},
    },
    texts,
};

/// The app of the kiosk and the browser: it comes alive in the browser, and follows the cellar by itself. Every route
/// renders completely on the server, so that it reads without JavaScript.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! { {title()}<Router><Frame routes=live/></Router> }
}

fn live() -> AnyView {
    view! {
        <Routes fallback=pages::not_found::page>
            <Route path=path!("/") view=pages::home::page ssr=SsrMode::Async/>
            <Route path=path!("/rack") view=pages::rack::page ssr=SsrMode::Async/>
            <Route path=path!("/bins/:id") view=pages::bin::page ssr=SsrMode::Async/>
            <Route path=path!("/bottles") view=pages::bottles::page ssr=SsrMode::Async/>
            <Route path=path!("/proposals") view=pages::proposals::page ssr=SsrMode::Async/>
            <Route path=path!("/history") view=pages::history::page ssr=SsrMode::Async/>
            <Route path=path!("/who") view=pages::who::page ssr=SsrMode::Async/>
            <Route path=path!("/wines/:id") view=pages::wine::page ssr=SsrMode::Async/>
        </Routes>
    }
    .into_any()
}

/// The pages of the desk: documents with forms, made on the server and left as they are, so that none of their code goes
/// to the browser. Links to them carry `rel="external"`, else the app would look for them in itself.
#[cfg(feature = "ssr")]
#[component]
pub fn Desk() -> impl IntoView {
    provide_meta_context();
    view! { {title()}<Router><Frame routes=desk/></Router> }
}

#[cfg(feature = "ssr")]
fn desk() -> AnyView {
    view! {
        <Routes fallback=pages::not_found::page>
            <Route path=path!("/device") view=pages::device::page ssr=SsrMode::Async/>
            <Route path=path!("/help") view=pages::help::page ssr=SsrMode::Async/>
            <Route path=path!("/health") view=pages::health::page ssr=SsrMode::Async/>
            <Route path=path!("/numbers") view=pages::numbers::page ssr=SsrMode::Async/>
            <Route path=path!("/bottles/:id") view=pages::bottle::page ssr=SsrMode::Async/>
            <Route path=path!("/scans") view=pages::scans::page ssr=SsrMode::Async/>
            <Route path=path!("/several") view=pages::several::page ssr=SsrMode::Async/>
            <Route path=path!("/guests") view=pages::guests::page ssr=SsrMode::Async/>
            <Route path=path!("/archive") view=pages::archive::page ssr=SsrMode::Async/>
            <Route path=path!("/calibrate") view=pages::calibrate::page ssr=SsrMode::Async/>
            <Route path=path!("/calibrate/new") view=pages::calibrate::draw::new ssr=SsrMode::Async/>
            <Route path=path!("/calibrate/:id") view=pages::calibrate::draw::page ssr=SsrMode::Async/>
            <Route path=path!("/calibrate/:id/versions") view=pages::calibrate::versions::page ssr=SsrMode::Async/>
            <Route path=path!("/calibrate/:id/shift") view=pages::calibrate::shift::page ssr=SsrMode::Async/>
            <Route path=path!("/scans/:id") view=pages::scan::page ssr=SsrMode::Async/>
            <Route path=path!("/proposals/all") view=pages::proposals_all::page ssr=SsrMode::Async/>
            <Route path=path!("/stocktake") view=pages::stocktake::page ssr=SsrMode::Async/>
            <Route path=path!("/import") view=pages::import::page ssr=SsrMode::Async/>
            <Route path=path!("/catalogue") view=pages::catalogue::page ssr=SsrMode::Async/>
            <Route path=path!("/scan-code") view=pages::scan_code::page ssr=SsrMode::Async/>
            <Route path=path!("/codes") view=pages::codes::page ssr=SsrMode::Async/>
            <Route path=path!("/labels/print") view=pages::print::page ssr=SsrMode::Async/>
            <Route path=path!("/label") view=pages::label::page ssr=SsrMode::Async/>
            <Route path=path!("/wines/new") view=pages::wine_new::page ssr=SsrMode::Async/>
            <Route path=path!("/wines/:id/edit") view=pages::wine_edit::page ssr=SsrMode::Async/>
            <Route path=path!("/wines/:id/receive") view=pages::wine_receive::page ssr=SsrMode::Async/>
            <Route path=path!("/wishes") view=pages::wishes::page ssr=SsrMode::Async/>
            <Route path=path!("/people") view=pages::people::page ssr=SsrMode::Async/>
            <Route path=path!("/people/tokens") view=pages::people::page ssr=SsrMode::Async/>
            <Route path=path!("/sign-in") view=pages::sign_in::page ssr=SsrMode::Async/>
            <Route path=path!("/setup") view=pages::sign_in::setup ssr=SsrMode::Async/>
        </Routes>
    }
    .into_any()
}

fn title() -> AnyView {
    view! { <Title formatter=|page: String| if page.is_empty() { "Winecellar".into() } else { texts::page_title(&page) }/> }
        .into_any()
}

/// What the banner says while the server is away, or acts still wait for it.
fn away(live: Live) -> String {
    match live.waiting.get() {
        0 => texts::server_away().to_owned(),
        n => texts::server_away_waiting(&n),
    }
}

/// The path of the page, after every part of its address that pages read has been read once. The parts are memos, which are computed
/// at their first reading. On the server the parts of a page that wait for data are drawn on several threads, and of
/// two that compute the same memo one panics, after which the page never comes.
fn read_address() -> String {
    let location = use_location();
    location.search.with_untracked(|_| ());
    location.query.with_untracked(|_| ());
    location.pathname.get_untracked()
}

#[component]
fn Frame(routes: fn() -> AnyView) -> impl IntoView {
    let live = Live::provide();
    let acts = Acts::provide(live);
    // Whoever is nobody yet sees neither the places of the app nor its events.
    let outside = ["/sign-in", "/setup", "/guests"].contains(&read_address().as_str());
    Effect::new(move |_| {
        if !outside {
            #[cfg(feature = "hydrate")]
            {
                browser::events::listen(live);
                browser::queue::follow(acts, live);
            }
        }
    });
    // Tells tests (and nobody else) that the page has come alive.
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    let query = use_query_map();
    let refused = Memo::new(move |_| query.read().get("__err").is_some());
    view! {
        <a class="skip" href="#main">{texts::skip_to_content()}</a>
        <div class="frame" class:frame-bare=outside data-alive=move || alive.get().then_some("true")>
            {(!outside).then(|| navigation(live))}
            <main id="main" class="page" tabindex="0">
                {move || refused.get().then(|| notice(texts::refused_below()))}
                {routes()}
            </main>
            {toast(acts)}
            <p class="offline" role="status" hidden=move || live.link.get() != Link::Down && live.waiting.get() == 0>
                {move || away(live)}
            </p>
        </div>
    }
}
