//! Whether somebody has typed something that is not saved yet.

/// Whether a field of a form on the page holds another text than it came with. Always no on the server.
pub fn unsaved() -> bool {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsValue;
        let Some(document) = web_sys::window().and_then(|window| window.document()) else { return false };
        let Ok(fields) = document.query_selector_all("main .form textarea, main .form input:not([type=hidden])") else {
            return false;
        };
        (0..fields.length()).filter_map(|i| fields.get(i)).any(|field| {
            let text =
                |name: &str| js_sys::Reflect::get(&field, &JsValue::from_str(name)).ok().and_then(|v| v.as_string());
            text("value") != text("defaultValue")
        })
    }
    #[cfg(not(feature = "hydrate"))]
    false
}
