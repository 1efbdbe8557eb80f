//! What explaining a scan needs of the book: the bottles of each bin, those that wait, those that left, and how they look.

use std::collections::{BTreeMap, HashMap};

use diesel::{dsl::max, prelude::*};

use super::{
    Conn, DbError, memory,
    schema::{bins, bottles, movements, vintages},
};
use crate::{
    Instant,
    bottle::BottleStatus,
    explain::Lying,
    ids::{BottleId, RackId, VintageId},
    movement::MovementKind,
    window::Window,
};

/// Bottles that wait to be put away which are thought of, the newest first.
const MOST_WAITING: i64 = 500;
/// Bottles that left are thought of for so many days, and so many at most.
const LEFT_DAYS: i64 = 30;
const MOST_LEFT: i64 = 200;
/// So many bottles of one vintage say how it looks.
const MOST_KIN: usize = 4;

/// Id, bin, vintage, and the window of the vintage.
type Row = (String, Option<String>, String, (Option<i32>, Option<i32>, Option<i32>, Option<i32>));

macro_rules! rows {
    () => {
        bottles::table.inner_join(vintages::table).select((
            bottles::id,
            bottles::bin,
            bottles::vintage_id,
            (vintages::drink_from, vintages::peak_from, vintages::peak_to, vintages::drink_to),
        ))
    };
}

/// The bottles of a rack and those that may have to do with it.
#[derive(Debug, Default)]
pub(super) struct Cellar {
    /// By bin, those that lie there the longest first.
    pub(super) lying: HashMap<String, Vec<Lying>>,
    /// In the cellar and in no bin.
    pub(super) waiting: Vec<Lying>,
    /// Left not long ago.
    pub(super) left: Vec<Lying>,
}

/// Reads them; `around` also those that wait or left, which only matter where something differs.
pub(super) fn cellar(conn: &mut Conn, rack: &RackId, around: bool, now: Instant) -> Result<Cellar, DbError> {
    let of_rack = bins::table.filter(bins::rack_id.eq(rack.as_str())).select(bins::id.nullable());
    let here: Vec<Row> = rows!().filter(bottles::bin.eq_any(of_rack)).order(bottles::id).load(conn)?;
    let (waiting, left) = if around { (waiting(conn)?, left(conn, now)?) } else { (Vec::new(), Vec::new()) };
    let faces = Faces::of(conn, here.iter().chain(&waiting).chain(&left))?;
    let order = if around { last_moved(conn, rack)? } else { HashMap::new() };
    let mut found = Cellar { waiting: faces.all(&waiting, now), left: faces.all(&left, now), ..Cellar::default() };
    for row in &here {
        if let Some(bin) = &row.1 {
            found.lying.entry(bin.clone()).or_default().push(faces.lying(row, now));
        }
    }
    for bottles in found.lying.values_mut() {
        bottles.sort_by(|a, b| order.get(&a.id.0).cmp(&order.get(&b.id.0)));
    }
    Ok(found)
}

/// Those that wait and those that left, with what the bottles that lie in the rack tell of their vintages.
pub(super) fn outside<'a>(
    conn: &mut Conn,
    here: impl Iterator<Item = &'a Lying>,
    now: Instant,
) -> Result<(Vec<Lying>, Vec<Lying>), DbError> {
    let (waiting, left) = (waiting(conn)?, left(conn, now)?);
    let mut faces = Faces::of(conn, waiting.iter().chain(&left))?;
    faces.learn(here);
    Ok((faces.all(&waiting, now), faces.all(&left, now)))
}

fn waiting(conn: &mut Conn) -> Result<Vec<Row>, DbError> {
    let waiting = rows!()
        .filter(bottles::status.eq(BottleStatus::InCellar.as_str()))
        .filter(bottles::bin.is_null())
        .order(bottles::id.desc())
        .limit(MOST_WAITING);
    Ok(waiting.load(conn)?)
}

fn left(conn: &mut Conn, now: Instant) -> Result<Vec<Row>, DbError> {
    let since = now - chrono::TimeDelta::days(LEFT_DAYS);
    let recent: Vec<(String, Instant)> = movements::table
        .filter(movements::kind.eq(MovementKind::Issue.as_str()))
        .order(movements::id.desc())
        .limit(MOST_LEFT)
        .select((movements::bottle_id, movements::at))
        .load(conn)?;
    let recent: Vec<String> = recent.into_iter().filter(|(_, at)| *at > since).map(|(id, _)| id).collect();
    let left = rows!()
        .filter(bottles::id.eq_any(recent))
        .filter(bottles::status.eq(BottleStatus::Gone.as_str()))
        .order(bottles::id.desc());
    Ok(left.load(conn)?)
}

/// How bottles look, by bottle and by vintage.
struct Faces {
    own: BTreeMap<String, Vec<f32>>,
    of_vintage: BTreeMap<String, Vec<String>>,
}

impl Faces {
    fn of<'a>(conn: &mut Conn, rows: impl Iterator<Item = &'a Row>) -> Result<Self, DbError> {
        let rows: Vec<&Row> = rows.collect();
        let own = memory::looks_of(conn, &rows.iter().map(|row| row.0.as_str()).collect::<Vec<_>>())?;
        let mut of_vintage: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (id, _, vintage, _) in rows.into_iter().filter(|row| own.contains_key(&row.0)) {
            of_vintage.entry(vintage.clone()).or_default().push(id.clone());
        }
        Ok(Self { own, of_vintage })
    }

    fn learn<'a>(&mut self, bottles: impl Iterator<Item = &'a Lying>) {
        for (lying, looks) in bottles.filter_map(|lying| Some((lying, lying.looks.clone()?))) {
            self.own.insert(lying.id.0.clone(), looks);
            self.of_vintage.entry(lying.vintage.0.clone()).or_default().push(lying.id.0.clone());
        }
    }

    fn all(&self, rows: &[Row], now: Instant) -> Vec<Lying> {
        rows.iter().map(|row| self.lying(row, now)).collect()
    }

    fn lying(&self, (id, _, vintage, years): &Row, now: Instant) -> Lying {
        let &(drink_from, peak_from, peak_to, drink_to) = years;
        let kin = self.of_vintage.get(vintage).into_iter().flatten().filter(|other| *other != id);
        Lying {
            drink: Window { drink_from, peak_from, peak_to, drink_to }.state(chrono::Datelike::year(&now)),
            looks: self.own.get(id).cloned(),
            kin: kin.take(MOST_KIN).filter_map(|other| self.own.get(other).cloned()).collect(),
            id: BottleId(id.clone()),
            vintage: VintageId(vintage.clone()),
        }
    }
}

/// The last line in the journal of each bottle of the rack: ids of movements sort by time.
fn last_moved(conn: &mut Conn, rack: &RackId) -> Result<HashMap<String, Option<String>>, DbError> {
    let of_rack = bins::table.filter(bins::rack_id.eq(rack.as_str())).select(bins::id.nullable());
    let there = bottles::table.filter(bottles::bin.eq_any(of_rack)).select(bottles::id);
    let rows: Vec<(String, Option<String>)> = movements::table
        .filter(movements::bottle_id.eq_any(there))
        .group_by(movements::bottle_id)
        .select((movements::bottle_id, max(movements::id)))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
