//! Looks at the box as the health page does, and tells when something begins or ceases to be wrong.

use std::time::Duration;

use app::ctx::{Fact, FactState};
use models::db::{DbError, problems};

use super::Office;
use crate::{config, watch::Look};

/// The first look, when the start is over, and the later ones.
const FIRST: Duration = Duration::from_secs(30);
const EVERY: Duration = Duration::from_secs(300);
/// Of these a warning too is worth a word to somebody who is not there.
const DAILY: &[&str] = &["last scan", "last backup", "NAS"];

/// Looks until the server stops.
pub(super) async fn watch(mut office: Office, look: Look) {
    let mut wait = FIRST;
    while office.pause(wait).await {
        wait = EVERY;
        if !office.leads() {
            continue;
        }
        let look = look.clone();
        let told = office.with(move |db| {
            let found = wrong(&look.now().facts_of_box());
            let known = db.read(problems::problem_list)?;
            // Only what has changed is worth a write.
            if known.iter().map(|(known, _)| &known.name).eq(found.iter().map(|one| &one.name)) {
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
}

/// What of the health page is worth a word, by name.
fn wrong(facts: &[Fact]) -> Vec<problems::Problem> {
    let counts = |fact: &&Fact| match fact.state {
        FactState::Ok => false,
        FactState::Warn => DAILY.contains(&fact.name.as_str()),
        FactState::Fail => true,
    };
    let problem = |fact: &Fact| problems::Problem {
        name: fact.name.clone(),
        found: fact.found.clone(),
        cure: fact.cure.clone().unwrap_or_default(),
    };
    let mut found: Vec<problems::Problem> = facts.iter().filter(counts).map(problem).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.dedup_by(|a, b| a.name == b.name);
    found
}
