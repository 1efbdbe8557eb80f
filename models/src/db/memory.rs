//! How each bin looked when book and camera last agreed, when it was last confirmed and by what, and how each bottle looks.

use std::collections::{BTreeMap, HashMap};

use diesel::{dsl::min, prelude::*};

use super::{
    Conn, DbError, dialect,
    schema::{bin_memory, bins, bottle_looks, scans},
    types,
};
use crate::{
    Instant,
    explain::Memory,
    ids::{BinId, BottleId, ScanId},
    scan::{Scan, ScanStatus, SeenEnd},
};

/// So many values are named in one question: both engines take as many.
const AT_ONCE: usize = 1000;

#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = bin_memory, treat_none_as_null = true, treat_none_as_default_value = false)]
struct MemoryRow {
    bin: String,
    confirmed_at: Option<Instant>,
    confirmed_by: Option<String>,
    who: Option<String>,
    scan_id: Option<String>,
    looks: Option<String>,
    doubt: Option<String>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = bottle_looks)]
pub(super) struct LooksRow {
    bottle_id: String,
    looks: String,
    seen_at: Instant,
}

/// What is remembered of one bin.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Remembered {
    /// Whether there is a row of it.
    known: bool,
    /// When it was last found as the book says.
    pub(super) confirmed_at: Option<Instant>,
    /// `scan` or `person`.
    pub(super) confirmed_by: Option<String>,
    /// Which person.
    pub(super) who: Option<String>,
    /// Which scan.
    pub(super) scan: Option<ScanId>,
    /// How it looked then.
    pub(super) looks: Option<Memory>,
    /// Why a person should look.
    pub(super) doubt: Option<String>,
}

impl Remembered {
    fn of(row: MemoryRow) -> Result<Self, DbError> {
        Ok(Self {
            known: true,
            confirmed_at: row.confirmed_at,
            confirmed_by: row.confirmed_by,
            who: row.who,
            scan: row.scan_id.map(ScanId),
            looks: row.looks.map(|text| types::from_json("bin_memory.looks", &text)).transpose()?,
            doubt: row.doubt,
        })
    }

    /// A scan found as many bottles as the book says.
    pub(super) fn confirmed_by_scan(&mut self, scan: &ScanId, at: Instant) {
        (self.confirmed_at, self.confirmed_by, self.who) = (Some(types::cut(at)), Some("scan".to_owned()), None);
        self.scan = Some(scan.clone());
    }
}

/// What is remembered of one bin.
pub(super) fn of_bin(conn: &mut Conn, bin: &BinId) -> Result<Option<Remembered>, DbError> {
    let row: Option<MemoryRow> = bin_memory::table.find(bin.as_str()).first(conn).optional()?;
    row.map(Remembered::of).transpose()
}

/// What is remembered of all bins, by name.
pub(super) fn remembered(conn: &mut Conn) -> Result<HashMap<String, Remembered>, DbError> {
    let rows: Vec<MemoryRow> = bin_memory::table.load(conn)?;
    rows.into_iter().map(|row| Ok((row.bin.clone(), Remembered::of(row)?))).collect()
}

/// Writes what is remembered of a bin.
pub(super) fn remember(conn: &mut Conn, bin: &BinId, it: &Remembered) -> Result<(), DbError> {
    let row = MemoryRow {
        bin: bin.0.clone(),
        confirmed_at: it.confirmed_at,
        confirmed_by: it.confirmed_by.clone(),
        who: it.who.clone(),
        scan_id: it.scan.as_ref().map(|scan| scan.0.clone()),
        looks: it.looks.as_ref().map(types::to_json).transpose()?,
        doubt: it.doubt.clone(),
    };
    if it.known {
        diesel::update(bin_memory::table.find(bin.as_str())).set(&row).execute(conn)?;
    } else {
        diesel::insert_into(bin_memory::table).values(&row).execute(conn)?;
    }
    Ok(())
}

