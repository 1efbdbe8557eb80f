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
    format,
};

/// The page.
pub fn page() -> AnyView {
    let data = Resource::new(|| (), |()| get_stocktake());
    view! {
        <Title text="Stocktake"/>
        <header class="head"><h1>"Stocktake"</h1></header>
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
            {format!("{} of {} are as the book says. ", sure, format::counted(page.all, "bin"))}
            "Look at the others: leave ticked what lies there, say how many more there are, and go on."
        </p>
    };
    let bins: Vec<_> = page.bins.into_iter().map(|bin| card(count, bin, page.now)).collect();
    let none = bins.is_empty().then(|| {
        empty("check", "Nothing to look at", "Every bin was found as the book says within the last thirty days.")
    });
    view! { {refused}{told}{none}{bins} }.into_any()
}

fn card(count: ServerAction<CountBin>, it: DoubtfulBin, now: Instant) -> AnyView {
    let DoubtfulBin { trust, bottles } = it;
    let picture = trust.scan_id.as_ref().map(|scan| {
        let src = format!("/media/scans/{scan}/bins/{}.jpg", trust.bin);
        view! { <img class="crop" src=src alt=format!("Picture of bin {}", trust.bin) loading="lazy"/> }
    });
    let confirmed = trust.confirmed_at.map(|at| {
        let by = match (trust.confirmed_by, trust.who) {
            (Some(Witness::Person), Some(who)) => format!(" by {who}"),
            _ => " by a scan".to_owned(),
        };
        view! { <p class="quiet">"Last confirmed "{when(at, now)}{by}</p> }
    });
    let ticks: Vec<_> = bottles.into_iter().map(tick).collect();
    let name = trust.bin.to_string();
    let legend = if ticks.is_empty() { "The book says that it is empty." } else { "Which of these lie there?" };
    let (title, label, address) = (format!("Bin {name}"), format!("Bin {name}"), format!("/bins/{name}"));
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
                    {number("more", "How many more?", String::new(), "0")}
                    <div class="buttons">
                        <button class="button button-main" type="submit">{icon("check")}"So it is"</button>
                        <a class="button" href=address>{icon("bin")}"Bin"</a>
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
