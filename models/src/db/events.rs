//! Events are written in the transaction of what they tell of: both are there or neither. Revisions are given out under the
//! write lock, so whoever has read the events up to one revision has missed none before it.

use diesel::{
    dsl::{exists, max},
    prelude::*,
};
use serde_json::{Value, json};

use super::{
    Conn, DbError, bottles, meta,
    schema::{events, proposals, targets},
    types,
    witnessed::{Agreed, witnessed},
};
use crate::{
    Instant,
    event::{Event, EventKind},
    movement::{Movement, Source},
    proposal::{Answer, Proposal},
    scan::{Scan, ScanStatus},
};

/// So many movements of one act are told each for itself; of more only how many they were.
const MOST_TOLD: usize = 20;
/// So many of a question's bottles are named.
const MOST_NAMED: usize = 3;

#[derive(Queryable, Insertable)]
#[diesel(table_name = events)]
pub(super) struct EventRow {
    revision: i64,
    number: i32,
    kind: String,
    at: Instant,
    body: String,
}

impl TryFrom<EventRow> for Event {
    type Error = DbError;

    fn try_from(row: EventRow) -> Result<Self, DbError> {
        Ok(Self {
            kind: types::word("events.kind", &row.kind)?,
            data: types::from_json("events.body", &row.body)?,
            revision: row.revision,
            number: row.number,
            at: row.at,
        })
    }
}

/// Events after that revision and number, oldest first.
pub fn event_list(conn: &mut Conn, after: (i64, i32), limit: i64) -> Result<Vec<Event>, DbError> {
    let (revision, number) = after;
    let later = events::revision.eq(revision).and(events::number.gt(number));
    let rows: Vec<EventRow> = events::table
        .filter(events::revision.gt(revision).or(later))
        .order((events::revision, events::number))
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(Event::try_from).collect()
}

/// Whether anybody is told at all. A target that is set later is told of what happens from then on, so without one nothing
/// needs to be noted.
fn told_to_anybody(conn: &mut Conn) -> Result<bool, DbError> {
    Ok(diesel::select(exists(targets::table.select(targets::name))).get_result(conn)?)
}

/// Notes what happens in this transaction, if anybody is to be told.
pub(super) fn record(conn: &mut Conn, kind: EventKind, at: Instant, data: &Value) -> Result<(), DbError> {
    if told_to_anybody(conn)? { write_down(conn, kind, at, data) } else { Ok(()) }
}

fn write_down(conn: &mut Conn, kind: EventKind, at: Instant, data: &Value) -> Result<(), DbError> {
    let revision = meta::revision(conn)?;
    let last: Option<i32> =
        events::table.filter(events::revision.eq(revision)).select(max(events::number)).first(conn)?;
    let row = EventRow {
        revision,
        number: last.unwrap_or(0) + 1,
        kind: kind.as_str().to_owned(),
        at: types::cut(at),
        body: types::to_json(data)?,
    };
    diesel::insert_into(events::table).values(&row).execute(conn)?;
    Ok(())
}

/// A question is open.
pub(super) fn raised(conn: &mut Conn, proposal: &Proposal, at: Instant) -> Result<(), DbError> {
    if !told_to_anybody(conn)? {
        return Ok(());
    }
    let likely: Vec<&str> = proposal.candidates.iter().take(MOST_NAMED).map(|c| c.bottle_id.as_str()).collect();
    let titles = bottles::bottle_titles(conn, &likely)?;
    let candidates: Vec<Value> = proposal
        .candidates
        .iter()
        .take(MOST_NAMED)
        .map(|c| json!({ "bottle_id": c.bottle_id, "title": titles.get(c.bottle_id.as_str()), "share": c.share }))
        .collect();
    let answers: Vec<&str> = Answer::of(proposal).iter().map(|answer| answer.as_str()).collect();
    let data = json!({
        "id": proposal.id, "kind": proposal.kind, "question": proposal.question(), "number": proposal.number,
        "bin": proposal.bin, "expected": proposal.expected, "seen": proposal.seen, "other": proposal.other,
        "confidence": proposal.confidence, "candidates": candidates, "answers": answers,
        "picture": proposal.picture(),
    });
    write_down(conn, EventKind::ProposalRaised, at, &data)
}

