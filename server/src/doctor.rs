//! The doctor: checks of everything the cellar stands on, each with what was found and its cure.

mod book;
mod folders;
mod labels;
mod sight;
mod surroundings;

use std::{sync::mpsc, time::Duration};

use serde::Serialize;

use crate::cli::{Doctor, Place};

/// How well it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// All is well.
    Ok,
    /// It works, but somebody should look.
    Warn,
    /// It does not work.
    Fail,
}

/// One check.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Check {
    /// What was looked at.
    pub(crate) name: &'static str,
    /// How well it is.
    pub(crate) state: State,
    /// What was found.
    pub(crate) found: String,
    /// What to do; nothing where all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cure: Option<String>,
}

impl Check {
    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: State::Ok, found: found.into(), cure: None }
    }

    fn warn(name: &'static str, found: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { name, state: State::Warn, found: found.into(), cure: Some(cure.into()) }
    }

    fn fail(name: &'static str, found: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { name, state: State::Fail, found: found.into(), cure: Some(cure.into()) }
    }

    /// Fine where nothing was complained of, else a failure that tells the first few complaints.
    fn of_complaints(name: &'static str, fine: &str, complaints: &[String], cure: &str) -> Self {
        match complaints {
            [] => Self::ok(name, fine),
            [first @ ..] if first.len() <= 3 => Self::fail(name, first.join("; "), cure),
            all => {
                let told = all.iter().take(3).cloned().collect::<Vec<_>>().join("; ");
                Self::fail(name, format!("{told}; and {} more", all.len() - 3), cure)
            }
        }
    }
}

/// Looks at everything. No check can keep the others waiting for ever.
pub(crate) fn examine(place: &Place, args: &Doctor) -> Vec<Check> {
    let mut checks = vec![sight::settings(place, args)];
    checks.extend(book::checks(place));
    checks.extend(folders::checks(place, args));
    checks.extend(sight::checks(place, args));
    checks.push(labels::check(place, args));
    checks.extend(surroundings::checks(place, args));
    checks
}

/// Runs what may hang (a network folder, a frozen server) on a thread of its own; none if it takes too long.
pub(crate) fn within<T: Send + 'static>(deadline: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(deadline).ok()
}
