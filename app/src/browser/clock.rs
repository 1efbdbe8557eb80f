//! The browser's time zone: the server writes UTC, the person lives somewhere.

use wasm_bindgen::JsValue;

/// An ISO instant in the browser's own time zone, such as `24 Nov, 04:00`.
pub fn local(iso: &str) -> String {
    let options = js_sys::Object::new();
    for (key, value) in [("day", "numeric"), ("month", "short"), ("hour", "2-digit"), ("minute", "2-digit")] {
        // Setting a plain property of a fresh object cannot fail.
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    let date = js_sys::Date::new(&JsValue::from_str(iso));
    date.to_locale_string("en-GB", &options).into()
}
