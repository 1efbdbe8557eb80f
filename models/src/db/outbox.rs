//! The outbox: what each target is still to be told. All here is written aside ([`super::Db::write_aside`]): no page shows it.

use diesel::{
    dsl::{count_star, min},
    prelude::*,
};

use super::{
    Conn, DbError,
    events::{self, EventRow},
    meta, new_id,
    schema::{deliveries, events as event_table, targets},
    types,
};
use crate::{Instant, event::Event};

/// Events that are queued at one go.
const AT_ONCE: i64 = 500;
/// Longest word of a failure that is kept, in characters.
const MOST_WORDS: usize = 500;

const WAITING: &str = "waiting";
const DONE: &str = "done";
const DEAD: &str = "dead";

/// One event for one target.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// The same at every attempt, so that a receiver can tell a repetition.
    pub id: String,
    /// How often it was tried in vain.
    pub attempts: i32,
    /// When it was queued (UTC).
    pub at: Instant,
    /// What is told.
    pub event: Event,
}

/// How a target is served.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetState {
    /// Its name.
    pub name: String,
    /// Deliveries that wait.
    pub waiting: i64,
    /// Deliveries that were given up.
    pub dead: i64,
    /// When the last one arrived (UTC).
    pub delivered_at: Option<Instant>,
    /// When the last one failed (UTC).
    pub failed_at: Option<Instant>,
    /// Why.
    pub failure: Option<String>,
}

impl TargetState {
    /// Whether what was tried last has failed.
    pub fn fails(&self) -> bool {
        self.failed_at.is_some() && self.failed_at > self.delivered_at
    }
}

/// Of several servers on one database one delivers to a target: says whether it is `holder`, from now until `until`.
pub fn target_hold(conn: &mut Conn, name: &str, holder: &str, until: Instant, now: Instant) -> Result<bool, DbError> {
    let row: Option<(Option<String>, Option<Instant>)> =
        targets::table.find(name).select((targets::holder, targets::held_until)).first(conn).optional()?;
    let Some((other, held_until)) = row else {
        let row = (
            targets::name.eq(name),
            targets::queued.eq(meta::revision(conn)?),
            targets::holder.eq(Some(holder)),
            targets::held_until.eq(Some(types::cut(until))),
        );
        diesel::insert_into(targets::table).values(row).execute(conn)?;
        return Ok(true);
    };
    if other.is_some_and(|other| other != holder) && held_until.is_some_and(|until| until > now) {
        return Ok(false);
    }
    diesel::update(targets::table.find(name))
        .set((targets::holder.eq(Some(holder)), targets::held_until.eq(Some(types::cut(until)))))
        .execute(conn)?;
    Ok(true)
}

/// Whether a target is another server's now: asked without a lock, before [`target_hold`] takes one.
pub fn target_taken(conn: &mut Conn, name: &str, holder: &str, now: Instant) -> Result<bool, DbError> {
    let other = targets::holder.ne(holder).and(targets::held_until.gt(now)).assume_not_null();
    let taken = diesel::select(diesel::dsl::exists(targets::table.find(name).filter(other)));
    Ok(taken.get_result(conn)?)
}

/// Lets go of a target, so that another server need not wait.
pub fn target_release(conn: &mut Conn, name: &str, holder: &str) -> Result<(), DbError> {
    diesel::update(targets::table.find(name).filter(targets::holder.eq(holder)))
        .set((targets::holder.eq(None::<String>), targets::held_until.eq(None::<Instant>)))
        .execute(conn)?;
    Ok(())
}

/// Writes a delivery for each event of a wanted kind that has happened since the last time; gives how many. Done in one transaction
/// with the mark of how far it went, so no event is queued twice and none is left out.
pub fn deliveries_queue(
    conn: &mut Conn,
    name: &str,
    wanted: &dyn Fn(&Event) -> bool,
    now: Instant,
) -> Result<usize, DbError> {
    let start: i64 = targets::table.find(name).select(targets::queued).first(conn)?;
    let mut after = (start, i32::MAX);
    let mut queued = 0;
    loop {
        let list = events::event_list(conn, after, AT_ONCE)?;
        let Some(last) = list.last() else { break };
        after = (last.revision, last.number);
        for event in list.iter().filter(|event| wanted(event)) {
            let row = (
                deliveries::id.eq(new_id()),
                deliveries::target.eq(name),
                deliveries::revision.eq(event.revision),
                deliveries::number.eq(event.number),
                deliveries::state.eq(WAITING),
                deliveries::attempts.eq(0),
                deliveries::due_at.eq(types::cut(now)),
                deliveries::at.eq(types::cut(now)),
            );
            diesel::insert_into(deliveries::table).values(row).execute(conn)?;
            queued += 1;
        }
    }
    if after.0 > start {
        diesel::update(targets::table.find(name)).set(targets::queued.eq(after.0)).execute(conn)?;
    }
    Ok(queued)
}

/// Whether there are events that were not queued yet.
pub fn target_lags(conn: &mut Conn, name: &str) -> Result<bool, DbError> {
    let after: i64 = targets::table.find(name).select(targets::queued).first(conn)?;
    Ok(!events::event_list(conn, (after, i32::MAX), 1)?.is_empty())
}

