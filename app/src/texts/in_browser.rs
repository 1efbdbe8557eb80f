//! The browser speaks the language of its page: a script of the server's has laid the texts ready.

use std::sync::OnceLock;

use leptos::prelude::document;
use wasm_bindgen::JsValue;

use super::Language;

static TABLE: OnceLock<Vec<String>> = OnceLock::new();
static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// Whether the texts are there. Without them the page must not come alive.
pub fn loaded() -> bool {
    !table().is_empty()
}

/// The language of the page.
pub fn language() -> Language {
    *LANGUAGE.get_or_init(|| {
        let tag = document().document_element().and_then(|root| root.get_attribute("lang"));
        tag.and_then(|tag| Language::from_tag(&tag)).unwrap_or_default()
    })
}

fn table() -> &'static [String] {
    TABLE.get_or_init(|| {
        let laid = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("cellarTexts")).unwrap_or_default();
        js_sys::Array::from(&laid).iter().map(|text| text.as_string().unwrap_or_default()).collect()
    })
}

pub(super) fn text(place: usize) -> &'static str {
    table().get(place).map_or("", String::as_str)
}
