//! `/proposals/all`: every open question with what is thought to have happened; those ticked are booked at one go. A page of the
//! desk.

use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::proposal::ProposalKind;

use crate::{
    api::proposals::{ApproveAll, ProposalCard, ProposalsPage, get_proposals},
    components::{
        icon::icon,
        load::{empty, load},
        toast::notice,
    },
    pages::proposals::{headline, of_two},
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let data = Resource::new(|| (), |()| get_proposals());
    view! {
        <Title text=texts::review_at_one_go()/>
        <header class="head">
            <a class="button button-quiet" href="/proposals" aria-label=texts::back()>{icon("back")}</a>
            <h1>{texts::review_at_one_go()}</h1>
        </header>
        {load(data, show)}
    }
    .into_any()
}

fn show(page: ProposalsPage) -> AnyView {
    let approve = ServerAction::<ApproveAll>::new();
    let refused = use_query_map().read_untracked().get("why").map(notice);
    let rows: Vec<_> = page.open.into_iter().filter(|card| !card.proposal.sleeps(page.now)).map(row).collect();
    if rows.is_empty() {
        return view! { {refused}{empty("check", texts::nothing_to_decide(), texts::next_difference())} }.into_any();
    }
    view! {
        {refused}
        <p class="quiet">{texts::ticked_are_booked()}</p>
        <ActionForm action=approve>
            <div class="choices">{rows}</div>
            <div class="buttons"><button class="button button-main" type="submit">{icon("check")}{texts::book_them()}</button></div>
        </ActionForm>
    }
    .into_any()
}

fn row(card: ProposalCard) -> AnyView {
    let p = card.proposal;
    let number = usize::try_from(p.number).unwrap_or(0);
    let names: Vec<String> = card.candidates.iter().take(number).map(models::bottle::BottleView::title).collect();
    let what = match p.kind {
        _ if p.is_about_one_gone() => texts::drunk(),
        ProposalKind::Extra if names.is_empty() => texts::received_unknown(),
        ProposalKind::Extra => texts::put_there(),
        ProposalKind::Move => texts::laid_there(),
        _ => texts::laid_exchanged(),
    };
    let told = match p.kind {
        _ if p.names_what_lies_there() => of_two(&p, &card.candidates),
        _ if p.names_two() => texts::what_of(&of_two(&p, &card.candidates), &what),
        _ if names.is_empty() => what.to_owned(),
        _ => texts::what_of(&names.join(", "), &what),
    };
    view! {
        <label class="choice">
            <input type="checkbox" name="proposals[]" value=p.id.to_string() checked=true/>
            <span><strong>{headline(&p)}</strong><br/>{told}</span>
        </label>
    }
    .into_any()
}
