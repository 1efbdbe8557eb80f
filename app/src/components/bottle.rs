//! One bottle as a row: glyph, title, where it comes from, whether to drink it, and what can be done with it.

use leptos::prelude::*;
use models::{bin::BinSummary, bottle::BottleView, movement::IssueReason};

use crate::{
    api::movements::{PutBottle, TakeBottle},
    components::{
        act::{Act, to},
        icon::{glyph, icon},
    },
    format,
    state::acts::Acts,
    texts,
};

/// Whether a row says in which bin its bottle lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The page says it already.
    Hidden,
    /// As a link to the bin.
    Shown,
}

/// A row with `acts` at its end.
pub fn bottle_row(view: BottleView, place: Place, acts: AnyView) -> AnyView {
    let bin = view.bottle.bin.clone().filter(|_| place == Place::Shown);
    view! {
        <li class="bottle">
            {glyph(view.colour, view.style)}
            <div class="bottle-words">
                <a href=format!("/wines/{}", view.wine_id)><strong>{view.producer.clone()}" "{view.name.clone()}</strong></a>
                <small>{format::vintage(view.year)}" \u{b7} "{view.origin.clone()}</small>
            </div>
            <span class=format::drink_class(view.drink_state)>{format::drink_words(view.drink_state)}</span>
            {bin.map(|bin| view! { <a class="bin-tag" href=format!("/bins/{bin}")>{icon("bin")}{bin.to_string()}</a> })}
            <div class="acts">{acts}</div>
        </li>
    }
    .into_any()
}

/// One tap each: the bottle was drunk, given away, or is taken out to lie elsewhere.
pub fn take_buttons(acts: Acts, view: &BottleView) -> AnyView {
    let title = view.title();
    let id = view.bottle.id.to_string();
    let same_id = id.clone();
    let seen = view.bottle.revision;
    let button = |reason: &'static str, symbol: &'static str, words: &'static str| {
        let label = texts::act_on(&words, &title);
        view! { <button class="button" type="submit" name="reason" value=reason aria-label=label>{icon(symbol)}{words}</button> }
    };
    let reasons = [
        button(IssueReason::Drunk.as_str(), "glass", texts::drunk_title()),
        button(IssueReason::Gift.as_str(), "gift", texts::gift()),
    ];
    let move_label = texts::move_out(&title);
    view! {
        <Act acts to={to::<TakeBottle>()}>
            <input type="hidden" name="bottle" value=same_id/>
            <input type="hidden" name="revision" value=seen/>
            <div class="buttons">{reasons}</div>
        </Act>
        <Act acts to={to::<TakeBottle>()}>
            <input type="hidden" name="bottle" value=id/>
            <input type="hidden" name="revision" value=seen/>
            <button class="button" type="submit" aria-label=move_label>{icon("move")}{texts::move_word()}</button>
        </Act>
    }
    .into_any()
}

/// Lays a bottle into one of the bins that have room.
pub fn put_form(acts: Acts, view: &BottleView, free: &[BinSummary]) -> AnyView {
    let options: Vec<_> = free
        .iter()
        .map(|b| view! { <option value=b.st_bin.to_string()>{texts::room_for(&b.st_bin, &(b.capacity - b.qty))}</option> })
        .collect();
    let (id, label, seen) = (view.bottle.id.to_string(), texts::bin_for(&view.title()), view.bottle.revision);
    view! {
        <Act acts to={to::<PutBottle>()}>
            <input type="hidden" name="bottle" value=id/>
            <input type="hidden" name="revision" value=seen/>
            <div class="buttons">
                <select name="bin" aria-label=label>{options}</select>
                <button class="button button-main" type="submit">{icon("put")}{texts::put()}</button>
            </div>
        </Act>
    }
    .into_any()
}