/// What is due, oldest event first.
pub fn deliveries_due(conn: &mut Conn, name: &str, now: Instant, limit: i64) -> Result<Vec<Delivery>, DbError> {
    let rows: Vec<(String, i32, Instant, EventRow)> = deliveries::table
        .inner_join(
            event_table::table
                .on(event_table::revision.eq(deliveries::revision).and(event_table::number.eq(deliveries::number))),
        )
        .filter(deliveries::target.eq(name))
        .filter(deliveries::state.eq(WAITING))
        .filter(deliveries::due_at.le(now))
        .order((deliveries::revision, deliveries::number))
        .limit(limit)
        .select((deliveries::id, deliveries::attempts, deliveries::at, event_table::all_columns))
        .load(conn)?;
    let read = |(id, attempts, at, row): (String, i32, Instant, EventRow)| {
        Ok(Delivery { id, attempts, at, event: row.try_into()? })
    };
    rows.into_iter().map(read).collect()
}

/// When something is due next; none while nothing waits.
pub fn delivery_next(conn: &mut Conn, name: &str) -> Result<Option<Instant>, DbError> {
    Ok(deliveries::table
        .filter(deliveries::target.eq(name))
        .filter(deliveries::state.eq(WAITING))
        .select(min(deliveries::due_at))
        .first(conn)?)
}

/// Until when the target is left alone after this delivery has failed; none when it has arrived or is no more.
pub fn delivery_pause(conn: &mut Conn, id: &str) -> Result<Option<Instant>, DbError> {
    Ok(deliveries::table
        .find(id)
        .filter(deliveries::state.ne(DONE))
        .select(deliveries::due_at)
        .first(conn)
        .optional()?)
}

/// They have arrived.
pub fn deliveries_done(conn: &mut Conn, name: &str, ids: &[&str], now: Instant) -> Result<(), DbError> {
    diesel::update(deliveries::table.filter(deliveries::id.eq_any(ids)))
        .set((deliveries::state.eq(DONE), deliveries::failure.eq(None::<String>), deliveries::at.eq(types::cut(now))))
        .execute(conn)?;
    diesel::update(targets::table.find(name)).set(targets::delivered_at.eq(Some(types::cut(now)))).execute(conn)?;
    Ok(())
}

/// How an attempt has failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Why, in words.
    pub why: String,
    /// Until when (UTC) it is left alone.
    pub due: Instant,
    /// Whether it is not tried again by itself.
    pub given_up: bool,
}

/// They were tried in vain.
pub fn deliveries_failed(
    conn: &mut Conn,
    name: &str,
    ids: &[&str],
    failed: &Failed,
    now: Instant,
) -> Result<(), DbError> {
    let why: String = failed.why.chars().take(MOST_WORDS).collect();
    let state = if failed.given_up { DEAD } else { WAITING };
    diesel::update(deliveries::table.filter(deliveries::id.eq_any(ids)))
        .set((
            deliveries::state.eq(state),
            deliveries::attempts.eq(deliveries::attempts + 1),
            deliveries::due_at.eq(types::cut(failed.due)),
            deliveries::failure.eq(Some(&why)),
        ))
        .execute(conn)?;
    diesel::update(targets::table.find(name))
        .set((targets::failed_at.eq(Some(types::cut(now))), targets::failure.eq(Some(&why))))
        .execute(conn)?;
    Ok(())
}

/// Tries again what was given up, and at once what waits; gives how many.
pub fn deliveries_revive(conn: &mut Conn, name: &str, now: Instant) -> Result<usize, DbError> {
    let open = deliveries::table.filter(deliveries::target.eq(name)).filter(deliveries::state.ne(DONE));
    Ok(diesel::update(open)
        .set((
            deliveries::state.eq(WAITING),
            deliveries::attempts.eq(0),
            deliveries::due_at.eq(types::cut(now)),
            deliveries::at.eq(types::cut(now)),
        ))
        .execute(conn)?)
}

/// Every target there ever was, by name.
pub fn target_list(conn: &mut Conn) -> Result<Vec<TargetState>, DbError> {
    type Row = (String, Option<Instant>, Option<Instant>, Option<String>);
    let rows: Vec<Row> = targets::table
        .order(targets::name)
        .select((targets::name, targets::delivered_at, targets::failed_at, targets::failure))
        .load(conn)?;
    let counts: Vec<(String, String, i64)> = deliveries::table
        .filter(deliveries::state.ne(DONE))
        .group_by((deliveries::target, deliveries::state))
        .select((deliveries::target, deliveries::state, count_star()))
        .load(conn)?;
    let count = |name: &str, wanted: &str| {
        counts.iter().find(|(target, state, _)| target == name && state == wanted).map_or(0, |(.., n)| *n)
    };
    let read = |(name, delivered_at, failed_at, failure): Row| TargetState {
        waiting: count(&name, WAITING),
        dead: count(&name, DEAD),
        name,
        delivered_at,
        failed_at,
        failure,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Removes a target with all that it was to be told; says whether there was one.
pub fn target_forget(conn: &mut Conn, name: &str) -> Result<bool, DbError> {
    Ok(diesel::delete(targets::table.find(name)).execute(conn)? > 0)
}

/// Removes events of before that time with their deliveries, whatever became of them; gives how many.
pub fn events_prune(conn: &mut Conn, before: Instant) -> Result<usize, DbError> {
    Ok(diesel::delete(event_table::table.filter(event_table::at.lt(before))).execute(conn)?)
}
