//! What came of the last act, with the way back.

use leptos::prelude::*;

use crate::{
    api::{
        history::UndoChange,
        movements::{Undo, UndoMovement},
        proposals::{Answer, AnswerProposal},
    },
    components::{
        act::{Act, to},
        icon::icon,
    },
    state::acts::{Acts, Toast},
    texts,
};

/// The toast's place: always there, so that a screen reader follows it.
pub fn toast(acts: Acts) -> AnyView {
    view! { <div class="toasts" role="status" aria-live="polite">{move || acts.toast.get().map(|t| card(acts, t))}</div> }
        .into_any()
}

fn card(acts: Acts, toast: Toast) -> AnyView {
    let class = if toast.failed { "toast toast-failed" } else { "toast" };
    let close = move |_| acts.toast.set(None);
    view! {
        <div class=class>
            {icon(if toast.failed { "alert" } else { "check" })}
            <p>{toast.text}</p>
            {toast.undo.map(|id| undo(acts, id, texts::undo().to_owned()))}
            <button type="button" class="button button-quiet" aria-label=texts::close() on:click=close>{icon("close")}</button>
        </div>
    }
    .into_any()
}

/// A button that takes a movement, an edit or a rejection back.
pub fn undo(acts: Acts, what: Undo, label: String) -> AnyView {
    match what {
        Undo::Movement(id) => view! {
            <Act acts to={to::<UndoMovement>()}>
                <input type="hidden" name="movement" value=id.0/>
                <button class="button" type="submit">{icon("undo")}{label}</button>
            </Act>
        }
        .into_any(),
        Undo::Change(id) => view! {
            <Act acts to={to::<UndoChange>()}>
                <input type="hidden" name="change" value=id.0/>
                <button class="button" type="submit">{icon("undo")}{label}</button>
            </Act>
        }
        .into_any(),
        Undo::Rejection(id) => view! {
            <Act acts to={to::<AnswerProposal>()}>
                <input type="hidden" name="proposal" value=id.0/>
                <input type="hidden" name="answer" value=Answer::Reopen.as_str()/>
                <button class="button" type="submit">{icon("undo")}{label}</button>
            </Act>
        }
        .into_any(),
    }
}

/// A sentence above the page.
pub fn notice(text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    view! { <p class="notice" role="alert">{icon("alert")}{text}</p> }.into_any()
}
