//! Taking the book out for people and spreadsheets: one line for each bottle, or a list to print.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Conn, DbError, bottles, movements, schema::movements as journal, vintages, wines};
use crate::{
    bottle::{Bottle, BottleStatus},
    ids::{VintageId, WineId},
    import::money,
    wine::{Vintage, Wine},
};

/// Columns of the CSV.
const HEADER: &[&str] = &[
    "bottle_id",
    "wine_id",
    "producer",
    "wine",
    "vintage",
    "colour",
    "style",
    "country",
    "region",
    "subregion",
    "appellation",
    "designation",
    "vineyard",
    "classification",
    "sweetness",
    "effervescence",
    "grapes",
    "abv_tenths",
    "tags",
    "drink_from",
    "peak_from",
    "peak_to",
    "drink_to",
    "worth",
    "worth_currency",
    "score_tenths",
    "volume_ml",
    "price",
    "currency",
    "purchased_on",
    "shop",
    "provenance",
    "notes",
    "opened_on",
    "preservation",
    "glasses_left",
    "status",
    "bin",
    "received_on",
    "left_on",
    "reason",
];

/// A bottle with its vintage and wine.
struct Joined {
    wines: BTreeMap<WineId, Wine>,
    vintages: BTreeMap<VintageId, Vintage>,
    bottles: Vec<Bottle>,
}

fn joined(conn: &mut Conn) -> Result<Joined, DbError> {
    Ok(Joined {
        wines: wines::wine_touched_since(conn, -1)?.into_iter().map(|wine| (wine.id.clone(), wine)).collect(),
        vintages: vintages::vintage_touched_since(conn, -1)?.into_iter().map(|v| (v.id.clone(), v)).collect(),
        bottles: bottles::bottle_touched_since(conn, -1)?,
    })
}

