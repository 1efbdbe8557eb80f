//! CellarTracker's Notes: one line for each tasting note, points of 100.

use super::{
    Options, cellartracker as ct,
    date::{self, Order},
    line::{ImportLine, NoteItem},
    money,
    table::Named,
};
use crate::note::Rating;

/// Columns under which the text of a note has been seen.
pub(super) const TEXT: &[&str] = &["TastingNotes", "TastingNote", "Note", "PNotes"];

/// Reads a line.
pub(super) fn line(row: Named<'_>, _: &Options) -> Vec<ImportLine> {
    let mut warnings = Vec::new();
    let read = ct::wine(row, &mut warnings).and_then(|mut item| {
        let id = row.get("iNote");
        if id.is_empty() || id.len() > 40 {
            return Err("the note has no number".to_owned());
        }
        // Hundredths of a point are what cents are of a sum.
        let points = money::minor_point(row.first(&["Rating", "PScore"]), "").filter(|points| *points > 0);
        let rating = points
            .and_then(|points| i32::try_from(points).ok())
            .map(|hundredths| Rating { hundredths, scale: 100 })
            .filter(|rating| rating.check().is_ok());
        let body = ct::prose(row.first(TEXT), 10_000, "the note", &mut warnings);
        if body.is_empty() && rating.is_none() {
            return Err("the note holds neither text nor points".to_owned());
        }
        let on = date::day(row.first(&["TastingDate", "Date"]), Order::MonthFirst);
        if on.is_none() {
            warnings.push("the day of the tasting cannot be read; the day of the import is taken".to_owned());
        }
        item.note = Some(NoteItem { key: format!("note:{id}"), on, body, rating });
        Ok(item)
    });
    vec![ct::told(row, read, warnings)]
}
