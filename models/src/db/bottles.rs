//! Bottles, shown with the words a person knows them by. Where they are is changed by movements only.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Conn, DbError, changes, meta,
    schema::{bottles, vintages, wines},
    types,
};
use crate::{
    Instant,
    bottle::{self, Bottle, BottleFacts, BottleStatus, BottleView, Preservation},
    change::Entity,
    error::RuleError,
    ids::{BinId, BottleId, VintageId, WineId},
    movement::Actor,
    window::Window,
};

/// Which bottles are wanted; what is left out does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BottleFilter {
    /// Those in the bin.
    pub bin: Option<BinId>,
    /// Those of the wine, of any year.
    pub wine_id: Option<WineId>,
    /// Those here, or those gone.
    pub status: Option<BottleStatus>,
    /// Only those that lie in no bin.
    pub unplaced: bool,
    /// Every word must occur in producer, name or origin.
    pub search: Option<String>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = bottles, treat_none_as_default_value = false)]
pub(super) struct BottleRow {
    id: String,
    vintage_id: String,
    bin: Option<String>,
    status: String,
    volume_ml: i32,
    price_minor: Option<i64>,
    currency: Option<String>,
    revision: i32,
    received_at: Instant,
    purchased_on: Option<String>,
    shop: String,
    provenance: String,
    notes: String,
    opened_at: Option<Instant>,
    preservation: Option<String>,
    glasses_left: Option<i32>,
    touched: i64,
}

impl BottleRow {
    /// The row of a bottle as it is written at the meta revision `touched`.
    pub(super) fn new(bottle: &Bottle, touched: i64) -> Self {
        let facts = bottle.facts.clone();
        Self {
            id: bottle.id.0.clone(),
            vintage_id: bottle.vintage_id.0.clone(),
            bin: bottle.bin.as_ref().map(|bin| bin.0.clone()),
            status: bottle.status.as_str().to_owned(),
            volume_ml: facts.volume_ml,
            price_minor: facts.price_minor,
            currency: facts.currency,
            revision: bottle.revision,
            received_at: types::cut(bottle.received_at),
            purchased_on: facts.purchased_on,
            shop: facts.shop,
            provenance: facts.provenance,
            notes: facts.notes,
            opened_at: facts.opened_at.map(types::cut),
            preservation: facts.preservation.map(|word| word.as_str().to_owned()),
            glasses_left: facts.glasses_left,
            touched,
        }
    }
}

impl TryFrom<BottleRow> for Bottle {
    type Error = DbError;

    fn try_from(row: BottleRow) -> Result<Self, DbError> {
        Ok(Self {
            status: types::word("bottles.status", &row.status)?,
            id: BottleId(row.id),
            vintage_id: VintageId(row.vintage_id),
            bin: row.bin.map(BinId),
            facts: BottleFacts {
                volume_ml: row.volume_ml,
                price_minor: row.price_minor,
                currency: row.currency,
                purchased_on: row.purchased_on,
                shop: row.shop,
                provenance: row.provenance,
                notes: row.notes,
                opened_at: row.opened_at,
                preservation: types::optional_word("bottles.preservation", &row.preservation.unwrap_or_default())?,
                glasses_left: row.glasses_left,
            },
            revision: row.revision,
            received_at: row.received_at,
        })
    }
}

/// Id, producer, name, country, region, colour, style of the wine.
type WineWords = (String, String, String, String, String, String, String);
/// Year and window of the vintage: from, peak from, peak to, to.
type VintageWords = (Option<i32>, Option<i32>, Option<i32>, Option<i32>, Option<i32>);
type Words = (WineWords, VintageWords);

fn view((row, words): (BottleRow, Words), this_year: i32) -> Result<BottleView, DbError> {
    let ((wine, producer, name, country, region, colour, style), (year, drink_from, peak_from, peak_to, drink_to)) =
        words;
    Ok(BottleView {
        bottle: row.try_into()?,
        wine_id: WineId(wine),
        producer,
        name,
        year,
        colour: types::word("wines.colour", &colour)?,
        style: types::word("wines.style", &style)?,
        origin: if region.is_empty() { country } else { region },
        drink_state: Window { drink_from, peak_from, peak_to, drink_to }.state(this_year),
    })
}

