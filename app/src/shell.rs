//! The document around the app, and the headers that go with it.

mod start;

use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::{
    App, Desk,
    ctx::AppCtx,
    device::{Device, Theme},
    texts,
};

/// What a phone colours its own bars with: the ground of `style/tokens.css`.
const DARK_GROUND: &str = "#171114";
const LIGHT_GROUND: &str = "#faf5f0";

/// Outside the wasm on purpose: when that has panicked, only a plain script is still alive to load the page anew; an act
/// that the server has not answered outlives the page; the line to the server is the same for whatever listens; and a drawing
/// that is come nearer to by hand costs the app nothing. One
/// text, because between two stands a mark that is no script.
const SCRIPTS: &str = concat!(
    include_str!("shell/watchdog.js"),
    include_str!("shell/queue.js"),
    include_str!("shell/live.js"),
    include_str!("shell/zoom.js")
);

/// A scanner may be used on any page.
const WEDGE: &str = include_str!("shell/wedge.js");
/// For screens that ask for them.
const KEYBOARD: &str = include_str!("shell/keyboard.js");
const IDLE: &str = include_str!("shell/idle.js");

/// The document of a page that comes alive. The server calls it once for each page it renders.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let words = format!("/texts/{}-{}.js", texts::language().tag(), texts::fingerprint());
    // Deferred scripts and modules run in their order: the texts are there when the wasm looks for them.
    let scripts = view! {
        <script nonce=use_nonce()>{SCRIPTS}</script>
        <template id="zoom-keys">
            <span class="zoom">
                <button type="button" class="button" data-zoom="out" aria-label=texts::farther()>"\u{2212}"</button>
                <button type="button" class="button" data-zoom="in" aria-label=texts::nearer()>"+"</button>
            </span>
        </template>
        <script nonce=use_nonce() defer src=words></script>
        {start::script(&options)}
    };
    document(options, scripts.into_any(), view! { <App/> }.into_any())
}

/// The document of a page of the desk: without the app. The keyboard of a kiosk is wanted there most.
pub fn desk_shell(options: LeptosOptions) -> impl IntoView {
    document(options, ().into_any(), view! { <Desk/> }.into_any())
}

fn document(options: LeptosOptions, scripts: AnyView, body: AnyView) -> impl IntoView {
    set_headers();
    let device = Device::of_request();
    let ctx = use_context::<AppCtx>();
    let role = ctx.as_ref().and_then(|ctx| ctx.visitor.role);
    let build = ctx.as_ref().map(|ctx| ctx.build_id.to_string());
    let revision = ctx.map(|ctx| ctx.revision.borrow().to_string());
    let keyboard = device.wants_keyboard(role).then(|| view! { <script nonce=use_nonce()>{KEYBOARD}</script> });
    let idle = Some(device.idle_minutes(role)).filter(|minutes| *minutes > 0);
    let dims = idle.map(|_| view! { <script nonce=use_nonce()>{IDLE}</script> });
    let scale = (device.scale != 100).then_some(device.scale);
    let (theme, schemes, ground) = match device.theme {
        Theme::Auto => (None, "dark light", DARK_GROUND),
        Theme::Dark => (Some("dark"), "dark", DARK_GROUND),
        Theme::Light => (Some("light"), "light", LIGHT_GROUND),
    };
    view! {
        <!DOCTYPE html>
        <html lang=texts::language().tag() data-build=build data-revision=revision data-scale=scale data-theme=theme data-idle=idle>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content=schemes/>
                <meta name="theme-color" content=ground/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <HashedStylesheet options id="leptos"/>
                {scripts}
                <script nonce=use_nonce()>{WEDGE}</script>
                {keyboard}
                {dims}
                <MetaTags/>
            </head>
            <body>{body}</body>
        </html>
    }
}

/// What the browser may load: our own files, scripts that carry this request's nonce, and the watchdog's own thread.
fn set_headers() {
    let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else { return };
    let policy = format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; worker-src blob:; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
    );
    for (name, value) in [("content-security-policy", policy.as_str()), ("cache-control", "no-cache")] {
        if let Ok(value) = axum::http::HeaderValue::from_str(value) {
            response.insert_header(axum::http::HeaderName::from_static(name), value);
        }
    }
}
