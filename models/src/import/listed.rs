//! Lists of wines for the catalogue: files with the columns of X-Wines, or of this program's own export. A file of which a
//! line cannot be used is refused as a whole, with the lines, the columns and the cure.

use std::collections::BTreeSet;

use super::{
    decode::decode,
    guess, known, ours,
    table::{Named, Table},
};
use crate::{
    error::RuleError,
    wine::{Effervescence, Grape, Style, Sweetness, WineFacts},
};

/// Lines that are told of when a file is refused.
const TOLD: usize = 10;
/// What must be there of X-Wines (github.com/rogerioxavier/X-Wines), and of our own export.
const X_WINES: &[&str] = &["WineName", "WineryName", "Type"];
const OURS: &[&str] = &["producer", "wine", "colour"];
/// Where what is checked stands in X-Wines.
const COLUMNS: &[(&str, &str)] = &[
    ("producer", "WineryName"),
    ("name", "WineName"),
    ("colour", "Type"),
    ("country", "Country"),
    ("region", "RegionName"),
    ("grapes", "Grapes"),
    ("abv_tenths", "ABV"),
];

/// The wines of a file, each once.
pub fn wines(bytes: &[u8]) -> Result<Vec<WineFacts>, RuleError> {
    let table = Table::read(&decode(bytes)?.text)?;
    let foreign = table.has(X_WINES);
    if !foreign && !table.has(OURS) {
        return Err(RuleError::field(
            "file",
            format!(
                "its first line must name the columns {} (X-Wines), or {} (this program's export); it names: {}",
                X_WINES.join(", "),
                OURS.join(", "),
                table.header.join(", ")
            ),
        ));
    }
    let (mut all, mut wrong, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for row in table.named().filter(|row| !row.is_blank()) {
        let read = if foreign { of_x_wines(row) } else { of_ours(row) };
        match read.and_then(|wine| wine.check().map(|()| wine.tidied())) {
            Ok(wine) => {
                if seen.insert(known::identity(&wine.producer, &wine.name, wine.colour)) {
                    all.push(wine);
                }
            }
            Err(error) => wrong.push(told(row.line(), foreign, error)),
        }
    }
    if wrong.is_empty() && all.is_empty() {
        return Err(RuleError::field("file", "names no wine below its first line"));
    }
    if wrong.is_empty() {
        return Ok(all);
    }
    let more = wrong.len().saturating_sub(TOLD);
    wrong.truncate(TOLD);
    let more = if more > 0 { format!("; and {more} more lines") } else { String::new() };
    Err(RuleError::field("file", format!("{}{more}. Nothing was taken in", wrong.join("; "))))
}

/// What is wrong with a line, with the column as the file names it.
fn told(line: u32, foreign: bool, error: RuleError) -> String {
    let RuleError::Field { field, message } = error else { return format!("line {line}: {error}") };
    let field = field.split(['[', '.']).next().unwrap_or(&field);
    let ours = if field == "name" { "wine" } else { field };
    let theirs = COLUMNS.iter().find(|(name, _)| *name == field).map_or(field, |(_, column)| column);
    format!("line {line}, column {}: {message}", if foreign { theirs } else { ours })
}

fn of_x_wines(row: Named<'_>) -> Result<WineFacts, RuleError> {
    let text = |column| row.get(column).to_owned();
    let kind = row.get("Type");
    let words = [row.get("WineName"), row.get("RegionName"), row.get("Grapes")].join(" ");
    let Some((Some(colour), style)) = guess::kind(kind, &words) else {
        return Err(RuleError::field(
            "colour",
            format!("`{kind}` tells no colour: write Red, White, Rosé, Orange, Sparkling, Dessert or Dessert/Port"),
        ));
    };
    let mut wine = WineFacts::named(text("WineryName"), text("WineName"), colour);
    wine.style = style;
    wine.country = text("Country");
    wine.region = text("RegionName");
    wine.grapes = grapes(row.get("Grapes"));
    let abv = row.get("ABV");
    if !abv.is_empty() {
        let number: Option<f64> = abv.replace(',', ".").parse().ok().filter(|abv| (0.0..=80.0).contains(abv));
        let Some(number) = number else {
            return Err(RuleError::field(
                "abv_tenths",
                format!("`{abv}` is no percentage from 0 to 80: write 13.5, or leave it empty"),
            ));
        };
        wine.abv_tenths = Some((number * 10.0).round() as i32);
    }
    Ok(wine)
}

/// `['Merlot', "Nero d'Avola"]`: as many as a wine may have.
fn grapes(text: &str) -> Vec<Grape> {
    let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
    let bare = |part: &str| part.trim().trim_matches(['\'', '"']).trim().to_owned();
    let named = inner.split(',').map(bare).filter(|name| !name.is_empty());
    named.take(20).map(|name| Grape { name, percent: None }).collect()
}

fn of_ours(row: Named<'_>) -> Result<WineFacts, RuleError> {
    let cell = |column| ours::cell(row, column);
    let wine = ours::wine(row).map_err(|error| match error {
        RuleError::Field { message, .. } => RuleError::field("colour", message),
        other => other,
    })?;
    word::<Style>("style", cell("style"))?;
    word::<Sweetness>("sweetness", cell("sweetness"))?;
    word::<Effervescence>("effervescence", cell("effervescence"))?;
    if wine.abv_tenths.is_none() && !cell("abv_tenths").is_empty() {
        let why = format!("`{}` is no whole number: write 135 for 13.5 %, or leave it empty", cell("abv_tenths"));
        return Err(RuleError::field("abv_tenths", why));
    }
    // Tags are one's own words on one's own bottles.
    Ok(WineFacts { tags: Vec::new(), ..wine })
}

/// Refuses a word that is none of the enum's, but for an empty one.
fn word<T: std::str::FromStr<Err = RuleError>>(column: &str, text: &str) -> Result<(), RuleError> {
    if text.is_empty() {
        return Ok(());
    }
    text.parse::<T>().map(drop).map_err(|error| match error {
        RuleError::Field { message, .. } => RuleError::field(column, format!("{message}; or leave it empty")),
        other => other,
    })
}
