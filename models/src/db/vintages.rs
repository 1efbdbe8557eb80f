//! Vintages and their drinking windows.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Conn, DbError, changes, meta, new_id,
    schema::{bottles, tasting_notes, vintages, windows},
    wines,
};
use crate::{
    Instant,
    change::Entity,
    error::RuleError,
    ids::{VintageId, WineId},
    movement::Actor,
    note::Rating,
    window::{self, OWNER, Window},
    wine::{self, Vintage, Wine, WineFacts},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = vintages, treat_none_as_default_value = false)]
pub(super) struct VintageRow {
    id: String,
    wine_id: String,
    year: Option<i32>,
    drink_from: Option<i32>,
    drink_to: Option<i32>,
    peak_from: Option<i32>,
    peak_to: Option<i32>,
    window_source: Option<String>,
    score_tenths: Option<i32>,
    valuation_minor: Option<i64>,
    valuation_currency: Option<String>,
    revision: i32,
    touched: i64,
}

impl VintageRow {
    /// The row of a vintage as it is written at the meta revision `touched`.
    pub(super) fn new(vintage: &Vintage, touched: i64) -> Self {
        Self {
            id: vintage.id.0.clone(),
            wine_id: vintage.wine_id.0.clone(),
            year: vintage.year,
            drink_from: vintage.window.drink_from,
            drink_to: vintage.window.drink_to,
            peak_from: vintage.window.peak_from,
            peak_to: vintage.window.peak_to,
            window_source: vintage.window_source.clone(),
            score_tenths: vintage.score_tenths,
            valuation_minor: vintage.valuation_minor,
            valuation_currency: vintage.valuation_currency.clone(),
            revision: vintage.revision,
            touched,
        }
    }
}

impl From<VintageRow> for Vintage {
    fn from(row: VintageRow) -> Self {
        Self {
            id: VintageId(row.id),
            wine_id: WineId(row.wine_id),
            year: row.year,
            window: Window {
                drink_from: row.drink_from,
                peak_from: row.peak_from,
                peak_to: row.peak_to,
                drink_to: row.drink_to,
            },
            window_source: row.window_source,
            score_tenths: row.score_tenths,
            valuation_minor: row.valuation_minor,
            valuation_currency: row.valuation_currency,
            revision: row.revision,
        }
    }
}

/// What a person can change of a vintage, as the journal of edits keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VintageFacts {
    /// Year of harvest, 1700 to 2200; none = NV.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1700, maximum = 2200))]
    pub year: Option<i32>,
    /// The owner's own window; without years = none, and another source or the rule of thumb counts.
    #[serde(default)]
    pub window: Window,
    /// What a bottle of 75 cl is worth, in the smallest unit of `valuation_currency`, 0 to 10^12.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000_000_000_i64))]
    pub valuation_minor: Option<i64>,
    /// ISO 4217 code of the value, such as `EUR`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Z]{3}$"))]
    pub valuation_currency: Option<String>,
}

impl VintageFacts {
    /// Checks every field; the error names it.
    pub fn check(&self) -> Result<(), RuleError> {
        wine::year("year", self.year)?;
        self.window.check()?;
        match (self.valuation_minor, &self.valuation_currency) {
            (Some(value), _) if !(0..=1_000_000_000_000).contains(&value) => {
                Err(RuleError::field("valuation_minor", format!("is {value}; 0 to 10^12 are allowed")))
            }
            (Some(_), None) => {
                Err(RuleError::field("valuation_currency", "is missing: a value needs its currency, such as EUR"))
            }
            (_, Some(code)) => wine::currency("valuation_currency", code),
            (None, None) => Ok(()),
        }
    }
}

/// The vintages of a wine, oldest first.
pub fn vintage_list_of(conn: &mut Conn, wine: &WineId) -> Result<Vec<Vintage>, DbError> {
    let rows = vintages::table.filter(vintages::wine_id.eq(wine.as_str())).order((vintages::year, vintages::id));
    Ok(rows.load::<VintageRow>(conn)?.into_iter().map(Vintage::from).collect())
}

/// Every vintage whose row was written after the meta revision `known`.
pub fn vintage_touched_since(conn: &mut Conn, known: i64) -> Result<Vec<Vintage>, DbError> {
    let rows = vintages::table.filter(vintages::touched.gt(known)).order(vintages::id);
    Ok(rows.load::<VintageRow>(conn)?.into_iter().map(Vintage::from).collect())
}

/// The next `limit` vintages in the order of their ids.
pub fn vintage_part(conn: &mut Conn, after: Option<&VintageId>, limit: i64) -> Result<Vec<Vintage>, DbError> {
    let after = after.map_or("", VintageId::as_str);
    let rows = vintages::table.filter(vintages::id.gt(after)).order(vintages::id).limit(limit);
    Ok(rows.load::<VintageRow>(conn)?.into_iter().map(Vintage::from).collect())
}

