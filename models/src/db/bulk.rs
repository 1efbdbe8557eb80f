//! Whole books at once: many rows in few statements.

use diesel::prelude::*;

use super::{
    Conn, DbError,
    bottles::BottleRow,
    dialect, events, meta,
    movements::MovementRow,
    schema::{import_refs, windows, wine_tags},
    vintages::VintageRow,
    wines::WineRow,
};
use crate::{
    Instant,
    bottle::Bottle,
    ids::VintageId,
    movement::Movement,
    window::Window,
    wine::{Vintage, Wine},
};

#[derive(Insertable)]
#[diesel(table_name = wine_tags)]
pub(super) struct TagRow {
    wine_id: String,
    tag: String,
}

#[derive(Insertable)]
#[diesel(table_name = windows, treat_none_as_default_value = false)]
pub(super) struct WindowRow {
    vintage_id: String,
    source: String,
    drink_from: Option<i32>,
    peak_from: Option<i32>,
    peak_to: Option<i32>,
    drink_to: Option<i32>,
}

#[derive(Insertable)]
#[diesel(table_name = import_refs, treat_none_as_default_value = false)]
pub(super) struct RefRow {
    pub(super) scheme: String,
    pub(super) foreign_id: String,
    pub(super) entity: String,
    pub(super) entity_id: String,
    pub(super) import_id: Option<String>,
}

/// Writes wines with their tags.
pub(super) fn wines(conn: &mut Conn, list: &[Wine]) -> Result<(), DbError> {
    let touched = meta::revision(conn)?;
    let rows: Vec<WineRow> = list.iter().map(|wine| WineRow::new(wine, touched)).collect::<Result<_, _>>()?;
    let tags: Vec<TagRow> = list
        .iter()
        .flat_map(|wine| wine.facts.tags.iter().map(|tag| TagRow { wine_id: wine.id.0.clone(), tag: tag.clone() }))
        .collect();
    dialect::insert_wines(conn, &rows)?;
    dialect::insert_tags(conn, &tags)
}

/// Writes vintages as they are, with the windows they know by source.
pub(super) fn vintages(
    conn: &mut Conn,
    list: &[Vintage],
    known: &[(VintageId, String, Window)],
) -> Result<(), DbError> {
    let touched = meta::revision(conn)?;
    let rows: Vec<VintageRow> = list.iter().map(|vintage| VintageRow::new(vintage, touched)).collect();
    let known: Vec<WindowRow> = known
        .iter()
        .map(|(id, source, window)| WindowRow {
            vintage_id: id.0.clone(),
            source: source.clone(),
            drink_from: window.drink_from,
            peak_from: window.peak_from,
            peak_to: window.peak_to,
            drink_to: window.drink_to,
        })
        .collect();
    dialect::insert_vintages(conn, &rows)?;
    dialect::insert_windows(conn, &known)
}

/// Writes bottles as they are, and the movements that have made them so. They came `now`, whenever they were bought.
pub(super) fn bottles(conn: &mut Conn, list: &[Bottle], journal: &[Movement], now: Instant) -> Result<(), DbError> {
    let touched = meta::revision(conn)?;
    let rows: Vec<BottleRow> = list.iter().map(|bottle| BottleRow::new(bottle, touched)).collect();
    dialect::insert_bottles(conn, &rows)?;
    let rows: Vec<MovementRow> = journal.iter().map(MovementRow::from).collect();
    dialect::insert_movements(conn, &rows)?;
    if journal.is_empty() { Ok(()) } else { events::imported(conn, now) }
}
