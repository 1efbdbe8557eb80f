//! The life of a proposal.

use models::{
    bin::RackFacts,
    change::Entity,
    compare::Belief,
    db::{
        Conn, DbError, bottles::*, changes::*, movements::movement_undo, proposals::*, racks::*, scans::*, seen_ends::*,
    },
    error::RuleError,
    ids::ProposalId,
    movement::{IssueReason, MovementKind, MovementRequest as Ask},
    proposal::{Approval, Proposal, ProposalState::*},
    scan::{BinCount, Scan, ScanStatus, SeenEnd, SeenEnds},
};

use crate::cellar::*;

fn approve(conn: &mut Conn, proposal: &Proposal, approval: &Approval) -> Outcome<Vec<models::movement::Movement>> {
    proposal_approve(conn, &proposal.id, approval, &anna(), now())
}

#[test]
fn the_same_mismatch_stays_one_proposal_and_another_replaces_it() {
    in_cellar(|conn, cellar| {
        receive(conn, cellar, Some("A"))?;
        let first = see(conn, cellar, "s1", &[("A", 0), ("B", 0), ("Z", 4), ("Q", 1)])?;
        assert_eq!((first.readings.len(), first.changed.len(), first.proposals.len()), (2, 1, 1));
        assert_eq!(first.proposals[0].difference(), -1);
        let again = see(conn, cellar, "s2", &[("A", 0)])?;
        assert_eq!(again.proposals, first.proposals);
        let other = see(conn, cellar, "s3", &[("A", 2)])?;
        assert_ne!(other.proposals[0].id, first.proposals[0].id);
        assert_eq!(proposal_get(conn, &first.proposals[0].id)?.state, Superseded);
        assert!(see(conn, cellar, "s4", &[("A", 1)])?.proposals.is_empty());
        assert!(proposal_list(conn, Some(Open), None, 10)?.is_empty());
        assert_eq!(proposal_list(conn, None, None, 10)?.len(), 2);
        assert!(matches!(see(conn, cellar, "s4", &[]), Err(DbError::Conflict(_))));
        Ok(())
    });
}

#[test]
fn a_change_is_as_sure_as_what_has_changed() {
    in_cellar(|conn, cellar| {
        let seen = |conn: &mut Conn, id: &str, count, change| {
            let count = BinCount { change, ..of_a(Some(count), 0.7) };
            scan_record(conn, &scan_of(cellar, id, ScanStatus::Ok), &[count], &[], &Belief::default())
        };
        assert!(seen(conn, "s1", 1, 0.7)?.proposals.is_empty(), "it waits for the next scan");
        let recorded = seen(conn, "s2", 2, 0.9)?;
        assert_eq!(recorded.proposals.len(), 1);
        assert_eq!(recorded.readings[0].confidence, 0.7, "what is shown is what the picture alone says");
        Ok(())
    });
}

#[test]
fn a_count_that_is_too_doubtful_tells_of_a_sure_change_only() {
    in_cellar(|conn, cellar| {
        let seen = |conn: &mut Conn, id: &str, shown, change| {
            let count = BinCount { shown: Some(shown), change, ..of_a(None, 0.52) };
            scan_record(conn, &scan_of(cellar, id, ScanStatus::Ok), &[count], &[], &Belief::default())
        };
        let book = see(conn, cellar, "s0", &[("A", 2)])?.readings[0].expected;
        assert_eq!(seen(conn, "s1", book, 0.95)?.readings[0].count, None, "it is no agreement");
        assert_eq!(seen(conn, "s2", book + 1, 0.8)?.readings[0].count, None, "it may be another end");
        let recorded = seen(conn, "s3", book + 1, 0.95)?;
        assert_eq!((recorded.readings[0].count, recorded.proposals.len()), (Some(book + 1), 1));
        assert_eq!(recorded.readings[0].confidence, 0.52, "what is shown is what the picture alone says");
        Ok(())
    });
}

#[test]
fn a_scan_without_an_opinion_changes_nothing() {
    in_cellar(|conn, cellar| {
        let open = see(conn, cellar, "s1", &[("A", 1)])?.proposals;
        let sure = |count, confidence| BinCount { needs_look: Some("dark".into()), ..of_a(count, confidence) };
        scan_record(
            conn,
            &scan_of(cellar, "s2", ScanStatus::NoOpinion),
            &[sure(Some(0), 0.9)],
            &[],
            &Belief::default(),
        )?;
        scan_record(conn, &scan_of(cellar, "s3", ScanStatus::Ok), &[sure(None, 0.0)], &[], &Belief::default())?;
        scan_record(conn, &scan_of(cellar, "s4", ScanStatus::Ok), &[sure(Some(2), 0.2)], &[], &Belief::default())?;
        assert_eq!(proposal_list(conn, None, None, 10)?, open);
        let last = scan_last(conn)?.unwrap();
        assert_eq!((last.id.as_str(), last.bins_read, last.bins_changed), ("s4", 1, 0));
        assert_eq!(scan_get(conn, &"s1".into())?.bins_changed, 1);
        assert_eq!(scan_list(conn, Some(&last.id), 2)?.len(), 2);
        assert_eq!(reading_list(conn, &"s2".into())?[0].count, None);
        assert!(
            scan_record(
                conn,
                &scan_of(cellar, "s5", ScanStatus::Ok),
                &[sure(Some(1), f64::NAN)],
                &[],
                &Belief::default()
            )
            .is_err()
        );
        Ok(())
    });
}

