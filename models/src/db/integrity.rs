//! Whether the book is sound: the engine's own checks, and that stock is what the journal says.

use diesel::prelude::*;

use super::{
    Conn, Db, DbError, dialect, movements,
    schema::{bins, bottles},
};
use crate::{bottle::BottleStatus, ids::BottleId, stock::Stock};

/// A bottle as the book has it: id, bin, status.
type BottleLine = (String, Option<String>, String);

impl Db {
    /// `sqlite` or `mariadb`.
    pub fn engine(&self) -> Result<&'static str, DbError> {
        Ok(dialect::engine(&*self.writer()?))
    }

    /// What the engine finds wrong with its files or settings, a line each.
    pub fn complaints(&self) -> Result<Vec<String>, DbError> {
        dialect::engine_complaints(&mut *self.writer()?)
    }
}

/// Where bottles and journal contradict each other, a line each: every bottle must be where its movements put it.
pub fn against_journal(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let mut found = Vec::new();
    let mut stock = Stock::default();
    for movement in movements::movement_all(conn)? {
        if let Err(error) = stock.apply(&movement) {
            found.push(error.to_string());
        }
    }
    let rows: Vec<BottleLine> = bottles::table.select((bottles::id, bottles::bin, bottles::status)).load(conn)?;
    for (id, bin, status) in rows {
        let id = BottleId(id);
        let Some(place) = stock.place(&id) else {
            found.push(format!("bottle {id} is in the book, but no movement brought it"));
            continue;
        };
        let here = status == BottleStatus::InCellar.as_str();
        if here != (place.status == BottleStatus::InCellar) || bin.as_deref() != place.bin.as_ref().map(|b| b.as_str())
        {
            let journal = place.bin.as_ref().map_or("no bin", |bin| bin.as_str());
            let book = bin.as_deref().unwrap_or("no bin");
            found.push(format!(
                "bottle {id}: the book says {status}, {book}; the journal {}, {journal}",
                place.status.as_str()
            ));
        }
    }
    Ok(found)
}

/// Bins that hold more than they can, and bottles in bins that are out of use, a line each.
pub fn overfull(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String, i32, bool)> =
        bins::table.select((bins::id, bins::capacity, bins::enabled)).order(bins::id).load(conn)?;
    let mut found = Vec::new();
    for (id, capacity, enabled) in rows {
        let holds: i64 = bottles::table.filter(bottles::bin.eq(&id)).count().get_result(conn)?;
        if holds > i64::from(capacity) {
            found.push(format!("bin {id} holds {holds} of {capacity}"));
        }
        if holds > 0 && !enabled {
            found.push(format!("bin {id} is out of use and holds {holds}"));
        }
    }
    Ok(found)
}
