//! A wine that something may be, with the field for its year and the button that says so.

use leptos::prelude::*;
use models::{ids::WineId, wine::Wine};

use super::icon::glyph;
use crate::texts;

/// One of a list. `form` puts the field and the button into the form of the act, which names the wine.
pub fn which_wine(wine: Wine, form: impl FnOnce(WineId, AnyView) -> AnyView) -> AnyView {
    let facts = wine.facts;
    let origin = if facts.region.is_empty() { facts.country } else { facts.region };
    let label = texts::vintage_of(&format!("{} {}", facts.producer, facts.name));
    let fields = view! {
        <div class="buttons">
            <input class="entry" name="year" inputmode="numeric" size="4" placeholder=texts::nv() aria-label=label autocomplete="off"/>
            <button class="button" type="submit">{texts::this_one()}</button>
        </div>
    };
    view! {
        <li class="bottle">
            {glyph(facts.colour, facts.style)}
            <div class="bottle-words"><strong>{facts.producer}" "{facts.name}</strong><small>{origin}</small></div>
            {form(wine.id, fields.into_any())}
        </li>
    }
    .into_any()
}
