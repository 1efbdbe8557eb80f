//! Lines of the journal.

use leptos::prelude::*;
use models::{Instant, movement::Source};

use crate::{
    api::{
        history::{EditLine, HistoryLine},
        movements::{MovementLine, Undo},
    },
    components::{icon::icon, toast::undo, when::when},
    format,
    state::acts::Acts,
    texts,
};

/// How many of the lines offer to be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undoable {
    /// Only the newest that is not undone yet.
    Newest,
    /// Every one that is still the last word on its bottle.
    Last,
}

/// Which lines offer an undo: never an undone one, and never one that a later line on the same thing built on.
pub fn undoable(lines: &[HistoryLine], which: Undoable) -> Vec<bool> {
    let mut offered = 0;
    let mut seen = Vec::new();
    lines
        .iter()
        .map(|line| {
            let (thing, closed) = match line {
                // What came by an import is taken back as a whole.
                HistoryLine::Moved(line) => {
                    (line.movement.bottle_id.as_str(), line.undone || line.movement.source == Source::Import)
                }
                HistoryLine::Edited(line) => (line.thing.as_str(), line.undone || !line.undoable),
            };
            let last_word = !seen.contains(&thing);
            seen.push(thing);
            let offer = last_word && !closed && (which == Undoable::Last || offered == 0);
            offered += i32::from(offer);
            offer
        })
        .collect()
}

/// The lines as a list.
pub fn history(lines: Vec<HistoryLine>, now: Instant, which: Undoable) -> AnyView {
    let acts = Acts::get();
    let offers = undoable(&lines, which);
    let rows: Vec<_> = lines
        .into_iter()
        .zip(offers)
        .map(|(line, offer)| match line {
            HistoryLine::Moved(line) => moved(acts, line, offer, now),
            HistoryLine::Edited(line) => edited(acts, line, offer, now),
        })
        .collect();
    view! { <ol class="history">{rows}</ol> }.into_any()
}

fn moved(acts: Acts, line: MovementLine, offer: bool, now: Instant) -> AnyView {
    let m = line.movement;
    let symbol = match (m.was_here, m.is_here) {
        (false, true) => "in",
        (true, false) => "out",
        _ => "move",
    };
    let class = if line.undone { "line line-undone" } else { "line" };
    let all = (line.others > 0).then(|| format!(" {}", texts::and_more(&line.others)));
    let undo_words = if line.others > 0 { texts::undo_all(&(line.others + 1)) } else { texts::undo().to_owned() };
    let note = (!m.note.is_empty()).then(|| format!(" \u{b7} {}", m.note));
    view! {
        <li class=class>
            {icon(symbol)}
            <div class="bottle-words">
                <strong>{line.title}{all}</strong>
                <small>{format::movement_words(&m)}" \u{b7} "{m.actor.clone()}{note}{line.undone.then(undone)}</small>
            </div>
            {when(m.at, now)}
            {offer.then(|| undo(acts, Undo::Movement(m.id), undo_words))}
        </li>
    }
    .into_any()
}

fn edited(acts: Acts, line: EditLine, offer: bool, now: Instant) -> AnyView {
    let class = if line.undone { "line line-undone" } else { "line" };
    let title = match line.href {
        // Pages of the desk are not in the app.
        Some(href) => {
            let desk = ["/people", "/wishes", "/import", "/bottles/"].iter().any(|page| href.starts_with(page));
            let rel = desk.then_some("external");
            view! { <a href=href rel=rel><strong>{line.title}</strong></a> }.into_any()
        }
        None => view! { <strong>{line.title}</strong> }.into_any(),
    };
    view! {
        <li class=class>
            {icon("pen")}
            <div class="bottle-words">
                {title}
                <small>{line.text}" \u{b7} "{line.actor}{line.undone.then(undone)}</small>
            </div>
            {when(line.at, now)}
            {offer.then(|| undo(acts, Undo::Change(line.id), texts::undo().to_owned()))}
        </li>
    }
    .into_any()
}

fn undone() -> String {
    format!(" \u{b7} {}", texts::undone_mark())
}

#[cfg(test)]
mod tests {
    use models::movement::{Movement, MovementKind};

    use super::*;

    fn line(id: &str, bottle: &str, undone: bool) -> HistoryLine {
        let movement = Movement {
            id: id.into(),
            bottle_id: bottle.into(),
            kind: MovementKind::Move,
            reason: None,
            from_bin: None,
            to_bin: None,
            was_here: true,
            is_here: true,
            actor: "kiosk".into(),
            source: Source::Kiosk,
            at: Instant::default(),
            reverses: None,
            proposal_id: None,
            batch: None,
            note: String::new(),
            revenue_minor: None,
            currency: None,
        };
        HistoryLine::Moved(MovementLine { movement, title: String::new(), undone, others: 0 })
    }

    #[test]
    fn only_the_last_word_on_a_bottle_can_be_undone() {
        let lines = [line("3", "a", false), line("2", "b", false), line("1", "a", true)];
        assert_eq!(undoable(&lines, Undoable::Last), [true, true, false]);
        assert_eq!(undoable(&lines, Undoable::Newest), [true, false, false]);
    }
}
