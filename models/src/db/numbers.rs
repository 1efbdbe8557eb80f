//! The cellar in numbers, from aggregates: the journal is folded once and then only what was added to it.

mod stock;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{Datelike, NaiveDate};
use diesel::{
    dsl::{max, sql},
    prelude::*,
    sql_types::{BigInt, Bool, Nullable, Text},
};

use self::stock::Stock;
use super::{
    Conn, DbError, meta,
    schema::{bottles, changes, movements},
    types,
};
use crate::{
    Instant,
    change::Entity,
    movement::{IssueReason, MovementKind},
    numbers::{Entry, Groups, Ledger, MonthNumber, Numbers, Why},
};

/// Keeps what was read, so that a page that is asked for again costs one query, and a page after a movement reads that
/// movement only. Clones share it.
#[derive(Clone, Default)]
pub struct NumbersKeeper(Arc<Mutex<Option<Kept>>>);

struct Kept {
    revision: i64,
    day: NaiveDate,
    journal: Journal,
    stock: Stock,
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
        if let Some(kept) = kept.as_ref().filter(|kept| (kept.revision, kept.day) == (revision, now.date())) {
            return Ok(kept.numbers.clone());
        }
        // Taken out: what breaks off half-way is read anew by whoever comes next. A reader whose snapshot is older than
        // what is kept must not feed the fold backwards.
        let (journal, stock) = match kept.take() {
            Some(kept) if kept.revision <= revision => (kept.journal, kept.stock),
            _ => Default::default(),
        };
        let journal = read_on(conn, journal)?;
        let stock = stock.refresh(conn, revision, now)?;
        let numbers = Arc::new(numbers(conn, &journal.ledger, &stock, now)?);
        *kept = Some(Kept { revision, day: now.date(), journal, stock, numbers: numbers.clone() });
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
        // Compared, so that SQLite walks the few new movements and not, by the index of `reverses`, all that are no undo.
        .filter(movements::reverses.is_null().eq(true))
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

fn numbers(conn: &mut Conn, ledger: &Ledger, stock: &Stock, now: Instant) -> Result<Numbers, DbError> {
    let this_month = MonthNumber::of(now);
    let lines = stock.lines();
    let bottles = lines.iter().map(|line| line.bottles).sum();
    let costs = ledger.costs(this_month);
    let (forgotten, forgotten_bottles) = stock.forgotten(conn, now)?;
    Ok(Numbers {
        bottles,
        unpriced: bottles - costs.iter().map(|series| series.bottles).sum::<i64>(),
        months: ledger.months(this_month),
        costs,
        worth: crate::numbers::worth(&lines),
        groups: Groups::of(&lines, now.year()),
        forgotten,
        forgotten_bottles,
    })
}
