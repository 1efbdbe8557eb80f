//! One holding as a row: glyph, title, how many, where, and whether to drink it.

use leptos::prelude::*;
use models::catalogue::Holding;

use crate::{
    components::icon::{glyph, icon},
    format, forms, texts,
};

/// How many bins a row names; more are told as a number.
const NAMED: usize = 3;

/// A row that leads to the wine and the bins.
pub fn holding_row(holding: Holding) -> AnyView {
    let small = match holding.volume_ml {
        750 => format!("{} \u{b7} {}", format::vintage(holding.year), holding.origin()),
        _ => format!("{} \u{b7} {} \u{b7} {}", format::vintage(holding.year), holding.format, holding.origin()),
    };
    let placed: Vec<_> = holding.places.iter().filter_map(|place| Some((place.bin.clone()?, place.bottles))).collect();
    let others = placed.len().saturating_sub(NAMED);
    let all = placed.iter().map(|(bin, _)| bin.as_str()).collect::<Vec<_>>().join(" ");
    let seek = (!placed.is_empty()).then(|| {
        let href = format!("/rack{}", forms::address(&[("view", "photo"), ("find", &all)]));
        view! { <a class="button" rel="external" href=href aria-label=texts::show_in_rack()>{icon("rack")}</a> }
    });
    let bins: Vec<_> = placed
        .into_iter()
        .take(NAMED)
        .map(|(bin, bottles)| {
            let count = (bottles > 1).then(|| view! { <small>"\u{d7}"{bottles}</small> });
            view! { <a class="bin-tag" href=format!("/bins/{bin}")>{icon("bin")}{bin.to_string()}{count}</a> }
        })
        .collect();
    let others = (others > 0).then(|| view! { <small>{texts::more_bins(&others)}</small> });
    let wine = format!("/wines/{}", holding.wine_id);
    let count = texts::bottles(holding.bottles.into());
    view! {
        <li class="bottle">
            {glyph(holding.colour, holding.style)}
            <div class="bottle-words">
                <strong><a href=wine>{holding.producer}" "{holding.name}</a></strong>
                <small>{small}</small>
            </div>
            <span>{count}</span>
            <span class=format::drink_class(holding.drink_state)>{format::drink_words(holding.drink_state)}</span>
            {bins}{others}{seek}
        </li>
    }
    .into_any()
}
