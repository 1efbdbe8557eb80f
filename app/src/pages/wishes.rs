//! `/wishes`: wines to buy.

use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::wish::{Wish, WishState};

use crate::{
    api::wishes::{AddWish, CloseWish, get_wishes},
    components::{
        field::{choice, hidden, lines, number, text},
        icon::icon,
        load::load,
        toast::notice,
    },
    texts,
};

fn priorities() -> [(&'static str, &'static str); 3] {
    [("1", texts::soon()), ("2", texts::this_year()), ("3", texts::some_day())]
}

/// The page.
pub fn page() -> AnyView {
    let data = Resource::new(|| (), |()| get_wishes());
    view! {
        <Title text=texts::wishes()/>
        <header class="head"><h1>{texts::wishes()}</h1></header>
        {load(data, show)}
    }
    .into_any()
}

fn show(wishes: Vec<Wish>) -> AnyView {
    let (add, close) = (ServerAction::<AddWish>::new(), ServerAction::<CloseWish>::new());
    let query = use_query_map().read_untracked().clone();
    let field = |name: &str| query.get(name).unwrap_or_default();
    let refused = query.get("why").map(notice);
    let none = wishes.is_empty().then(|| view! { <p class="quiet">{texts::no_wishes()}</p> });
    let rows: Vec<_> = wishes.into_iter().map(|wish| row(close, wish)).collect();
    let priority = Some(field("priority")).filter(|word| !word.is_empty()).unwrap_or_else(|| "3".to_owned());
    let priorities = priorities().map(|(n, words)| (n.to_owned(), words.to_owned())).to_vec();
    let fields = [
        text("wish[producer]", texts::producer(), field("producer"), ""),
        text("wish[name]", texts::wine_label(), field("name"), ""),
        number("wish[year]", texts::vintage_or_any(), field("year"), ""),
        choice("wish[priority]", texts::when_label(), &priority, priorities),
        lines("wish[note]", texts::where_seen(), field("note")),
    ];
    view! {
        {refused}
        {none}
        <ul class="bottles">{rows}</ul>
        <h2>{texts::new_wish()}</h2>
        <ActionForm action=add attr:class="form">
            <div class="fields">{fields}</div>
            <button class="button button-main" type="submit">{icon("plus")}{texts::add()}</button>
        </ActionForm>
    }
    .into_any()
}

fn row(close: ServerAction<CloseWish>, wish: Wish) -> AnyView {
    let facts = wish.facts;
    let when = priorities().into_iter().find(|(n, _)| *n == facts.priority.to_string()).map_or("", |(_, words)| words);
    let year = facts.year.map(|year| format!(" {year}"));
    let title = format!("{} {}", facts.producer, facts.name).trim().to_owned();
    let button = |state: WishState, symbol: &'static str, words: &'static str| {
        let label = texts::act_on(&words, &title);
        view! { <button class="button" type="submit" name="state" value=state.as_str() aria-label=label>{icon(symbol)}{words}</button> }
    };
    let buttons =
        [button(WishState::Bought, "check", texts::bought()), button(WishState::Dropped, "close", texts::drop_wish())];
    view! {
        <li class="bottle">
            <div class="bottle-words">
                <strong>{title.clone()}{year}</strong>
                <small>{facts.note}" \u{b7} "{wish.added_by}</small>
            </div>
            <span class="chip">{when}</span>
            <ActionForm action=close>
                {hidden("wish", wish.id.0)}
                {hidden("revision", wish.revision.to_string())}
                <div class="buttons">{buttons}</div>
            </ActionForm>
        </li>
    }
    .into_any()
}
