//! The browser half: hydrates the page the server rendered. Everything else is in `app`.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once the wasm is there.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        broken();
    }));
    // A page that stood open while the server was renewed asks for texts that are gone: then it is loaded anew.
    if !app::texts::loaded() {
        return broken();
    }
    leptos::mount::hydrate_body(app::App);
}

/// The watchdog script sees this mark and reloads the page.
fn broken() {
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-panic", "");
    }
}
