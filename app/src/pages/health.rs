//! `/health`: how the box is, line by line, with what to do where something is wrong. A page of the desk.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::load::load,
    ctx::{AppCtx, Fact, FactState},
    error::AppError,
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let data = Resource::new(|| (), |()| look());
    view! {
        <Title text=texts::health()/>
        <header class="head"><h1>{texts::health()}</h1></header>
        {load(data, show)}
    }
    .into_any()
}

async fn look() -> Result<Vec<Fact>, AppError> {
    Ok((AppCtx::get()?.health)().await)
}

fn show(facts: Vec<Fact>) -> AnyView {
    let wanting = facts.iter().filter(|fact| fact.state != FactState::Ok).count();
    let summary = match wanting {
        0 => texts::all_is_well().to_owned(),
        n => texts::things_want_a_look(i64::try_from(n).unwrap_or(i64::MAX)),
    };
    let tone = if wanting == 0 { "quiet" } else { "notice" };
    let (wrong, well): (Vec<_>, Vec<_>) = facts.into_iter().partition(|fact| fact.state != FactState::Ok);
    let lines: Vec<_> = wrong.into_iter().chain(well).map(line).collect();
    view! {
        <p class=tone>{summary}</p>
        <table class="table">
            <thead><tr><th>{texts::what_column()}</th><th>{texts::state()}</th><th>{texts::found_column()}</th></tr></thead>
            <tbody>{lines}</tbody>
        </table>
        <p class="quiet"><a rel="external" href="/metrics">"/metrics"</a>" (Prometheus) \u{b7} "<code>"sudo cellar doctor"</code></p>
    }
    .into_any()
}

fn line(fact: Fact) -> AnyView {
    // Never by hue alone: the state is a word.
    let state = match fact.state {
        FactState::Ok => texts::well(),
        FactState::Warn => texts::look_word(),
        FactState::Fail => texts::broken_word(),
    };
    let cure = fact.cure.map(|cure| view! { <br/>"\u{2192} "<code>{texts::in_our_words(&cure)}</code> });
    let (name, found) = (texts::in_our_words(&fact.name), texts::in_our_words(&fact.found));
    view! { <tr><th scope="row">{name}</th><td>{state}</td><td>{found}{cure}</td></tr> }.into_any()
}
