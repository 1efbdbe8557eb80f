//! How each target is served, for the health page.

use app::ctx::Fact;
use models::db::outbox::TargetState;

/// A line for each target that is set, and one for each setting that cannot be used.
pub(crate) fn facts(names: &[String], complaints: &[String], known: &[TargetState]) -> Vec<Fact> {
    let mut facts: Vec<Fact> =
        names.iter().map(|name| fact(name, known.iter().find(|one| one.name == *name))).collect();
    let wrong =
        |why: &String| Fact::fail("settings", why.clone(), "correct it in /etc/winecellar/shared.env; cellar config");
    facts.extend(complaints.iter().map(wrong));
    facts
}

fn fact(name: &str, known: Option<&TargetState>) -> Fact {
    let Some(state) = known else { return Fact::ok(name, "nothing was to be told yet") };
    let time = |at: models::Instant| at.format("%F %T").to_string();
    let last =
        state.delivered_at.map_or("nothing delivered yet".to_owned(), |at| format!("last delivery {} UTC", time(at)));
    let mut found = format!("{last}; {} wait", state.waiting);
    if state.dead > 0 {
        found = format!("{found}, {} given up", state.dead);
    }
    if let (true, Some(at), Some(why)) = (state.fails(), state.failed_at, &state.failure) {
        found = format!("{found}; failed {} UTC: {why}", time(at));
        return Fact::warn(
            name,
            found,
            "see that it is reachable; what waits is tried again by itself; cellar tell test",
        );
    }
    match state.dead {
        0 => Fact::ok(name, found),
        _ => Fact::warn(name, found, format!("cellar tell retry \"{name}\"")),
    }
}
