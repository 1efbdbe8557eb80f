//! `/numbers`: how the cellar grows and is drunk, what lies in it, and a walk past what should be opened.

use leptos::prelude::*;
use leptos_meta::Title;
use models::numbers::{CostSeries, Forgotten, Groups, Month, Numbers, Share, Worth};

use crate::{
    api::numbers::get_numbers,
    charts::{Figures, bars, figure, line, months, stacked},
    components::{
        icon::{glyph, icon},
        load::{empty, load},
    },
    format,
    state::live::Live,
    texts,
};

/// Months of which the consumption is drawn; the table has all of them.
const DRAWN: usize = 18;
/// Bars of a drawing; the table has all of them.
const BARS: usize = 12;

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let data = Resource::new(move || live.revision.get(), |_| get_numbers());
    view! {
        <Title text=texts::numbers()/>
        <header class="head">
            <h1>{texts::numbers()}</h1>
            <nav class="tabs" aria-label=texts::on_this_page()>
                <a href="#time">{texts::time()}</a><a href="#stock">{texts::stock()}</a><a href="#forgotten">{texts::forgotten()}</a>
            </nav>
        </header>
        {load(data, show)}
    }
    .into_any()
}

fn show(numbers: Numbers) -> AnyView {
    if numbers.months.is_empty() {
        return empty("bottles", texts::nothing_to_count(), texts::nothing_to_count_why());
    }
    let names: Vec<String> = numbers.months.iter().map(|month| month.month.clone()).collect();
    let costs: Vec<_> = numbers.costs.iter().map(|series| cost(series, &names, numbers.unpriced)).collect();
    let unpriced = (numbers.costs.is_empty() && numbers.bottles > 0).then(|| {
        view! { <p class="quiet">{texts::no_price_no_value()}</p> }
    });
    let worth: Vec<_> = numbers.worth.iter().map(worth).collect();
    view! {
        {worth}
        <div id="time" class="figures">
            {bottles(&numbers.months, &names)}
            {consumption(&numbers.months, &names)}
            {costs}
        </div>
        {unpriced}
        <div id="stock" class="figures">{groups(&numbers.groups)}</div>
        <section id="forgotten">{forgotten(numbers.forgotten, numbers.forgotten_bottles)}</section>
    }
    .into_any()
}

fn worth(sum: &Worth) -> AnyView {
    view! { <p>{texts::by_valuations(sum.bottles, &format::money(sum.minor, &sum.currency))}</p> }.into_any()
}

fn bottles(months: &[Month], names: &[String]) -> AnyView {
    let here: Vec<i64> = months.iter().map(|month| month.here).collect();
    let (now, most) = (here.last().copied().unwrap_or(0), here.iter().copied().max().unwrap_or(0));
    let said = texts::bottles_now(&format::grouped(now), &format::grouped(most));
    let chart = line::LineChart {
        title: texts::bottles_over_time(),
        desc: &said,
        months: names,
        values: &here,
        words: &format::grouped,
    };
    let svg = line::draw(&chart);
    let row = |month: &Month| {
        vec![
            months::words(&month.month),
            format::grouped(month.here),
            format::grouped(month.came),
            format::grouped(month.drunk + month.given + month.otherwise),
            format::grouped(month.set_right),
        ]
    };
    let head = [texts::month(), texts::here(), texts::came(), texts::left_column(), texts::put_right_column()]
        .map(str::to_owned)
        .to_vec();
    figure(texts::bottles_over_time(), said, svg, Figures { head, rows: months.iter().rev().map(row).collect() })
}

fn consumption(months: &[Month], names: &[String]) -> AnyView {
    let from = months.len().saturating_sub(DRAWN);
    let parts = |month: &Month| [month.drunk, month.given, month.otherwise];
    let values: Vec<[i64; stacked::PARTS]> = months[from..].iter().map(parts).collect();
    let year: i64 = months.iter().rev().take(12).map(|month| month.drunk).sum();
    let said = texts::drunk_in_year(year);
    let svg = stacked::draw(&stacked::StackedChart {
        id: "left",
        title: texts::consumption(),
        desc: &said,
        months: &names[from..],
        parts: [texts::drunk(), texts::given_away(), texts::gone_otherwise()],
        values: &values,
    });
    let row = |month: &Month| {
        let mut cells = vec![months::words(&month.month)];
        cells.extend(parts(month).map(format::grouped));
        cells
    };
    let head = [texts::month(), texts::drunk_title(), texts::given(), texts::otherwise()].map(str::to_owned).to_vec();
    let some = |month: &&Month| parts(month).iter().any(|n| *n != 0);
    figure(texts::consumption(), said, svg, Figures { head, rows: months.iter().rev().filter(some).map(row).collect() })
}

