//! Looks at the box as the health page does, and tells when something begins or ceases to be wrong.

use std::{collections::BTreeSet, sync::PoisonError, time::Duration};

use app::ctx::{Alarms, Fact, FactState};
use models::db::{
    DbError,
    problems::{self, Problem},
};

use super::Office;
use crate::{
    config,
    watch::{Look, PLACE},
};

/// Between the start, or a change of the book, and the look that follows it.
const SOON: Duration = Duration::from_secs(10);
/// Without a change it is looked so often.
const EVERY: Duration = Duration::from_secs(300);
/// Of these a warning too is worth a word to somebody who is not there.
const DAILY: &[&str] = &["last scan", "last backup", "NAS", PLACE];

/// Looks until the server stops.
pub(super) async fn watch(mut office: Office, look: Look) {
    let mut revision = office.revision.clone();
    while office.pause(SOON).await {
        revision.mark_unchanged();
        tell(&office, &look).await;
        tokio::select! {
            more = office.pause(EVERY) => if !more { return },
            // An error: who would say so has gone, and this ends with the next pause.
            _ = revision.changed() => {}
        }
    }
}

/// One look, and what it tells.
async fn tell(office: &Office, look: &Look) {
    let (look, alarms, leads) = (look.clone(), office.alarms.clone(), office.leads());
    let told = office.with(move |db| {
        let found = wrong(&look.now().facts_of_box());
        // Of several servers each has its own disk and its own camera: the first screen shows those of its box, and only a change
        // of them makes open pages look anew.
        if show(&alarms, &found) {
            db.write(|_| Ok::<_, DbError>(()))?;
        }
        if !leads {
            return Ok(0);
        }
        let known: BTreeSet<String> =
            db.read(problems::problem_list)?.into_iter().map(|(known, _)| known.name).collect();
        // Only what has changed is worth a write.
        if known == found.iter().map(|one| one.name.clone()).collect() {
            return Ok(0);
        }
        db.write(|conn| problems::problems_found(conn, &found, config::now()))
    });
    match told.await {
        Ok(0) => {}
        Ok(n) => tracing::info!(n, "problems began or ended"),
        Err(error @ DbError::Unavailable(_)) => tracing::debug!(%error, "problems cannot be told now"),
        Err(error) => tracing::warn!(%error, "problems cannot be told"),
    }
}

/// Keeps what the first screen is to show; says whether that is something else than before. What has a page of this cellar for its cure
/// comes first.
fn show(alarms: &Alarms, found: &[Problem]) -> bool {
    let mut now: Vec<Problem> = found.iter().filter(|problem| problem.is_for_all()).cloned().collect();
    now.sort_by_key(|problem| problem.page().is_none());
    let mut before = alarms.lock().unwrap_or_else(PoisonError::into_inner);
    let changed = before.iter().map(|one| &one.name).ne(now.iter().map(|one| &one.name));
    *before = now;
    changed
}

/// What of the health page is worth a word, by name.
fn wrong(facts: &[Fact]) -> Vec<Problem> {
    let counts = |fact: &&Fact| match fact.state {
        FactState::Ok => false,
        FactState::Warn => DAILY.contains(&fact.name.as_str()),
        FactState::Fail => true,
    };
    let problem = |fact: &Fact| Problem {
        name: fact.name.clone(),
        found: fact.found.clone(),
        cure: fact.cure.clone().unwrap_or_default(),
    };
    let mut found: Vec<Problem> = facts.iter().filter(counts).map(problem).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.dedup_by(|a, b| a.name == b.name);
    found
}
