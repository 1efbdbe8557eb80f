//! The database: reachable, up to date, sound; the book: stock as the journal says, no bin too full.

use std::time::Duration;

use models::db::{Db, DbError, integrity};

use super::{Check, within};
use crate::cli::Place;

const REACHABLE: &str = "database";
const TABLES: &str = "tables";
/// A big book takes its time; a frozen server takes for ever.
const DEADLINE: Duration = Duration::from_secs(120);
const ANSWER: Duration = Duration::from_secs(8);

pub(super) fn checks(place: &Place) -> Vec<Check> {
    let url = place.url();
    let opened = within(ANSWER, move || -> Result<(Db, usize), DbError> {
        let db = Db::open_existing(&url)?;
        let pending = db.pending()?;
        Ok((db, pending))
    });
    let away = "set DATABASE_URL to the cellar's database; for a new one run `winecellar migrate`; for MariaDB see \
                that it runs and that name, password and rights are right; for a damaged file restore the last backup \
                into a new one (`winecellar restore`)";
    let (db, pending) = match opened {
        None => return vec![Check::fail(REACHABLE, format!("no answer within {} s", ANSWER.as_secs()), away)],
        Some(Err(error)) => return vec![Check::fail(REACHABLE, error.to_string(), away)],
        Some(Ok(opened)) => opened,
    };
    let mut checks = vec![Check::ok(REACHABLE, db.url_redacted())];
    if pending > 0 {
        checks.push(Check::fail(TABLES, format!("{pending} migration(s) are missing"), "run `winecellar migrate`"));
        return checks;
    }
    checks.push(Check::ok(TABLES, "of this version"));
    let sound = within(DEADLINE, move || {
        [engine(&db), journal(&db), bins(&db)].map(|done| done.unwrap_or_else(|(name, error)| unread(name, &error)))
    });
    match sound {
        Some(sound) => checks.extend(sound),
        None => checks.push(Check::fail(
            "integrity",
            "the checks did not end in time",
            "look whether the disk is failing (dmesg)",
        )),
    }
    checks
}

type Done = Result<Check, (&'static str, DbError)>;

fn engine(db: &Db) -> Done {
    let name = "integrity";
    let complaints = db.complaints().map_err(|error| (name, error))?;
    let cure = "stop the server, keep a copy of the database as it is, and restore the last backup into a new one \
                (`winecellar restore`); for settings, see docs/DATABASE.md";
    Ok(Check::of_complaints(name, "the engine finds nothing wrong", &complaints, cure))
}

fn journal(db: &Db) -> Done {
    let name = "journal";
    let complaints = db.read(integrity::against_journal).map_err(|error| (name, error))?;
    let cure = "somebody changed the tables past the program: correct the bottles named in the app, or restore the last \
                backup into a new database";
    Ok(Check::of_complaints(name, "every bottle is where its movements put it", &complaints, cure))
}

fn bins(db: &Db) -> Done {
    let name = "bins";
    let complaints = db.read(integrity::overfull).map_err(|error| (name, error))?;
    let cure = "move bottles out of the bins named, or set their capacity or use right";
    let check = Check::of_complaints(name, "no bin holds more than it can", &complaints, cure);
    Ok(match check.state {
        super::State::Fail => Check { state: super::State::Warn, ..check },
        _ => check,
    })
}

fn unread(name: &'static str, error: &DbError) -> Check {
    Check::fail(name, error.to_string(), "see the line about the database; if it answers, restore the last backup")
}
