//! The browser's time zone: the server writes UTC, the person lives somewhere.

use wasm_bindgen::JsValue;

use crate::texts;

/// An ISO instant in the browser's own time zone, such as `24 Nov, 04:00`.
pub fn local(iso: &str) -> String {
    let options = js_sys::Object::new();
    for (key, value) in [("day", "numeric"), ("month", "short"), ("hour", "2-digit"), ("minute", "2-digit")] {
        // Setting a plain property of a fresh object cannot fail.
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    let date = js_sys::Date::new(&JsValue::from_str(iso));
    date.to_locale_string(locale(), &options).into()
}

/// English as the kiosk writes it: the day before the month.
fn locale() -> &'static str {
    match texts::language() {
        texts::Language::English => "en-GB",
        other => other.tag(),
    }
}

/// Ends after `wait`. A timer's closure lives in the browser's one thread, a reader of a page may be asked for from any:
/// the two meet in this cell.
#[cfg(feature = "hydrate")]
pub async fn pause(wait: std::time::Duration) {
    use std::sync::{Arc, Mutex, PoisonError};
    use std::task::{Poll, Waker};

    #[derive(Default)]
    struct Bell {
        rung: bool,
        waiting: Option<Waker>,
    }
    let bell = Arc::new(Mutex::new(Bell::default()));
    let ringing = bell.clone();
    leptos::prelude::set_timeout(
        move || {
            let mut bell = ringing.lock().unwrap_or_else(PoisonError::into_inner);
            bell.rung = true;
            if let Some(waiting) = bell.waiting.take() {
                waiting.wake();
            }
        },
        wait,
    );
    std::future::poll_fn(move |context| {
        let mut bell = bell.lock().unwrap_or_else(PoisonError::into_inner);
        if bell.rung {
            return Poll::Ready(());
        }
        bell.waiting = Some(context.waker().clone());
        Poll::Pending
    })
    .await;
}
