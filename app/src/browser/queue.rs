//! Acts that waited for the server: how many do, and what came of each. Sending them is the script's (`shell/queue.js`).

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::CustomEvent;

use super::post::{told, waiting};
use crate::state::{acts::Acts, live::Live};

/// Follows the queue for the life of the app.
pub fn follow(acts: Acts, live: Live) {
    live.waiting.set(waiting());
    let listener = window_event_listener_untyped("winecellar-queue", move |event| {
        let Some(event) = event.dyn_ref::<CustomEvent>() else { return };
        let detail = js_sys::Array::from(&event.detail());
        live.waiting.try_set(detail.get(0).as_f64().unwrap_or_default() as u32);
        if let Some(status) = detail.get(1).as_f64() {
            acts.ended(told(status as u16, &detail.get(2).as_string().unwrap_or_default()));
        }
    });
    on_cleanup(move || listener.remove());
}