macro_rules! views {
    () => {
        bottles::table.inner_join(vintages::table.inner_join(wines::table)).select((
            bottles::all_columns,
            (
                (wines::id, wines::producer, wines::name, wines::country, wines::region, wines::colour, wines::style),
                (vintages::year, vintages::drink_from, vintages::peak_from, vintages::peak_to, vintages::drink_to),
            ),
        ))
    };
}

/// Bottles in the order they came in.
pub fn bottle_list(
    conn: &mut Conn,
    filter: &BottleFilter,
    after: Option<&BottleId>,
    limit: i64,
    this_year: i32,
) -> Result<Vec<BottleView>, DbError> {
    let mut query = views!().order(bottles::id).limit(limit).into_boxed();
    if let Some(bin) = &filter.bin {
        query = query.filter(bottles::bin.eq(bin.as_str()));
    }
    if let Some(wine) = &filter.wine_id {
        // Named one by one: through the joined tables SQLite would look at every bottle in the cellar.
        let of_wine: Vec<String> =
            vintages::table.filter(vintages::wine_id.eq(wine.as_str())).select(vintages::id).load(conn)?;
        query = query.filter(bottles::vintage_id.eq_any(of_wine));
    }
    if let Some(status) = filter.status {
        query = query.filter(bottles::status.eq(status.as_str()));
    }
    if filter.unplaced {
        query = query.filter(bottles::bin.is_null());
    }
    for pattern in types::patterns(filter.search.as_deref()) {
        query = query.filter(wines::search_key.like(pattern).escape('!'));
    }
    if let Some(after) = after {
        query = query.filter(bottles::id.gt(after.as_str()));
    }
    query.load::<(BottleRow, Words)>(conn)?.into_iter().map(|row| view(row, this_year)).collect()
}

/// One bottle.
pub fn bottle_get(conn: &mut Conn, id: &BottleId, this_year: i32) -> Result<BottleView, DbError> {
    let row: Option<(BottleRow, Words)> = views!().filter(bottles::id.eq(id.as_str())).first(conn).optional()?;
    view(row.ok_or_else(|| unknown(id))?, this_year)
}

/// Titles (`Producer Name 2019`) of these bottles.
pub fn bottle_titles(conn: &mut Conn, ids: &[&str]) -> Result<BTreeMap<String, String>, DbError> {
    let rows: Vec<(String, String, String, Option<i32>)> = bottles::table
        .inner_join(vintages::table.inner_join(wines::table))
        .filter(bottles::id.eq_any(ids))
        .select((bottles::id, wines::producer, wines::name, vintages::year))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, producer, name, year)| (id, bottle::title(&producer, &name, year))).collect())
}

/// Every bottle whose row was written after the meta revision `known`.
pub fn bottle_touched_since(conn: &mut Conn, known: i64) -> Result<Vec<Bottle>, DbError> {
    let rows: Vec<BottleRow> = bottles::table.filter(bottles::touched.gt(known)).order(bottles::id).load(conn)?;
    rows.into_iter().map(Bottle::try_from).collect()
}

/// Changes what is known of a bottle that the caller saw at `revision`. Its place is changed by movements.
pub fn bottle_update(
    conn: &mut Conn,
    id: &BottleId,
    facts: &BottleFacts,
    revision: i32,
    actor: &Actor,
    now: Instant,
) -> Result<Bottle, DbError> {
    facts.check()?;
    let before = bottle_row(conn, id)?;
    changes::check_revision(conn, Entity::Bottle, id.as_str(), before.revision, revision)?;
    let facts = BottleFacts { opened_at: facts.opened_at.map(types::cut), ..facts.clone() };
    write(conn, id, &facts)?;
    changes::record(conn, Entity::Bottle, id.as_str(), Some(&before.facts), Some(&facts), actor, now)?;
    bottle_row(conn, id)
}

/// What the edit tells that a bottle is of another vintage than the book said.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    vintage_id: VintageId,
}

