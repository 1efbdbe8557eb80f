//! Racks and bins, and what book and camera say of each bin.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    dsl::{count_star, max},
    prelude::*,
};

use super::{
    Conn, DbError, new_id,
    schema::{bins, bottles, proposals, racks, readings, scans},
    types,
};
use crate::{
    Instant,
    bin::{Bin, BinSummary, NewRack, Rack},
    error::RuleError,
    ids::{BinId, RackId},
    proposal::ProposalState,
    scan::ScanStatus,
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = racks)]
struct RackRow {
    id: String,
    name: String,
    corners: String,
    frame_width: i32,
    frame_height: i32,
    rectified_width: i32,
    rectified_height: i32,
}

impl TryFrom<RackRow> for Rack {
    type Error = DbError;

    fn try_from(row: RackRow) -> Result<Self, DbError> {
        Ok(Self {
            id: RackId(row.id),
            name: row.name,
            corners: types::from_json("racks.corners", &row.corners)?,
            frame_width: row.frame_width,
            frame_height: row.frame_height,
            rectified_width: row.rectified_width,
            rectified_height: row.rectified_height,
        })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = bins)]
struct BinRow {
    id: String,
    rack_id: String,
    polygon: String,
    capacity: i32,
    enabled: bool,
}

impl TryFrom<BinRow> for Bin {
    type Error = DbError;

    fn try_from(row: BinRow) -> Result<Self, DbError> {
        Ok(Self {
            id: BinId(row.id),
            rack_id: RackId(row.rack_id),
            polygon: types::from_json("bins.polygon", &row.polygon)?,
            capacity: row.capacity,
            enabled: row.enabled,
        })
    }
}

/// Racks in the order they were entered.
pub fn rack_list(conn: &mut Conn) -> Result<Vec<Rack>, DbError> {
    racks::table.order(racks::id).load::<RackRow>(conn)?.into_iter().map(Rack::try_from).collect()
}

/// One rack.
pub fn rack_get(conn: &mut Conn, id: &RackId) -> Result<Rack, DbError> {
    let row: Option<RackRow> = racks::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| DbError::NotFound(format!("There is no rack {id}.")))?.try_into()
}

/// Enters a rack.
pub fn rack_insert(conn: &mut Conn, new: &NewRack) -> Result<Rack, DbError> {
    new.check()?;
    let row = RackRow {
        id: new_id(),
        name: new.name.trim().to_owned(),
        corners: types::to_json(&new.corners)?,
        frame_width: new.frame_width,
        frame_height: new.frame_height,
        rectified_width: new.rectified_width,
        rectified_height: new.rectified_height,
    };
    diesel::insert_into(racks::table).values(&row).execute(conn)?;
    row.try_into()
}

/// Bins by name.
pub fn bin_list(conn: &mut Conn) -> Result<Vec<Bin>, DbError> {
    bins::table.order(bins::id).load::<BinRow>(conn)?.into_iter().map(Bin::try_from).collect()
}

/// One bin.
pub fn bin_get(conn: &mut Conn, id: &BinId) -> Result<Bin, DbError> {
    bin_find(conn, id)?.ok_or_else(|| DbError::NotFound(format!("There is no bin {id}.")))
}

/// One bin, if there is one of that name.
pub(super) fn bin_find(conn: &mut Conn, id: &BinId) -> Result<Option<Bin>, DbError> {
    let row: Option<BinRow> = bins::table.find(id.as_str()).first(conn).optional()?;
    row.map(Bin::try_from).transpose()
}

/// Enters a bin.
pub fn bin_insert(conn: &mut Conn, bin: &Bin) -> Result<(), DbError> {
    bin.check()?;
    let racks: i64 = racks::table.find(bin.rack_id.as_str()).count().get_result(conn)?;
    if racks == 0 {
        return Err(RuleError::field("rack_id", format!("there is no rack {}", bin.rack_id)).into());
    }
    if bin_find(conn, &bin.id)?.is_some() {
        return Err(DbError::Conflict(format!("There is a bin {} already.", bin.id)));
    }
    let row = BinRow {
        id: bin.id.0.clone(),
        rack_id: bin.rack_id.0.clone(),
        polygon: types::to_json(&bin.polygon)?,
        capacity: bin.capacity,
        enabled: bin.enabled,
    };
    diesel::insert_into(bins::table).values(&row).execute(conn)?;
    Ok(())
}

/// What book and camera say of every bin, by name. Six queries, however many bins there are.
pub fn bin_summary(conn: &mut Conn) -> Result<Vec<BinSummary>, DbError> {
    let book: Vec<(Option<String>, i64)> = bottles::table
        .filter(bottles::bin.is_not_null())
        .group_by(bottles::bin)
        .select((bottles::bin, count_star()))
        .load(conn)?;
    let book: BTreeMap<_, _> = book.into_iter().filter_map(|(bin, count)| Some((bin?, count))).collect();
    let open: Vec<Option<String>> = proposals::table
        .filter(proposals::state.eq(ProposalState::Open.as_str()))
        .select(proposals::open_bin)
        .load(conn)?;
    let open: BTreeSet<_> = open.into_iter().flatten().collect();
    // A scan without an opinion claims nothing, so it does not hide what the one before it saw.
    let last: Vec<Option<String>> = scans::table
        .filter(scans::status.eq(ScanStatus::Ok.as_str()))
        .group_by(scans::rack_id)
        .select(max(scans::id))
        .load(conn)?;
    let last: Vec<String> = last.into_iter().flatten().collect();
    let seen: Vec<(String, Option<i32>, f64, Option<String>)> = readings::table
        .filter(readings::scan_id.eq_any(last))
        .select((readings::bin, readings::seen, readings::confidence, readings::needs_look))
        .load(conn)?;
    let seen: BTreeMap<_, _> = seen.into_iter().map(|(bin, count, sure, look)| (bin, (count, sure, look))).collect();
    let times: Vec<(String, Option<Instant>)> = readings::table
        .inner_join(scans::table)
        .filter(readings::seen.is_not_null())
        .group_by(readings::bin)
        .select((readings::bin, max(scans::started_at)))
        .load(conn)?;
    let times: BTreeMap<_, _> = times.into_iter().collect();

    bin_list(conn)?
        .into_iter()
        .map(|bin| {
            let name = &bin.id.0;
            let (count, sure, look) = match seen.get(name) {
                Some((count, sure, look)) => (*count, Some(*sure), look.clone()),
                None => (None, None, None),
            };
            Ok(BinSummary {
                qty: i32::try_from(book.get(name).copied().unwrap_or(0))
                    .map_err(|e| DbError::broken("bottles.bin", e))?,
                capacity: bin.capacity,
                rack_id: bin.rack_id,
                seen: count,
                confidence: sure,
                needs_look: look,
                seen_at: times.get(name).copied().flatten(),
                open_proposal: open.contains(name),
                st_bin: bin.id,
            })
        })
        .collect()
}