#[test]
fn a_yes_to_missing_bottles_issues_those_longest_there() {
    in_cellar(|conn, cellar| {
        let old = receive(conn, cellar, Some("A"))?;
        let young = receive(conn, cellar, Some("A"))?;
        act(conn, Ask::Move { bottle_id: old.clone(), bin: None })?;
        act(conn, Ask::Move { bottle_id: old.clone(), bin: Some("A".into()) })?;
        let open = &see(conn, cellar, "s1", &[("A", 1)])?.proposals[0];
        let done = approve(conn, open, &Approval::default())?;
        assert_eq!((done.len(), done[0].kind, done[0].reason), (1, MovementKind::Issue, Some(IssueReason::Drunk)));
        assert_eq!(done[0].bottle_id, young, "the other was put back later");
        assert_eq!(done[0].proposal_id.as_ref(), Some(&open.id));
        let closed = proposal_get(conn, &open.id)?;
        assert_eq!((closed.state, closed.decided_by.as_deref()), (Approved, Some("Anna")));
        let again = approve(conn, open, &Approval::default());
        assert!(matches!(again, Err(DbError::Conflict(text)) if text.contains("Anna") && text.contains("2026-11-24")));
        Ok(())
    });
}

#[test]
fn bottles_that_lie_elsewhere_wait_to_be_put_away() {
    in_cellar(|conn, cellar| {
        let bottle = receive(conn, cellar, Some("A"))?;
        let open = &see(conn, cellar, "s1", &[("A", 0)])?.proposals[0];
        let both = Approval { moved: true, reason: Some(IssueReason::Gift), ..Default::default() };
        assert!(approve(conn, open, &both).is_err_and(|error| error.to_string().starts_with("moved: ")));
        let done = approve(conn, open, &Approval { moved: true, ..Default::default() })?;
        assert_eq!((done[0].kind, &done[0].bottle_id, done[0].is_here), (MovementKind::Move, &bottle, true));
        assert_eq!(proposal_get(conn, &open.id)?.state, Approved);
        movement_undo(conn, &done[0].id, &anna(), now())?;
        assert_eq!(proposal_get(conn, &open.id)?.state, Open, "it lies there again by the book");
        Ok(())
    });
}

#[test]
fn bottles_too_many_are_put_away_or_received() {
    in_cellar(|conn, cellar| {
        let waiting = receive(conn, cellar, None)?;
        let open = &see(conn, cellar, "s1", &[("A", 2)])?.proposals[0];
        let done = approve(conn, open, &Approval { reason: Some(IssueReason::Drunk), ..Default::default() })?;
        assert_eq!((done[0].kind, &done[0].bottle_id), (MovementKind::Move, &waiting));
        assert_eq!(done[1].kind, MovementKind::Receipt);
        assert_eq!(bottle_get(conn, &done[1].bottle_id, 2026)?.title(), "Unknown wine NV");
        let open = &see(conn, cellar, "s2", &[("A", 3)])?.proposals[0];
        let named = Approval { vintage_id: Some(cellar.vintage.clone()), ..Default::default() };
        let done = approve(conn, open, &named)?;
        assert_eq!(bottle_get(conn, &done[0].bottle_id, 2026)?.year, Some(2019));
        Ok(())
    });
}

#[test]
fn a_wrong_answer_names_the_field() {
    in_cellar(|conn, cellar| {
        let here = receive(conn, cellar, Some("A"))?;
        let elsewhere = receive(conn, cellar, Some("B"))?;
        let open = &see(conn, cellar, "s1", &[("A", 0)])?.proposals[0];
        let field = |done: Outcome<_>| match done {
            Err(DbError::Rule(RuleError::Field { field, .. })) => field,
            other => panic!("{other:?}"),
        };
        let naming = |bottles: &[&models::ids::BottleId]| Approval {
            bottles: bottles.iter().map(|id| (*id).clone()).collect(),
            ..Default::default()
        };
        assert_eq!(field(approve(conn, open, &naming(&[&here, &elsewhere]))), "bottles");
        assert_eq!(field(approve(conn, open, &naming(&[&elsewhere]))), "bottles[0]");
        assert_eq!(field(approve(conn, open, &naming(&[&"none".into()]))), "bottles[0]");
        let vintage = Approval { vintage_id: Some(cellar.vintage.clone()), ..Default::default() };
        assert_eq!(field(approve(conn, open, &vintage)), "vintage_id");
        assert_eq!(proposal_get(conn, &open.id)?.state, Open);
        assert!(matches!(
            approve(conn, &Proposal { id: ProposalId::from("x"), ..open.clone() }, &naming(&[])),
            Err(DbError::NotFound(_))
        ));
        Ok(())
    });
}

