//! Racks and bins, and what book and camera say of each bin.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::{
    dsl::{count_star, max},
    prelude::*,
};
use serde_json::Value;

use super::{
    Conn, DbError, changes, new_id,
    schema::{bins, bottles, proposals, racks, readings, scans},
    types,
};
use crate::{
    Instant,
    bin::{Bin, BinSummary, Rack, RackFacts},
    change::Entity,
    error::RuleError,
    ids::{BinId, RackId},
    movement::Actor,
    proposal::ProposalState,
    scan::ScanStatus,
};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = racks, treat_none_as_null = true)]
struct RackRow {
    id: String,
    name: String,
    corners: String,
    frame_width: i32,
    frame_height: i32,
    rectified_width: i32,
    rectified_height: i32,
    kind: String,
    row_count: Option<i32>,
    column_count: Option<i32>,
    staggered: bool,
    depth: i32,
    place: String,
    archived: bool,
    revision: i32,
    lens: Option<String>,
    width_mm: Option<i32>,
    height_mm: Option<i32>,
}

impl RackRow {
    fn new(rack: &Rack) -> Result<Self, DbError> {
        let facts = &rack.facts;
        Ok(Self {
            id: rack.id.0.clone(),
            name: facts.name.trim().to_owned(),
            corners: types::to_json(&facts.corners)?,
            frame_width: facts.frame_width,
            frame_height: facts.frame_height,
            rectified_width: facts.rectified_width,
            rectified_height: facts.rectified_height,
            kind: facts.kind.as_str().to_owned(),
            row_count: facts.row_count,
            column_count: facts.column_count,
            staggered: facts.staggered,
            depth: facts.depth,
            place: facts.place.trim().to_owned(),
            archived: rack.archived,
            revision: rack.revision,
            lens: facts.lens.as_ref().map(types::to_json).transpose()?,
            width_mm: facts.width_mm,
            height_mm: facts.height_mm,
        })
    }
}

impl TryFrom<RackRow> for Rack {
    type Error = DbError;

    fn try_from(row: RackRow) -> Result<Self, DbError> {
        Ok(Self {
            facts: RackFacts {
                kind: types::word("racks.kind", &row.kind)?,
                corners: types::from_json("racks.corners", &row.corners)?,
                name: row.name,
                place: row.place,
                row_count: row.row_count,
                column_count: row.column_count,
                staggered: row.staggered,
                depth: row.depth,
                frame_width: row.frame_width,
                frame_height: row.frame_height,
                rectified_width: row.rectified_width,
                rectified_height: row.rectified_height,
                lens: row.lens.map(|text| types::from_json("racks.lens", &text)).transpose()?,
                width_mm: row.width_mm,
                height_mm: row.height_mm,
            },
            id: RackId(row.id),
            archived: row.archived,
            revision: row.revision,
        })
    }
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = bins)]
struct BinRow {
    id: String,
    rack_id: String,
    polygon: String,
    capacity: i32,
    enabled: bool,
    revision: i32,
}

impl BinRow {
    fn new(bin: &Bin) -> Result<Self, DbError> {
        Ok(Self {
            id: bin.id.0.clone(),
            rack_id: bin.rack_id.0.clone(),
            polygon: types::to_json(&bin.polygon)?,
            capacity: bin.capacity,
            enabled: bin.enabled,
            revision: bin.revision,
        })
    }
}

impl TryFrom<BinRow> for Bin {
    type Error = DbError;

    fn try_from(row: BinRow) -> Result<Self, DbError> {
        Ok(Self {
            polygon: types::from_json("bins.polygon", &row.polygon)?,
            id: BinId(row.id),
            rack_id: RackId(row.rack_id),
            capacity: row.capacity,
            enabled: row.enabled,
            revision: row.revision,
        })
    }
}

/// Racks in the order they were entered, without those taken down.
pub fn rack_list(conn: &mut Conn) -> Result<Vec<Rack>, DbError> {
    let rows = racks::table.filter(racks::archived.eq(false)).order(racks::id).load::<RackRow>(conn)?;
    rows.into_iter().map(Rack::try_from).collect()
}

/// One rack, also one taken down.
pub fn rack_get(conn: &mut Conn, id: &RackId) -> Result<Rack, DbError> {
    let row: Option<RackRow> = racks::table.find(id.as_str()).first(conn).optional()?;
    row.ok_or_else(|| DbError::NotFound(format!("There is no rack {id}.")))?.try_into()
}

