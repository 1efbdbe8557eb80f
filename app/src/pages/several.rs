//! `/several`: several bottles at once. Tick them, then touch a bin that glows, or say why they leave. A page of the desk.

use leptos::{form::ActionForm, nonce::use_nonce, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::{components::Form, hooks::use_query_map};
use models::{bin::Point, bottle::BottleView, movement::IssueReason};

use crate::{
    api::{
        movements::UndoMovement,
        racks::RackPlan,
        several::{Asked, MoveSeveral, SeveralPage, get_several},
    },
    components::{
        field::hidden,
        icon::{glyph, icon},
        load::load,
        toast::notice,
    },
    planogram::{Cell, label},
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let part = |name: &str| query.read().get(name).unwrap_or_default();
        Asked { q: part("q"), loose: part("loose"), done: part("done"), count: part("count"), why: part("why") }
    });
    let data = Resource::new(move || asked.get(), get_several);
    view! { <Title text=texts::several_at_once()/>{load(data, show)} }.into_any()
}

fn show(page: SeveralPage) -> AnyView {
    let SeveralPage { asked, bottles, more, racks } = page;
    let act = ServerAction::<MoveSeveral>::new();
    let loose = !asked.loose.is_empty();
    let none = bottles.is_empty().then(|| view! { <p class="quiet">{texts::no_bottle_found()}</p> });
    let rows: Vec<_> = bottles.into_iter().map(|bottle| row(bottle, loose)).collect();
    let more = more.then(|| view! { <p class="quiet">{texts::only_first_shown()}</p> });
    let plans: Vec<_> = racks.into_iter().enumerate().map(|(i, rack)| plan(i, rack)).collect();
    let refused = Some(asked.why.clone()).filter(|why| !why.is_empty()).map(notice);
    view! {
        {head(&asked)}
        {refused}
        {done(&asked)}
        <ActionForm action=act attr:class="several">
            {hidden("asked[q]", asked.q)}
            {hidden("asked[loose]", asked.loose)}
            <fieldset class="choices several-list"><legend class="hidden">{texts::bottles_title()}</legend>{none}{rows}{more}</fieldset>
            <div class="several-acts">
                <p class="quiet">{texts::tick_then_touch()}</p>
                {plans}
                <div class="buttons">{reasons()}</div>
            </div>
        </ActionForm>
    }
    .into_any()
}

fn head(asked: &Asked) -> AnyView {
    let loose = Some(asked.loose.clone()).filter(|loose| !loose.is_empty()).map(|loose| hidden("loose", loose));
    let words = asked.q.clone();
    let here = |loose: bool| (asked.loose.is_empty() != loose).then_some("true");
    let other = |loose: &str| Asked { q: asked.q.clone(), loose: loose.to_owned(), ..Asked::default() }.address();
    let (all, waiting) = (other(""), other("1"));
    let (all_here, waiting_here) = (here(false), here(true));
    view! {
        <header class="head">
            <a class="button button-quiet" href="/bottles" aria-label=texts::back_to_bottles()>{icon("back")}</a>
            <h1>{texts::several_at_once()}</h1>
            <nav class="tabs" aria-label=texts::bottles_title()>
                <a href=all aria-current=all_here>{texts::all()}</a>
                <a href=waiting aria-current=waiting_here>{texts::to_put_away()}</a>
            </nav>
            <Form method="GET" action="/several" attr:class="search" attr:role="search">
                {loose}
                <input type="search" name="q" placeholder=texts::search_place() aria-label=texts::search_bottles()
                    autocomplete="off" maxlength="200" value=words/>
                <button class="button" type="submit" aria-label=texts::search()>{icon("search")}</button>
            </Form>
        </header>
    }
    .into_any()
}

/// What was done, with the way back.
fn done(asked: &Asked) -> Option<AnyView> {
    let count: i64 = asked.count.parse().ok().filter(|n| *n > 0)?;
    let undo = ServerAction::<UndoMovement>::new();
    let movement = asked.done.clone();
    Some(
        view! {
            <div class="toast several-done" role="status">
                {icon("check")}
                <p>{texts::bottles_booked(count)}</p>
                <ActionForm action=undo>
                    {hidden("movement", movement)}
                    <button class="button" type="submit">{icon("undo")}{texts::undo()}</button>
                </ActionForm>
            </div>
        }
        .into_any(),
    )
}

