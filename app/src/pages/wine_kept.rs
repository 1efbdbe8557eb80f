//! What the page of a wine shows beside what the app draws: photos of its label, its barcodes, the way to printed labels.
//! Drawn by the server and put into the page as it is, with plain forms.

use leptos::prelude::*;
use models::{db::barcodes::KnownBarcode, ids::VintageId, user::Permission};

use crate::{
    api::wines::WinePage,
    components::{field::hidden, icon::icon},
    ctx::Visitor,
    format,
    forms::address,
    texts,
};

/// The part as HTML. `stamp` tells when a vintage's photo was kept.
pub fn html(
    page: &WinePage,
    codes: &[KnownBarcode],
    visitor: &Visitor,
    stamp: impl Fn(&VintageId) -> Option<u64>,
) -> String {
    let may = visitor.may(Permission::Edit);
    let photos: Vec<_> = page
        .vintages
        .iter()
        .filter_map(|part| Some((&part.vintage, stamp(&part.vintage.id)?)))
        .map(|(vintage, stamp)| photo(&vintage.id, vintage.year, stamp, may))
        .collect();
    let photos = (!photos.is_empty()).then(|| view! { <h2>{texts::photos_of_label()}</h2>{photos} });
    let codes: Vec<_> = codes.iter().map(|known| barcode(known, may)).collect();
    let codes = (!codes.is_empty()).then(|| view! { <h2>{texts::barcodes()}</h2><ul class="history">{codes}</ul> });
    let facts = &page.wine.facts;
    let print = format!("/labels/print{}", address(&[("q", &format!("{} {}", facts.producer, facts.name))]));
    view! {
        <div>
            {photos}
            {codes}
            <p class="more"><a class="button" rel="external" href=print>{icon("bottles")}{texts::print_labels()}</a></p>
        </div>
    }
    .to_html()
}

fn photo(vintage: &VintageId, year: Option<i32>, stamp: u64, may: bool) -> AnyView {
    let year = format::vintage(year);
    let address = format!("/media/labels/{vintage}.jpg?{stamp}");
    let remove = may.then(|| {
        view! {
            <details class="fold fold-free">
                <summary>{icon("close")}{texts::remove_photo()}</summary>
                <form method="POST" action="/label/photo/remove">
                    {hidden("vintage", vintage.0.clone())}
                    <button class="button" type="submit">{texts::remove_for_good()}</button>
                </form>
            </details>
        }
    });
    view! {
        <figure class="label-photo">
            <img src=address alt=texts::label_of_year(&year) loading="lazy"/>
            <figcaption>{year}</figcaption>
            {remove}
        </figure>
    }
    .into_any()
}

fn barcode(known: &KnownBarcode, may: bool) -> AnyView {
    let words = format!("{} \u{b7} {} ml", format::vintage(known.year), known.volume_ml);
    let forget = may.then(|| {
        let label = texts::forget_barcode(&known.code);
        view! {
            <form method="POST" action="/code/forget">
                {hidden("code", known.code.clone())}
                {hidden("vintage", known.vintage_id.0.clone())}
                <button class="button button-quiet" type="submit" aria-label=label>{icon("close")}{texts::forget()}</button>
            </form>
        }
    });
    view! { <li><strong>{known.code.clone()}</strong>" "<small>{words}</small>{forget}</li> }.into_any()
}
