//! The line to the server: what it says of changes and of itself. Keeping it open is the script's (`shell/live.js`).

use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::CustomEvent;

use crate::state::live::{Link, Live};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = cellar)]
    fn follow();
}

/// Opens the line and follows it for the life of the app.
pub fn listen(live: Live) {
    let listener = window_event_listener_untyped("winecellar-live", move |event| {
        let told = event.dyn_ref::<CustomEvent>().and_then(|event| event.detail().as_string());
        match told.as_deref() {
            Some("up") => {
                live.link.try_set(Link::Up);
            }
            Some("down") => {
                live.link.try_set(Link::Down);
            }
            _ => live.bump(),
        }
    });
    on_cleanup(move || listener.remove());
    follow();
}
