//! What lies here, by vintage, and what of it is ready and forgotten. Read once as aggregates; afterwards only the
//! vintages are read again of which something was written since.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, Months, NaiveDate};
use diesel::{
    dsl::{count_star, min},
    prelude::*,
};

use super::super::{
    Conn, DbError, racks,
    schema::{bottles, movements, vintages, wines},
    types,
};
use crate::{
    Instant,
    bottle::{self, BottleStatus},
    ids::{BinId, RackId, VintageId, WineId},
    numbers::{Forgotten, StockLine, UNTOUCHED_YEARS, walking_key},
    window::Window,
    wine::{Colour, Style},
};

/// How many lines of what is forgotten are told.
const MOST_FORGOTTEN: usize = 200;
/// When more bottles or vintages than this have changed, all are read anew.
const MANY: usize = 500;

/// The stock as it was read.
#[derive(Default)]
pub(super) struct Stock {
    /// The database's revision that it shows; none when nothing was read yet.
    revision: Option<i64>,
    /// Windows and "untouched for years" are told of this day.
    day: NaiveDate,
    here: BTreeMap<String, (Words, StockLine)>,
    forgotten: BTreeMap<String, Vec<Part>>,
}

/// What a vintage is called.
struct Words {
    wine: WineId,
    title: String,
    style: Style,
}

/// Forgotten bottles of one vintage in one bin.
struct Part {
    bin: Option<String>,
    bottles: i64,
    since: Option<Instant>,
}

/// Bottles whose window has begun and that nobody moved for years, or whose window ends this year or next.
macro_rules! forgotten {
    ($year:expr, $untouched_since:expr) => {{
        let began = (vintages::drink_from.le($year))
            .or(vintages::drink_from.is_null().and(vintages::peak_from.is_null().or(vintages::peak_from.le($year))));
        let ends =
            (vintages::drink_to.le($year + 1)).or(vintages::drink_to.is_null().and(vintages::peak_to.le($year + 1)));
        // Asked bottle by bottle, by an index: most need not be asked, because they came later.
        let moved = movements::table
            .filter(movements::bottle_id.eq(bottles::id))
            .filter(movements::at.ge($untouched_since))
            .select(movements::bottle_id);
        let untouched = bottles::received_at.lt($untouched_since).and(bottles::id.ne_all(moved));
        bottles::table
            .inner_join(vintages::table)
            .filter(bottles::status.eq(BottleStatus::InCellar.as_str()))
            .filter(vintages::window_source.is_not_null())
            .filter(began.assume_not_null())
            .filter(ends.assume_not_null().or(untouched))
    }};
}

impl Stock {
    /// Brings it up to the revision of this transaction.
    pub(super) fn refresh(self, conn: &mut Conn, revision: i64, now: Instant) -> Result<Self, DbError> {
        let known = self.revision.filter(|known| *known <= revision && self.day == now.date());
        let changed = match known {
            Some(known) => changed_since(conn, known)?,
            None => None,
        };
        let Some(changed) = changed else {
            let mut all = Self { revision: Some(revision), day: now.date(), ..Self::default() };
            all.read(conn, None, now)?;
            return Ok(all);
        };
        let mut stock = Self { revision: Some(revision), ..self };
        if !changed.is_empty() {
            for vintage in &changed {
                stock.here.remove(vintage);
                stock.forgotten.remove(vintage);
            }
            stock.read(conn, Some(&changed), now)?;
        }
        Ok(stock)
    }

    /// The lines of all vintages of which bottles are here.
    pub(super) fn lines(&self) -> Vec<StockLine> {
        self.here.values().map(|(_, line)| line.clone()).collect()
    }

    fn read(&mut self, conn: &mut Conn, only: Option<&[String]>, now: Instant) -> Result<(), DbError> {
        let counts = bottles::table
            .filter(bottles::status.eq(BottleStatus::InCellar.as_str()))
            .group_by(bottles::vintage_id)
            .select((bottles::vintage_id, count_star()));
        let counts: HashMap<String, i64> = match only {
            Some(only) => {
                counts.filter(bottles::vintage_id.eq_any(only)).load::<(String, i64)>(conn)?.into_iter().collect()
            }
            None => counts.load::<(String, i64)>(conn)?.into_iter().collect(),
        };
        type Label = (String, String, String, String, String, String, String);
        type Years = (Option<i32>, Option<i32>, Option<i32>, Option<i32>, Option<i32>);
        type Valued = (Option<i64>, Option<String>);
        let labels = vintages::table.inner_join(wines::table).select((
            vintages::id,
            (wines::id, wines::producer, wines::name, wines::country, wines::region, wines::colour, wines::style),
            (vintages::year, vintages::drink_from, vintages::peak_from, vintages::peak_to, vintages::drink_to),
            (vintages::valuation_minor, vintages::valuation_currency),
        ));
        let labels: Vec<(String, Label, Years, Valued)> = match only {
            Some(only) => labels.filter(vintages::id.eq_any(only)).load(conn)?,
            None => labels.load(conn)?,
        };
        for (id, (wine, producer, name, country, region, colour, style), years, (minor, currency)) in labels {
            let Some(bottles) = counts.get(&id) else { continue };
            let (year, drink_from, peak_from, peak_to, drink_to) = years;
            let words = Words {
                wine: WineId(wine),
                title: bottle::title(&producer, &name, year),
                style: types::word("wines.style", &style)?,
            };
            let colour: Colour = types::word("wines.colour", &colour)?;
            let line = StockLine {
                colour,
                origin: if region.is_empty() { country } else { region },
                year,
                window: Window { drink_from, peak_from, peak_to, drink_to },
                bottles: *bottles,
                worth: minor.zip(currency),
            };
            self.here.insert(id, (words, line));
        }
        self.read_forgotten(conn, only, now)
    }

