//! The acts a person can do, and the toast that tells what came of the last one.

use std::time::Duration;

use leptos::{prelude::*, server::ServerAction};
use models::ids::MovementId;
use server_fn::ServerFn;

use super::live::Live;
use crate::{
    api::{
        movements::{Done, PutBottle, TakeBottle, UndoMovement},
        proposals::AnswerProposal,
        scans::ScanNow,
    },
    error::AppError,
};

/// How long a toast stays.
const TOAST: Duration = Duration::from_secs(12);

/// One action for each act; every form of the app posts to these, so that one place reports.
#[derive(Clone, Copy)]
pub struct Acts {
    /// A bottle leaves.
    pub take: ServerAction<TakeBottle>,
    /// A bottle is put away.
    pub put: ServerAction<PutBottle>,
    /// A movement is taken back.
    pub undo: ServerAction<UndoMovement>,
    /// A proposal is answered.
    pub answer: ServerAction<AnswerProposal>,
    /// The camera looks.
    pub scan: ServerAction<ScanNow>,
    /// What came of the last act.
    pub toast: RwSignal<Option<Toast>>,
}

/// What came of an act.
#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    /// A sentence.
    pub text: String,
    /// The movement that can be taken back.
    pub undo: Option<MovementId>,
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
    /// Makes the actions and gives them to everything below the caller.
    pub fn provide(live: Live) -> Self {
        let acts = Self {
            take: ServerAction::new(),
            put: ServerAction::new(),
            undo: ServerAction::new(),
            answer: ServerAction::new(),
            scan: ServerAction::new(),
            toast: RwSignal::new(None),
        };
        report(acts.take, acts.toast, live);
        report(acts.put, acts.toast, live);
        report(acts.undo, acts.toast, live);
        report(acts.answer, acts.toast, live);
        report(acts.scan, acts.toast, live);
        expire(acts.toast);
        provide_context(acts);
        acts
    }

    /// The actions of this app.
    pub fn get() -> Self {
        expect_context()
    }
}

/// Shows the result of an action and refreshes the page: the event stream would too, but it may be down.
fn report<S>(action: ServerAction<S>, toast: RwSignal<Option<Toast>>, live: Live)
where
    S: ServerFn<Output = Done, Error = AppError> + Clone + Send + Sync + 'static,
{
    let value = action.value();
    Effect::new(move |_| {
        if let Some(result) = value.get() {
            toast.set(Some(Toast::of(result)));
            live.bump();
        }
    });
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