/// A person has said what lies in the bin: the book says the same now, and nothing is doubtful any more. How the bin looks is
/// learned anew from the next scan that agrees.
pub(super) fn confirmed_by_person(conn: &mut Conn, bin: &BinId, who: &str, now: Instant) -> Result<(), DbError> {
    let mut it = of_bin(conn, bin)?.unwrap_or_default();
    (it.confirmed_at, it.confirmed_by) = (Some(types::cut(now)), Some("person".to_owned()));
    it.who = Some(who.to_owned());
    if it.doubt.take().is_some() {
        it.looks = None;
    }
    remember(conn, bin, &it)
}

/// How these bottles looked when they were last known by their ends.
pub(super) fn looks_of(conn: &mut Conn, bottles: &[&str]) -> Result<BTreeMap<String, Vec<f32>>, DbError> {
    let mut found = BTreeMap::new();
    for part in bottles.chunks(AT_ONCE) {
        let rows: Vec<(String, String)> = bottle_looks::table
            .filter(bottle_looks::bottle_id.eq_any(part))
            .select((bottle_looks::bottle_id, bottle_looks::looks))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(id, looks)| (id, SeenEnd::unpack(&looks))));
    }
    Ok(found)
}

/// Signatures of one network say nothing to those of another. Where this is the first scan of its rack by another network, as after an
/// upgrade, how ends looked is forgotten, or each of them would look strange for ever; where they lay and whose they are stays.
pub(super) fn forget_other_eyes(conn: &mut Conn, scan: &Scan) -> Result<(), DbError> {
    let network = scan.network();
    let before: Option<String> = scans::table
        .filter(scans::rack_id.eq(scan.rack_id.as_str()).and(scans::id.ne(scan.id.as_str())))
        .filter(scans::status.eq(ScanStatus::Ok.as_str()))
        .order(scans::id.desc())
        .select(scans::model)
        .first(conn)
        .optional()?;
    if before.is_none_or(|before| Scan::network_of(&before) == network) {
        return Ok(());
    }
    let here: Vec<String> = bins::table.filter(bins::rack_id.eq(scan.rack_id.as_str())).select(bins::id).load(conn)?;
    let mut known = remembered(conn)?;
    for bin in here {
        let Some(mut it) = known.remove(&bin) else { continue };
        it.doubt = None;
        for end in it.looks.iter_mut().flat_map(|looks| &mut looks.ends) {
            end.end.looks.clear();
        }
        remember(conn, &BinId(bin), &it)?;
    }
    let begun: Vec<(String, Option<Instant>)> =
        scans::table.group_by(scans::model).select((scans::model, min(scans::started_at))).load(conn)?;
    let own = begun.into_iter().filter(|(model, _)| Scan::network_of(model) == network);
    // What another rack has shown to this network stays.
    let since = own.filter_map(|(_, at)| at).min().unwrap_or(scan.started_at);
    diesel::delete(bottle_looks::table.filter(bottle_looks::seen_at.lt(since))).execute(conn)?;
    Ok(())
}

/// Keeps how the bottles of these memories look.
pub(super) fn keep_looks<'a>(
    conn: &mut Conn,
    memories: impl Iterator<Item = &'a Memory>,
    now: Instant,
) -> Result<(), DbError> {
    let mut newest: BTreeMap<&BottleId, &str> = BTreeMap::new();
    for known in memories.flat_map(|memory| &memory.ends).filter(|known| !known.end.looks.is_empty()) {
        if let Some(bottle) = &known.bottle {
            newest.insert(bottle, &known.end.looks);
        }
    }
    let rows: Vec<LooksRow> = newest
        .into_iter()
        .map(|(bottle, looks)| LooksRow {
            bottle_id: bottle.0.clone(),
            looks: looks.to_owned(),
            seen_at: types::cut(now),
        })
        .collect();
    for part in rows.chunks(AT_ONCE) {
        let ids: Vec<&str> = part.iter().map(|row| row.bottle_id.as_str()).collect();
        diesel::delete(bottle_looks::table.filter(bottle_looks::bottle_id.eq_any(ids))).execute(conn)?;
    }
    dialect::insert_looks(conn, &rows)
}
