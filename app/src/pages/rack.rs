//! `/rack`: the planogram, as a drawing, over the photo, or with the differences alone.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use crate::{
    api::racks::{RackPlan, get_racks},
    components::{icon::icon, load::load},
    planogram::{Cell, CellState, Label, Layer, cell_words, label, legible, points},
    state::live::Live,
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let data = Resource::new(move || live.revision.get(), |_| get_racks());
    let layer = asked();
    let tab = move |this: Layer, href: &'static str, words: &'static str| {
        view! { <a href=href aria-current=move || (layer.get() == this).then_some("true")>{words}</a> }
    };
    view! {
        <Title text=texts::rack()/>
        <header class="head">
            <h1>{texts::rack()}</h1>
            <nav class="tabs" aria-label=texts::layer()>
                {tab(Layer::Drawing, "/rack", texts::drawing())}
                {tab(Layer::Photo, "/rack?view=photo", texts::photo())}
                {tab(Layer::Differences, "/rack?view=differences", texts::differences())}
            </nav>
        </header>
        <div class=move || layer.get().class()>{load(data, show)}</div>
        <p class="legend">
            <span>"3 "<small>{texts::by_the_book()}</small></span>
            <span>"3\u{2192}2 "<small>{texts::camera_counts_two()}</small></span>
            <span>"? "<small>{texts::please_look()}</small></span>
        </p>
    }
    .into_any()
}

/// The layer that the address asks for.
fn asked() -> Memo<Layer> {
    let query = use_query_map();
    Memo::new(move |_| Layer::from_query(query.read().get("view").as_deref()))
}

fn show(plans: Vec<RackPlan>) -> AnyView {
    if plans.is_empty() {
        let new =
            view! { <a class="button button-main" rel="external" href="/calibrate/new">{texts::no_rack_cure()}</a> };
        return view! { <div class="empty">{icon("rack")}<h2>{texts::no_rack_yet()}</h2>{new}</div> }.into_any();
    }
    let navigate = use_navigate();
    let go = move |href: &str| navigate(href, NavigateOptions::default());
    let query = use_query_map();
    // The bins of a wine that was looked for: they pulse, so that a hand finds them.
    let found = Memo::new(move |_| query.read().get("find").unwrap_or_default());
    let layer = asked();
    plans.into_iter().map(|plan| drawing(plan, layer, found, &go)).collect::<Vec<_>>().into_any()
}

fn drawing(plan: RackPlan, layer: Memo<Layer>, found: Memo<String>, go: &(impl Fn(&str) + Clone + 'static)) -> AnyView {
    let rack = plan.rack;
    let (width, height) = (rack.facts.rectified_width, rack.facts.rectified_height);
    // Half a megabyte: asked for by whoever looks at it.
    let photo = plan.photo.map(|scan| {
        let href = move || (layer.get() == Layer::Photo).then(|| format!("/media/scans/{scan}/rectified.jpg"));
        view! { <image class="plan-picture" href=href width=width height=height preserveAspectRatio="none"></image> }
    });
    let (w, h) = (f64::from(width), f64::from(height));
    let (least, largest) = (legible(w, h), h * 0.08);
    let draw = |bin: Cell| cell(&bin, label(&bin.polygon, least, largest), least, found, go.clone());
    let cells: Vec<_> = plan.cells.into_iter().map(draw).collect();
    view! {
        <svg class="plan-svg" viewBox=format!("0 0 {width} {height}") role="group" aria-label=rack.facts.name>
            {photo}
            {cells}
        </svg>
    }
    .into_any()
}

fn cell(bin: &Cell, at: Label, least: f64, found: Memo<String>, go: impl Fn(&str) + 'static) -> AnyView {
    let (state, words, qty) = (CellState::of(bin), cell_words(bin), bin.qty);
    let count = match state {
        CellState::Differs(seen) => format!("{qty}\u{2192}{seen}"),
        CellState::Look => format!("{qty}?"),
        CellState::Empty => String::from("\u{b7}"),
        CellState::Calm => qty.to_string(),
    };
    // A difference is longer to write: smaller, so that it stays inside.
    let size = if count.chars().count() > 2 { (at.size * 0.78).max(least) } else { at.size };
    let up = at.y - at.name / 2.0;
    let mark = bin.open.then(|| {
        view! { <circle class="cell-mark" cx=at.x cy=up - at.size * 0.75 r=at.size * 0.2></circle> }
    });
    let name = if at.fine { "cell-name cell-fine" } else { "cell-name" };
    let (address, id) = (format!("/bins/{}", bin.id), bin.id.to_string());
    let is_found = move || found.read().split(' ').any(|one| one == id);
    let target = address.clone();
    // The router follows HTML links only; without this a tap on an SVG link would load the whole page anew.
    let follow = move |event: leptos::ev::MouseEvent| {
        if event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
            event.prevent_default();
            go(&target);
        }
    };
    // Inside <g>, so that the macro knows this <a> for SVG's.
    view! {
        <g class=state.class() class:cell-found=is_found><a href=address aria-label=words on:click=follow>
            <polygon points=points(&bin.polygon)></polygon>
            <text class="cell-count" x=at.x y=up font-size=size>{count}</text>
            <text class=name x=at.x y=at.y + at.size / 2.0 font-size=at.name>{bin.id.to_string()}</text>
            {mark}
        </a></g>
    }
    .into_any()
}