    fn read_forgotten(&mut self, conn: &mut Conn, only: Option<&[String]>, now: Instant) -> Result<(), DbError> {
        let year = now.year();
        let years = Months::new(UNTOUCHED_YEARS.unsigned_abs() * 12);
        let Some(untouched_since) = now.checked_sub_months(years) else { return Ok(()) };
        let by = (bottles::bin, bottles::vintage_id);
        let what = (bottles::bin, bottles::vintage_id, count_star(), min(bottles::received_at));
        type Row = (Option<String>, String, i64, Option<Instant>);
        let rows: Vec<Row> = match only {
            Some(only) => forgotten!(year, untouched_since)
                .filter(bottles::vintage_id.eq_any(only))
                .group_by(by)
                .select(what)
                .load(conn)?,
            None => forgotten!(year, untouched_since).group_by(by).select(what).load(conn)?,
        };
        for (bin, vintage, bottles, since) in rows {
            self.forgotten.entry(vintage).or_default().push(Part { bin, bottles, since });
        }
        Ok(())
    }

    /// What is ready and forgotten, in walking order, and how many bottles these are.
    pub(super) fn forgotten(&self, conn: &mut Conn, now: Instant) -> Result<(Vec<Forgotten>, i64), DbError> {
        let year = now.year();
        let racks: BTreeMap<RackId, (usize, String)> = racks::rack_list(conn)?
            .into_iter()
            .enumerate()
            .map(|(order, rack)| (rack.id, (order, rack.facts.name)))
            .collect();
        let bins: HashMap<String, RackId> = racks::bin_racks(conn)?.into_iter().collect();
        let rack_of = |bin: Option<&String>| bin.and_then(|bin| bins.get(bin));
        // What lies in no bin is looked for last.
        let order = |bin: Option<&String>| {
            let rack = rack_of(bin).and_then(|rack| racks.get(rack)).map_or(usize::MAX, |(order, _)| *order);
            (rack, walking_key(bin.map(String::as_str).unwrap_or_default()))
        };
        let parts = || self.forgotten.iter().flat_map(|(vintage, parts)| parts.iter().map(move |part| (vintage, part)));
        let total = parts().map(|(_, part)| part.bottles).sum();
        let mut walk: Vec<Option<&String>> =
            parts().map(|(_, part)| part.bin.as_ref()).collect::<BTreeSet<_>>().into_iter().collect();
        walk.sort_by_cached_key(|bin| order(*bin));
        let place: HashMap<Option<&String>, usize> =
            walk.into_iter().take(MOST_FORGOTTEN).enumerate().map(|(place, bin)| (bin, place)).collect();
        let mut lines: Vec<_> = parts()
            .filter_map(|(vintage, part)| {
                let (words, stock) = self.here.get(vintage)?;
                let until = stock.window.drink_to.or(stock.window.peak_to);
                Some(((*place.get(&part.bin.as_ref())?, until, vintage), words, stock, part))
            })
            .collect();
        lines.sort_by(|a, b| a.0.cmp(&b.0));
        let line =
            |((_, until, vintage), words, stock, part): ((usize, Option<i32>, &String), &Words, &StockLine, &Part)| {
                let rack_id = rack_of(part.bin.as_ref());
                Forgotten {
                    rack: rack_id.and_then(|id| racks.get(id)).map(|(_, name)| name.clone()).unwrap_or_default(),
                    rack_id: rack_id.cloned(),
                    bin: part.bin.clone().map(BinId),
                    wine_id: words.wine.clone(),
                    vintage_id: VintageId(vintage.clone()),
                    title: words.title.clone(),
                    colour: stock.colour,
                    style: words.style,
                    state: stock.window.state(year),
                    until,
                    since: part.since.map_or(year, |at| at.year()),
                    bottles: part.bottles,
                }
            };
        Ok((lines.into_iter().take(MOST_FORGOTTEN).map(line).collect(), total))
    }
}

/// The vintages of which something was written after the revision; none when they are too many to be told one by one.
fn changed_since(conn: &mut Conn, known: i64) -> Result<Option<Vec<String>>, DbError> {
    let most = i64::try_from(MANY).unwrap_or(i64::MAX) + 1;
    // Not DISTINCT: for that SQLite would walk every bottle in the order of vintages.
    let by_bottle: Vec<String> =
        bottles::table.filter(bottles::touched.gt(known)).select(bottles::vintage_id).limit(most).load(conn)?;
    if by_bottle.len() > MANY {
        return Ok(None);
    }
    let by_label: Vec<String> = vintages::table
        .inner_join(wines::table)
        .filter(wines::touched.gt(known))
        .select(vintages::id)
        .limit(most)
        .load(conn)?;
    let by_year: Vec<String> =
        vintages::table.filter(vintages::touched.gt(known)).select(vintages::id).limit(most).load(conn)?;
    let changed: BTreeSet<String> = by_bottle.into_iter().chain(by_label).chain(by_year).collect();
    Ok((changed.len() <= MANY).then(|| changed.into_iter().collect()))
}
