//! Whether somebody is at a form of the page, so that it must not be built anew under their hands.

#[cfg(feature = "hydrate")]
use super::clock::pause;

/// Waits while somebody is at a form inside the element with `data-of` = `of`: a field holds another text than it came
/// with, or an unfolded form has the focus. Returns whether it had to wait. At once on the server.
pub async fn settled(of: &str) -> bool {
    #[cfg(feature = "hydrate")]
    {
        let mut waited = false;
        while busy(of) {
            waited = true;
            pause(LOOK_AGAIN).await;
        }
        waited
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = of;
        false
    }
}

#[cfg(feature = "hydrate")]
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(500);

#[cfg(feature = "hydrate")]
fn busy(of: &str) -> bool {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return false };
    let part = format!("main [data-of={}]", serde_json::Value::from(of));
    let Ok(Some(part)) = document.query_selector(&part) else { return false };
    unsaved(&part) || document.active_element().is_some_and(|at| matches!(at.closest("details[open]"), Ok(Some(_))))
}

#[cfg(feature = "hydrate")]
fn unsaved(part: &web_sys::Element) -> bool {
    use wasm_bindgen::JsValue;
    let Ok(fields) = part.query_selector_all(".form textarea, .form input:not([type=hidden])") else { return false };
    (0..fields.length()).filter_map(|i| fields.get(i)).any(|field| {
        let text = |name: &str| js_sys::Reflect::get(&field, &JsValue::from_str(name)).ok().and_then(|v| v.as_string());
        text("value") != text("defaultValue")
    })
}