#[test]
fn a_rejection_holds_until_a_bottle_of_the_bin_moves() {
    in_cellar(|conn, cellar| {
        let bottle = receive(conn, cellar, Some("A"))?;
        let open = &see(conn, cellar, "s1", &[("A", 2)])?.proposals[0];
        let no = proposal_reject(conn, &open.id, Some("a label"), &anna(), now())?;
        assert_eq!((no.state, no.note.as_deref(), no.revision), (Rejected, Some("a label"), 2));
        assert!(matches!(proposal_reject(conn, &open.id, None, &anna(), now()), Err(DbError::Conflict(_))));
        let again = see(conn, cellar, "s2", &[("A", 2)])?;
        assert_eq!((again.changed.len(), again.proposals.len()), (1, 0));
        act(conn, Ask::Move { bottle_id: bottle.clone(), bin: None })?;
        act(conn, Ask::Move { bottle_id: bottle, bin: Some("A".into()) })?;
        assert_eq!(see(conn, cellar, "s3", &[("A", 2)])?.proposals.len(), 1);
        Ok(())
    });
}

#[test]
fn setting_the_book_right_answers_the_question() {
    in_cellar(|conn, cellar| {
        let open = &see(conn, cellar, "s1", &[("A", 1), ("B", 2)])?.proposals;
        receive(conn, cellar, Some("A"))?;
        receive(conn, cellar, Some("B"))?;
        assert_eq!(proposal_get(conn, &open[0].id)?.state, Superseded);
        assert_eq!(proposal_get(conn, &open[1].id)?.state, Open);
        assert!(
            matches!(approve(conn, &open[1], &Approval::default()), Err(DbError::Conflict(_))),
            "the book moved on"
        );
        Ok(())
    });
}

#[test]
fn answers_are_taken_back() {
    in_cellar(|conn, cellar| {
        receive(conn, cellar, Some("A"))?;
        receive(conn, cellar, Some("A"))?;
        see(conn, cellar, "20261124T030000Z-1", &[("A", 0)])?;
        let open = |conn: &mut Conn| proposal_list(conn, Some(Open), None, 9);
        let id = open(conn)?[0].id.clone();
        proposal_reject(conn, &id, Some("glare"), &anna(), now())?;
        assert!(proposal_reopen(conn, &id, &anna(), now())?.note.is_none());
        assert!(matches!(proposal_reopen(conn, &id, &anna(), now()), Err(DbError::Conflict(_))), "it waits already");
        let told = ChangeFilter { of: Some((Entity::Proposal, id.0.clone())), ..Default::default() };
        let told = change_list(conn, &told, None, 9)?;
        assert_eq!(
            (told.len(), told[0].reverses.as_ref()),
            (2, Some(&told[1].id)),
            "who said no, and who took it back"
        );
        change_undo(conn, &told[0].id, &anna(), now())?;
        assert_eq!(proposal_get(conn, &id)?.state, Rejected, "the no stands again");
        proposal_reopen(conn, &id, &anna(), now())?;
        let left = proposal_approve(conn, &id, &Approval::default(), &anna(), now())?;
        assert_eq!((left.len(), open(conn)?.len()), (2, 0));
        let back = movement_undo(conn, &left[0].id, &anna(), now())?;
        assert_eq!(open(conn)?[0].id, id, "both bottles are back, and the question with them");
        movement_undo(conn, &back.id, &anna(), now())?;
        assert!(open(conn)?.is_empty(), "gone again: the book says what was seen");
        Ok(())
    });
}

#[test]
fn the_ends_of_read_bins_are_kept_with_the_newest_scans() {
    in_cellar(|conn, cellar| {
        let end = SeenEnd { x: 10.5, y: 20.0, r: 8.1, confidence: 0.97, looks: SeenEnd::pack(&[0.6, -0.8]) };
        let of = |bin: &str| SeenEnds { bin: bin.into(), ends: vec![end.clone()] };
        for i in 100..140 {
            let scan = scan_of(cellar, &format!("s{i}"), ScanStatus::Ok);
            scan_record(conn, &scan, &[of_a(Some(1), 0.9)], &[of("A"), of("nowhere")], &Belief::default())?;
        }
        assert_eq!(ends_list(conn, &"s139".into())?, [of("A")]);
        assert_eq!(ends_list(conn, &"s110".into())?.len(), 1);
        assert!(ends_list(conn, &"s109".into())?.is_empty(), "thirty scans are kept");
        Ok(())
    });
}

