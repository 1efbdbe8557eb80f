//! The line to the server: one `EventSource` for the life of the app.
//!
//! The browser reconnects by itself when the connection breaks, but gives up for good when the answer was no event
//! stream (a proxy's error page); then a new one is opened here, for ever.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use crate::state::live::{Link, Live};

const RETRY: Duration = Duration::from_secs(2);
/// A page that runs an old build reloads when nobody has touched it for so long.
const IDLE: Duration = Duration::from_secs(20);

/// An open stream; dropping it closes it and frees its closures.
struct Stream {
    source: EventSource,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_open: Closure<dyn FnMut()>,
    _on_error: Closure<dyn FnMut()>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.set_onerror(None);
        self.source.set_onopen(None);
        self.source.close();
    }
}

type Slot = StoredValue<Option<Stream>, LocalStorage>;
type Build = Rc<RefCell<Option<String>>>;

/// Opens the line. It closes when the calling owner goes.
pub fn listen(live: Live) {
    let slot: Slot = StoredValue::new_local(None);
    open(live, slot, Rc::default());
}

fn open(live: Live, slot: Slot, build: Build) {
    let Ok(source) = EventSource::new("/events") else { return retry(live, slot, build) };
    let on_open = Closure::<dyn FnMut()>::new(move || {
        live.link.try_set(Link::Up);
    });
    let known = build.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        live.bump();
        if event.type_() == "hello" {
            notice_build(&known, &event.data().as_string().unwrap_or_default());
        }
    });
    let closed = source.clone();
    let on_error = Closure::<dyn FnMut()>::new(move || {
        live.link.try_set(Link::Down);
        if closed.ready_state() == EventSource::CLOSED {
            retry(live, slot, build.clone());
        }
    });
    source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    for kind in ["hello", "change"] {
        // Listening fails on no browser; were it to, the page would still work without live changes.
        let _ = source.add_event_listener_with_callback(kind, on_message.as_ref().unchecked_ref());
    }
    let stream = Stream { source, _on_message: on_message, _on_open: on_open, _on_error: on_error };
    slot.try_update_value(|slot| *slot = Some(stream));
}

/// Opens a new line in a moment, unless the app has gone by then.
fn retry(live: Live, slot: Slot, build: Build) {
    set_timeout(
        move || {
            if slot.try_with_value(|_| ()).is_some() {
                open(live, slot, build);
            }
        },
        RETRY,
    );
}

/// Reloads the page when the server has been exchanged for another build.
fn notice_build(known: &Build, data: &str) {
    let Some(build) = build_of(data) else { return };
    let mut known = known.borrow_mut();
    match known.as_deref() {
        None => *known = Some(build),
        Some(ours) if ours == build => {}
        Some(_) => {
            *known = Some(build);
            reload_when_idle();
        }
    }
}

/// The build in a `hello`.
fn build_of(data: &str) -> Option<String> {
    let hello: serde_json::Value = serde_json::from_str(data).ok()?;
    Some(hello.get("build")?.as_str()?.to_owned())
}

fn reload_when_idle() {
    let touched = Rc::new(RefCell::new(false));
    let seen = touched.clone();
    let listener = window_event_listener_untyped("pointerdown", move |_| *seen.borrow_mut() = true);
    set_timeout(
        move || {
            listener.remove();
            if touched.take() {
                reload_when_idle();
            } else {
                // A reload that is refused leaves the old page, which still works.
                let _ = window().location().reload();
            }
        },
        IDLE,
    );
}

#[cfg(test)]
mod tests {
    use super::build_of;

    #[test]
    fn the_build_is_read_from_hello() {
        assert_eq!(build_of(r#"{"build":"abc","revision":7}"#).as_deref(), Some("abc"));
        assert_eq!(build_of("nonsense"), None);
    }
}
