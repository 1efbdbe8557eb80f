//! `/wines/:id`: one wine: what its label says, when to drink it, its bottles, what was tasted, what happened.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use models::{
    bottle::{BottleView, Preservation},
    bottle_format,
    movement::IssueReason,
    note::TastingNote,
    wine::{Style, Wine},
};

use crate::{
    api::{
        movements::TakeBottle,
        notes::{RemoveNote, SaveNote},
        wines::{OpenBottle, VintagePart, WinePage, get_wine},
    },
    charts,
    components::{
        act::{Act, to},
        bottle::{put_form, take_buttons},
        field::{choice, hidden, number},
        history::{Undoable, history},
        icon::{glyph, icon},
        load::load,
        note_fields::note_fields,
        toast::notice,
        when::when,
    },
    format,
    forms::{note::NoteForm, note::rating_words, typed},
    state::{acts::Acts, live::Live},
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let data = live.steady(id, |id| get_wine(id.into()));
    view! { {load(data, show)} }.into_any()
}

fn show(page: WinePage) -> AnyView {
    let acts = Acts::get();
    let query = use_query_map().read_untracked().clone();
    let refused = query.get("why").map(notice);
    let facts = &page.wine.facts;
    let title = format!("{} {}", facts.producer, facts.name);
    let (edit, receive) = (format!("/wines/{}/edit", page.wine.id), format!("/wines/{}/receive", page.wine.id));
    let all = format!("/history?wine={}", page.wine.id);
    let label = label(&page.wine);
    let count: usize = page.vintages.iter().map(|part| part.bottles.len()).sum();
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    let wine_id = page.wine.id.0.clone();
    let of = wine_id.clone();
    let now = page.now;
    let parts: Vec<_> =
        page.vintages.into_iter().map(|part| vintage_part(acts, part, &page.free, &wine_id, &query, now)).collect();
    view! {
        <Title text=title/>
        <header class="head">
            <a class="button button-quiet" href="/bottles" aria-label=texts::back_to_bottles()>{icon("back")}</a>
            <h1>{facts.producer.clone()}" "{facts.name.clone()}</h1>
            <a class="button" rel="external" href=edit>{icon("pen")}{texts::edit()}</a>
        </header>
        {refused}
        <div class="split" data-of=of>
            <section>
                <p class="quiet">{texts::bottles_here(count.into())}</p>
                {parts}
                <p><a class="button" rel="external" href=receive>{icon("plus")}{texts::bottles_come_in()}</a></p>
            </section>
            <aside>{label}<div inner_html=page.kept></div></aside>
        </div>
        <h2>{texts::what_happened()}</h2>
        {history(page.history, now, Undoable::Last)}
        <p class="more"><a class="button" href=all>{icon("history")}{texts::all_of_it()}</a></p>
    }
    .into_any()
}

/// What the label says.
fn label(wine: &Wine) -> AnyView {
    let facts = &wine.facts;
    let grapes: Vec<String> = facts
        .grapes
        .iter()
        .map(|grape| match grape.percent {
            Some(percent) => format!("{} {percent} %", grape.name),
            None => grape.name.clone(),
        })
        .collect();
    let lines = [
        (texts::colour(), format::colour_words(facts.colour, facts.style)),
        (texts::country(), facts.country.clone()),
        (texts::region(), facts.region.clone()),
        (texts::subregion(), facts.subregion.clone()),
        (texts::appellation(), facts.appellation.clone()),
        (texts::designation(), facts.designation.clone()),
        (texts::vineyard(), facts.vineyard.clone()),
        (texts::class(), facts.classification.clone()),
        (texts::sweetness(), facts.sweetness.map(format::sweetness_word).unwrap_or_default().to_owned()),
        (texts::bubbles(), facts.effervescence.map(format::effervescence_word).unwrap_or_default().to_owned()),
        (texts::grapes(), grapes.join(", ")),
        (
            texts::alcohol(),
            facts.abv_tenths.map(|abv| format!("{} %", format::decimal(abv.into(), 1))).unwrap_or_default(),
        ),
    ];
    let lines: Vec<_> = lines
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect();
    let tags: Vec<_> = facts.tags.iter().map(|tag| view! { <li class="chip">{tag.clone()}</li> }).collect();
    view! {
        <div class="label">
            {glyph(facts.colour, facts.style)}
            <dl class="facts">{lines}</dl>
            <ul class="tags" aria-label=texts::tags()>{tags}</ul>
        </div>
    }
    .into_any()
}

