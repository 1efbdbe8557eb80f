//! What is wrong with the box, as far as it was told: the difference to what is found now is what is to be told.

use diesel::prelude::*;
use serde_json::json;

use super::{Conn, DbError, events, schema::problems, types};
use crate::{Instant, event::EventKind};

/// Something that does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it is about; one problem each.
    pub name: String,
    /// What was found.
    pub found: String,
    /// What to do.
    pub cure: String,
}

impl Problem {
    /// Whether whoever stands before the first screen is to be told: what was missed last night is seen there anyway, or is for whoever
    /// maintains the box.
    pub fn is_for_all(&self) -> bool {
        !matches!(self.name.as_str(), "last scan" | "last backup")
    }

    /// The page of this cellar on which it is cured, if there is one.
    pub fn page(&self) -> Option<&str> {
        self.cure.split_whitespace().find(|word| word.starts_with("/calibrate/"))
    }
}

/// What is known to be wrong, by name, each with the time since when (UTC).
pub fn problem_list(conn: &mut Conn) -> Result<Vec<(Problem, Instant)>, DbError> {
    let rows: Vec<(String, String, String, Instant)> = problems::table.order(problems::name).load(conn)?;
    Ok(rows.into_iter().map(|(name, found, cure, since)| (Problem { name, found, cure }, since)).collect())
}

/// Takes note of all that is wrong now, and tells what is new and what is no longer so. Gives how many were told.
pub fn problems_found(conn: &mut Conn, found: &[Problem], now: Instant) -> Result<usize, DbError> {
    let mut told = 0;
    let known = problem_list(conn)?;
    for (problem, since) in &known {
        if found.iter().any(|one| one.name == problem.name) {
            continue;
        }
        diesel::delete(problems::table.find(&problem.name)).execute(conn)?;
        let data = json!({ "name": problem.name, "found": problem.found, "since": format!("{since:?}Z") });
        events::record(conn, EventKind::ProblemCleared, now, &data)?;
        told += 1;
    }
    for problem in found {
        if known.iter().any(|(one, _)| one.name == problem.name) {
            continue;
        }
        let row = (
            problems::name.eq(&problem.name),
            problems::found.eq(&problem.found),
            problems::cure.eq(&problem.cure),
            problems::since.eq(types::cut(now)),
        );
        diesel::insert_into(problems::table).values(row).execute(conn)?;
        let data = json!({ "name": problem.name, "found": problem.found, "cure": problem.cure });
        events::record(conn, EventKind::ProblemRaised, now, &data)?;
        told += 1;
    }
    Ok(told)
}