/// Enters a rack.
pub fn rack_insert(conn: &mut Conn, facts: &RackFacts, actor: &Actor, now: Instant) -> Result<Rack, DbError> {
    facts.check()?;
    let rack = Rack { id: RackId(new_id()), facts: facts.clone(), archived: false, revision: 1 };
    diesel::insert_into(racks::table).values(&RackRow::new(&rack)?).execute(conn)?;
    changes::record(conn, Entity::Rack, rack.id.as_str(), None, Some(facts), actor, now)?;
    Ok(rack)
}

/// Changes a rack that the caller saw at `revision`.
pub fn rack_update(
    conn: &mut Conn,
    id: &RackId,
    facts: &RackFacts,
    revision: i32,
    actor: &Actor,
    now: Instant,
) -> Result<Rack, DbError> {
    facts.check()?;
    let before = rack_get(conn, id)?;
    changes::check_revision(conn, Entity::Rack, id.as_str(), before.revision, revision)?;
    let rack = rack_store(conn, Rack { facts: facts.clone(), ..before.clone() })?;
    changes::record(conn, Entity::Rack, id.as_str(), Some(&before.facts), Some(facts), actor, now)?;
    Ok(rack)
}

/// Takes a rack down; refused while bottles lie in it.
pub fn rack_archive(conn: &mut Conn, id: &RackId, revision: i32, actor: &Actor, now: Instant) -> Result<(), DbError> {
    let before = rack_get(conn, id)?;
    changes::check_revision(conn, Entity::Rack, id.as_str(), before.revision, revision)?;
    let facts = before.facts.clone();
    take_down(conn, before)?;
    changes::record(conn, Entity::Rack, id.as_str(), Some(&facts), None, actor, now)
}

fn take_down(conn: &mut Conn, rack: Rack) -> Result<(), DbError> {
    let within: i64 = bottles::table
        .filter(bottles::bin.eq_any(bins::table.filter(bins::rack_id.eq(rack.id.as_str())).select(bins::id.nullable())))
        .count()
        .get_result(conn)?;
    if within > 0 {
        return Err(RuleError::Forbidden(format!(
            "{within} bottles lie in this rack: they must be laid elsewhere first."
        ))
        .into());
    }
    rack_store(conn, Rack { archived: true, ..rack }).map(drop)
}

fn rack_store(conn: &mut Conn, rack: Rack) -> Result<Rack, DbError> {
    let rack = Rack { revision: rack.revision + 1, ..rack };
    diesel::update(racks::table.find(rack.id.as_str())).set(&RackRow::new(&rack)?).execute(conn)?;
    Ok(rack)
}

/// What an edit of the rack would be told against; none while it is taken down.
pub(super) fn rack_state(conn: &mut Conn, id: &str) -> Result<Option<Value>, DbError> {
    let rack = rack_get(conn, &RackId::from(id))?;
    if rack.archived { Ok(None) } else { changes::value(&rack.facts).map(Some) }
}

/// Brings the rack back to `state`.
pub(super) fn rack_restore(conn: &mut Conn, id: &str, state: Option<&Value>) -> Result<(), DbError> {
    let rack = rack_get(conn, &RackId::from(id))?;
    match state {
        None => take_down(conn, rack),
        Some(value) => rack_store(conn, Rack { facts: changes::typed(value)?, archived: false, ..rack }).map(drop),
    }
}

/// Bins by name, without those of racks taken down.
pub fn bin_list(conn: &mut Conn) -> Result<Vec<Bin>, DbError> {
    let standing = racks::table.filter(racks::archived.eq(false)).select(racks::id);
    let rows = bins::table.filter(bins::rack_id.eq_any(standing)).order(bins::id).load::<BinRow>(conn)?;
    rows.into_iter().map(Bin::try_from).collect()
}

/// Bins of a standing rack, by name.
pub fn bins_of(conn: &mut Conn, rack: &RackId) -> Result<Vec<Bin>, DbError> {
    let standing = racks::table.filter(racks::archived.eq(false).and(racks::id.eq(rack.as_str()))).select(racks::id);
    let rows = bins::table.filter(bins::rack_id.eq_any(standing)).order(bins::id).load::<BinRow>(conn)?;
    rows.into_iter().map(Bin::try_from).collect()
}

