//! The acts a person can do, and the toast that tells what came of the last one.

use std::time::Duration;

use leptos::{prelude::*, server::ServerAction};
use server_fn::ServerFn;

use super::live::Live;
use crate::{
    api::{
        history::UndoChange,
        movements::{Done, PutBottle, TakeBottle, Undo, UndoMovement},
        notes::{RemoveNote, SaveNote},
        proposals::AnswerProposal,
        scans::ScanNow,
        wines::{EnterWine, OpenBottle, ReceiveCase, SaveVintage, SaveWine},
        wishes::{AddWish, CloseWish},
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
    /// An edit is taken back.
    pub undo_change: ServerAction<UndoChange>,
    /// A wine is entered.
    pub enter: ServerAction<EnterWine>,
    /// Bottles of a known wine come in.
    pub receive: ServerAction<ReceiveCase>,
    /// A wine is changed.
    pub save_wine: ServerAction<SaveWine>,
    /// A vintage is changed.
    pub save_vintage: ServerAction<SaveVintage>,
    /// A bottle is opened.
    pub open: ServerAction<OpenBottle>,
    /// A tasting note is written.
    pub save_note: ServerAction<SaveNote>,
    /// A tasting note is removed.
    pub remove_note: ServerAction<RemoveNote>,
    /// A wish is added.
    pub wish: ServerAction<AddWish>,
    /// A wish is bought or dropped.
    pub close_wish: ServerAction<CloseWish>,
    /// What came of the last act.
    pub toast: RwSignal<Option<Toast>>,
    /// Rises with each act that succeeded.
    pub saved: RwSignal<u32>,
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
    /// Makes the actions and gives them to everything below the caller.
    pub fn provide(live: Live) -> Self {
        let acts = Self {
            take: ServerAction::new(),
            put: ServerAction::new(),
            undo: ServerAction::new(),
            answer: ServerAction::new(),
            scan: ServerAction::new(),
            undo_change: ServerAction::new(),
            enter: ServerAction::new(),
            receive: ServerAction::new(),
            save_wine: ServerAction::new(),
            save_vintage: ServerAction::new(),
            open: ServerAction::new(),
            save_note: ServerAction::new(),
            remove_note: ServerAction::new(),
            wish: ServerAction::new(),
            close_wish: ServerAction::new(),
            toast: RwSignal::new(None),
            saved: RwSignal::new(0),
        };
        report(acts.take, acts, live);
        report(acts.put, acts, live);
        report(acts.undo, acts, live);
        report(acts.answer, acts, live);
        report(acts.scan, acts, live);
        report(acts.wish, acts, live);
        report(acts.close_wish, acts, live);
        report(acts.undo_change, acts, live);
        report(acts.enter, acts, live);
        report(acts.receive, acts, live);
        report(acts.save_wine, acts, live);
        report(acts.save_vintage, acts, live);
        report(acts.open, acts, live);
        report(acts.save_note, acts, live);
        report(acts.remove_note, acts, live);
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
fn report<S>(action: ServerAction<S>, acts: Acts, live: Live)
where
    S: ServerFn<Output = Done, Error = AppError> + Clone + Send + Sync + 'static,
{
    let value = action.value();
    Effect::new(move |_| {
        if let Some(result) = value.get() {
            if result.is_ok() {
                acts.saved.update(|n| *n = n.wrapping_add(1));
            }
            acts.toast.set(Some(Toast::of(result)));
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
