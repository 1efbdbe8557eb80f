//! Wines and vintages.

use diesel::prelude::*;

use super::{
    Conn, DbError, new_id,
    schema::{vintages, wines},
    types,
};
use crate::{
    Instant,
    error::RuleError,
    ids::{VintageId, WineId},
    wine::{self, NewWine, Vintage, Wine},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = wines)]
pub(super) struct WineRow {
    id: String,
    pub(super) producer: String,
    pub(super) name: String,
    country: String,
    region: String,
    appellation: String,
    colour: String,
    style: String,
    search_key: String,
    revision: i32,
    created_at: Instant,
}

impl WineRow {
    fn new(new: &NewWine, now: Instant) -> Self {
        let tidy = |text: &str| text.trim().to_owned();
        let parts = [&new.producer, &new.name, &new.country, &new.region, &new.appellation];
        Self {
            id: new_id(),
            producer: tidy(&new.producer),
            name: tidy(&new.name),
            country: tidy(&new.country),
            region: tidy(&new.region),
            appellation: tidy(&new.appellation),
            colour: new.colour.as_str().to_owned(),
            style: new.style.as_str().to_owned(),
            search_key: parts.map(|part| part.trim().to_lowercase()).join(" "),
            revision: 1,
            created_at: types::cut(now),
        }
    }
}

impl TryFrom<WineRow> for Wine {
    type Error = DbError;

    fn try_from(row: WineRow) -> Result<Self, DbError> {
        Ok(Self {
            colour: types::word("wines.colour", &row.colour)?,
            style: types::word("wines.style", &row.style)?,
            id: WineId(row.id),
            producer: row.producer,
            name: row.name,
            country: row.country,
            region: row.region,
            appellation: row.appellation,
            revision: row.revision,
            created_at: row.created_at,
        })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = vintages)]
pub(super) struct VintageRow {
    id: String,
    wine_id: String,
    year: Option<i32>,
    drink_from: Option<i32>,
    drink_to: Option<i32>,
}

impl From<VintageRow> for Vintage {
    fn from(row: VintageRow) -> Self {
        Self {
            id: VintageId(row.id),
            wine_id: WineId(row.wine_id),
            year: row.year,
            drink_from: row.drink_from,
            drink_to: row.drink_to,
        }
    }
}

/// Wines in the order they were entered; every word of `search` must occur in producer, name or origin.
pub fn wine_list(
    conn: &mut Conn,
    search: Option<&str>,
    after: Option<&WineId>,
    limit: i64,
) -> Result<Vec<Wine>, DbError> {
    let mut query = wines::table.order(wines::id).limit(limit).into_boxed();
    for pattern in types::patterns(search) {
        query = query.filter(wines::search_key.like(pattern).escape('!'));
    }
    if let Some(after) = after {
        query = query.filter(wines::id.gt(after.as_str()));
    }
    query.load::<WineRow>(conn)?.into_iter().map(Wine::try_from).collect()
}

/// One wine.
pub fn wine_get(conn: &mut Conn, id: &WineId) -> Result<Wine, DbError> {
    let row: Option<WineRow> = wines::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| DbError::NotFound(format!("There is no wine {id}.")))?.try_into()
}

/// Enters a wine.
pub fn wine_insert(conn: &mut Conn, new: &NewWine, now: Instant) -> Result<Wine, DbError> {
    new.check()?;
    let row = WineRow::new(new, now);
    diesel::insert_into(wines::table).values(&row).execute(conn)?;
    row.try_into()
}

/// Changes a wine that the caller saw at `revision`; a conflict when somebody has changed it since.
pub fn wine_update(conn: &mut Conn, id: &WineId, new: &NewWine, revision: i32) -> Result<Wine, DbError> {
    new.check()?;
    let row = WineRow::new(new, Instant::default());
    let same = wines::table.filter(wines::id.eq(id.as_str())).filter(wines::revision.eq(revision));
    let changed = diesel::update(same)
        .set((
            wines::producer.eq(row.producer),
            wines::name.eq(row.name),
            wines::country.eq(row.country),
            wines::region.eq(row.region),
            wines::appellation.eq(row.appellation),
            wines::colour.eq(row.colour),
            wines::style.eq(row.style),
            wines::search_key.eq(row.search_key),
            wines::revision.eq(wines::revision + 1),
        ))
        .execute(conn)?;
    let wine = wine_get(conn, id)?;
    if changed == 0 {
        let now = wine.revision;
        return Err(DbError::Conflict(format!(
            "Somebody has changed this wine meanwhile (revision {now}, you saw {revision})."
        )));
    }
    Ok(wine)
}

/// The vintages of a wine, oldest first.
pub fn vintage_list_of(conn: &mut Conn, wine: &WineId) -> Result<Vec<Vintage>, DbError> {
    let rows = vintages::table.filter(vintages::wine_id.eq(wine.as_str())).order((vintages::year, vintages::id));
    Ok(rows.load::<VintageRow>(conn)?.into_iter().map(Vintage::from).collect())
}

/// One vintage.
pub fn vintage_get(conn: &mut Conn, id: &VintageId) -> Result<Vintage, DbError> {
    let row: Option<VintageRow> = vintages::table.find(id.as_str()).first(conn).optional()?;
    Ok(row.ok_or_else(|| DbError::NotFound(format!("There is no vintage {id}.")))?.into())
}

/// The vintage of that year, made if need be. A side of the drinking window that is given replaces the stored one.
pub fn vintage_ensure(
    conn: &mut Conn,
    wine: &WineId,
    year: Option<i32>,
    drink_from: Option<i32>,
    drink_to: Option<i32>,
) -> Result<Vintage, DbError> {
    wine::year("year", year)?;
    wine::year("drink_from", drink_from)?;
    wine::year("drink_to", drink_to)?;
    wine_get(conn, wine)?;
    let known = vintage_list_of(conn, wine)?.into_iter().find(|vintage| vintage.year == year);
    let (from, to) = match &known {
        Some(vintage) => (drink_from.or(vintage.drink_from), drink_to.or(vintage.drink_to)),
        None => (drink_from, drink_to),
    };
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(RuleError::field("drink_to", format!("{to} is before the window begins ({from})")).into());
    }
    if let Some(vintage) = known {
        if (from, to) != (vintage.drink_from, vintage.drink_to) {
            diesel::update(vintages::table.find(vintage.id.as_str()))
                .set((vintages::drink_from.eq(from), vintages::drink_to.eq(to)))
                .execute(conn)?;
        }
        return Ok(Vintage { drink_from: from, drink_to: to, ..vintage });
    }
    let row = VintageRow { id: new_id(), wine_id: wine.0.clone(), year, drink_from: from, drink_to: to };
    diesel::insert_into(vintages::table).values(&row).execute(conn)?;
    Ok(row.into())
}
