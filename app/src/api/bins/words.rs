//! What the page of a bin says of it, put into words on the server.

use models::{
    Instant,
    bin::BinSummary,
    ids::BinId,
    movement::Movement,
    trust::{Confirmed, Witness},
};

use crate::{format, texts};

/// Book and camera.
pub(super) fn facts(s: &BinSummary) -> Vec<(String, String)> {
    let seen = match (s.seen, s.confidence) {
        (None, _) => texts::no_opinion().to_owned(),
        (Some(n), Some(sure)) => texts::sure_to(&n, &format::percent_of(sure)),
        (Some(n), None) => n.to_string(),
    };
    vec![(texts::book().to_owned(), texts::book_of(&s.qty, &s.capacity)), (texts::camera().to_owned(), seen)]
}

/// When the camera looked, unless that was when it agreed; and when somebody or a scan found the bin as the book says.
pub(super) fn times(s: Option<&BinSummary>, confirmed: Option<Confirmed>) -> Vec<(String, Instant, String)> {
    let agreed =
        confirmed.as_ref().is_some_and(|it| it.by == Witness::Scan) && s.is_some_and(|s| s.seen == Some(s.qty));
    let seen = s.and_then(|s| s.seen_at).filter(|_| !agreed);
    let seen = seen.map(|at| (texts::seen().to_owned(), at, String::new()));
    let confirmed = confirmed.map(|it| {
        let by = it.who.unwrap_or_else(|| texts::a_scan().to_owned());
        (texts::last_confirmed().to_owned(), it.at, by)
    });
    seen.into_iter().chain(confirmed).collect()
}

/// Says beside the newest movement of a bin that a scan, begun at `until` and agreeing with the book, has seen what it did:
/// the right bottle left, or lies where it was put.
pub(super) fn seen_by_camera(newest: &mut Movement, bin: &BinId, until: Instant) {
    if newest.at > until || newest.from_bin == newest.to_bin {
        return;
    }
    let word =
        if newest.to_bin.as_ref() == Some(bin) { texts::camera_saw_it_here() } else { texts::camera_saw_it_gone() };
    let note = std::mem::take(&mut newest.note);
    newest.note = if note.is_empty() { word.to_owned() } else { format!("{note} \u{b7} {word}") };
}