/// A question is closed; told as it stands in the table.
pub(super) fn closed(conn: &mut Conn, proposal: &Proposal, at: Instant) -> Result<(), DbError> {
    if !told_to_anybody(conn)? {
        return Ok(());
    }
    let (state, by, note): (String, Option<String>, Option<String>) = proposals::table
        .find(proposal.id.as_str())
        .select((proposals::state, proposals::decided_by, proposals::note))
        .first(conn)?;
    let data = json!({
        "id": proposal.id, "kind": proposal.kind, "question": proposal.question(), "bin": proposal.bin,
        "other": proposal.other, "state": state, "decided_by": by, "note": note,
    });
    write_down(conn, EventKind::ProposalClosed, at, &data)
}

/// A scan has ended; `changed` bins differ from the book, and `agreed` with it in number and looks.
pub(super) fn scanned(
    conn: &mut Conn,
    scan: &Scan,
    read: usize,
    changed: usize,
    agreed: &[Agreed],
) -> Result<(), DbError> {
    if !told_to_anybody(conn)? {
        return Ok(());
    }
    let kind = match scan.status {
        ScanStatus::Ok => EventKind::ScanFinished,
        ScanStatus::NoOpinion | ScanStatus::Failed => EventKind::ScanFailed,
    };
    let data = json!({
        "id": scan.id, "rack_id": scan.rack_id, "status": scan.status, "message": scan.message,
        "bins_read": read, "bins_changed": changed, "confirmed": witnessed(conn, agreed)?,
    });
    write_down(conn, kind, scan.finished_at, &data)
}

/// A bottle has moved: all that is done in one transaction is one event. Of a whole import only that it was.
pub(super) fn moved(conn: &mut Conn, movement: &Movement) -> Result<(), DbError> {
    if !told_to_anybody(conn)? {
        return Ok(());
    }
    if movement.source == Source::Import {
        return imported(conn, movement.at);
    }
    let known = stock_changed(conn)?;
    let told = |conn: &mut Conn| {
        let titles = bottles::bottle_titles(conn, &[movement.bottle_id.as_str()])?;
        Ok::<_, DbError>(json!({
            "id": movement.id, "bottle_id": movement.bottle_id, "title": titles.get(movement.bottle_id.as_str()),
            "kind": movement.kind, "reason": movement.reason, "from_bin": movement.from_bin, "to_bin": movement.to_bin,
            "actor": movement.actor, "source": movement.source, "proposal_id": movement.proposal_id,
        }))
    };
    let Some(row) = known else {
        let data = json!({ "count": 1, "movements": [told(conn)?] });
        return write_down(conn, EventKind::StockChanged, movement.at, &data);
    };
    let mut data: Value = types::from_json("events.body", &row.body)?;
    data["count"] = json!(data["count"].as_i64().unwrap_or(0) + 1);
    if let Some(list) = data["movements"].as_array_mut().filter(|list| list.len() < MOST_TOLD) {
        list.push(told(conn)?);
    }
    diesel::update(events::table.find((row.revision, row.number)))
        .set(events::body.eq(types::to_json(&data)?))
        .execute(conn)?;
    Ok(())
}

/// What this transaction tells of the stock already.
fn stock_changed(conn: &mut Conn) -> Result<Option<EventRow>, DbError> {
    let revision = meta::revision(conn)?;
    Ok(events::table
        .filter(events::revision.eq(revision))
        .filter(events::kind.eq(EventKind::StockChanged.as_str()))
        .first(conn)
        .optional()?)
}

/// A whole table of bottles came in.
pub(super) fn imported(conn: &mut Conn, at: Instant) -> Result<(), DbError> {
    if !told_to_anybody(conn)? {
        return Ok(());
    }
    if stock_changed(conn)?.is_some() {
        return Ok(());
    }
    write_down(conn, EventKind::StockChanged, at, &json!({ "count": null, "movements": [] }))
}
