//! Bottles, shown with the words a person knows them by. They are changed by movements only.

use diesel::prelude::*;

use super::{
    Conn, DbError,
    schema::{bottles, vintages, wines},
    types,
};
use crate::{
    Instant,
    bottle::{Bottle, BottleStatus, BottleView},
    ids::{BinId, BottleId, VintageId, WineId},
    wine::Vintage,
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
#[diesel(table_name = bottles)]
pub(super) struct BottleRow {
    pub(super) id: String,
    pub(super) vintage_id: String,
    pub(super) bin: Option<String>,
    pub(super) status: String,
    pub(super) volume_ml: i32,
    pub(super) price_minor: Option<i64>,
    pub(super) currency: Option<String>,
    pub(super) revision: i32,
    pub(super) received_at: Instant,
}

impl TryFrom<BottleRow> for Bottle {
    type Error = DbError;

    fn try_from(row: BottleRow) -> Result<Self, DbError> {
        Ok(Self {
            status: types::word("bottles.status", &row.status)?,
            id: BottleId(row.id),
            vintage_id: VintageId(row.vintage_id),
            bin: row.bin.map(BinId),
            volume_ml: row.volume_ml,
            price_minor: row.price_minor,
            currency: row.currency,
            revision: row.revision,
            received_at: row.received_at,
        })
    }
}

/// Producer, name, country, region, colour, style of the wine; year and window of the vintage.
type Words = (String, String, String, String, String, String, Option<i32>, Option<i32>, Option<i32>);

fn view((row, words): (BottleRow, Words), this_year: i32) -> Result<BottleView, DbError> {
    let bottle = Bottle::try_from(row)?;
    let (producer, name, country, region, colour, style, year, drink_from, drink_to) = words;
    let vintage = Vintage { id: bottle.vintage_id.clone(), wine_id: WineId(String::new()), year, drink_from, drink_to };
    Ok(BottleView {
        bottle,
        producer,
        name,
        year,
        colour: types::word("wines.colour", &colour)?,
        style: types::word("wines.style", &style)?,
        origin: if region.is_empty() { country } else { region },
        drink_state: vintage.drink_state(this_year),
    })
}

macro_rules! views {
    () => {
        bottles::table.inner_join(vintages::table.inner_join(wines::table)).select((
            bottles::all_columns,
            (
                wines::producer,
                wines::name,
                wines::country,
                wines::region,
                wines::colour,
                wines::style,
                vintages::year,
                vintages::drink_from,
                vintages::drink_to,
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
        query = query.filter(wines::id.eq(wine.as_str()));
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
