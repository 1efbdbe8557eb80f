//! Fields of forms: a label above, an input that is large enough for a finger.

use leptos::prelude::*;

/// One line of text.
pub fn text(name: &'static str, label: &'static str, value: String, hint: &'static str) -> AnyView {
    input("text", "text", name, label, value, hint)
}

/// A number, typed as text so that what is no number comes back as it was typed.
pub fn number(name: &'static str, label: &'static str, value: String, hint: &'static str) -> AnyView {
    input("text", "decimal", name, label, value, hint)
}

/// A day of the calendar.
pub fn day(name: &'static str, label: &'static str, value: String) -> AnyView {
    input("date", "text", name, label, value, "")
}

fn input(
    kind: &'static str,
    mode: &'static str,
    name: &'static str,
    label: &'static str,
    value: String,
    hint: &'static str,
) -> AnyView {
    view! {
        <label class="field">
            <span>{label}</span>
            <input type=kind inputmode=mode name=name value=value placeholder=hint autocomplete="off"/>
        </label>
    }
    .into_any()
}

/// Several lines of text.
pub fn lines(name: &'static str, label: &'static str, value: String) -> AnyView {
    view! { <label class="field field-wide"><span>{label}</span><textarea name=name rows="3">{value}</textarea></label> }
        .into_any()
}

/// One of some words: value and what is shown.
pub fn choice(name: &'static str, label: &'static str, value: &str, options: Vec<(String, String)>) -> AnyView {
    let options: Vec<_> = options
        .into_iter()
        .map(|(word, shown)| {
            let selected = word == value;
            view! { <option value=word selected=selected>{shown}</option> }
        })
        .collect();
    view! { <label class="field"><span>{label}</span><select name=name>{options}</select></label> }.into_any()
}

/// What a page must send along.
pub fn hidden(name: &'static str, value: impl Into<String>) -> AnyView {
    let value: String = value.into();
    view! { <input type="hidden" name=name value=value/> }.into_any()
}
