//! The browser half: hydrates the page the server rendered. Everything else is in `app`.

mod ease;

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once the wasm is there.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|info| {
        // First, because of a panic in the panic below there would be no word at all.
        broken(&info.to_string());
        console_error_panic_hook::hook(info);
    }));
    // A page that stood open while the server was renewed asks for texts that are gone: then it is loaded anew.
    if !app::texts::loaded() {
        return broken("the texts of this page are gone");
    }
    ease::hold();
    leptos::mount::hydrate_body(app::App);
    ease::go_on();
}

/// The wasm is dead: the watchdog script (app/src/shell/watchdog.js) sees this mark, tells the server and loads the page anew.
fn broken(why: &str) {
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-panic", why);
    }
}
