//! The fields of a wine, of a vintage, of a case and of a note, as several forms have them.

use leptos::prelude::*;
use models::{
    bin::BinSummary,
    wine::{Colour, Effervescence, Style, Sweetness},
};

use super::field::{choice, day, lines, number, text};
use crate::forms::{case::CaseForm, note::NoteForm, vintage::VintageForm, wine::WineForm};

/// A word as it is shown: `off_dry` is `off dry`.
fn shown(word: &str) -> (String, String) {
    let words = if word == "rose" { "ros\u{e9}".to_owned() } else { word.replace('_', " ") };
    (word.to_owned(), words)
}

/// What the label says: the few fields that every wine has, and the rest folded away.
pub fn wine_fields(form: WineForm) -> AnyView {
    let colours = Colour::ALL.iter().map(|word| shown(word.as_str())).collect();
    let styles = Style::ALL.iter().map(|word| shown(word.as_str())).collect();
    let mut sweet = vec![(String::new(), "not said".to_owned())];
    let mut bubbles = vec![(String::new(), "not said".to_owned())];
    bubbles.extend(Effervescence::ALL.iter().map(|word| shown(word.as_str())));
    sweet.extend(Sweetness::ALL.iter().map(|word| shown(word.as_str())));
    view! {
        <div class="fields">
            {text("wine[producer]", "Producer", form.producer, "Domaine Tempier")}
            {text("wine[name]", "Wine", form.name, "Bandol Rouge")}
            {choice("wine[colour]", "Colour", &form.colour, colours)}
            {choice("wine[style]", "Style", &form.style, styles)}
            {text("wine[country]", "Country", form.country, "France")}
            {text("wine[region]", "Region", form.region, "Provence")}
            {text("wine[appellation]", "Appellation", form.appellation, "Bandol")}
            {text("wine[grapes]", "Grapes", form.grapes, "Mourv\u{e8}dre 80, Grenache 20")}
            {text("wine[tags]", "Tags", form.tags, "everyday, from Anna")}
            {number("wine[abv]", "Alcohol, % vol", form.abv, "13.5")}
        </div>
        <details class="fold fold-free">
            <summary>"More from the label"</summary>
            <div class="fields">
                {text("wine[subregion]", "Subregion", form.subregion, "")}
                {text("wine[designation]", "Designation", form.designation, "R\u{e9}serve")}
                {text("wine[vineyard]", "Vineyard", form.vineyard, "")}
                {text("wine[classification]", "Classification", form.classification, "Grand Cru")}
                {choice("wine[effervescence]", "Effervescence", &form.effervescence, bubbles)}
                {choice("wine[sweetness]", "Sweetness", &form.sweetness, sweet)}
            </div>
        </details>
    }
    .into_any()
}

/// Year and own window; with `value` also what a bottle is worth.
pub fn vintage_fields(form: VintageForm, value: bool) -> AnyView {
    let worth = value.then(|| {
        view! {
            {number("vintage[value]", "Worth a bottle", form.value, "24.50")}
            {text("vintage[currency]", "Currency", form.currency, "EUR")}
        }
    });
    view! {
        <div class="fields">
            {number("vintage[year]", "Vintage (empty: NV)", form.year, "2019")}
            {number("vintage[drink_from]", "Drink from", form.drink_from, "")}
            {number("vintage[peak_from]", "Best from", form.peak_from, "")}
            {number("vintage[peak_to]", "Best until", form.peak_to, "")}
            {number("vintage[drink_to]", "Drink until", form.drink_to, "")}
            {worth}
        </div>
    }
    .into_any()
}

/// How many bottles come in, where to, at what price.
pub fn case_fields(form: CaseForm, free: &[BinSummary]) -> AnyView {
    let mut bins = vec![(String::new(), "put away later".to_owned())];
    bins.extend(free.iter().map(|bin| {
        (bin.st_bin.to_string(), format!("from {} on \u{2013} room for {}", bin.st_bin, bin.capacity - bin.qty))
    }));
    view! {
        <div class="fields">
            {number("case[bottles]", "Bottles", form.bottles, "12")}
            {choice("case[bin]", "Into", &form.bin, bins)}
            {number("case[price]", "Price of one", form.price, "24.50")}
            {text("case[currency]", "Currency", form.currency, "EUR")}
            {text("case[shop]", "Bought at", form.shop, "")}
            {day("case[purchased_on]", "Bought on", form.purchased_on)}
            {text("case[provenance]", "Provenance", form.provenance, "")}
            {text("case[size]", "Size", form.size, "75 cl, Magnum")}
        </div>
    }
    .into_any()
}

/// Day, points and words of a tasting.
pub fn note_fields(form: NoteForm) -> AnyView {
    let scales = ["5", "20", "100"].map(|scale| (scale.to_owned(), format!("of {scale}"))).to_vec();
    view! {
        <div class="fields">
            {day("form[tasted_on]", "Tasted on", form.tasted_on)}
            {number("form[points]", "Points", form.points, "")}
            {choice("form[scale]", "Scale", &form.scale, scales)}
            {lines("form[body]", "Note", form.body)}
        </div>
    }
    .into_any()
}