/// Each bin of a standing rack with its rack, without the outlines.
pub(super) fn bin_racks(conn: &mut Conn) -> Result<Vec<(String, RackId)>, DbError> {
    let standing = racks::table.filter(racks::archived.eq(false)).select(racks::id);
    let rows: Vec<(String, String)> =
        bins::table.filter(bins::rack_id.eq_any(standing)).select((bins::id, bins::rack_id)).load(conn)?;
    Ok(rows.into_iter().map(|(bin, rack)| (bin, RackId(rack))).collect())
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

/// Enters a bin; its revision is set here.
pub fn bin_insert(conn: &mut Conn, bin: &Bin, actor: &Actor, now: Instant) -> Result<Bin, DbError> {
    let bin = Bin { revision: 1, ..bin.clone() };
    bin.check()?;
    match rack_get(conn, &bin.rack_id) {
        Ok(rack) if !rack.archived => {}
        Ok(_) | Err(DbError::NotFound(_)) => {
            return Err(RuleError::field("rack_id", format!("there is no rack {}", bin.rack_id)).into());
        }
        Err(error) => return Err(error),
    }
    if bin_find(conn, &bin.id)?.is_some() {
        return Err(DbError::Conflict(format!("There is a bin {} already.", bin.id)));
    }
    diesel::insert_into(bins::table).values(&BinRow::new(&bin)?).execute(conn)?;
    changes::record(conn, Entity::Bin, bin.id.as_str(), None, Some(&bin_facts(&bin)), actor, now)?;
    Ok(bin)
}

/// Changes outline, capacity and use of a bin that the caller saw at `revision`. What lies in it stays: a capacity below
/// the bottles it holds and a bin taken out of use with bottles in it are refused.
pub fn bin_update(conn: &mut Conn, bin: &Bin, revision: i32, actor: &Actor, now: Instant) -> Result<Bin, DbError> {
    bin.check()?;
    let before = bin_get(conn, &bin.id)?;
    changes::check_revision(conn, Entity::Bin, bin.id.as_str(), before.revision, revision)?;
    let after = bin_store(conn, Bin { rack_id: before.rack_id.clone(), revision, ..bin.clone() })?;
    let (was, is) = (bin_facts(&before), bin_facts(&after));
    changes::record(conn, Entity::Bin, bin.id.as_str(), Some(&was), Some(&is), actor, now)?;
    Ok(after)
}

fn bin_store(conn: &mut Conn, bin: Bin) -> Result<Bin, DbError> {
    let holds = super::bottles::count_in(conn, &bin.id)?;
    if holds > bin.capacity {
        return Err(RuleError::field("capacity", format!("is {}; the bin holds {holds} bottles", bin.capacity)).into());
    }
    if holds > 0 && !bin.enabled {
        return Err(
            RuleError::field("enabled", format!("the bin holds {holds} bottles: lay them elsewhere first")).into()
        );
    }
    let bin = Bin { revision: bin.revision + 1, ..bin };
    diesel::update(bins::table.find(bin.id.as_str())).set(&BinRow::new(&bin)?).execute(conn)?;
    Ok(bin)
}

/// The bin as the journal of edits keeps it: without the counter.
fn bin_facts(bin: &Bin) -> Bin {
    Bin { revision: 0, ..bin.clone() }
}

/// What an edit of the bin would be told against.
pub(super) fn bin_state(conn: &mut Conn, id: &str) -> Result<Option<Value>, DbError> {
    bin_find(conn, &BinId::from(id))?.map(|bin| changes::value(&bin_facts(&bin))).transpose()
}

/// Brings the bin back to `state`. One that was new is taken away, unless something refers to it.
pub(super) fn bin_restore(conn: &mut Conn, id: &str, state: Option<&Value>) -> Result<(), DbError> {
    let Some(value) = state else {
        return match diesel::delete(bins::table.find(id)).execute(conn).map_err(DbError::from) {
            Err(DbError::Conflict(_)) => {
                Err(RuleError::Forbidden(format!("Bin {id} has been used: take it out of use instead.")).into())
            }
            other => other.map(drop),
        };
    };
    let wanted: Bin = changes::typed(value)?;
    match bin_find(conn, &BinId::from(id))? {
        Some(bin) => bin_store(conn, Bin { revision: bin.revision, ..wanted }).map(drop),
        // It was taken away by an undo, which is now undone.
        None => {
            let row = BinRow::new(&Bin { revision: 1, ..wanted })?;
            diesel::insert_into(bins::table).values(&row).execute(conn)?;
            Ok(())
        }
    }
}

/// What book and camera say of every bin, by name. Six queries, however many bins there are.
pub fn bin_summary(conn: &mut Conn) -> Result<Vec<BinSummary>, DbError> {
    let book = counted(conn, None)?;
    summary(conn, None, &book)
}

/// The same of one bin; none where its rack does not stand.
pub fn bin_summary_of(conn: &mut Conn, bin: &BinId) -> Result<Option<BinSummary>, DbError> {
    let book = counted(conn, Some(bin.as_str()))?;
    Ok(summary(conn, Some(bin.as_str()), &book)?.pop())
}

/// How many bottles lie in each bin, or in one.
fn counted(conn: &mut Conn, only: Option<&str>) -> Result<HashMap<String, i64>, DbError> {
    let lie = bottles::table.group_by(bottles::bin).select((bottles::bin, count_star()));
    let rows: Vec<(Option<String>, i64)> = match only {
        Some(bin) => lie.filter(bottles::bin.eq(bin)).load(conn)?,
        None => lie.filter(bottles::bin.is_not_null()).load(conn)?,
    };
    Ok(rows.into_iter().filter_map(|(bin, count)| Some((bin?, count))).collect())
}

/// What is said of every bin, or of one, with the bottles of each bin that holds any.
pub(super) fn summary(
    conn: &mut Conn,
    only: Option<&str>,
    book: &HashMap<String, i64>,
) -> Result<Vec<BinSummary>, DbError> {
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
    let mut seen = readings::table.filter(readings::scan_id.eq_any(last)).into_boxed();
    if let Some(bin) = only {
        seen = seen.filter(readings::bin.eq(bin));
    }
    let seen: Vec<(String, Option<i32>, f64, Option<String>)> =
        seen.select((readings::bin, readings::seen, readings::confidence, readings::needs_look)).load(conn)?;
    let seen: BTreeMap<_, _> = seen.into_iter().map(|(bin, count, sure, look)| (bin, (count, sure, look))).collect();
    let times = readings::table
        .inner_join(scans::table)
        .filter(readings::seen.is_not_null())
        .group_by(readings::bin)
        .select((readings::bin, max(scans::started_at)));
    let times: Vec<(String, Option<Instant>)> = match only {
        Some(bin) => times.filter(readings::bin.eq(bin)).load(conn)?,
        None => times.load(conn)?,
    };
    let times: BTreeMap<_, _> = times.into_iter().collect();

    // Without the outlines: reading those of many bins takes longer than all the rest.
    let standing = racks::table.filter(racks::archived.eq(false)).select(racks::id);
    let mut known = bins::table.filter(bins::rack_id.eq_any(standing)).order(bins::id).into_boxed();
    if let Some(bin) = only {
        known = known.filter(bins::id.eq(bin));
    }
    let known: Vec<(String, String, i32)> = known.select((bins::id, bins::rack_id, bins::capacity)).load(conn)?;
    known
        .into_iter()
        .map(|(id, rack_id, capacity)| {
            let name = &id;
            let (count, sure, look) = match seen.get(name) {
                Some((count, sure, look)) => (*count, Some(*sure), look.clone()),
                None => (None, None, None),
            };
            Ok(BinSummary {
                qty: i32::try_from(book.get(name).copied().unwrap_or(0))
                    .map_err(|e| DbError::broken("bottles.bin", e))?,
                capacity,
                rack_id: RackId(rack_id),
                seen: count,
                confidence: sure,
                needs_look: look,
                seen_at: times.get(name).copied().flatten(),
                open_proposal: open.contains(name),
                st_bin: BinId(id),
            })
        })
        .collect()
}

/// All racks and bins, also those of racks taken down.
pub(super) fn all(conn: &mut Conn) -> Result<(Vec<Rack>, Vec<Bin>), DbError> {
    let stands = racks::table.order(racks::id).load::<RackRow>(conn)?;
    let cells = bins::table.order(bins::id).load::<BinRow>(conn)?;
    Ok((
        stands.into_iter().map(Rack::try_from).collect::<Result<_, _>>()?,
        cells.into_iter().map(Bin::try_from).collect::<Result<_, _>>()?,
    ))
}

/// Writes racks and bins as they are.
pub(super) fn restore_all(conn: &mut Conn, stands: &[Rack], cells: &[Bin]) -> Result<(), DbError> {
    for rack in stands {
        diesel::insert_into(racks::table).values(&RackRow::new(rack)?).execute(conn)?;
    }
    for bin in cells {
        diesel::insert_into(bins::table).values(&BinRow::new(bin)?).execute(conn)?;
    }
    Ok(())
}
