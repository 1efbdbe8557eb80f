//! The acts a person can do, and the toast that tells what came of the last one.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::live::Live;
use crate::{
    api::movements::{Done, Undo},
    browser::{self, post::Sent},
    error::AppError,
    texts,
};

/// How long a toast stays.
const TOAST: Duration = Duration::from_secs(12);

/// Every form of the app sends its act through this one place, which reports.
#[derive(Clone, Copy)]
pub struct Acts {
    live: Live,
    /// Whether an act is under way.
    pub busy: RwSignal<bool>,
    /// What came of the last act.
    pub toast: RwSignal<Option<Toast>>,
}

/// What came of an act.
#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    /// A sentence.
    pub text: String,
    /// What can be taken back.
    pub undo: Option<Undo>,
    /// Whether it failed.
    pub failed: bool,
}

impl Toast {
    fn of(result: Result<Done, AppError>) -> Self {
        match result {
            Ok(done) => Self { text: done.text, undo: done.undo, failed: false },
            Err(error) => Self { text: error.message, undo: None, failed: true },
        }
    }
}

impl Acts {
    /// Makes the signals and gives them to everything below the caller.
    pub fn provide(live: Live) -> Self {
        let acts = Self { live, busy: RwSignal::new(false), toast: RwSignal::new(None) };
        expire(acts.toast);
        provide_context(acts);
        acts
    }

    /// Sends what was typed, shows what came of it and refreshes the page: the event stream would too, but it may be
    /// down. While the server is away the act waits, and the page stays as it is. Harmless after the app was taken down.
    pub fn send(self, to: &'static str, typed: String, form: Option<leptos::web_sys::EventTarget>) {
        self.busy.set(true);
        spawn_local(async move {
            let sent = browser::post::send(to, typed, form).await;
            self.busy.try_set(false);
            match sent {
                Sent::Answered(result) => self.ended(result),
                Sent::Waits(n) => {
                    let text = texts::kept_until_back(&n);
                    self.toast.try_set(Some(Toast { text, undo: None, failed: false }));
                }
            }
        });
    }

    /// Shows what came of an act, now or after it had waited.
    pub fn ended(self, result: Result<Done, AppError>) {
        self.toast.try_set(Some(Toast::of(result)));
        self.live.bump();
    }

    /// The acts of this app.
    pub fn get() -> Self {
        expect_context()
    }
}

/// Takes a toast away after a while; a newer one starts the time anew.
fn expire(toast: RwSignal<Option<Toast>>) {
    Effect::new(move |running: Option<Option<TimeoutHandle>>| {
        if let Some(Some(timer)) = running {
            timer.clear();
        }
        let shown = toast.with(Option::is_some);
        shown.then(|| set_timeout_with_handle(move || drop(toast.try_set(None)), TOAST).ok()).flatten()
    });
}
