//! `/wines/:id/edit`: what the label says and the own windows. It is read once: a change of somebody else must not take
//! away what is being typed; who saves later is told what the other has changed.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};
use models::{ids::WineId, window::OWNER};

use crate::{
    api::wines::{VintagePart, WinePage, get_wine},
    charts,
    components::{
        field::hidden,
        icon::icon,
        load::load,
        toast::notice,
        wine_fields::{vintage_fields, wine_fields},
    },
    error::{AppError, ErrorCode},
    format,
    forms::{typed, vintage::VintageForm, wine::WineForm},
    state::acts::Acts,
};

/// The page.
pub fn page() -> AnyView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let data = Resource::new(move || id.get(), |id| get_wine(id.into()));
    view! { <Title text="Edit a wine"/>{load(data, show)} }.into_any()
}

fn show(page: WinePage) -> AnyView {
    let acts = Acts::get();
    let query = use_query_map().read_untracked().clone();
    let refused = query.get("why").map(told);
    // What was refused on another wine's page is no news here.
    acts.save_wine.clear();
    acts.save_vintage.clear();
    let wine = page.wine;
    let back = format!("/wines/{}", wine.id);
    let of = query.get("of");
    let form = WineForm::of(&wine.facts);
    let form = if of.is_none() { form.typed(&query) } else { form };
    let id = wine.id.clone();
    let failed = acts.save_wine.value();
    let revision = fresh_revision(
        wine.revision,
        move || failure(failed.get()),
        move || {
            let id = id.clone();
            async move { get_wine(id).await.ok().map(|page| page.wine.revision) }
        },
    );
    let vintages: Vec<_> = page.vintages.into_iter().map(|part| vintage(acts, part, &wine.id, &query)).collect();
    view! {
        <header class="head">
            <a class="button button-quiet" href=back aria-label="Back to the wine">{icon("back")}</a>
            <h1>{wine.facts.producer.clone()}" "{wine.facts.name.clone()}</h1>
        </header>
        {refused}
        {move || failure(failed.get()).map(|error| told(error.message))}
        <ActionForm action=acts.save_wine attr:class="form">
            {hidden("id", wine.id.0.clone())}
            <input type="hidden" name="revision" value=move || revision.get().to_string()/>
            {wine_fields(form)}
            <button class="button button-main" type="submit">{icon("check")}"Save the label"</button>
        </ActionForm>
        <h2>"Vintages and own windows"</h2>
        <p class="quiet">"An own window wins over imported ones and over the rule of thumb; leave it empty to let those count."</p>
        {vintages}
    }
    .into_any()
}

fn vintage(acts: Acts, part: VintagePart, wine: &WineId, query: &ParamsMap) -> AnyView {
    let stored = part.vintage;
    let worth = stored.valuation_minor.zip(stored.valuation_currency.as_deref());
    let form = VintageForm::of(stored.year, part.own, worth);
    let form = match query.get("of") {
        Some(of) if of == stored.id.0 => VintageForm {
            year: typed(query, "year", form.year),
            drink_from: typed(query, "drink_from", form.drink_from),
            peak_from: typed(query, "peak_from", form.peak_from),
            peak_to: typed(query, "peak_to", form.peak_to),
            drink_to: typed(query, "drink_to", form.drink_to),
            value: typed(query, "value", form.value),
            currency: typed(query, "currency", form.currency),
        },
        _ => form,
    };
    let counts = stored.window_source.as_deref().filter(|source| *source != OWNER).map(|source| {
        let words = format!("{}: {}", format::source_words(Some(source)), charts::window::words(&stored.window));
        view! { <small>{words}</small> }
    });
    let of = [hidden("id", stored.id.0.clone()), hidden("wine", wine.0.clone())];
    // The action is one for all vintages: what was refused is told where it was sent from.
    let (sent, this) = (RwSignal::new(false), stored.id.clone());
    Effect::new(move |_| {
        if let Some(input) = acts.save_vintage.input().get() {
            sent.set(input.id == this);
        }
    });
    let failed = move || if sent.get() { failure(acts.save_vintage.value().get()) } else { None };
    let (vintage_id, wine_id) = (stored.id.clone(), wine.clone());
    let revision = fresh_revision(stored.revision, failed, move || {
        let (vintage_id, wine_id) = (vintage_id.clone(), wine_id.clone());
        async move {
            let page = get_wine(wine_id).await.ok()?;
            page.vintages.into_iter().find(|part| part.vintage.id == vintage_id).map(|part| part.vintage.revision)
        }
    });
    view! {
        <article class="vintage">
            <header class="vintage-head"><h2>{format::vintage(stored.year)}</h2>{counts}</header>
            {move || failed().map(|error| told(error.message))}
            <ActionForm action=acts.save_vintage attr:class="form">
                {of}
                <input type="hidden" name="revision" value=move || revision.get().to_string()/>
                {vintage_fields(form, true)}
                <button class="button" type="submit">{icon("check")}"Save this vintage"</button>
            </ActionForm>
        </article>
    }
    .into_any()
}

fn told(why: String) -> AnyView {
    let again =
        if why.contains("it is now") { " What you typed is still here: save it once more to have it so." } else { "" };
    notice(format!("{why}{again}"))
}

fn failure<T>(result: Option<Result<T, AppError>>) -> Option<AppError> {
    result.and_then(Result::err)
}

/// The revision that a form names: the one it was made on, and after somebody has been told of another's change, the one
/// after that change.
fn fresh_revision<F>(
    seen: i32,
    failure: impl Fn() -> Option<AppError> + 'static,
    read: impl Fn() -> F + Send + Sync + 'static,
) -> RwSignal<i32>
where
    F: Future<Output = Option<i32>> + 'static,
{
    let revision = RwSignal::new(seen);
    Effect::new(move |_| {
        if failure().is_some_and(|error| error.code == ErrorCode::Conflict) {
            let now = read();
            leptos::task::spawn_local(async move {
                if let Some(now) = now.await {
                    revision.try_set(now);
                }
            });
        }
    });
    revision
}