fn cost(series: &CostSeries, names: &[String], unpriced: i64) -> AnyView {
    let now = series.minor.last().copied().unwrap_or(0);
    let mut said = texts::bottles_cost(series.bottles, &format::money(now, &series.currency));
    if unpriced > 0 {
        said = format!("{said} {}", texts::have_no_price(unpriced));
    }
    let words = |minor: i64| format::money(minor, &series.currency);
    let title = texts::value_in(&series.currency);
    let svg = line::draw(&line::LineChart {
        title: &title,
        desc: &said,
        months: names,
        values: &series.minor,
        words: &words,
    });
    let rows = names.iter().zip(&series.minor).rev().map(|(month, minor)| vec![months::words(month), words(*minor)]);
    let head = [texts::month(), texts::paid_for_what_is_here()].map(str::to_owned).to_vec();
    figure(texts::what_bottles_cost(), said, svg, Figures { head, rows: rows.collect() })
}

fn groups(groups: &Groups) -> AnyView {
    let state = |share: &Share| {
        let words = models::window::DrinkState::ALL.iter().find(|state| state.as_str() == share.word);
        words.map_or_else(|| share.word.clone(), |state| format::drink_words(*state).to_owned())
    };
    let plain = |share: &Share| share.word.clone();
    let colour = |share: &Share| format::colour_word(&share.word).to_owned();
    let region = |share: &Share| if share.word.is_empty() { texts::not_known().to_owned() } else { share.word.clone() };
    view! {
        {shares(texts::whether_to_drink(), texts::state(), &groups.state, state, texts::others())}
        {shares(texts::by_colour(), texts::colour(), &groups.colour, colour, texts::others())}
        {shares(texts::by_region(), texts::region(), &groups.region, region, texts::other_regions())}
        {shares(texts::by_vintage(), texts::vintage_word(), &groups.vintage, plain, texts::before_years())}
    }
    .into_any()
}

fn shares(
    title: &'static str,
    column: &'static str,
    shares: &[Share],
    name: impl Fn(&Share) -> String,
    others: &str,
) -> AnyView {
    let all: Vec<(String, i64)> = shares.iter().map(|share| (name(share), share.bottles)).collect();
    let rows = all.iter().map(|(name, n)| vec![name.clone(), format::grouped(*n)]).collect();
    let most = all.iter().max_by_key(|bar| bar.1).filter(|bar| bar.1 > 0);
    let said =
        most.map_or_else(|| texts::no_bottle_here().to_owned(), |(name, n)| texts::most_of(&name, &texts::bottles(*n)));
    let drawn = bars::rest(all, BARS, others);
    let svg = bars::draw(&bars::BarChart { title, desc: &said, bars: &drawn });
    figure(title, said, svg, Figures { head: vec![column.to_owned(), texts::bottles_title().to_owned()], rows })
}

/// A walk: one heading a rack, one line a bin and wine.
fn forgotten(lines: Vec<Forgotten>, bottles: i64) -> AnyView {
    if lines.is_empty() {
        return view! {
            <h2>{texts::ready_and_forgotten()}</h2>
            <p class="quiet">{texts::nothing_forgotten()}</p>
        }
        .into_any();
    }
    let listed: i64 = lines.iter().map(|line| line.bottles).sum();
    let more = (listed < bottles).then(|| {
        view! { <p class="quiet">{texts::walk_shows_first(bottles - listed)}</p> }
    });
    let mut racks: Vec<(String, Vec<Forgotten>)> = Vec::new();
    for line in lines {
        let name = if line.rack.is_empty() { texts::in_no_bin().to_owned() } else { line.rack.clone() };
        match racks.last_mut() {
            Some((last, lines)) if *last == name => lines.push(line),
            _ => racks.push((name, vec![line])),
        }
    }
    let racks: Vec<_> = racks
        .into_iter()
        .map(|(name, lines)| {
            let lines: Vec<_> = lines.into_iter().map(stop).collect();
            view! { <h3>{name}</h3><ol class="bottles">{lines}</ol> }
        })
        .collect();
    let said = texts::forgotten_are(bottles);
    view! { <h2>{texts::ready_and_forgotten()}</h2><p class="quiet">{said}</p>{racks}{more} }.into_any()
}

fn stop(line: Forgotten) -> AnyView {
    let until = line.until.map_or_else(String::new, |year| format!(" \u{b7} {}", texts::years_until(&year)));
    let bin = line.bin.map(|bin| {
        view! { <a class="bin-tag" href=format!("/bins/{bin}")>{icon("bin")}{bin.to_string()}</a> }
    });
    view! {
        <li class="bottle">
            {glyph(line.colour, line.style)}
            <div class="bottle-words">
                <a href=format!("/wines/{}", line.wine_id)><strong>{line.title}</strong></a>
                <small>{texts::bottles(line.bottles)}" \u{b7} "{texts::here_since(&line.since)}{until}</small>
            </div>
            <span class=format::drink_class(line.state)>{format::drink_words(line.state)}</span>
            {bin}
        </li>
    }
    .into_any()
}
