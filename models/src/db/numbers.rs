//! The cellar in numbers, from aggregates: the journal is folded once and then only what was added to it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{Datelike, Months, NaiveDate};
use diesel::{
    dsl::{count_star, max, sql},
    prelude::*,
    sql_types::{BigInt, Bool, Nullable, Text},
};

use super::{
    Conn, DbError, meta, racks,
    schema::{bottles, changes, movements, vintages, wines},
    types,
};
use crate::{
    Instant,
    bottle::{self, BottleStatus},
    change::Entity,
    ids::{BinId, RackId, VintageId, WineId},
    movement::{IssueReason, MovementKind},
    numbers::{Entry, Forgotten, Groups, Ledger, MonthNumber, Numbers, StockLine, UNTOUCHED_YEARS, Why, walking_key},
    window::Window,
    wine::{Colour, Style},
};

/// How many lines of what is forgotten are told.
const MOST_FORGOTTEN: usize = 200;

/// Keeps what was read, so that a page that is asked for again costs one query, and a page after a movement reads that
/// movement only. Clones share it.
#[derive(Clone, Default)]
pub struct NumbersKeeper(Arc<Mutex<Option<Kept>>>);

struct Kept {
    revision: i64,
    day: NaiveDate,
    journal: Journal,
    numbers: Arc<Numbers>,
}

/// The journal as far as it was read.
#[derive(Clone, Default)]
struct Journal {
    ledger: Ledger,
    /// The last movement in it.
    movement: String,
    /// The last edit that was looked at.
    change: String,
}

impl NumbersKeeper {
    /// The numbers as they are now.
    pub fn numbers_get(&self, conn: &mut Conn, now: Instant) -> Result<Arc<Numbers>, DbError> {
        let revision = meta::revision(conn)?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let journal = match kept.as_ref() {
            Some(kept) if (kept.revision, kept.day) == (revision, now.date()) => return Ok(kept.numbers.clone()),
            // A reader whose snapshot is older than what is kept must not feed the fold backwards.
            Some(kept) if kept.revision > revision => Journal::default(),
            Some(kept) => kept.journal.clone(),
            None => Journal::default(),
        };
        let journal = read_on(conn, journal)?;
        let numbers = Arc::new(numbers(conn, &journal.ledger, now)?);
        *kept = Some(Kept { revision, day: now.date(), journal, numbers: numbers.clone() });
        Ok(numbers)
    }
}

/// Reads what was added to the journal; all of it anew when a price was changed, for that changes the past.
fn read_on(conn: &mut Conn, known: Journal) -> Result<Journal, DbError> {
    let change: Option<String> = changes::table.select(max(changes::id)).first(conn)?;
    let change = change.unwrap_or_default();
    let mut journal = if change > known.change && !known.movement.is_empty() && repriced(conn, &known.change)? {
        Journal::default()
    } else {
        known
    };
    journal.change = change;
    let last: Option<String> = movements::table.select(max(movements::id)).first(conn)?;
    let Some(last) = last.filter(|last| *last > journal.movement) else { return Ok(journal) };
    fold_plain(conn, &mut journal)?;
    fold_reversals(conn, &mut journal)?;
    journal.movement = last;
    Ok(journal)
}

