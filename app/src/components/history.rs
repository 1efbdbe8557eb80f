//! Lines of the journal.

use leptos::prelude::*;
use models::Instant;

use crate::{
    api::movements::MovementLine,
    components::{icon::icon, toast::undo, when::when},
    format,
    state::acts::Acts,
};

/// How many of the lines offer to be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undoable {
    /// Only the newest that is not undone yet.
    Newest,
    /// Every one that is still the last word on its bottle.
    Last,
}

/// Which lines offer an undo: never an undone one, and never one that a later movement of the same bottle built on.
pub fn undoable(lines: &[MovementLine], which: Undoable) -> Vec<bool> {
    let mut offered = 0;
    let mut seen = Vec::new();
    lines
        .iter()
        .map(|line| {
            let bottle = &line.movement.bottle_id;
            let last_word = !seen.contains(&bottle);
            seen.push(bottle);
            let offer = last_word && !line.undone && (which == Undoable::Last || offered == 0);
            offered += i32::from(offer);
            offer
        })
        .collect()
}

/// The lines as a list.
pub fn history(lines: Vec<MovementLine>, now: Instant, which: Undoable) -> AnyView {
    let acts = Acts::get();
    let offers = undoable(&lines, which);
    let rows: Vec<_> = lines.into_iter().zip(offers).map(|(line, offer)| row(acts, line, offer, now)).collect();
    view! { <ol class="history">{rows}</ol> }.into_any()
}

fn row(acts: Acts, line: MovementLine, offer: bool, now: Instant) -> AnyView {
    let m = line.movement;
    let symbol = match (m.was_here, m.is_here) {
        (false, true) => "in",
        (true, false) => "out",
        _ => "move",
    };
    let class = if line.undone { "line line-undone" } else { "line" };
    view! {
        <li class=class>
            {icon(symbol)}
            <div class="bottle-words">
                <strong>{line.title}</strong>
                <small>{format::movement_words(&m)}" \u{b7} "{m.actor.clone()}{line.undone.then_some(" \u{b7} undone")}</small>
            </div>
            {when(m.at, now)}
            {offer.then(|| undo(acts, m.id, "Undo"))}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use models::movement::{Movement, MovementKind, Source};

    use super::*;

    fn line(id: &str, bottle: &str, undone: bool) -> MovementLine {
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
        MovementLine { movement, title: String::new(), undone }
    }

    #[test]
    fn only_the_last_word_on_a_bottle_can_be_undone() {
        let lines = [line("3", "a", false), line("2", "b", false), line("1", "a", true)];
        assert_eq!(undoable(&lines, Undoable::Last), [true, true, false]);
        assert_eq!(undoable(&lines, Undoable::Newest), [true, false, false]);
    }
}
