//! `/label`: photos of a bottle's label become a wine. Without JavaScript the form is sent by its button.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::labels::{LabelPage, LabelReader, ReadField, ReadLabel, ReadMatch, get_label},
    components::{icon::icon, listed::listed, load::load, toast::notice},
    format,
    forms::{address, query, seen::SeenForm, year_words},
    texts,
};

const SEND: &str = include_str!("label.js");

/// The page.
pub fn page() -> AnyView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.read().get("read").unwrap_or_default());
    let data = Resource::new(move || asked.get(), get_label);
    view! {
        <Title text=texts::read_label()/>
        <header class="head">
            <a class="button button-quiet" href="/bottles" aria-label=texts::back_to_bottles()>{icon("back")}</a>
            <h1>{texts::read_label()}</h1>
        </header>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: LabelPage) -> AnyView {
    let refused = use_query_map().read_untracked().get("why").map(notice);
    let read = page.read.map(|label| found(label));
    view! {
        {refused}
        {read}
        {take(page.reader)}
    }
    .into_any()
}

/// The phone's own camera takes the pictures; a screen without one chooses files. Where the photo goes is said before it is taken:
/// it is sent as soon as it is.
fn take(reader: LabelReader) -> AnyView {
    let goes = match reader {
        LabelReader::Local => view! { <p class="quiet">{texts::photo_stays()}</p> }.into_any(),
        LabelReader::Google => {
            view! { <p class="notice" id="photo-leaves">{icon("alert")}{texts::photo_leaves()}</p> }.into_any()
        }
        LabelReader::None => {
            return view! {
                <section>
                    <p class="notice">{icon("look")}{texts::labels_not_read()}</p>
                    <p class="buttons">
                        <a class="button button-main" href="/wines/new">{icon("plus")}{texts::enter_as_new_wine()}</a>
                    </p>
                    {others()}
                </section>
            }
            .into_any();
        }
    };
    let shot = |label: &'static str| {
        view! {
            <label class="field">
                <span>{label}</span>
                <input class="entry" type="file" name="shot" accept="image/jpeg,image/png,image/webp" capture="environment"/>
            </label>
        }
    };
    // A barcode that was scanned before and is to be learned with the bottle.
    let code = use_query_map().read_untracked().get("code").unwrap_or_default();
    let action = format!("/label/upload{}", address(&[("code", &code)]));
    view! {
        <section>
            <h2>{texts::photo_of_label()}</h2>
            <p class="quiet">{texts::photo_of_label_how()}</p>
            {goes}
            <form class="form" id="label-form" method="POST" action=action enctype="multipart/form-data">
                <div class="fields">{shot(texts::front_label())}{shot(texts::back_label())}</div>
                <button class="button button-main" type="submit">{icon("look")}{texts::read_label()}</button>
            </form>
            {others()}
        </section>
        <script nonce=use_nonce()>{SEND}</script>
    }
    .into_any()
}

/// What there is beside the letters of a label.
fn others() -> AnyView {
    view! {
        <p class="buttons">
            <a class="button" href="/scan-code">{icon("camera")}{texts::scan_a_code()}</a>
            <a class="button" href="/codes">{icon("search")}{texts::type_a_code()}</a>
            <a class="button" href="/labels/print">{icon("bottles")}{texts::print_labels()}</a>
        </p>
    }
    .into_any()
}

/// Best matches first, each with its bottle ready to be put away; then the label as a new wine.
fn found(label: ReadLabel) -> AnyView {
    let ReadLabel { matches, catalogue, fields, photo, barcode, by_google, instead } = label;
    let code = barcode.as_ref().map(|code| view! { <p class="quiet">{texts::barcode_read(code)}</p> });
    let seen = SeenForm { photo, code: barcode.unwrap_or_default() };
    let by = match (&instead, by_google) {
        (Some(why), _) => texts::read_here_instead(why),
        (None, true) => texts::read_by_google().to_owned(),
        (None, false) => texts::read_here().to_owned(),
    };
    let none = matches.is_empty().then(|| view! { <p class="quiet">{texts::no_wine_like_it()}</p> });
    let rows: Vec<_> = matches.into_iter().map(|known| row(known, &fields, &seen)).collect();
    let said: Vec<_> = fields.iter().map(|field| line(field, &fields, &seen)).collect();
    let new = new_wine(&fields, None, &seen);
    let catalogue = (!catalogue.is_empty()).then(|| {
        let parts = new_parts(&fields, None);
        let parts: Vec<_> = with_seen(&parts, &seen);
        view! {
            <section>
                <h2>{texts::from_the_catalogue()}</h2>
                <p class="quiet">{texts::from_the_catalogue_how()}</p>
                {listed(catalogue, &parts)}
            </section>
        }
    });
    let nothing = fields.is_empty().then(|| view! { <p class="notice">{icon("look")}{texts::nothing_read()}</p> });
    view! {
        <section>
            <h2>{texts::one_of_your_wines()}</h2>
            {code}
            {none}
            <ul class="history">{rows}</ul>
        </section>
        {catalogue}
        <section>
            <h2>{texts::label_says()}</h2>
            <p class="quiet" id="label-read-by">{by}</p>
            {nothing}
            <ul class="history">{said}</ul>
            <p class="buttons">
                <a class="button button-main" href=new>{icon("plus")}{texts::enter_as_new_wine()}</a>
            </p>
        </section>
    }
    .into_any()
}