/// Whether a price was edited after that edit.
fn repriced(conn: &mut Conn, since: &str) -> Result<bool, DbError> {
    type Sides = (Option<String>, Option<String>);
    let edits: Vec<Sides> = changes::table
        .filter(changes::entity.eq(Entity::Bottle.as_str()))
        .filter(changes::id.gt(since))
        .select((changes::before_json, changes::after_json))
        .load(conn)?;
    let price = |json: &Option<String>| -> Result<_, DbError> {
        let Some(text) = json else { return Ok(None) };
        let value: serde_json::Value = types::from_json("changes", text)?;
        Ok(Some((value["price_minor"].clone(), value["currency"].clone())))
    };
    for (before, after) in &edits {
        if price(before)? != price(after)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Month, kind, reason, here after, currency, bottles, price of all.
type FlowRow = (String, String, Option<String>, bool, Option<String>, i64, Option<i64>);

/// Movements that are no undo, counted by the engine. Both engines write a time with `YYYY-MM` first, and both take this
/// CAST (SUM is a decimal in MariaDB).
fn fold_plain(conn: &mut Conn, journal: &mut Journal) -> Result<(), DbError> {
    let rows: Vec<FlowRow> = movements::table
        .inner_join(bottles::table.on(bottles::id.eq(movements::bottle_id)))
        .filter(movements::id.gt(&journal.movement))
        .filter(movements::reverses.is_null())
        .filter(movements::was_here.ne(movements::is_here))
        // Diesel knows no grouping by an expression: the columns stand as text, and are grouped by their place.
        .group_by(sql::<Text>("1, 2, 3, 4, 5"))
        .select((
            sql::<Text>("SUBSTR(movements.at, 1, 7)"),
            sql::<Text>("movements.kind"),
            sql::<Nullable<Text>>("movements.reason"),
            sql::<Bool>("movements.is_here"),
            sql::<Nullable<Text>>("bottles.currency"),
            sql::<BigInt>("COUNT(*)"),
            sql::<Nullable<BigInt>>("CAST(SUM(bottles.price_minor) AS SIGNED)"),
        ))
        .load(conn)?;
    for (month, kind, reason, is_here, currency, bottles, minor) in rows {
        let month = MonthNumber::parse(&month).ok_or_else(|| DbError::broken("movements.at", &month))?;
        let why = why(types::word("movements.kind", &kind)?, reason.as_deref(), is_here)?;
        // A currency without a price tells nothing of what was paid.
        let (currency, minor) = match minor {
            Some(minor) => (currency, minor),
            None => (None, 0),
        };
        journal.ledger.add(&Entry { month, why, bottles, currency, minor });
    }
    Ok(())
}

fn why(kind: MovementKind, reason: Option<&str>, is_here: bool) -> Result<Why, DbError> {
    Ok(match (kind, reason) {
        (MovementKind::Receipt, _) => Why::Received,
        (MovementKind::Issue, Some(reason)) => Why::Left(types::word("movements.reason", reason)?),
        (MovementKind::Issue, None) => Why::Left(IssueReason::Lost),
        _ if is_here => Why::Found,
        _ => Why::Missing,
    })
}

/// A line of the journal, as far as an undo of it is concerned.
#[derive(Clone, Queryable)]
struct Line {
    id: String,
    bottle_id: String,
    kind: String,
    reason: Option<String>,
    is_here: bool,
    at: Instant,
    reverses: Option<String>,
}

macro_rules! line {
    () => {
        (
            movements::id,
            movements::bottle_id,
            movements::kind,
            movements::reason,
            movements::is_here,
            movements::at,
            movements::reverses,
        )
    };
}

/// Undone movements, one by one: each takes away what the movement at the root of it counted, or gives it back.
fn fold_reversals(conn: &mut Conn, journal: &mut Journal) -> Result<(), DbError> {
    let lines: Vec<Line> = movements::table
        .filter(movements::id.gt(&journal.movement))
        .filter(movements::reverses.is_not_null())
        .filter(movements::was_here.ne(movements::is_here))
        .order(movements::id)
        .select(line!())
        .load(conn)?;
    let mut known: HashMap<String, Line> = lines.iter().map(|line| (line.id.clone(), line.clone())).collect();
    for line in lines {
        let (mut root, mut sign) = (line, 1);
        while let Some(reversed) = root.reverses.clone() {
            sign = -sign;
            root = match known.get(&reversed) {
                Some(line) => line.clone(),
                None => {
                    let line: Line = movements::table.find(&reversed).select(line!()).first(conn)?;
                    known.insert(reversed, line.clone());
                    line
                }
            };
        }
        let (currency, minor): (Option<String>, Option<i64>) =
            bottles::table.find(&root.bottle_id).select((bottles::currency, bottles::price_minor)).first(conn)?;
        journal.ledger.add(&Entry {
            month: MonthNumber::of(root.at),
            why: why(types::word("movements.kind", &root.kind)?, root.reason.as_deref(), root.is_here)?,
            bottles: sign,
            currency: currency.filter(|_| minor.is_some()),
            minor: sign * minor.unwrap_or(0),
        });
    }
    Ok(())
}

fn numbers(conn: &mut Conn, ledger: &Ledger, now: Instant) -> Result<Numbers, DbError> {
    let this_month = MonthNumber::of(now);
    let here = vintages_here(conn)?;
    let stock: Vec<StockLine> = here.values().map(|(_, line)| line.clone()).collect();
    let bottles = stock.iter().map(|line| line.bottles).sum();
    let costs = ledger.costs(this_month);
    let (forgotten, forgotten_bottles) = forgotten(conn, &here, now)?;
    Ok(Numbers {
        bottles,
        unpriced: bottles - costs.iter().map(|series| series.bottles).sum::<i64>(),
        months: ledger.months(this_month),
        costs,
        groups: Groups::of(&stock, now.year()),
        forgotten,
        forgotten_bottles,
    })
}

/// What a vintage is called.
struct Words {
    wine: WineId,
    title: String,
    style: Style,
}

type Here = BTreeMap<String, (Words, StockLine)>;

/// The vintages of which bottles are here.
fn vintages_here(conn: &mut Conn) -> Result<Here, DbError> {
    let counts: Vec<(String, i64)> = bottles::table
        .filter(bottles::status.eq(BottleStatus::InCellar.as_str()))
        .group_by(bottles::vintage_id)
        .select((bottles::vintage_id, count_star()))
        .load(conn)?;
    let counts: HashMap<String, i64> = counts.into_iter().collect();
    type Label = (String, String, String, String, String, String, String);
    type Years = (Option<i32>, Option<i32>, Option<i32>, Option<i32>, Option<i32>);
    let rows: Vec<(String, Label, Years)> = vintages::table
        .inner_join(wines::table)
        .select((
            vintages::id,
            (wines::id, wines::producer, wines::name, wines::country, wines::region, wines::colour, wines::style),
            (vintages::year, vintages::drink_from, vintages::peak_from, vintages::peak_to, vintages::drink_to),
        ))
        .load(conn)?;
    let mut here = Here::new();
    for (id, (wine, producer, name, country, region, colour, style), years) in rows {
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
        };
        here.insert(id, (words, line));
    }
    Ok(here)
}

/// Bottles whose window has begun and that nobody moved since then, or whose window ends this year or next.
macro_rules! forgotten {
    ($year:expr, $untouched_since:expr) => {{
        let began = (vintages::drink_from.le($year))
            .or(vintages::drink_from.is_null().and(vintages::peak_from.is_null().or(vintages::peak_from.le($year))));
        let ends =
            (vintages::drink_to.le($year + 1)).or(vintages::drink_to.is_null().and(vintages::peak_to.le($year + 1)));
        let moved = movements::table.filter(movements::at.ge($untouched_since)).select(movements::bottle_id);
        let untouched = bottles::received_at.lt($untouched_since).and(bottles::id.ne_all(moved));
        bottles::table
            .inner_join(vintages::table)
            .filter(bottles::status.eq(BottleStatus::InCellar.as_str()))
            .filter(vintages::window_source.is_not_null())
            .filter(began.assume_not_null())
            .filter(ends.assume_not_null().or(untouched))
    }};
}

/// What is ready and forgotten, in walking order, and how many bottles these are.
fn forgotten(conn: &mut Conn, here: &Here, now: Instant) -> Result<(Vec<Forgotten>, i64), DbError> {
    let year = now.year();
    let years = Months::new(UNTOUCHED_YEARS.unsigned_abs() * 12);
    let Some(untouched_since) = now.checked_sub_months(years) else { return Ok((Vec::new(), 0)) };
    let racks: BTreeMap<RackId, (usize, String)> = racks::rack_list(conn)?
        .into_iter()
        .enumerate()
        .map(|(order, rack)| (rack.id, (order, rack.facts.name)))
        .collect();
    let bins: HashMap<String, RackId> = racks::bin_list(conn)?.into_iter().map(|bin| (bin.id.0, bin.rack_id)).collect();
    // First the bins alone, so that of a large cellar only the beginning of the walk is loaded.
    let mut at: Vec<(Option<String>, i64)> =
        forgotten!(year, untouched_since).group_by(bottles::bin).select((bottles::bin, count_star())).load(conn)?;
    let total = at.iter().map(|(_, bottles)| bottles).sum();
    let rack_order = |bin: Option<&String>| {
        // What lies in no bin is looked for last.
        let rack = bin.and_then(|bin| bins.get(bin)).and_then(|rack| racks.get(rack));
        rack.map_or(usize::MAX, |(order, _)| *order)
    };
    at.sort_by_cached_key(|(bin, _)| (rack_order(bin.as_ref()), walking_key(bin.as_deref().unwrap_or_default())));
    at.truncate(MOST_FORGOTTEN);
    let loose = at.iter().any(|(bin, _)| bin.is_none());
    let named: Vec<String> = at.into_iter().filter_map(|(bin, _)| bin).collect();
    type Row = (Option<String>, String, i64, Option<Instant>);
    let rows: Vec<Row> = forgotten!(year, untouched_since)
        .filter(bottles::bin.eq_any(named).assume_not_null().or(bottles::bin.is_null().and(loose.into_sql::<Bool>())))
        .group_by((bottles::bin, bottles::vintage_id))
        .select((bottles::bin, bottles::vintage_id, count_star(), diesel::dsl::min(bottles::received_at)))
        .load(conn)?;
    let mut walk: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let rack = row.0.as_ref().and_then(|bin| bins.get(bin));
            let order = rack_order(row.0.as_ref());
            let bin = walking_key(row.0.as_deref().unwrap_or_default());
            let until = here.get(&row.1).and_then(|(_, line)| line.window.drink_to.or(line.window.peak_to));
            ((order, bin, until, row.1.clone()), rack.cloned(), row)
        })
        .collect();
    walk.sort_by(|a, b| a.0.cmp(&b.0));
    let line = |(_, rack_id, (bin, vintage, bottles, since)): (_, Option<RackId>, Row)| {
        let (words, stock) = here.get(&vintage)?;
        let rack = rack_id.as_ref().and_then(|id| racks.get(id)).map(|(_, name)| name.clone());
        Some(Forgotten {
            rack: rack.unwrap_or_default(),
            rack_id,
            bin: bin.map(BinId),
            wine_id: words.wine.clone(),
            vintage_id: VintageId(vintage),
            title: words.title.clone(),
            colour: stock.colour,
            style: words.style,
            state: stock.window.state(year),
            until: stock.window.drink_to.or(stock.window.peak_to),
            since: since.map_or(year, |at| at.year()),
            bottles,
        })
    };
    Ok((walk.into_iter().take(MOST_FORGOTTEN).filter_map(line).collect(), total))
}