/// One bottle. Those that wait to be put away are ticked already: whoever comes for them means them.
fn row(view: BottleView, ticked: bool) -> AnyView {
    let place = match &view.bottle.bin {
        Some(bin) => bin.to_string(),
        None => texts::not_put_away().to_owned(),
    };
    view! {
        <label class="choice">
            <input type="checkbox" name="bottles[]" value=view.bottle.id.to_string() checked=ticked/>
            {glyph(view.colour, view.style)}
            <span>{view.title()}" "<small>{place}</small></span>
        </label>
    }
    .into_any()
}

/// The rack as it stands before one: a bin with room glows and takes the chosen bottles when it is touched. Where each lies
/// says a style sheet of this page, because the pages allow no styles in attributes.
fn plan(number: usize, plan: RackPlan) -> AnyView {
    let (width, height) = (f64::from(plan.rack.facts.rectified_width), f64::from(plan.rack.facts.rectified_height));
    let photo = plan.photo.map(|scan| {
        view! { <img src=format!("/media/scans/{scan}/rectified.jpg") alt="" loading="lazy"/> }
    });
    let id = format!("plan-{number}");
    let mut places = format!("#{id}{{aspect-ratio:{width}/{height}}}");
    for (i, bin) in plan.cells.iter().enumerate() {
        places.push_str(&format!("#{id} button:nth-of-type({}){{{}}}", i + 1, outline(&bin.polygon, width, height)));
    }
    let bins: Vec<_> = plan.cells.iter().map(cell).collect();
    view! {
        <style nonce=use_nonce()>{places}</style>
        <div id=id class="several-plan" role="group" aria-label=plan.rack.facts.name>{photo}{bins}</div>
    }
    .into_any()
}

fn cell(bin: &Cell) -> AnyView {
    let room = (bin.capacity - bin.qty).max(0);
    let label = texts::room_for(&bin.id, &room);
    view! {
        <button type="submit" name="act" value=format!("put:{}", bin.id) disabled=room == 0 aria-label=label>
            <span><b>{format!("+{room}")}</b><small>{bin.id.to_string()}</small></span>
        </button>
    }
    .into_any()
}

/// Where a bin stands in its rack, in per cent, and its outline within that: as rules of a style sheet.
fn outline(polygon: &[Point], width: f64, height: f64) -> String {
    let span = |axis: usize| {
        let values = polygon.iter().map(|point| point[axis]);
        (values.clone().fold(f64::MAX, f64::min), values.fold(f64::MIN, f64::max))
    };
    let ((left, right), (top, bottom)) = (span(0), span(1));
    let (wide, high) = ((right - left).max(1.0), (bottom - top).max(1.0));
    let percent = |part: f64, whole: f64| format!("{:.2}%", part / whole * 100.0);
    let corners: Vec<_> =
        polygon.iter().map(|[x, y]| format!("{} {}", percent(x - left, wide), percent(y - top, high))).collect();
    // The words stand in the middle by area: a triangle's lies off the middle of its box.
    let middle = label(polygon, 1.0, 1.0);
    format!(
        "--x:{};--y:{};left:{};top:{};width:{};height:{};clip-path:polygon({})",
        percent(middle.x - left, wide),
        percent(middle.y - top, high),
        percent(left, width),
        percent(top, height),
        percent(wide, width),
        percent(high, height),
        corners.join(",")
    )
}

fn reasons() -> Vec<AnyView> {
    let button = |act: &'static str, symbol: &'static str, words: &'static str| {
        view! { <button class="button" type="submit" name="act" value=act>{icon(symbol)}{words}</button> }.into_any()
    };
    let reason =
        |reason: IssueReason, symbol: &'static str, words: &'static str| button(reason.as_str(), symbol, words);
    vec![
        reason(IssueReason::Drunk, "glass", texts::drunk_title()),
        reason(IssueReason::Gift, "gift", texts::gift()),
        button("move", "move", texts::move_word()),
        reason(IssueReason::Sold, "out", texts::sold()),
        reason(IssueReason::Broken, "out", texts::broken()),
        reason(IssueReason::Lost, "out", texts::lost()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_lies_where_its_outline_does() {
        let diamond = [[50.0, 0.0], [100.0, 50.0], [50.0, 100.0], [0.0, 50.0]];
        assert_eq!(
            outline(&diamond, 200.0, 100.0),
            "--x:50.00%;--y:50.00%;left:0.00%;top:0.00%;width:50.00%;height:100.00%;\
             clip-path:polygon(50.00% 0.00%,100.00% 50.00%,50.00% 100.00%,0.00% 50.00%)"
        );
    }
}
