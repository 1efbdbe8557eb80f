//! What the tables of CellarTracker have in common.
//!
//! Traps: the vintage 1001 is NV; 9999 is no window; `Unknown` is a word for nothing; days are M/D/YYYY; a failed
//! sign-in is a page of HTML with status 200.

use super::{
    date::{self, Order},
    guess,
    line::{Gone, ImportLine, Item, State},
    money,
    table::Named,
};
use crate::{
    bottle_format,
    movement::IssueReason,
    search::fold,
    window::Window,
    wine::{Colour, Grape, Style, Sweetness, WineFacts},
};

/// A cell; CellarTracker's words for nothing are nothing.
pub(super) fn cell<'a>(row: Named<'a>, column: &str) -> &'a str {
    match row.get(column) {
        "Unknown" | "None" | "(n/a)" => "",
        text => text,
    }
}

/// A text cut to what a field holds; the cut is told.
pub(super) fn fit(text: &str, most: usize, what: &str, warnings: &mut Vec<String>) -> String {
    let text = text.replace(['\r', '\n', '\t'], " ");
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.trim();
    if clean.chars().count() <= most {
        return clean.to_owned();
    }
    warnings.push(format!("{what} is longer than {most} characters and was cut"));
    clean.chars().take(most).collect::<String>().trim_end().to_owned()
}

/// Several lines of text, cut to what a field holds.
pub(super) fn prose(text: &str, most: usize, what: &str, warnings: &mut Vec<String>) -> String {
    let clean: String = text.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || *c == '\n').collect();
    if clean.chars().count() <= most {
        return clean.trim().to_owned();
    }
    warnings.push(format!("{what} is longer than {most} characters and was cut"));
    clean.chars().take(most).collect::<String>().trim().to_owned()
}

/// The wine, vintage and window of any of its tables.
pub(super) fn wine(row: Named<'_>, warnings: &mut Vec<String>) -> Result<Item, String> {
    let key = row.get("iWine");
    if key.is_empty() || !key.bytes().all(|b| b.is_ascii_digit()) || key.len() > 20 {
        return Err("the column iWine holds no number".to_owned());
    }
    let label = row.get("Wine");
    if label.is_empty() {
        return Err("the wine has no name".to_owned());
    }
    let kind = if row.get("Type").is_empty() { row.first(&["Color", "Category"]) } else { row.get("Type") };
    let words = [label, row.get("Locale"), row.get("Varietal")].join(" ");
    let Some((colour, style)) = guess::kind(kind, &words) else { return Err(format!("no wine, but {kind}")) };
    let colour = colour.unwrap_or_else(|| {
        warnings.push("the table does not tell the colour; taken as red".to_owned());
        Colour::Red
    });
    let (producer, name) = names(row, warnings);
    let mut wine = WineFacts {
        style,
        ..WineFacts::named(fit(&producer, 200, "Producer", warnings), fit(&name, 200, "Wine", warnings), colour)
    };
    origin(row, &mut wine, warnings);
    if style == Style::Sweet {
        wine.sweetness = Some(Sweetness::Sweet);
    } else if fold(kind).contains("off dry") {
        wine.sweetness = Some(Sweetness::OffDry);
    }
    wine.grapes = grapes(cell(row, "Varietal"));
    let year = guess::year(row.get("Vintage"));
    if year.is_none() && !guess::is_nv(row.get("Vintage")) {
        warnings.push(format!("`{}` is no vintage; taken as NV", row.get("Vintage")));
    }
    let mut item = Item::of(key.to_owned(), wine, year);
    item.window = window(guess::year(row.get("BeginConsume")), guess::year(row.get("EndConsume")), warnings);
    item.location = place(row.get("Location"));
    item.bin = place(row.get("Bin"));
    Ok(item)
}

/// A window, if its years are in order.
pub(super) fn window(from: Option<i32>, to: Option<i32>, warnings: &mut Vec<String>) -> Window {
    let window = Window::years(from, to);
    match window.check() {
        Ok(()) => window,
        Err(_) => {
            warnings.push("the drinking window ends before it begins and was left out".to_owned());
            Window::default()
        }
    }
}

fn place(text: &str) -> String {
    match text {
        "(n/a)" | "(pending)" | "(none)" => String::new(),
        text => text.to_owned(),
    }
}

/// Country, region and what is below them, from their columns or from `Locale`.
fn origin(row: Named<'_>, wine: &mut WineFacts, warnings: &mut Vec<String>) {
    let mut locale = row.get("Locale").split(", ");
    let mut of = |column: &str| {
        let own = cell(row, column);
        let from_locale = locale.next().unwrap_or("");
        if own.is_empty() && row.get("Country").is_empty() { from_locale } else { own }
    };
    let [country, region, subregion, appellation] = ["Country", "Region", "SubRegion", "Appellation"].map(&mut of);
    wine.country = fit(country, 100, "Country", warnings);
    wine.region = fit(region, 100, "Region", warnings);
    wine.subregion = fit(subregion, 100, "SubRegion", warnings);
    wine.appellation = fit(appellation, 100, "Appellation", warnings);
    wine.designation = fit(cell(row, "Designation"), 100, "Designation", warnings);
    wine.vineyard = fit(cell(row, "Vineyard"), 100, "Vineyard", warnings);
}

