//! `/proposals`: where book and camera differ, and a person says what happened.

use leptos::prelude::*;
use leptos_meta::Title;
use models::{
    Instant,
    bottle::BottleView,
    proposal::{Proposal, ProposalKind, ProposalState},
};

use crate::{
    api::{
        movements::Undo,
        proposals::{Answer, AnswerProposal, ProposalCard, ProposalsPage, get_proposals},
    },
    components::{
        act::{Act, to},
        icon::{glyph, icon},
        load::{empty, load},
        toast::undo,
        when::when,
    },
    format,
    state::{acts::Acts, live::Live},
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let data = Resource::new(move || live.revision.get(), |_| get_proposals());
    view! {
        <Title text=texts::review()/>
        <header class="head"><h1>{texts::review()}</h1></header>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: ProposalsPage) -> AnyView {
    let open = if page.open.is_empty() {
        empty("check", texts::nothing_to_decide(), texts::next_difference())
    } else {
        page.open.into_iter().map(|c| card(c, page.now)).collect::<Vec<_>>().into_any()
    };
    let rows: Vec<_> = page.decided.into_iter().map(|p| decided(p, page.now)).collect();
    let below = (!rows.is_empty()).then(|| {
        view! {
            <h2>{texts::decided()}</h2>
            <p class="quiet"><a href="/history">{texts::undone_in_history()}</a></p>
            <ul class="history">{rows}</ul>
        }
    });
    view! {
        {open}
        <p class="desk-links">
            <a rel="external" href="/proposals/all">{texts::all_at_one_go()}</a>
            <a rel="external" href="/stocktake">{texts::stocktake()}</a>
        </p>
        {below}
    }
    .into_any()
}

/// The picture, the difference, the bottles it may be about, and one button for each answer.
fn card(card: ProposalCard, now: Instant) -> AnyView {
    let acts = Acts::get();
    let p = card.proposal;
    let wanted = p.number;
    let (title, label) = (headline(&p), headline(&p));
    let src = format!("/media/scans/{}/bins/{}.jpg", p.scan_id, p.bin);
    let alt = texts::picture_of(&p.bin);
    let two = p.names_two().then(|| view! { <p>{of_two(&p, &card.candidates)}</p> });
    let else_gone = card.candidates.first().filter(|_| p.names_what_lies_there()).map(|gone| {
        let buttons: Vec<_> = left().into_iter().map(|one| answer(one, false)).collect();
        view! {
            <p class="quiet">{texts::else_what_became(&gone.title())}</p>
            <div class="buttons">{buttons}</div>
        }
    });
    let choices: Vec<_> = card.candidates.into_iter().enumerate().map(|(i, b)| choice(b, i, wanted)).collect();
    let question = (!choices.is_empty() && two.is_none()).then(|| {
        let words = match p.kind {
            _ if p.is_about_one_gone() => texts::which_is_gone(),
            ProposalKind::Extra => texts::which_came(),
            _ => texts::which_one(),
        };
        view! { <fieldset class="choices"><legend>{words}</legend>{choices}</fieldset> }
    });
    let later = p.sleeps(now).then(|| format!(" \u{b7} {}", texts::put_off()));
    let buttons: Vec<_> = answers(&p).into_iter().enumerate().map(|(i, one)| answer(one, i == 0)).collect();
    let bin = p.bin.clone();
    view! {
        <article class="proposal" aria-label=label>
            <img class="crop" src=src alt=alt loading="lazy"/>
            <div class="proposal-body">
                <h2>{title}</h2>
                <p class="quiet">
                    <a href=format!("/bins/{bin}")>{texts::bin_name(&bin)}</a>
                    {texts::book_and_camera(&p.expected, &p.seen, &format::percent_of(p.confidence))}
                    " \u{b7} "{when(p.created_at, now)}{later}
                </p>
                {p.note.map(|why| view! { <p class="quiet">{why}</p> })}
                {two}
                <Act acts to={to::<AnswerProposal>()}>
                    <input type="hidden" name="proposal" value=p.id.to_string()/>
                    {question}
                    <div class="buttons">{buttons}</div>
                    {else_gone}
                </Act>
            </div>
        </article>
    }
    .into_any()
}

/// `1 bottle missing from 03_03`.
pub(crate) fn headline(p: &Proposal) -> String {
    let n = p.number.into();
    let other = p.other.as_ref().map_or("", |side| side.bin.as_str());
    match p.kind {
        ProposalKind::Missing => texts::bottles_fewer(n, &p.bin),
        ProposalKind::Extra => texts::bottles_more(n, &p.bin),
        ProposalKind::Move => texts::bottles_moved(n, &p.bin, &other),
        ProposalKind::Swap if p.other.is_none() => texts::another_lies(&p.bin),
        ProposalKind::Swap => texts::bottles_exchanged(&p.bin, &other),
    }
}

/// Which two bottles were taken for each other, in a sentence; of two that lie in each other's bins their names.
pub(crate) fn of_two(p: &Proposal, bottles: &[BottleView]) -> String {
    let names: Vec<String> = bottles.iter().map(BottleView::title).collect();
    match names.as_slice() {
        [gone, here] if p.other.is_none() => texts::gone_and_here(gone, here),
        _ => names.join(" \u{21c4} "),
    }
}

/// Answer, icon, word.
type Button = (Answer, &'static str, &'static str);

/// The buttons that fit, the likeliest first.
fn answers(p: &Proposal) -> Vec<Button> {
    let mut fitting = match p.kind {
        _ if p.is_about_one_gone() => left(),
        ProposalKind::Extra => vec![(Answer::Arrived, "put", texts::arrived())],
        ProposalKind::Swap if p.other.is_none() => vec![(Answer::There, "check", texts::yes())],
        _ => vec![(Answer::There, "move", texts::yes()), (Answer::Apart, "bin", texts::not_one())],
    };
    fitting.extend([(Answer::Wrong, "close", texts::wrong()), (Answer::Later, "history", texts::later_button())]);
    fitting
}

/// What may have become of a bottle that has gone.
fn left() -> Vec<Button> {
    vec![
        (Answer::Drunk, "glass", texts::drunk_title()),
        (Answer::Opened, "bottle-still", texts::opened_button()),
        (Answer::Gift, "gift", texts::gift()),
        (Answer::Moved, "move", texts::moved_button()),
    ]
}

fn answer((answer, symbol, words): Button, main: bool) -> AnyView {
    let class = if main { "button button-main" } else { "button" };
    view! { <button class=class type="submit" name="answer" value=answer.as_str()>{icon(symbol)}{words}</button> }
        .into_any()
}

/// One candidate. A single missing bottle is a choice of one; more are ticked, the first ones by default.
fn choice(b: BottleView, index: usize, wanted: i32) -> AnyView {
    let kind = if wanted == 1 { "radio" } else { "checkbox" };
    let default = i32::try_from(index).is_ok_and(|i| i < wanted);
    view! {
        <label class="choice">
            <input type=kind name="bottles[]" value=b.bottle.id.to_string() checked=default/>
            {glyph(b.colour, b.style)}
            <span>{b.title()}</span>
        </label>
    }
    .into_any()
}

fn decided(p: Proposal, now: Instant) -> AnyView {
    let (symbol, words) = match p.state {
        ProposalState::Open => ("look", texts::open_word()),
        ProposalState::Approved => ("check", texts::booked()),
        ProposalState::Rejected => ("close", texts::camera_was_wrong()),
        ProposalState::Parted => ("close", texts::not_one_bottle()),
        ProposalState::Superseded | ProposalState::Expired => ("history", texts::settled_by_itself()),
    };
    let title = headline(&p);
    // A rejection holds until a bottle of the bin moves; the server says when it is too late.
    let back = matches!(p.state, ProposalState::Rejected | ProposalState::Parted)
        .then(|| undo(Acts::get(), Undo::Rejection(p.id.clone()), texts::undo().to_owned()));
    let who = p.decided_by.map(|who| format!(" \u{b7} {who}"));
    view! {
        <li class="line">
            {icon(symbol)}
            <div class="bottle-words">
                <strong>{title}</strong>
                <small>{words}{who}{p.note.map(|note| format!(" \u{b7} {note}"))}</small>
            </div>
            {p.decided_at.map(|at| when(at, now))}
            <a class="button" href=format!("/bins/{}", p.bin)>{icon("bin")}{p.bin.to_string()}</a>
            {back}
        </li>
    }
    .into_any()
}