/// One vintage.
pub fn vintage_get(conn: &mut Conn, id: &VintageId) -> Result<Vintage, DbError> {
    let row: Option<VintageRow> = vintages::table.find(id.as_str()).first(conn).optional()?;
    Ok(row.ok_or_else(|| DbError::NotFound(format!("There is no vintage {id}.")))?.into())
}

/// The windows known of a vintage, by source: the owner's and imported ones; never the rule's.
pub fn window_list(conn: &mut Conn, vintage: &VintageId) -> Result<Vec<(String, Window)>, DbError> {
    type Row = (String, Option<i32>, Option<i32>, Option<i32>, Option<i32>);
    let rows: Vec<Row> = windows::table
        .filter(windows::vintage_id.eq(vintage.as_str()))
        .order(windows::source)
        .select((windows::source, windows::drink_from, windows::peak_from, windows::peak_to, windows::drink_to))
        .load(conn)?;
    let window = |(source, drink_from, peak_from, peak_to, drink_to)| {
        (source, Window { drink_from, peak_from, peak_to, drink_to })
    };
    Ok(rows.into_iter().map(window).collect())
}

/// The vintage of that year, made if need be. A side of the drinking window that is given replaces the owner's.
pub fn vintage_ensure(
    conn: &mut Conn,
    wine: &WineId,
    year: Option<i32>,
    own: Window,
    actor: &Actor,
    now: Instant,
) -> Result<Vintage, DbError> {
    wine::year("year", year)?;
    own.check()?;
    let wine = wines::wine_get(conn, wine)?;
    let known = vintage_list_of(conn, &wine.id)?.into_iter().find(|vintage| vintage.year == year);
    let Some(vintage) = known else {
        let vintage = insert_quietly(conn, &wine, year, &[(OWNER, own)])?;
        let after = facts(conn, &vintage)?;
        changes::record(conn, Entity::Vintage, vintage.id.as_str(), None, Some(&after), actor, now)?;
        return Ok(vintage);
    };
    let before = facts(conn, &vintage)?;
    let merged = Window {
        drink_from: own.drink_from.or(before.window.drink_from),
        peak_from: own.peak_from.or(before.window.peak_from),
        peak_to: own.peak_to.or(before.window.peak_to),
        drink_to: own.drink_to.or(before.window.drink_to),
    };
    merged.check()?;
    if merged == before.window {
        return Ok(vintage);
    }
    vintage_update(conn, &vintage.id, &VintageFacts { window: merged, ..before }, vintage.revision, actor, now)
}

/// Enters a vintage with windows by source, without a line in the journal of edits.
pub(super) fn insert_quietly(
    conn: &mut Conn,
    wine: &Wine,
    year: Option<i32>,
    known: &[(&str, Window)],
) -> Result<Vintage, DbError> {
    let id = VintageId(new_id());
    let row = VintageRow {
        id: id.0.clone(),
        wine_id: wine.id.0.clone(),
        year,
        drink_from: None,
        drink_to: None,
        peak_from: None,
        peak_to: None,
        window_source: None,
        score_tenths: None,
        valuation_minor: None,
        valuation_currency: None,
        revision: 0,
        touched: 0,
    };
    diesel::insert_into(vintages::table).values(&row).execute(conn)?;
    for (source, window) in known {
        write_window(conn, &id, source, window)?;
    }
    settle(conn, &row.into(), &wine.facts)
}

/// Changes year, own window and value of a vintage that the caller saw at `revision`.
pub fn vintage_update(
    conn: &mut Conn,
    id: &VintageId,
    new: &VintageFacts,
    revision: i32,
    actor: &Actor,
    now: Instant,
) -> Result<Vintage, DbError> {
    new.check()?;
    let vintage = vintage_get(conn, id)?;
    changes::check_revision(conn, Entity::Vintage, id.as_str(), vintage.revision, revision)?;
    let before = facts(conn, &vintage)?;
    let vintage = store(conn, vintage, new)?;
    changes::record(conn, Entity::Vintage, id.as_str(), Some(&before), Some(new), actor, now)?;
    Ok(vintage)
}

fn store(conn: &mut Conn, vintage: Vintage, new: &VintageFacts) -> Result<Vintage, DbError> {
    let twin = vintage_list_of(conn, &vintage.wine_id)?.into_iter().find(|v| v.year == new.year && v.id != vintage.id);
    if twin.is_some() {
        let year = new.year.map_or("NV".to_owned(), |year| year.to_string());
        return Err(RuleError::field("year", format!("there is a {year} of this wine already")).into());
    }
    diesel::update(vintages::table.find(vintage.id.as_str()))
        .set((
            vintages::year.eq(new.year),
            vintages::valuation_minor.eq(new.valuation_minor),
            vintages::valuation_currency.eq(&new.valuation_currency),
        ))
        .execute(conn)?;
    write_window(conn, &vintage.id, OWNER, &new.window)?;
    let facts = wines::wine_get(conn, &vintage.wine_id)?.facts;
    let vintage = vintage_get(conn, &vintage.id)?;
    settle(conn, &vintage, &facts)
}