/// Producer and name: by the producer's column, by the turned name of `SortWine`, else by the origin.
fn names(row: Named<'_>, warnings: &mut Vec<String>) -> (String, String) {
    let label = row.get("Wine");
    let producer = cell(row, "Producer");
    if !producer.is_empty() {
        return (producer.to_owned(), without(label, producer));
    }
    if let Some(producer) = turned(label, row.get("SortWine")) {
        let name = without(label, &producer);
        return (producer, name);
    }
    warnings.push("this table does not name the producer; import List or Inventory first to have it".to_owned());
    let place = row.get("Locale").rsplit(", ").next().unwrap_or_default();
    (label.to_owned(), if place.is_empty() { label.to_owned() } else { place.to_owned() })
}

/// The label without the producer in front; the whole label where nothing else is left.
pub(super) fn without(label: &str, producer: &str) -> String {
    match label.strip_prefix(producer).map(str::trim) {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => label.to_owned(),
    }
}

/// `Domaine de la Romanée-Conti` from `Domaine de la Romanée-Conti La Tâche` and `Romanée-Conti, Domaine de la La Tâche`.
fn turned(label: &str, sorted: &str) -> Option<String> {
    let (last, rest) = sorted.split_once(", ")?;
    let at = label.find(last)?;
    let front = label[..at].trim_end();
    if front.is_empty() || !rest.starts_with(front) {
        return None;
    }
    Some(label[..at + last.len()].to_owned())
}

/// Grapes of a varietal; blends have names of their own, which are none.
fn grapes(text: &str) -> Vec<Grape> {
    if fold(text).split(' ').any(|word| word == "blend") {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    let names = text.split(',').map(|name| fit(name, 60, "", &mut warnings)).filter(|name| !name.is_empty());
    names.take(20).map(|name| Grape { name, percent: None }).collect()
}

/// Number of a column; empty is none.
pub(super) fn number(text: &str) -> Option<u32> {
    text.trim().trim_end_matches(".0").parse().ok()
}

/// Size, price, day and shop. `0` is CellarTracker's word for "no price".
pub(super) fn bottle(
    row: Named<'_>,
    item: &mut Item,
    columns: &Columns,
    currency: Option<&str>,
    warnings: &mut Vec<String>,
) {
    let size = row.get(columns.size);
    match bottle_format::parse(size) {
        Some(ml) => item.bottle.volume_ml = ml,
        None if size.is_empty() => {}
        None => warnings.push(format!("the size `{size}` is not known; taken as 75 cl")),
    }
    let code = columns.currency.iter().find_map(|column| money::code(row.get(column)));
    let code = code.or_else(|| currency.map(str::to_owned));
    let price = row.first(columns.price);
    let sum = money::minor_point(price, code.as_deref().unwrap_or_default()).filter(|sum| *sum > 0);
    match (sum, code) {
        (Some(sum), Some(code)) => {
            item.bottle.price_minor = Some(sum);
            item.bottle.currency = Some(code);
        }
        (Some(_), None) => warnings.push(format!("the price {price} has no currency and was left out")),
        (None, _) => {}
    }
    item.bottle.purchased_on = date::day(row.get("PurchaseDate"), Order::MonthFirst);
    item.bottle.shop = fit(cell(row, columns.shop), 100, "the shop's name", warnings);
    item.bottle.notes = prose(row.get("BottleNote"), 1500, "the bottle's note", warnings);
}

/// How a table names what is known of a bottle.
pub(super) struct Columns {
    pub(super) size: &'static str,
    pub(super) price: &'static [&'static str],
    pub(super) currency: &'static [&'static str],
    pub(super) shop: &'static str,
}

/// The names in Inventory, Purchase and Consumed.
pub(super) const NATIVE: Columns = Columns {
    size: "Size",
    price: &["NativePrice", "Price"],
    currency: &["NativePriceCurrency", "Currency"],
    shop: "StoreName",
};

/// How a bottle left: `Drank`, `Gave Away`, `Sold`, `Corked`, `Spilled/Broke`, `Missing` and the like.
pub(super) fn gone(row: Named<'_>, day: &str, warnings: &mut Vec<String>) -> Gone {
    let word = fold(row.first(&["ShortType", "ConsumptionType"]));
    let has = |part: &str| word.contains(part);
    let reason = match () {
        () if has("gift") || has("gave") || has("given") || has("donat") => IssueReason::Gift,
        () if has("sold") || has("restaurant sale") || has("trade") => IssueReason::Sold,
        () if has("cork") || has("flaw") || has("bad") || has("spoil") => IssueReason::Corked,
        () if has("broke") || has("spill") || has("leak") => IssueReason::Broken,
        () if has("missing") || has("lost") || has("stolen") => IssueReason::Lost,
        () => IssueReason::Drunk,
    };
    let code = money::code(row.first(&["ConsumptionRevenueCurrency", "NativeRevenueCurrency", "RevenueCurrency"]));
    let sum = row.first(&["ConsumptionRevenue", "NativeRevenue", "Revenue"]);
    let sum = money::minor_point(sum, code.as_deref().unwrap_or_default()).filter(|sum| *sum > 0);
    let on = date::day(day, Order::MonthFirst);
    if on.is_none() {
        warnings.push("the day of consumption cannot be read; the day of the import is taken".to_owned());
    }
    Gone {
        reason,
        on,
        note: prose(row.get("ConsumptionNote"), 1000, "the consumption note", warnings),
        revenue: sum.zip(code).filter(|_| reason == IssueReason::Sold),
    }
}

/// A finished line.
pub(super) fn told(row: Named<'_>, what: Result<Item, String>, warnings: Vec<String>) -> ImportLine {
    ImportLine { line: row.line(), what: what.map(Box::new), warnings }
}

/// A state with its count.
pub(super) fn hold(item: &mut Item, count: u32, state: State) {
    item.count = count;
    item.state = if count == 0 { State::Catalogue } else { state };
}
