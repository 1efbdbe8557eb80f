//! The cellar at a glance: what other programs show of it.

use diesel::prelude::*;

use super::{
    Conn, DbError, problems, proposals, racks, scans,
    schema::{bottles, proposals as table},
};
use crate::{
    Instant,
    bottle::BottleStatus,
    ids::RackId,
    proposal::{Proposal, ProposalState},
    scan::Scan,
};

/// A rack that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RackGlance {
    /// Identifier.
    pub id: RackId,
    /// Its name.
    pub name: String,
    /// Bottles in it by the book.
    pub bottles: i64,
    /// How many fit.
    pub capacity: i64,
}

/// The cellar at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    /// Bottles in the cellar.
    pub bottles: i64,
    /// Of them: in no bin.
    pub unplaced: i64,
    /// Of them: open.
    pub opened: i64,
    /// The racks that stand, by name.
    pub racks: Vec<RackGlance>,
    /// How many questions wait.
    pub questions: i64,
    /// The first of them, oldest first.
    pub asked: Vec<Proposal>,
    /// The last scan.
    pub scan: Option<Scan>,
    /// What is wrong, and since when.
    pub problems: Vec<(problems::Problem, Instant)>,
}

/// Looks; of the questions that wait at most `most` are given.
pub fn glance(conn: &mut Conn, most: i64, now: Instant) -> Result<Glance, DbError> {
    let summary = racks::bin_summary(conn)?;
    let of_rack = |rack: crate::bin::Rack| {
        let bins = summary.iter().filter(|bin| bin.rack_id == rack.id);
        let (bottles, capacity) =
            bins.fold((0, 0), |(b, c), bin| (b + i64::from(bin.qty), c + i64::from(bin.capacity)));
        RackGlance { id: rack.id, name: rack.facts.name, bottles, capacity }
    };
    let mut list: Vec<RackGlance> =
        racks::rack_list(conn)?.into_iter().filter(|rack| !rack.archived).map(of_rack).collect();
    list.sort_by(|a, b| a.name.cmp(&b.name));
    let here = || bottles::table.filter(bottles::status.eq(BottleStatus::InCellar.as_str()));
    Ok(Glance {
        bottles: here().count().get_result(conn)?,
        unplaced: here().filter(bottles::bin.is_null()).count().get_result(conn)?,
        opened: here().filter(bottles::opened_at.is_not_null()).count().get_result(conn)?,
        racks: list,
        questions: proposals::proposal_count(conn, now)?,
        asked: waiting(conn, most, now)?,
        scan: scans::scan_last(conn)?,
        problems: problems::problem_list(conn)?,
    })
}

fn waiting(conn: &mut Conn, most: i64, now: Instant) -> Result<Vec<Proposal>, DbError> {
    let awake = table::snoozed_until.is_null().or(table::snoozed_until.le(now));
    let ids: Vec<String> = table::table
        .filter(table::state.eq(ProposalState::Open.as_str()))
        .filter(awake.assume_not_null())
        .order(table::id)
        .limit(most)
        .select(table::id)
        .load(conn)?;
    ids.into_iter().map(|id| proposals::proposal_get(conn, &id.into())).collect()
}
