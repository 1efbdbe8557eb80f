//! `/stocktake`: the bins at which somebody should look, each with its picture and what the book says. A page of the desk.

use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::{Instant, bottle::BottleView, trust::Witness};

use crate::{
    api::stocktake::{CountBin, DoubtfulBin, StocktakePage, get_stocktake},
    components::{
        field::{hidden, number},
        icon::{glyph, icon},
        load::{empty, load},
        toast::notice,
        when::when,
    },
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let data = Resource::new(|| (), |()| get_stocktake());
    view! {
        <Title text=texts::stocktake()/>
        <header class="head"><h1>{texts::stocktake()}</h1></header>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: StocktakePage) -> AnyView {
    let count = ServerAction::<CountBin>::new();
    let refused = use_query_map().read_untracked().get("why").map(notice);
    let sure = page.all - page.doubtful;
    let told = view! {
        <p class="quiet">
            {texts::bins_as_book(&sure, page.all.into())}" "{texts::stocktake_how()}
        </p>
    };
    let bins: Vec<_> = page.bins.into_iter().map(|bin| card(count, bin, page.now)).collect();
    let none = bins.is_empty().then(|| empty("check", texts::nothing_to_look_at(), texts::all_confirmed()));
    view! { {refused}{told}{none}{bins} }.into_any()
}

fn card(count: ServerAction<CountBin>, it: DoubtfulBin, now: Instant) -> AnyView {
    let DoubtfulBin { trust, bottles } = it;
    let picture = trust.scan_id.as_ref().map(|scan| {
        let src = format!("/media/scans/{scan}/bins/{}.jpg", trust.bin);
        view! { <img class="crop" src=src alt=texts::picture_of(&trust.bin) loading="lazy"/> }
    });
    let confirmed = trust.confirmed_at.map(|at| {
        let by = match (trust.confirmed_by, trust.who) {
            (Some(Witness::Person), Some(who)) => who,
            _ => texts::a_scan().to_owned(),
        };
        view! { <p class="quiet">{texts::last_confirmed()}" "{when(at, now)}" \u{b7} "{by}</p> }
    });
    let ticks: Vec<_> = bottles.into_iter().map(tick).collect();
    let name = trust.bin.to_string();
    let legend = if ticks.is_empty() { texts::book_says_empty() } else { texts::which_lie_there() };
    let (title, label, address) = (texts::bin_name(&name), texts::bin_name(&name), format!("/bins/{name}"));
    view! {
        <article class="proposal" aria-label=label>
            {picture}
            <div class="proposal-body">
                <h2>{title}</h2>
                <p>{trust.doubt}</p>
                {confirmed}
                <ActionForm action=count>
                    {hidden("bin", name)}
                    <fieldset class="choices"><legend>{legend}</legend>{ticks}</fieldset>
                    {number("more", texts::how_many_more(), String::new(), "0")}
                    <div class="buttons">
                        <button class="button button-main" type="submit">{icon("check")}{texts::so_it_is()}</button>
                        <a class="button" href=address>{icon("bin")}{texts::bin_word()}</a>
                    </div>
                </ActionForm>
            </div>
        </article>
    }
    .into_any()
}

fn tick(b: BottleView) -> AnyView {
    view! {
        <label class="choice">
            <input type="checkbox" name="here[]" value=b.bottle.id.to_string() checked=true/>
            {glyph(b.colour, b.style)}
            <span>{b.title()}</span>
        </label>
    }
    .into_any()
}