fn row(known: ReadMatch, fields: &[ReadField], seen: &SeenForm) -> AnyView {
    // What stands on this label is stronger than what the barcode meant before.
    let read = of(fields, "vintage");
    let year = match read {
        Some("NV") => String::new(),
        Some(year) => year.to_owned(),
        None => year_words(known.year),
    };
    let size = of(fields, "volume_ml").map(str::to_owned).or(known.volume_ml.map(|ml| ml.to_string()));
    let size = size.map(|ml| shown("volume_ml", &ml)).unwrap_or_default();
    let parts = [("year", year.as_str()), ("bottles", "1"), ("size", size.as_str())];
    let href = format!(
        "/wines/{}/receive{}",
        known.wine_id,
        query(texts::check_label(), &[&parts[..], &seen.fields()].concat())
    );
    let words = format!("{} {}", known.producer, known.name);
    let why = if known.reason == "barcode" { texts::by_its_barcode().to_owned() } else { percent(known.likeness) };
    view! {
        <li>
            <strong>{words}</strong>" "{year.clone()}" "<small>{why}</small>" "
            <a class="button" href=href>{icon("in")}{texts::receive()}</a>
        </li>
    }
    .into_any()
}

/// A field, and for each alternative a link that enters the wine with it.
fn line(field: &ReadField, fields: &[ReadField], seen: &SeenForm) -> AnyView {
    let others: Vec<_> = field
        .alternatives
        .iter()
        .map(|other| {
            let href = new_wine(fields, Some((&field.name, other)), seen);
            view! { " "<a class="button button-quiet" href=href>{shown(&field.name, other)}</a> }
        })
        .collect();
    let value = shown(&field.name, &field.value);
    view! {
        <li>{name_of(&field.name)}": "<strong>{value}</strong>" "<small>{percent(field.confidence)}</small>{others}</li>
    }
    .into_any()
}

/// What a field says, as a person writes it.
fn shown(field: &str, value: &str) -> String {
    match field {
        "colour" => format::colour_word(value).to_owned(),
        "volume_ml" => format!("{value} ml"),
        "abv" => format!("{value} % vol"),
        _ => value.to_owned(),
    }
}

fn percent(part: f32) -> String {
    format!("{} %", format::percent_of(part.into()))
}

fn name_of(field: &str) -> &'static str {
    match field {
        "producer" => texts::producer(),
        "name" => texts::wine_label(),
        "vintage" => texts::vintage_or_nv(),
        "appellation" => texts::appellation(),
        "region" => texts::region(),
        "country" => texts::country(),
        "grape" => texts::grapes(),
        "colour" => texts::colour(),
        "abv" => texts::alcohol_percent(),
        "volume_ml" => texts::size(),
        _ => texts::designation(),
    }
}

fn of<'a>(fields: &'a [ReadField], name: &str) -> Option<&'a str> {
    fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
}

/// The form of a new wine with what was read, and one field chosen otherwise.
fn new_wine(fields: &[ReadField], chosen: Option<(&str, &str)>, seen: &SeenForm) -> String {
    let parts = new_parts(fields, chosen);
    format!("/wines/new{}", query(texts::check_label(), &with_seen(&parts, seen)))
}

fn with_seen<'a>(parts: &'a [(&'static str, String)], seen: &'a SeenForm) -> Vec<(&'static str, &'a str)> {
    parts.iter().map(|(name, value)| (*name, value.as_str())).chain(seen.fields()).collect()
}

/// What was read, by the names of that form's fields.
fn new_parts(fields: &[ReadField], chosen: Option<(&str, &str)>) -> Vec<(&'static str, String)> {
    const FORM: [(&str, &str); 11] = [
        ("producer", "producer"),
        ("name", "name"),
        ("vintage", "year"),
        ("appellation", "appellation"),
        ("region", "region"),
        ("country", "country"),
        ("colour", "colour"),
        ("abv", "abv"),
        ("grape", "grapes"),
        ("designation", "designation"),
        ("volume_ml", "size"),
    ];
    let mut parts: Vec<(&'static str, String)> = vec![("bottles", "1".into())];
    for (name, form) in FORM {
        let read: Vec<&str> =
            fields.iter().filter(|field| field.name == name).map(|field| field.value.as_str()).collect();
        let value = match chosen {
            Some((field, other)) if field == name => other.to_owned(),
            _ => read.join(", "),
        };
        let value = if name == "volume_ml" && !value.is_empty() { shown(name, &value) } else { value };
        if !(value.is_empty() || name == "vintage" && value == "NV") {
            parts.push((form, value));
        }
    }
    parts
}
