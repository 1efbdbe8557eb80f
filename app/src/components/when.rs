//! A time: how long ago, and on the clock.

use leptos::prelude::*;
use models::Instant;

use crate::{browser::clock, format};

/// The server prints UTC; once alive, the browser replaces it by its own time zone.
pub fn when(at: Instant, now: Instant) -> AnyView {
    let iso = format::iso(at);
    let clock_text = RwSignal::new(format::utc(at));
    let stamp = iso.clone();
    Effect::new(move |_| drop(clock_text.try_set(clock::local(&stamp))));
    view! {
        <time class="when" datetime=iso>
            {format::age(at, now)}" "<small>{move || clock_text.get()}</small>
        </time>
    }
    .into_any()
}
