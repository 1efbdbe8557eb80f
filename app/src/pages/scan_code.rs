//! `/scan-code`: the camera of this screen reads codes. The only page that may use a camera; where there is none it says
//! so and leads to those that need none.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::Title;

use crate::{components::icon::icon, texts};

const LOOK: &str = include_str!("scan_code.js");

/// The page.
pub fn page() -> AnyView {
    view! {
        <Title text=texts::scan_a_code()/>
        <header class="head">
            <a class="button button-quiet" href="/label" aria-label=texts::back()>{icon("back")}</a>
            <h1>{texts::scan_a_code()}</h1>
        </header>
        <section id="scan-code" class="scan-code" data-looking=texts::hold_code_to_camera() data-insecure=texts::camera_needs_https()
            data-none=texts::no_camera_here() data-refused=texts::camera_was_refused() data-stranger=texts::camera_needs_sign_in() data-failed=texts::server_cannot_look()
            data-away=texts::server_is_away()>
            <p class="notice" role="status">{texts::camera_needs_script()}</p>
            <video muted playsinline hidden></video>
            <p class="buttons">
                <a class="button" href="/label">{icon("look")}{texts::read_label()}</a>
                <a class="button" href="/codes">{icon("search")}{texts::type_a_code()}</a>
            </p>
        </section>
        <script nonce=use_nonce()>{LOOK}</script>
    }
    .into_any()
}