fn vintage_part(
    acts: Acts,
    part: VintagePart,
    free: &[models::bin::BinSummary],
    wine: &str,
    query: &leptos_router::params::ParamsMap,
    now: models::Instant,
) -> AnyView {
    let vintage = part.vintage;
    let this_year = format::year_of(now);
    let state = vintage.drink_state(this_year);
    let words = charts::window::words(&vintage.window);
    let known = !vintage.window.is_empty();
    let bar = known.then(|| {
        let svg = charts::window::draw(&vintage.window, this_year, &words);
        view! { <div class="plot" inner_html=svg></div> }
    });
    let source = known.then(|| format!(" \u{b7} {}", format::source_words(vintage.window_source.as_deref())));
    let others: Vec<_> = part
        .windows
        .into_iter()
        .filter(|(name, _)| Some(name) != vintage.window_source.as_ref())
        .map(|(name, window)| {
            let words = format!("{}: {}", format::source_words(Some(&name)), charts::window::words(&window));
            view! { <small>{words}</small> }
        })
        .collect();
    let score = vintage.score_tenths.map(|score| texts::score_of(&format::decimal(score.into(), 1), &100));
    let score = score.map(|words| view! { <span class="chip">{words}</span> });
    let worth = vintage.valuation_minor.zip(vintage.valuation_currency.as_deref());
    let worth =
        worth.map(|(minor, code)| view! { <span class="chip">{texts::worth(&format::money(minor, code))}</span> });
    let bottles: Vec<_> = part.bottles.into_iter().map(|view| bottle(acts, view, free, now)).collect();
    let mine = |id: &str| query.get("of").as_deref() == Some(id);
    let notes: Vec<_> = part
        .notes
        .into_iter()
        .map(|note| {
            let open = mine(note.id.as_str());
            tasting(acts, note, wine, query, open)
        })
        .collect();
    let open = mine(vintage.id.as_str());
    let today = format::iso(now)[..10].to_owned();
    let fresh = NoteForm { tasted_on: today, scale: "100".to_owned(), ..NoteForm::default() };
    let fresh = if open { note_typed(query, fresh) } else { fresh };
    let of = [hidden("wine", wine), hidden("vintage", vintage.id.0)];
    view! {
        <article class="vintage">
            <header class="vintage-head">
                <h2>{format::vintage(vintage.year)}</h2>
                <span class=format::drink_class(state)>{format::drink_words(state)}</span>
                {score}{worth}
            </header>
            <p>{words}<small>{source}</small></p>
            {others}
            {bar}
            <ul class="bottles">{bottles}</ul>
            <ul class="notes">{notes}</ul>
            <details class="fold fold-free" open=open>
                <summary>{icon("pen")}{texts::write_note()}</summary>
                <Act acts to={to::<SaveNote>()} class="form">
                    {of}
                    {note_fields(fresh)}
                    <button class="button button-main" type="submit">{icon("check")}{texts::save_note()}</button>
                </Act>
            </details>
        </article>
    }
    .into_any()
}

fn note_typed(query: &leptos_router::params::ParamsMap, form: NoteForm) -> NoteForm {
    NoteForm {
        tasted_on: typed(query, "tasted_on", form.tasted_on),
        body: typed(query, "body", form.body),
        points: typed(query, "points", form.points),
        scale: typed(query, "scale", form.scale),
    }
}

fn tasting(acts: Acts, note: TastingNote, wine: &str, query: &leptos_router::params::ParamsMap, open: bool) -> AnyView {
    let rating = note.facts.rating.map(rating_words).map(|words| view! { <span class="chip">{words}</span> });
    let form = NoteForm::of(&note.facts);
    let form = if open { note_typed(query, form) } else { form };
    let this = || [hidden("note", note.id.0.clone()), hidden("revision", note.revision.to_string())];
    let of = [hidden("wine", wine), hidden("vintage", note.vintage_id.0.clone())];
    let (of, removed) = ((of, this()), this());
    view! {
        <li class="note">
            <p class="note-head"><strong>{note.author}</strong>" "<small>{note.facts.tasted_on}</small>{rating}</p>
            <p class="note-body">{note.facts.body}</p>
            <details class="fold fold-free" open=open>
                <summary>{texts::change_or_remove()}</summary>
                <Act acts to={to::<SaveNote>()} class="form">
                    {of}
                    {note_fields(form)}
                    <button class="button button-main" type="submit">{icon("check")}{texts::save_note()}</button>
                </Act>
                <Act acts to={to::<RemoveNote>()}>
                    {removed}
                    <button class="button" type="submit">{icon("close")}{texts::remove_note()}</button>
                </Act>
            </details>
        </li>
    }
    .into_any()
}

