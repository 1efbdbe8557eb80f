//! Our own CSV export: one line for each bottle.

use super::{
    Options, cellartracker as ct, guess, known,
    line::{Gone, ImportLine, Item, State},
    money, plain,
    table::Named,
};
use crate::{bottle_format, error::RuleError, movement::IssueReason, wine::WineFacts};

/// A cell without the apostrophe that keeps a spreadsheet from running it as a formula.
pub(super) fn cell<'a>(row: Named<'a>, column: &str) -> &'a str {
    let text = row.get(column);
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\'', '\t', '\r']) => rest,
        _ => text,
    }
}

/// Reads a line.
pub(super) fn line(row: Named<'_>, _: &Options) -> Vec<ImportLine> {
    let mut warnings = Vec::new();
    let read = item(row, &mut warnings);
    vec![ct::told(row, read, warnings)]
}

/// The wine of a line; a word that is none is left out, but for the colour.
pub(super) fn wine(row: Named<'_>) -> Result<WineFacts, RuleError> {
    let text = |column| cell(row, column).to_owned();
    let colour = cell(row, "colour").parse()?;
    let mut wine = WineFacts::named(text("producer"), text("wine"), colour);
    wine.style = cell(row, "style").parse().unwrap_or(crate::wine::Style::Still);
    wine.country = text("country");
    wine.region = text("region");
    wine.subregion = text("subregion");
    wine.appellation = text("appellation");
    wine.designation = text("designation");
    wine.vineyard = text("vineyard");
    wine.classification = text("classification");
    wine.sweetness = cell(row, "sweetness").parse().ok();
    wine.effervescence = cell(row, "effervescence").parse().ok();
    wine.grapes = plain::grapes(cell(row, "grapes"));
    wine.abv_tenths = cell(row, "abv_tenths").parse().ok();
    wine.tags = cell(row, "tags").split(", ").filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
    Ok(wine)
}

fn item(row: Named<'_>, warnings: &mut Vec<String>) -> Result<Item, String> {
    let text = |column| cell(row, column).to_owned();
    let wine = wine(row).map_err(|error| error.to_string())?;
    let year = guess::year(cell(row, "vintage"));
    let mut item = Item::of(known::name_key(&wine, year), wine, year);
    item.window = ct::window(guess::year(cell(row, "drink_from")), guess::year(cell(row, "drink_to")), warnings);
    item.window.peak_from = guess::year(cell(row, "peak_from"));
    item.window.peak_to = guess::year(cell(row, "peak_to"));
    if item.window.check().is_err() {
        warnings.push("the years of the peak do not fit the window; they are left out".to_owned());
        (item.window.peak_from, item.window.peak_to) = (None, None);
    }
    let worth_code = money::code(cell(row, "worth_currency"));
    let worth = money::minor_point(cell(row, "worth"), worth_code.as_deref().unwrap_or_default());
    item.value = worth.zip(worth_code);
    let opened = cell(row, "opened_on").parse::<chrono::NaiveDate>().ok();
    item.bottle.opened_at = opened.and_then(|day| day.and_hms_opt(12, 0, 0));
    item.bottle.preservation = cell(row, "preservation").parse().ok();
    item.bottle.glasses_left = cell(row, "glasses_left").parse().ok();
    item.bottle.volume_ml = bottle_format::parse(cell(row, "volume_ml")).unwrap_or(750);
    item.bottle.currency = money::code(cell(row, "currency"));
    let code = item.bottle.currency.clone().unwrap_or_default();
    item.bottle.price_minor = money::minor_point(cell(row, "price"), &code);
    item.bottle.purchased_on = Some(text("purchased_on")).filter(|day| !day.is_empty());
    item.bottle.shop = text("shop");
    item.bottle.provenance = text("provenance");
    item.bottle.notes = text("notes");
    item.bottle_key = Some(format!("bottle:{}", cell(row, "bottle_id"))).filter(|key| (8..=60).contains(&key.len()));
    item.bin = text("bin");
    let gone = || Gone {
        reason: cell(row, "reason").parse().unwrap_or(IssueReason::Lost),
        on: Some(text("left_on")).filter(|day| !day.is_empty()),
        note: String::new(),
        revenue: None,
    };
    let state = if cell(row, "status") == "gone" { State::Gone(gone()) } else { State::Here };
    ct::hold(&mut item, 1, state);
    Ok(item)
}
