//! The pure rules of comparison, without a database.

use models::compare::{Belief, Sight, Verdict, verdict};
use proptest::prelude::*;

fn any_sight() -> impl Strategy<Value = Sight> {
    (prop::option::of(0..6i32), 0.0..1.0f64).prop_map(|(count, confidence)| Sight { count, confidence })
}

fn any_belief() -> impl Strategy<Value = Belief> {
    (1..5usize, 0.5..1.0f64, 0.0..0.7f64).prop_map(|(times, sure, least)| Belief {
        times,
        sure,
        least,
        ..Belief::default()
    })
}

proptest! {
    #[test]
    fn an_unchanged_rack_raises_nothing_for_ever(book in 0..6i32, sights in prop::collection::vec(0.0..1.0f64, 1..30), belief in any_belief()) {
        let sights: Vec<Sight> = sights.iter().map(|&confidence| Sight { count: Some(book), confidence }).collect();
        for end in 0..sights.len() {
            prop_assert_eq!(verdict(&belief, book, 6, &sights[end..]), Verdict::Agrees);
        }
    }

    #[test]
    fn no_opinion_never_claims_anything_and_never_ends_a_row(book in 0..6i32, sights in prop::collection::vec(any_sight(), 0..12), belief in any_belief()) {
        let blind = Sight { count: None, confidence: 1.0 };
        let mut now = sights.clone();
        now.insert(0, blind);
        prop_assert_eq!(verdict(&belief, book, 6, &now), Verdict::NoOpinion);
        // Nights without an opinion in between change no verdict.
        let parted: Vec<Sight> = sights.iter().flat_map(|sight| [*sight, blind]).collect();
        prop_assert_eq!(verdict(&belief, book, 6, &sights), verdict(&belief, book, 6, &parted));
    }

    #[test]
    fn a_change_is_believed_when_sure_or_seen_often_enough(book in 0..6i32, sights in prop::collection::vec(any_sight(), 1..12), belief in any_belief()) {
        if verdict(&belief, book, 5, &sights) == Verdict::Differs {
            let seen = sights[0].count.unwrap();
            let row = sights.iter().filter(|s| s.count.is_some() && s.confidence >= belief.least)
                .take_while(|s| s.count == Some(seen)).count();
            prop_assert!(seen != book && seen <= 5);
            prop_assert!(sights[0].confidence >= belief.sure || row >= belief.times);
        }
    }

    #[test]
    fn one_wrong_count_among_right_ones_raises_nothing(book in 1..5i32, off in prop_oneof![Just(-1), Just(1)], sure in 0.0..0.85f64, times in 2..5usize) {
        let belief = Belief { times, ..Belief::default() };
        let right = Sight { count: Some(book), confidence: 0.9 };
        let wrong = Sight { count: Some(book + off), confidence: sure };
        prop_assert_ne!(verdict(&belief, book, 6, &[wrong, right, wrong, right]), Verdict::Differs);
        prop_assert_eq!(verdict(&belief, book, 6, &[right, wrong, right]), Verdict::Agrees);
    }
}

#[test]
fn settings_that_make_no_sense_are_named() {
    let wrong = |belief: Belief| belief.check().unwrap_err().to_string();
    assert!(wrong(Belief { times: 0, ..Belief::default() }).contains("times"));
    assert!(wrong(Belief { sure: f64::NAN, ..Belief::default() }).contains("sure"));
    assert!(wrong(Belief { least: 1.5, ..Belief::default() }).contains("least"));
    assert!(wrong(Belief { expire_after: 0, ..Belief::default() }).contains("expire_after"));
    assert!(Belief::default().check().is_ok());
}
