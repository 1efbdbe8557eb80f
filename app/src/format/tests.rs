//! What the words must be.

use models::{
    ids::BinId,
    movement::Source,
    wine::{Colour, Style},
};

use super::*;

fn at(text: &str) -> Instant {
    format!("{}:00", text.replace(' ', "T")).parse().expect("a time")
}

fn movement(kind: MovementKind, from: Option<&str>, to: Option<&str>, is_here: bool) -> Movement {
    Movement {
        id: "m".into(),
        bottle_id: "b".into(),
        kind,
        reason: (kind == MovementKind::Issue).then_some(IssueReason::Gift),
        from_bin: from.map(BinId::from),
        to_bin: to.map(BinId::from),
        was_here: true,
        is_here,
        actor: "kiosk".into(),
        source: Source::Kiosk,
        at: at("2026-11-24 03:00"),
        reverses: None,
        proposal_id: None,
        batch: None,
        note: String::new(),
        revenue_minor: None,
        currency: None,
    }
}

#[test]
fn ages_grow_coarser() {
    let now = at("2026-11-24 12:00");
    let cases = [
        ("2026-11-24 12:00", "just now"),
        ("2026-11-24 12:30", "just now"),
        ("2026-11-24 11:59", "1 min ago"),
        ("2026-11-24 09:30", "2 h ago"),
        ("2026-11-23 11:00", "yesterday"),
        ("2026-11-14 12:00", "10 days ago"),
    ];
    for (then, words) in cases {
        assert_eq!(age(at(then), now), words, "{then}");
    }
}

#[test]
fn percent_stays_within_bounds() {
    assert_eq!(percent(0, 0), 0);
    assert_eq!(percent(1, 3), 33);
    assert_eq!(percent(2, 3), 67);
    assert_eq!(percent(9, 3), 100);
}

#[test]
fn movements_are_told_in_words() {
    assert_eq!(movement_words(&movement(MovementKind::Issue, Some("03_03"), None, false)), "given away, from 03_03");
    assert_eq!(
        movement_words(&movement(MovementKind::Move, Some("A"), None, true)),
        "moved out of A, not yet put away"
    );
    assert_eq!(movement_words(&movement(MovementKind::Move, Some("A"), Some("B"), true)), "moved, A \u{2192} B");
    assert_eq!(movement_words(&movement(MovementKind::Receipt, None, Some("B"), true)), "received, into B");
}

#[test]
fn times_are_printed_alike_on_both_sides() {
    assert_eq!(utc(at("2026-11-04 03:00")), "4 Nov, 03:00 UTC");
    assert_eq!(iso(at("2026-11-04 03:00")), "2026-11-04T03:00:00Z");
    assert_eq!(duration(12.4), "12 ms");
    assert_eq!(duration(1540.0), "1.5 s");
}

#[test]
fn colour_is_also_a_word() {
    assert_eq!(colour_words(Colour::Rose, Style::Sparkling), "sparkling ros\u{e9}");
    assert_eq!(colour_words(Colour::Red, Style::Still), "red");
}

#[test]
fn numbers_and_money_are_read_easily() {
    assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1\u{202f}000", "1\u{202f}234\u{202f}567"]);
    assert_eq!(grouped(-1200), "\u{2212}1\u{202f}200");
    assert_eq!(money(123_450, "EUR"), "1\u{202f}234.50\u{a0}EUR");
    assert_eq!(money(2_000, "EUR"), "20\u{a0}EUR");
    assert_eq!(money(2_000, "JPY"), "2\u{202f}000\u{a0}JPY");
    assert_eq!(money(1_005, "KWD"), "1.005\u{a0}KWD");
}
