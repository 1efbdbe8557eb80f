//! What came of the last act, with the way back.

use leptos::{form::ActionForm, prelude::*};
use models::ids::MovementId;

use crate::{
    components::icon::icon,
    state::acts::{Acts, Toast},
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
            {toast.undo.map(|id| undo(acts, id, "Undo"))}
            <button type="button" class="button button-quiet" aria-label="Close" on:click=close>{icon("close")}</button>
        </div>
    }
    .into_any()
}

/// A button that takes a movement back.
pub fn undo(acts: Acts, id: MovementId, label: &'static str) -> AnyView {
    view! {
        <ActionForm action=acts.undo>
            <input type="hidden" name="movement" value=id.0/>
            <button class="button" type="submit">{icon("undo")}{label}</button>
        </ActionForm>
    }
    .into_any()
}

/// A sentence above the page.
pub fn notice(text: &'static str) -> AnyView {
    view! { <p class="notice" role="alert">{icon("alert")}{text}</p> }.into_any()
}
