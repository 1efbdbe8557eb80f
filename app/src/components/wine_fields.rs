//! The fields of a wine, of a vintage and of a case, as several forms of the desk have them.

use leptos::prelude::*;
use models::{
    bin::BinSummary,
    wine::{Colour, Effervescence, Style, Sweetness},
};

use super::field::{choice, day, hidden, number, text};
use crate::{
    format,
    forms::{case::CaseForm, seen::SeenForm, vintage::VintageForm, wine::WineForm},
    texts,
};

/// A choice: the domain's word, and a person's.
fn shown(word: &str, words: &str) -> (String, String) {
    (word.to_owned(), words.to_owned())
}

/// What the label says: the few fields that every wine has, and the rest folded away.
pub fn wine_fields(form: WineForm) -> AnyView {
    let colours = Colour::ALL.iter().map(|word| shown(word.as_str(), format::colour_word(word.as_str()))).collect();
    let styles = Style::ALL.iter().map(|word| shown(word.as_str(), format::style_word(*word))).collect();
    let mut sweet = vec![(String::new(), texts::not_said().to_owned())];
    let mut bubbles = vec![(String::new(), texts::not_said().to_owned())];
    bubbles.extend(Effervescence::ALL.iter().map(|word| shown(word.as_str(), format::effervescence_word(*word))));
    sweet.extend(Sweetness::ALL.iter().map(|word| shown(word.as_str(), format::sweetness_word(*word))));
    view! {
        <div class="fields">
            {text("wine[producer]", texts::producer(), form.producer, "Domaine Tempier")}
            {text("wine[name]", texts::wine_label(), form.name, "Bandol Rouge")}
            {choice("wine[colour]", texts::colour(), &form.colour, colours)}
            {choice("wine[style]", texts::style(), &form.style, styles)}
            {text("wine[country]", texts::country(), form.country, texts::country_hint())}
            {text("wine[region]", texts::region(), form.region, "Provence")}
            {text("wine[appellation]", texts::appellation(), form.appellation, "Bandol")}
            {text("wine[grapes]", texts::grapes(), form.grapes, "Mourv\u{e8}dre 80, Grenache 20")}
            {text("wine[tags]", texts::tags(), form.tags, texts::tags_hint())}
            {number("wine[abv]", texts::alcohol_percent(), form.abv, "13.5")}
        </div>
        <details class="fold fold-free">
            <summary>{texts::more_from_label()}</summary>
            <div class="fields">
                {text("wine[subregion]", texts::subregion(), form.subregion, "")}
                {text("wine[designation]", texts::designation(), form.designation, "R\u{e9}serve")}
                {text("wine[vineyard]", texts::vineyard(), form.vineyard, "")}
                {text("wine[classification]", texts::classification(), form.classification, "Grand Cru")}
                {choice("wine[effervescence]", texts::effervescence(), &form.effervescence, bubbles)}
                {choice("wine[sweetness]", texts::sweetness(), &form.sweetness, sweet)}
            </div>
        </details>
    }
    .into_any()
}

/// Year and own window; with `value` also what a bottle is worth.
pub fn vintage_fields(form: VintageForm, value: bool) -> AnyView {
    let worth = value.then(|| {
        view! {
            {number("vintage[value]", texts::worth_a_bottle(), form.value, "24.50")}
            {text("vintage[currency]", texts::currency(), form.currency, "EUR")}
        }
    });
    view! {
        <div class="fields">
            {number("vintage[year]", texts::vintage_or_nv(), form.year, "2019")}
            {number("vintage[drink_from]", texts::drink_from(), form.drink_from, "")}
            {number("vintage[peak_from]", texts::best_from(), form.peak_from, "")}
            {number("vintage[peak_to]", texts::best_until(), form.peak_to, "")}
            {number("vintage[drink_to]", texts::drink_until(), form.drink_to, "")}
            {worth}
        </div>
    }
    .into_any()
}

/// How many bottles come in, where to, at what price.
pub fn case_fields(form: CaseForm, free: &[BinSummary]) -> AnyView {
    let mut bins = vec![(String::new(), texts::put_away_later().to_owned())];
    bins.extend(
        free.iter().map(|bin| (bin.st_bin.to_string(), texts::range_in_bin(&bin.st_bin, &(bin.capacity - bin.qty)))),
    );
    view! {
        <div class="fields">
            {number("case[bottles]", texts::bottles_title(), form.bottles, "12")}
            {choice("case[bin]", texts::into(), &form.bin, bins)}
            {number("case[price]", texts::price_of_one(), form.price, "24.50")}
            {text("case[currency]", texts::currency(), form.currency, "EUR")}
            {text("case[shop]", texts::bought_at(), form.shop, "")}
            {day("case[purchased_on]", texts::bought_on(), form.purchased_on)}
            {text("case[provenance]", texts::provenance(), form.provenance, "")}
            {text("case[size]", texts::size(), form.size, "75 cl, Magnum")}
        </div>
    }
    .into_any()
}

/// What a reading left: the photo goes along unseen, the barcode may be typed.
pub fn seen_fields(form: SeenForm) -> AnyView {
    let said = (!form.photo.is_empty()).then(|| view! { <p class="quiet">{texts::photo_will_be_kept()}</p> });
    view! {
        {said}
        {hidden("seen[photo]", form.photo)}
        <div class="fields">{number("seen[code]", texts::barcode(), form.code, "3760123456784")}</div>
    }
    .into_any()
}