/// A bottle: where it lies, the two acts of every day, and the rare ones folded away.
fn bottle(acts: Acts, view: BottleView, free: &[models::bin::BinSummary], now: models::Instant) -> AnyView {
    let facts = &view.bottle.facts;
    let place = match &view.bottle.bin {
        Some(bin) => {
            view! { <a class="bin-tag" href=format!("/bins/{bin}")>{icon("bin")}{bin.to_string()}</a> }.into_any()
        }
        None => put_form(acts, &view, free),
    };
    let mut said: Vec<String> = Vec::new();
    if facts.volume_ml != 750 {
        said.push(bottle_format::words(facts.volume_ml, view.style == Style::Sparkling));
    }
    if let (Some(minor), Some(code)) = (facts.price_minor, &facts.currency) {
        said.push(format::money(minor, code));
    }
    said.extend(facts.purchased_on.clone());
    said.extend([&facts.shop, &facts.provenance].into_iter().filter(|words| !words.is_empty()).cloned());
    if let Some(keeps) = facts.preservation {
        said.push(texts::kept_by_what(&format::preservation_word(keeps)));
    }
    if let Some(n) = facts.glasses_left {
        said.push(texts::glasses_left_words(n.into()));
    }
    let page = format!("/bottles/{}", view.bottle.id);
    let noted = (!facts.notes.is_empty()).then(|| view! { <small>{facts.notes.clone()}</small> });
    let opened = facts
        .opened_at
        .map(|at| view! { <span class="chip chip-young">{texts::open_since()}" "{when(at, now)}</span> });
    let rare = [
        (IssueReason::Sold, texts::sold()),
        (IssueReason::Broken, texts::broken()),
        (IssueReason::Corked, texts::corked()),
        (IssueReason::Lost, texts::lost()),
    ];
    let rare = rare.map(|(reason, words)| {
        let label = texts::act_on(&words, &view.title());
        view! { <button class="button" type="submit" name="reason" value=reason.as_str() aria-label=label>{words}</button> }
    });
    let mut keeps = vec![(String::new(), texts::not_said().to_owned())];
    keeps.extend(
        Preservation::ALL.iter().map(|word| (word.as_str().to_owned(), format::preservation_word(*word).to_owned())),
    );
    let kept = facts.preservation.map(|word| word.as_str()).unwrap_or_default();
    let left = facts.glasses_left.map(|n| n.to_string()).unwrap_or_default();
    let this = || hidden("bottle", view.bottle.id.to_string());
    let (opening, gone) = ((this(), hidden("revision", view.bottle.revision.to_string())), this());
    view! {
        <li class="bottle">
            {glyph(view.colour, view.style)}
            <div class="bottle-words">
                <a rel="external" href=page>{texts::received()}" "{when(view.bottle.received_at, now)}</a>
                <small>{said.join(" \u{b7} ")}</small>
                {noted}
            </div>
            {opened}
            {place}
            <div class="acts">{take_buttons(acts, &view)}</div>
            <details class="fold fold-free fold-row">
                <summary>{texts::opened_or_gone()}</summary>
                <Act acts to={to::<OpenBottle>()} class="form">
                    {opening}
                    <div class="fields">
                        {choice("preservation", texts::kept_by(), kept, keeps)}
                        {number("glasses", texts::glasses_left(), left, "3")}
                    </div>
                    <button class="button" type="submit">{icon("glass")}{texts::it_is_open()}</button>
                </Act>
                <Act acts to={to::<TakeBottle>()}>
                    {gone}
                    <div class="buttons">{rare}</div>
                </Act>
            </details>
        </li>
    }
    .into_any()
}