#[test]
fn an_answer_tells_the_truth_of_a_bin() {
    in_cellar(|conn, cellar| {
        let wrong = see(conn, cellar, "s1", &[("A", 1)])?.proposals.remove(0);
        assert_eq!(wrong.truth(), None);
        assert_eq!(proposal_reject(conn, &wrong.id, None, &anna(), now())?.truth(), Some(0));
        let right = see(conn, cellar, "s2", &[("A", 2)])?.proposals.remove(0);
        approve(conn, &right, &Approval::default())?;
        assert_eq!(proposal_get(conn, &right.id)?.truth(), Some(2));
        let later = see(conn, cellar, "s3", &[("A", 3)])?.proposals.remove(0);
        let came = receive(conn, cellar, Some("A"))?;
        let later = proposal_get(conn, &later.id)?;
        assert_eq!((later.state, later.truth()), (Superseded, None), "it may have come after the picture");
        let by_hand = see(conn, cellar, "s3b", &[("A", 2)])?.proposals.remove(0);
        act(conn, Ask::Correction { bottle_id: came, here: false, bin: None, note: "miscounted".into() })?;
        assert_eq!(proposal_get(conn, &by_hand.id)?.truth(), Some(2), "the book was set right");
        let passed = see(conn, cellar, "s4", &[("A", 1)])?.proposals.remove(0);
        see(conn, cellar, "s5", &[("A", 3)])?;
        assert_eq!(proposal_get(conn, &passed.id)?.truth(), None);
        Ok(())
    });
}

#[test]
fn what_lies_behind_is_not_missing() {
    in_cellar(|conn, cellar| {
        receive(conn, cellar, Some("A"))?;
        receive(conn, cellar, Some("A"))?;
        let rack = rack_get(conn, &cellar.rack)?;
        let deep = RackFacts { depth: 2, ..rack.facts };
        rack_update(conn, &cellar.rack, &deep, rack.revision, &anna(), now())?;
        let fewer = see(conn, cellar, "s1", &[("A", 1)])?;
        assert!(fewer.proposals.is_empty() && fewer.changed.is_empty());
        assert_eq!(fewer.readings[0].count, None);
        assert!(fewer.readings[0].needs_look.as_deref().is_some_and(|why| why.contains("2 bottles deep")));
        assert_eq!(see(conn, cellar, "s2", &[("A", 3)])?.proposals[0].difference(), 1);
        Ok(())
    });
}

#[test]
fn what_was_not_seen_surely_is_looked_at_once_more() {
    use chrono::TimeDelta;
    use models::db::unsettled::second_look;
    in_cellar(|conn, cellar| {
        let after = TimeDelta::minutes(10);
        let at = |id: &str, status, minute: i64| {
            let scan = scan_of(cellar, id, status);
            let began = scan.started_at + TimeDelta::minutes(minute);
            Scan { started_at: began, finished_at: began, ..scan }
        };
        let saw = |conn: &mut Conn, scan: &Scan, count, confidence| {
            scan_record(conn, scan, &[of_a(Some(count), confidence)], &[], &Belief::default())
        };
        let due = |conn: &mut Conn, scan: &Scan| second_look(conn, after, scan.finished_at + TimeDelta::minutes(1));
        let dark = at("s1", ScanStatus::NoOpinion, 0);
        scan_record(conn, &dark, &[], &[], &Belief::default())?;
        assert_eq!(due(conn, &dark)?, Some(dark.finished_at + after));
        assert_eq!(second_look(conn, after, dark.finished_at + after * 3)?, None, "the moment has passed");
        let again = at("s2", ScanStatus::NoOpinion, 10);
        scan_record(conn, &again, &[], &[], &Belief::default())?;
        assert_eq!(due(conn, &again)?, None, "twice is enough");
        let unsure = at("s3", ScanStatus::Ok, 100);
        assert!(saw(conn, &unsure, 1, 0.7)?.proposals.is_empty());
        assert_eq!(due(conn, &unsure)?, Some(unsure.finished_at + after));
        let second = at("s4", ScanStatus::Ok, 110);
        assert_eq!(saw(conn, &second, 1, 0.7)?.proposals.len(), 1);
        let settled = at("s5", ScanStatus::Ok, 200);
        saw(conn, &settled, 1, 0.7)?;
        assert_eq!(due(conn, &settled)?, None, "it is asked");
        Ok(())
    });
}
