//! What a scan has seen of what people booked: the bottle that left is gone, the one that was put away lies there.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{
    Conn, DbError, bottles,
    schema::{movements, scans},
};
use crate::{
    Instant,
    ids::{BinId, ScanId},
};

/// Movements that a scan may confirm are among so many of the newest.
const NEWEST: i64 = 200;
/// So many are told.
const MOST_TOLD: usize = 20;

/// A bin in which a scan has found what the book says, in number and in looks, and the scan that found it so before.
pub(super) struct Agreed {
    pub(super) bin: BinId,
    pub(super) before: Option<ScanId>,
}

/// The newest movement of each of these bins, where no earlier scan has seen what came of it.
pub(super) fn witnessed(conn: &mut Conn, agreed: &[Agreed]) -> Result<Vec<Value>, DbError> {
    type Row = (String, String, Option<String>, Option<String>, Instant);
    let newest: Vec<Row> = movements::table
        .order(movements::id.desc())
        .limit(NEWEST)
        .select((movements::id, movements::bottle_id, movements::from_bin, movements::to_bin, movements::at))
        .load(conn)?;
    let before: BTreeSet<&str> = agreed.iter().filter_map(|it| it.before.as_ref().map(ScanId::as_str)).collect();
    let begun: HashMap<String, Instant> = scans::table
        .filter(scans::id.eq_any(before))
        .select((scans::id, scans::started_at))
        .load::<(String, Instant)>(conn)?
        .into_iter()
        .collect();
    let mut seen = Vec::new();
    for Agreed { bin, before } in agreed {
        let of_bin = |place: &Option<String>| place.as_deref() == Some(bin.as_str());
        let moved = newest.iter().find(|(_, _, from, to, _)| from != to && (of_bin(from) || of_bin(to)));
        let Some((id, bottle, _, to, at)) = moved else { continue };
        let told = before.as_ref().and_then(|scan| begun.get(scan.as_str())).is_some_and(|begun| at <= begun);
        if !told {
            seen.push((id, bottle.as_str(), bin, if of_bin(to) { "here" } else { "gone" }));
        }
    }
    seen.truncate(MOST_TOLD);
    let titles = bottles::bottle_titles(conn, &seen.iter().map(|(_, bottle, ..)| *bottle).collect::<Vec<_>>())?;
    let told = |(id, bottle, bin, saw): (&String, &str, &BinId, &str)| json!({ "movement": id, "bottle_id": bottle, "title": titles.get(bottle), "bin": bin, "saw": saw });
    Ok(seen.into_iter().map(told).collect())
}
