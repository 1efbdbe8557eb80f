//! The document around the app, and the headers that go with it.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::{App, Desk, texts};

/// Outside the wasm on purpose: when that has panicked, only a plain script is still alive to reload the page; and an act
/// that the server has not answered outlives the page. One text, because between two stands a mark that is no script.
const SCRIPTS: &str = concat!(include_str!("shell/watchdog.js"), include_str!("shell/queue.js"));

/// The document of a page that comes alive. The server calls it once for each page it renders.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let words = format!("/texts/{}-{}.js", texts::language().tag(), texts::fingerprint());
    // Deferred scripts and modules run in their order: the texts are there when the wasm looks for them.
    let scripts = view! {
        <script nonce=use_nonce()>{SCRIPTS}</script>
        <script nonce=use_nonce() defer src=words></script>
        <HydrationScripts options=options.clone()/>
    };
    document(options, scripts.into_any(), view! { <App/> }.into_any())
}

/// The document of a page of the desk: without scripts.
pub fn desk_shell(options: LeptosOptions) -> impl IntoView {
    document(options, ().into_any(), view! { <Desk/> }.into_any())
}

fn document(options: LeptosOptions, scripts: AnyView, body: AnyView) -> impl IntoView {
    set_headers();
    view! {
        <!DOCTYPE html>
        <html lang=texts::language().tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="dark light"/>
                <meta name="theme-color" content="#171114"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <HashedStylesheet options id="leptos"/>
                {scripts}
                <MetaTags/>
            </head>
            <body>{body}</body>
        </html>
    }
}

/// What the browser may load: our own files, and scripts that carry this request's nonce.
fn set_headers() {
    let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else { return };
    let policy = format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
    );
    for (name, value) in [("content-security-policy", policy.as_str()), ("cache-control", "no-cache")] {
        if let Ok(value) = axum::http::HeaderValue::from_str(value) {
            response.insert_header(axum::http::HeaderName::from_static(name), value);
        }
    }
}
