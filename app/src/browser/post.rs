//! Sending what was typed into a form to a server function, and its answer. The script `shell/queue.js` does the sending: it
//! lives longer than this page, and keeps what the server does not answer.

use leptos::ev::SubmitEvent;

use crate::texts;
use crate::{api::movements::Done, error::AppError};

/// What came of sending.
pub enum Sent {
    /// The server's answer.
    Answered(Result<Done, AppError>),
    /// The server is away: so many acts wait for it.
    Waits(String),
}

/// What a form holds, with the button that was pressed, as a browser would post it. None where the browser is to do it
/// itself.
pub fn typed(event: &SubmitEvent) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        let data = leptos::form::form_data_from_event(event).ok()?;
        let pairs = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
        pairs.to_string().as_string()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        None
    }
}

#[cfg(feature = "hydrate")]
mod script {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(catch, js_namespace = cellar)]
        pub(super) async fn send(to: &str, body: &str, form: &JsValue) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(js_namespace = cellar)]
        pub(super) fn waiting() -> u32;
    }
}

/// How many acts wait for the server.
#[cfg(feature = "hydrate")]
pub fn waiting() -> u32 {
    script::waiting()
}

/// What waited too long: the server has forgotten its key by now.
pub fn too_old() -> AppError {
    AppError::new(crate::error::ErrorCode::Conflict, texts::queue_too_old())
}

/// An answer, read.
#[cfg(feature = "hydrate")]
pub fn told(status: u16, text: &str) -> Result<Done, AppError> {
    use crate::error::ErrorCode;
    if status == 410 {
        return Err(too_old());
    }
    if status >= 400 {
        // Whoever is refused before a server function runs gets problem details.
        let detail =
            || serde_json::from_str::<serde_json::Value>(text).ok()?.get("detail")?.as_str().map(str::to_owned);
        let other = || AppError::new(ErrorCode::Internal, detail().unwrap_or_else(|| text.to_owned()));
        return Err(serde_json::from_str(text).unwrap_or_else(|_| other()));
    }
    serde_json::from_str(text).map_err(|error| AppError::new(ErrorCode::Internal, error.to_string()))
}

/// Posts it; never called on the server. `form` is where it was typed.
pub async fn send(to: &'static str, typed: String, form: Option<leptos::web_sys::EventTarget>) -> Sent {
    #[cfg(feature = "hydrate")]
    {
        let form = form.map(Into::into).unwrap_or(wasm_bindgen::JsValue::NULL);
        let answer = script::send(to, &typed, &form).await.unwrap_or_default();
        let answer = js_sys::Array::from(&answer);
        let text = answer.get(1).as_string().unwrap_or_default();
        match answer.get(0).as_f64().unwrap_or_default() as u16 {
            0 => Sent::Waits(text),
            status => Sent::Answered(told(status, &text)),
        }
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (to, typed, form);
        Sent::Answered(Err(AppError::new(crate::error::ErrorCode::Internal, texts::only_browser_sends())))
    }
}