/// Says of which vintage a bottle is that the caller saw at `revision`, such as one that was received as "Unknown wine".
pub fn bottle_relabel(
    conn: &mut Conn,
    id: &BottleId,
    vintage: &VintageId,
    revision: i32,
    actor: &Actor,
    now: Instant,
) -> Result<Bottle, DbError> {
    let before = bottle_row(conn, id)?;
    changes::check_revision(conn, Entity::Bottle, id.as_str(), before.revision, revision)?;
    let before = Label { vintage_id: before.vintage_id };
    let after = Label { vintage_id: vintage.clone() };
    if before.vintage_id != after.vintage_id {
        label(conn, id, &before.vintage_id, vintage)?;
        changes::record(conn, Entity::Bottle, id.as_str(), Some(&before), Some(&after), actor, now)?;
    }
    bottle_row(conn, id)
}

/// Writes the vintage. The one that lost the bottle counts as touched too: whoever counts by vintage counts both anew.
fn label(conn: &mut Conn, id: &BottleId, from: &VintageId, to: &VintageId) -> Result<(), DbError> {
    let there: i64 = vintages::table.filter(vintages::id.eq(to.as_str())).count().get_result(conn)?;
    if there == 0 {
        return Err(RuleError::field("vintage_id", format!("there is no vintage {to}")).into());
    }
    let touched = meta::revision(conn)?;
    diesel::update(bottles::table.find(id.as_str()))
        .set((
            bottles::vintage_id.eq(to.as_str()),
            bottles::revision.eq(bottles::revision + 1),
            bottles::touched.eq(touched),
        ))
        .execute(conn)?;
    diesel::update(vintages::table.find(from.as_str())).set(vintages::touched.eq(touched)).execute(conn)?;
    Ok(())
}

/// Writes what is known of a bottle, without a line in the journal of edits.
pub(super) fn write(conn: &mut Conn, id: &BottleId, facts: &BottleFacts) -> Result<(), DbError> {
    diesel::update(bottles::table.find(id.as_str()))
        .set((
            bottles::volume_ml.eq(facts.volume_ml),
            bottles::price_minor.eq(facts.price_minor),
            bottles::currency.eq(&facts.currency),
            bottles::purchased_on.eq(&facts.purchased_on),
            bottles::shop.eq(&facts.shop),
            bottles::provenance.eq(&facts.provenance),
            bottles::notes.eq(&facts.notes),
            bottles::opened_at.eq(facts.opened_at),
            bottles::preservation.eq(facts.preservation.map(Preservation::as_str)),
            bottles::glasses_left.eq(facts.glasses_left),
            bottles::revision.eq(bottles::revision + 1),
            bottles::touched.eq(meta::revision(conn)?),
        ))
        .execute(conn)?;
    Ok(())
}

/// What an edit of the bottle is told against: its vintage for an edit of that, else what is known of it.
pub(super) fn state(conn: &mut Conn, id: &str, edit: Option<&Value>) -> Result<Option<Value>, DbError> {
    let bottle = bottle_row(conn, &BottleId::from(id))?;
    match is_label(edit) {
        true => changes::value(&Label { vintage_id: bottle.vintage_id }).map(Some),
        false => changes::value(&bottle.facts).map(Some),
    }
}

fn is_label(edit: Option<&Value>) -> bool {
    edit.is_some_and(|value| value.get("vintage_id").is_some())
}

/// Brings the bottle back to `state`.
pub(super) fn restore(conn: &mut Conn, id: &str, state: Option<&Value>) -> Result<(), DbError> {
    let id = BottleId::from(id);
    match state {
        Some(value) if is_label(state) => {
            let Label { vintage_id } = changes::typed(value)?;
            let now = bottle_row(conn, &id)?.vintage_id;
            label(conn, &id, &now, &vintage_id)
        }
        Some(value) => write(conn, &id, &changes::typed(value)?),
        None => Err(RuleError::Forbidden("A bottle is received and issued by movements only.".to_owned()).into()),
    }
}

/// One bottle without its words.
pub(super) fn bottle_row(conn: &mut Conn, id: &BottleId) -> Result<Bottle, DbError> {
    let row: Option<BottleRow> = bottles::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| unknown(id))?.try_into()
}

/// How many bottles lie in the bin.
pub(super) fn count_in(conn: &mut Conn, bin: &BinId) -> Result<i32, DbError> {
    let count: i64 = bottles::table.filter(bottles::bin.eq(bin.as_str())).count().get_result(conn)?;
    i32::try_from(count).map_err(|error| DbError::broken("bottles.bin", error))
}

fn unknown(id: &BottleId) -> DbError {
    DbError::NotFound(format!("There is no bottle {id}."))
}
