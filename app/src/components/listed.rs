//! Wines of the catalogue, each a tap that fills the form of a new wine.

use leptos::prelude::*;
use models::listed::CatalogueMatch;

use super::icon::icon;
use crate::{
    format,
    forms::{query, wine::WineForm},
    texts,
};

/// A line for each wine. `said` is what is known besides, by the names of the form's fields: what a wine says itself goes before.
pub fn listed(found: Vec<CatalogueMatch>, said: &[(&'static str, &str)]) -> AnyView {
    let rows: Vec<_> = found.into_iter().map(|found| row(&found, said)).collect();
    view! { <ul class="history" id="from-catalogue">{rows}</ul> }.into_any()
}

fn row(found: &CatalogueMatch, said: &[(&'static str, &str)]) -> AnyView {
    let wine = &found.wine;
    let form = WineForm::of(wine);
    let own = form.fields().into_iter().filter(|(_, value)| !value.is_empty());
    let mut parts: Vec<(&'static str, &str)> = own.collect();
    let besides = said.iter().filter(|(name, _)| parts.iter().all(|(there, _)| there != name)).copied();
    let besides: Vec<_> = besides.collect();
    parts.extend(besides);
    let href = format!("/wines/new{}", query(texts::from_catalogue_look(), &parts));
    let title = format!("{} {}", wine.producer, wine.name);
    let place = [wine.region.as_str(), wine.country.as_str(), format::colour_word(wine.colour.as_str())];
    let place = place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    view! {
        <li>
            <strong>{title}</strong>" "<small>{place}" \u{b7} "{found.list.clone()}</small>" "
            <a class="button" href=href>{icon("plus")}{texts::fill_in_from_catalogue()}</a>
        </li>
    }
    .into_any()
}