/// Writes one source's window; an empty one is forgotten.
pub(super) fn write_window(conn: &mut Conn, id: &VintageId, source: &str, window: &Window) -> Result<(), DbError> {
    diesel::delete(windows::table.find((id.as_str(), source))).execute(conn)?;
    if window.is_empty() {
        return Ok(());
    }
    diesel::insert_into(windows::table)
        .values((
            windows::vintage_id.eq(id.as_str()),
            windows::source.eq(source),
            windows::drink_from.eq(window.drink_from),
            windows::peak_from.eq(window.peak_from),
            windows::peak_to.eq(window.peak_to),
            windows::drink_to.eq(window.drink_to),
        ))
        .execute(conn)?;
    Ok(())
}

/// Works out which window counts and the mean rating, and writes both as the next revision.
fn settle(conn: &mut Conn, vintage: &Vintage, facts: &WineFacts) -> Result<Vintage, DbError> {
    let known = window_list(conn, &vintage.id)?;
    let (source, window) = match window::effective(&known, facts, vintage.year) {
        Some((source, window)) => (Some(source), window),
        None => (None, Window::default()),
    };
    diesel::update(vintages::table.find(vintage.id.as_str()))
        .set((
            vintages::drink_from.eq(window.drink_from),
            vintages::peak_from.eq(window.peak_from),
            vintages::peak_to.eq(window.peak_to),
            vintages::drink_to.eq(window.drink_to),
            vintages::window_source.eq(source),
            vintages::score_tenths.eq(mean_score(conn, &vintage.id)?),
            vintages::revision.eq(vintages::revision + 1),
            vintages::touched.eq(meta::revision(conn)?),
        ))
        .execute(conn)?;
    vintage_get(conn, &vintage.id)
}

/// Settles one vintage anew, after a note of it was written.
pub(super) fn settle_one(conn: &mut Conn, id: &VintageId) -> Result<(), DbError> {
    let vintage = vintage_get(conn, id)?;
    let facts = wines::wine_get(conn, &vintage.wine_id)?.facts;
    settle(conn, &vintage, &facts).map(drop)
}

/// Settles every vintage of a wine, after the wine was written.
pub(super) fn settle_all_of(conn: &mut Conn, wine: &Wine) -> Result<(), DbError> {
    for vintage in vintage_list_of(conn, &wine.id)? {
        settle(conn, &vintage, &wine.facts)?;
    }
    Ok(())
}

fn mean_score(conn: &mut Conn, id: &VintageId) -> Result<Option<i32>, DbError> {
    let ratings: Vec<(Option<i32>, Option<i32>)> = tasting_notes::table
        .filter(tasting_notes::vintage_id.eq(id.as_str()))
        .filter(tasting_notes::deleted.eq(false))
        .select((tasting_notes::rating_hundredths, tasting_notes::scale))
        .load(conn)?;
    let scores: Vec<i32> = ratings
        .into_iter()
        .filter_map(|(hundredths, scale)| Some(Rating { hundredths: hundredths?, scale: scale? }.score_tenths()))
        .collect();
    let count = i32::try_from(scores.len()).unwrap_or(i32::MAX);
    Ok((count > 0).then(|| scores.iter().sum::<i32>() / count))
}

/// What a person can change of it, as it stands.
pub fn facts(conn: &mut Conn, vintage: &Vintage) -> Result<VintageFacts, DbError> {
    let own = window_list(conn, &vintage.id)?.into_iter().find(|(source, _)| source == OWNER);
    Ok(VintageFacts {
        year: vintage.year,
        window: own.map(|(_, window)| window).unwrap_or_default(),
        valuation_minor: vintage.valuation_minor,
        valuation_currency: vintage.valuation_currency.clone(),
    })
}

/// What an edit of the vintage would be told against; none when there is none of that id.
pub(super) fn state(conn: &mut Conn, id: &str) -> Result<Option<Value>, DbError> {
    match vintage_get(conn, &VintageId::from(id)) {
        Ok(vintage) => changes::value(&facts(conn, &vintage)?).map(Some),
        Err(DbError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Brings the vintage back to `state`. One that was new is taken away, unless bottles or notes of it are there.
pub(super) fn restore(conn: &mut Conn, id: &str, state: Option<&Value>) -> Result<(), DbError> {
    if let Some(value) = state {
        let vintage = vintage_get(conn, &VintageId::from(id))?;
        return store(conn, vintage, &changes::typed(value)?).map(drop);
    }
    let used: i64 = bottles::table.filter(bottles::vintage_id.eq(id)).count().get_result(conn)?;
    let noted: i64 = tasting_notes::table.filter(tasting_notes::vintage_id.eq(id)).count().get_result(conn)?;
    if used + noted > 0 {
        return Err(RuleError::Forbidden("There are bottles or notes of this vintage: it must stay.".to_owned()).into());
    }
    diesel::delete(windows::table.filter(windows::vintage_id.eq(id))).execute(conn)?;
    diesel::delete(vintages::table.find(id)).execute(conn)?;
    Ok(())
}