/// A cell that no spreadsheet runs as a formula: our import takes the apostrophe off again.
fn safe(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// The CSV: every bottle, also those that have left; UTF-8, comma, CRLF (RFC 4180).
pub fn export_csv(conn: &mut Conn) -> Result<Vec<u8>, DbError> {
    let all = joined(conn)?;
    let issues: Vec<(String, Option<String>, crate::Instant)> = journal::table
        .filter(journal::kind.eq(crate::movement::MovementKind::Issue.as_str()))
        .order(journal::id)
        .select((journal::bottle_id, journal::reason, journal::at))
        .load(conn)?;
    let left: BTreeMap<String, (Option<String>, crate::Instant)> =
        issues.into_iter().map(|(id, reason, at)| (id, (reason, at))).collect();
    let broken = |error: csv::Error| DbError::Other(format!("the CSV cannot be written: {error}"));
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(HEADER).map_err(broken)?;
    for bottle in &all.bottles {
        let Some(vintage) = all.vintages.get(&bottle.vintage_id) else { continue };
        let Some(wine) = all.wines.get(&vintage.wine_id) else { continue };
        let row = row(bottle, vintage, wine, left.get(bottle.id.as_str()));
        out.write_record(row.iter().map(|cell| safe(cell))).map_err(broken)?;
    }
    out.into_inner().map_err(|error| DbError::Other(format!("the CSV cannot be written: {error}")))
}

fn row(
    bottle: &Bottle,
    vintage: &Vintage,
    wine: &Wine,
    left: Option<&(Option<String>, crate::Instant)>,
) -> Vec<String> {
    let number = |value: Option<i32>| value.map(|n| n.to_string()).unwrap_or_default();
    let (w, b) = (&wine.facts, &bottle.facts);
    let grape = |grape: &crate::wine::Grape| match grape.percent {
        Some(percent) => format!("{} {percent}%", grape.name),
        None => grape.name.clone(),
    };
    let gone = bottle.status == BottleStatus::Gone;
    let left = left.filter(|_| gone);
    let worth_code = vintage.valuation_currency.clone().unwrap_or_default();
    let code = b.currency.clone().unwrap_or_default();
    vec![
        bottle.id.0.clone(),
        wine.id.0.clone(),
        w.producer.clone(),
        w.name.clone(),
        number(vintage.year),
        w.colour.as_str().to_owned(),
        w.style.as_str().to_owned(),
        w.country.clone(),
        w.region.clone(),
        w.subregion.clone(),
        w.appellation.clone(),
        w.designation.clone(),
        w.vineyard.clone(),
        w.classification.clone(),
        w.sweetness.map(|word| word.as_str().to_owned()).unwrap_or_default(),
        w.effervescence.map(|word| word.as_str().to_owned()).unwrap_or_default(),
        w.grapes.iter().map(grape).collect::<Vec<_>>().join(", "),
        number(w.abv_tenths),
        w.tags.join(", "),
        number(vintage.window.drink_from),
        number(vintage.window.peak_from),
        number(vintage.window.peak_to),
        number(vintage.window.drink_to),
        vintage.valuation_minor.map(|sum| money::words(sum, &worth_code)).unwrap_or_default(),
        worth_code,
        number(vintage.score_tenths),
        b.volume_ml.to_string(),
        b.price_minor.map(|sum| money::words(sum, &code)).unwrap_or_default(),
        code,
        b.purchased_on.clone().unwrap_or_default(),
        b.shop.clone(),
        b.provenance.clone(),
        b.notes.clone(),
        b.opened_at.map(|at| at.format("%Y-%m-%d").to_string()).unwrap_or_default(),
        b.preservation.map(|word| word.as_str().to_owned()).unwrap_or_default(),
        number(b.glasses_left),
        bottle.status.as_str().to_owned(),
        bottle.bin.as_ref().map(|bin| bin.0.clone()).unwrap_or_default(),
        bottle.received_at.format("%Y-%m-%d").to_string(),
        left.map(|(_, at)| at.format("%Y-%m-%d").to_string()).unwrap_or_default(),
        left.and_then(|(reason, _)| reason.clone()).unwrap_or_default(),
    ]
}

/// A line of the printed wine list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListLine {
    /// Style and colour as they are printed above, in the order of a wine list.
    pub section: (u8, &'static str),
    /// Country.
    pub country: String,
    /// Region.
    pub region: String,
    /// Producer.
    pub producer: String,
    /// Wine.
    pub name: String,
    /// Year; none = NV.
    pub year: Option<i32>,
    /// Bottle size.
    pub volume_ml: i32,
    /// How many.
    pub count: u32,
    /// Bins they lie in.
    pub places: Vec<String>,
}

/// What is in the cellar, in the order of a wine list: sparkling, white, rosé, orange, red, sweet, fortified.
pub fn list_lines(conn: &mut Conn) -> Result<Vec<ListLine>, DbError> {
    use crate::wine::{Colour, Style};
    let all = joined(conn)?;
    let mut lines: BTreeMap<(VintageId, i32), ListLine> = BTreeMap::new();
    for bottle in all.bottles.iter().filter(|bottle| bottle.status == BottleStatus::InCellar) {
        let Some(vintage) = all.vintages.get(&bottle.vintage_id) else { continue };
        let Some(wine) = all.wines.get(&vintage.wine_id) else { continue };
        let facts = &wine.facts;
        let section = match (facts.style, facts.colour) {
            (Style::Sparkling, _) => (0, "Sparkling"),
            (Style::Sweet, _) => (5, "Sweet"),
            (Style::Fortified, _) => (6, "Fortified"),
            (Style::Still, Colour::White) => (1, "White"),
            (Style::Still, Colour::Rose) => (2, "Rosé"),
            (Style::Still, Colour::Orange) => (3, "Orange"),
            (Style::Still, Colour::Red) => (4, "Red"),
        };
        let key = (vintage.id.clone(), bottle.facts.volume_ml);
        let line = lines.entry(key).or_insert_with(|| ListLine {
            section,
            country: facts.country.clone(),
            region: if facts.region.is_empty() { facts.appellation.clone() } else { facts.region.clone() },
            producer: facts.producer.clone(),
            name: facts.name.clone(),
            year: vintage.year,
            volume_ml: bottle.facts.volume_ml,
            count: 0,
            places: Vec::new(),
        });
        line.count += 1;
        if let Some(bin) = &bottle.bin
            && !line.places.contains(&bin.0)
        {
            line.places.push(bin.0.clone());
        }
    }
    let mut lines: Vec<ListLine> = lines.into_values().collect();
    lines.iter_mut().for_each(|line| line.places.sort());
    lines.sort();
    Ok(lines)
}

/// Every movement, oldest first.
pub(super) fn all_movements(conn: &mut Conn) -> Result<Vec<crate::movement::Movement>, DbError> {
    let filter = movements::MovementFilter::default();
    let mut all = movements::movement_list(conn, &filter, None, i64::from(i32::MAX))?;
    all.reverse();
    Ok(all)
}
