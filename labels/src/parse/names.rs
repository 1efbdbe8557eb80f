//! Producer and name, where no catalogue knows the wine: what is large and says nothing else.

use models::search::words;

use super::{Seen, phrases::Found};
use crate::{fields::Field, tables::Kind};

/// Words that producers are called by.
const HOUSES: &[&str] = &[
    "chateau",
    "domaine",
    "domaines",
    "weingut",
    "schloss",
    "bodega",
    "bodegas",
    "cantina",
    "cantine",
    "quinta",
    "tenuta",
    "tenute",
    "azienda",
    "vinicola",
    "casa",
    "castello",
    "cave",
    "caves",
    "maison",
    "fattoria",
    "pinceszet",
    "pince",
    "pinceszete",
    "pinceje",
    "birtok",
    "winery",
    "wines",
    "vineyards",
    "vineyard",
    "cellars",
    "marchesi",
    "marchese",
    "clos",
    "vina",
    "vinas",
    "herdade",
    "finca",
    "podere",
    "poderi",
    "champagne",
    "estate",
    "estates",
    "mas",
    "celler",
    "adega",
    "adegas",
    "vignobles",
    "vignoble",
    "winzer",
    "winzergenossenschaft",
    "kellerei",
    "weinkellerei",
    "villa",
    "barone",
    "conte",
    "conti",
    "fils",
    "freres",
    "figli",
    "hijos",
    "vinedos",
    "borgaszat",
    "szolobirtok",
    "kloster",
    "abbazia",
    "domaene",
    "monastero",
    "cooperativa",
    "monte",
];
/// Beginnings of lines that tell of the bottling.
const SMALL_PRINT: &[&str] = &[
    "mis en",
    "mise en",
    "imbottigliato",
    "embotellado",
    "engarrafado",
    "bottled",
    "abgefullt",
    "erzeugerabfullung",
    "gutsabfullung",
    "contient",
    "contains",
    "contiene",
    "contem",
    "enthalt",
    "produced",
    "produit",
    "product",
    "prodotto",
    "elaborado",
    "elabore",
    "palackozta",
    "palackozott",
    "appellation",
    "denominazione",
    "denominacion",
    "indicazione",
    "imported",
    "government",
];

/// Producer and name.
pub(super) fn find(lines: &[Seen], found: &[Found]) -> (Option<Field>, Option<Field>) {
    let tallest = lines.iter().map(|seen| seen.line.height()).fold(1.0, f32::max);
    let mut scored: Vec<(f32, bool, Seen)> = lines.iter().filter_map(|seen| judge(seen, found, tallest)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let house = scored.iter().position(|(_, house, _)| *house).unwrap_or(0);
    if scored.is_empty() {
        return (None, named_after(found));
    }
    let (score, is_house, seen) = scored.remove(house);
    let mut called = proper(&seen.line.text);
    if is_house && let Some(place) = goes_on(&seen, &scored) {
        let (.., other) = scored.remove(place);
        let other_first = other.line.middle() < seen.line.middle();
        let whose = proper(&other.line.text);
        called = if other_first { format!("{whose} {called}") } else { format!("{called} {whose}") };
    }
    let mut producer = seen.field(called, if is_house { 0.35 + 0.4 * score } else { 0.25 + 0.3 * score });
    producer.alternatives = scored.iter().take(4).map(|(.., seen)| proper(&seen.line.text)).collect();
    let name = match scored.first() {
        Some((score, _, seen)) if *score > 0.4 => {
            let mut name = seen.field(proper(&seen.line.text), 0.2 + 0.4 * score);
            name.alternatives = scored.iter().skip(1).take(3).map(|(.., seen)| proper(&seen.line.text)).collect();
            name.alternatives.extend(named_after(found).map(|field| field.value));
            name.alternatives.push(producer.value.clone());
            Some(name)
        }
        _ => named_after(found),
    };
    (Some(producer), name)
}

/// A word of producers that has a line to itself, such as `WEINGUT`, is one with the line below it, or else above.
fn goes_on(house: &Seen, others: &[(f32, bool, Seen)]) -> Option<usize> {
    if !words(&house.line.text).iter().all(|word| HOUSES.contains(&word.as_str())) {
        return None;
    }
    let near = others.iter().enumerate().filter_map(|(place, (.., other))| {
        let below = other.line.middle() - house.line.middle();
        let reach = 2.0 * house.line.height().max(other.line.height());
        (other.shot == house.shot && below.abs() <= reach).then_some((place, below))
    });
    // Below goes before above, near before far.
    near.min_by(|(_, a), (_, b)| (*a < 0.0).cmp(&(*b < 0.0)).then(a.abs().total_cmp(&b.abs()))).map(|(place, _)| place)
}

/// How likely a line names producer or wine, and whether it has a word of producers; none for other lines.
fn judge<'a>(seen: &Seen<'a>, found: &[Found], tallest: f32) -> Option<(f32, bool, Seen<'a>)> {
    let said = words(&seen.line.text);
    let text = said.join(" ");
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if !(3..=40).contains(&letters) || digits * 2 > letters || SMALL_PRINT.iter().any(|start| text.starts_with(start)) {
        return None;
    }
    let here = |found: &&Found| std::ptr::eq(found.seen.line, seen.line);
    let told: f32 = found.iter().filter(here).map(|found| found.share).sum();
    let house = said.iter().any(|word| HOUSES.contains(&word.as_str()));
    if told > 0.6 && !house {
        return None;
    }
    let front = if seen.shot == 0 { 0.0 } else { 0.3 };
    let size = (seen.line.height() / tallest).min(1.0);
    Some((size * 0.7 + seen.line.confidence * 0.3 + if house { 0.25 } else { 0.0 } - 0.5 * told - front, house, *seen))
}

/// A wine without a name of its own is called by its place or grape.
fn named_after(found: &[Found]) -> Option<Field> {
    [Kind::Appellation, Kind::Grape, Kind::Region].into_iter().find_map(|kind| {
        let of_kind = found.iter().filter(|found| found.known.kind == kind);
        let best = of_kind.max_by(|a, b| a.weight().total_cmp(&b.weight()))?;
        Some(best.seen.field(best.known.name.clone(), 0.5 * best.likeness))
    })
}

/// `CHÂTEAU MARGAUX` as `Château Margaux`; what has small letters stays as it is.
fn proper(text: &str) -> String {
    if text.chars().any(char::is_lowercase) {
        return text.trim().to_owned();
    }
    let mut start = true;
    text.trim()
        .chars()
        .flat_map(|c| {
            let shown: Vec<char> = if start { vec![c] } else { c.to_lowercase().collect() };
            start = !(c.is_alphanumeric() || c == '\'' || c == '\u{2019}');
            shown
        })
        .collect()
}
