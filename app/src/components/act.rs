//! A form that does one act. Without JavaScript the browser posts it and is led on; with it one place sends what was
//! typed, as it is, and tells what came of it. Leptos' own `ActionForm` would read every act's fields into its type
//! first, in code that each browser loads for each act.

use leptos::{ev::SubmitEvent, prelude::*};
use server_fn::ServerFn;

use crate::{browser, state::acts::Acts};

/// Where a server function is.
pub fn to<S: ServerFn>() -> &'static str {
    S::url()
}

/// The form of the act at `to`.
#[component]
pub fn Act(acts: Acts, to: &'static str, #[prop(optional)] class: &'static str, children: Children) -> impl IntoView {
    form(acts, to, class, children().into_any())
}

fn form(acts: Acts, to: &'static str, class: &'static str, inside: AnyView) -> AnyView {
    let send = move |event: SubmitEvent| {
        if let Some(typed) = browser::post::typed(&event) {
            event.prevent_default();
            acts.send(to, typed, event.target());
        }
    };
    view! { <form method="post" action=to class=class on:submit=send>{inside}</form> }.into_any()
}
