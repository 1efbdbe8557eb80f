//! Another bottle lies in a bin than the book says: what is asked, and what the answers write.

use models::{
    bottle::BottleStatus,
    db::{Conn, DbError, bottles::*, movements::*, proposals::*},
    ids::BottleId,
    movement::{IssueReason, MovementKind, MovementRequest as Ask},
    proposal::{Answer, Approval, Proposal, ProposalKind, ProposalState::*},
    scan::ScanStatus,
};

use crate::{
    cellar::*,
    explain::{look, look_as, open},
};

/// Bottles of three vintages lie in A, each known by its end: `a`, `b`, `c`.
fn known(conn: &mut Conn, cellar: &Cellar) -> Outcome<[BottleId; 3]> {
    let wine = models::db::vintages::vintage_get(conn, &cellar.vintage)?.wine_id;
    let mut bottles = Vec::new();
    for (n, seen) in ["a", "ab", "abc"].iter().enumerate() {
        let vintage = ensure(conn, &wine, Some(2011 + n as i32), None, None)?.id;
        bottles.push(act(conn, Ask::receipt(vintage, Some("A".into())))?.bottle_id);
        look(conn, cellar, &format!("s0{n}"), &[("A", seen)])?;
    }
    Ok(bottles.try_into().expect("three"))
}

fn place(conn: &mut Conn, bottle: &BottleId) -> Outcome<(BottleStatus, Option<String>)> {
    let bottle = bottle_get(conn, bottle, 2026)?.bottle;
    Ok((bottle.status, bottle.bin.map(|bin| bin.0)))
}

/// `b` is booked, and `a` has left.
fn asked(conn: &mut Conn, cellar: &Cellar, booked: Ask) -> Outcome<Proposal> {
    act(conn, booked)?;
    look(conn, cellar, "s10", &[("A", "bc")])?;
    let mut open = open(conn)?;
    assert_eq!(open.len(), 1);
    Ok(open.remove(0))
}

const GONE: (BottleStatus, Option<String>) = (BottleStatus::Gone, None);

fn in_a() -> (BottleStatus, Option<String>) {
    (BottleStatus::InCellar, Some("A".to_owned()))
}

#[test]
fn the_wrong_bottle_booked_as_a_gift_is_one_question_and_one_answer() {
    in_cellar(|conn, cellar| {
        let [a, b, c] = known(conn, cellar)?;
        let gift = Ask::Issue {
            bottle_id: b.clone(),
            reason: IssueReason::Gift,
            note: "to Eva".to_owned(),
            revenue_minor: None,
            currency: None,
        };
        let question = asked(conn, cellar, gift)?;
        assert_eq!(
            (question.kind, &question.other, question.expected, question.seen),
            (ProposalKind::Swap, &None, 2, 2)
        );
        let named: Vec<&BottleId> = question.candidates.iter().map(|candidate| &candidate.bottle_id).collect();
        assert_eq!(named, [&a, &b]);
        assert!(!Answer::of(&question).contains(&Answer::Apart));
        look(conn, cellar, "s11", &[("A", "bc")])?;
        assert_eq!(open(conn)?[0].id, question.id, "the same question stays");

        let done = proposal_approve(conn, &question.id, &Approval::default(), &anna(), now())?;
        assert_eq!((place(conn, &a)?, place(conn, &b)?, place(conn, &c)?), (GONE, in_a(), in_a()));
        let left = done.iter().find(|movement| movement.bottle_id == a).expect("a left");
        assert_eq!(
            (left.kind, left.reason, left.note.as_str()),
            (MovementKind::Issue, Some(IssueReason::Gift), "to Eva")
        );
        look(conn, cellar, "s12", &[("A", "bc")])?;
        assert!(open(conn)?.is_empty());

        movement_undo(conn, &done[0].id, &anna(), now())?;
        assert_eq!((place(conn, &a)?, place(conn, &b)?), (in_a(), GONE), "one act is taken back as one");
        assert_eq!(open(conn)?[0].id, question.id);
        Ok(())
    });
}

#[test]
fn a_bottle_taken_to_the_table_may_have_been_another() {
    in_cellar(|conn, cellar| {
        let [a, b, c] = known(conn, cellar)?;
        let question = asked(conn, cellar, Ask::Move { bottle_id: b.clone(), bin: None })?;
        // The person knows that it was neither.
        let approval = Approval { bottles: vec![c.clone(), b.clone()], ..Approval::default() };
        proposal_approve(conn, &question.id, &approval, &anna(), now())?;
        assert_eq!((place(conn, &a)?, place(conn, &b)?), (in_a(), in_a()));
        assert_eq!(place(conn, &c)?, (BottleStatus::InCellar, None));
        Ok(())
    });
}

#[test]
fn one_that_waits_is_known_again_where_another_has_gone() {
    in_cellar(|conn, cellar| {
        let [a, b, _] = known(conn, cellar)?;
        // `b` was taken to the table long ago; now it lies where `a` lay, and nobody booked that.
        act(conn, Ask::Move { bottle_id: b.clone(), bin: None })?;
        look(conn, cellar, "s10", &[("A", "ac")])?;
        look(conn, cellar, "s11", &[("A", "bc")])?;
        let question = open(conn)?.remove(0);
        let named: Vec<&BottleId> = question.candidates.iter().map(|candidate| &candidate.bottle_id).collect();
        assert_eq!((question.kind, named), (ProposalKind::Swap, vec![&a, &b]));
        proposal_approve(conn, &question.id, &Approval::default(), &anna(), now())?;
        assert_eq!(place(conn, &b)?, in_a());
        assert_eq!(place(conn, &a)?, (BottleStatus::InCellar, None), "it waits instead");
        look(conn, cellar, "s12", &[("A", "bc")])?;
        assert!(open(conn)?.is_empty());
        Ok(())
    });
}

#[test]
fn where_the_one_has_gone_and_it_is_not_that_one_which_lies_there_this_is_asked_next() {
    in_cellar(|conn, cellar| {
        let [a, b, _] = known(conn, cellar)?;
        let question = asked(conn, cellar, Ask::issue(b.clone(), IssueReason::Drunk))?;
        assert!(question.names_what_lies_there() && Answer::of(&question).contains(&Answer::Opened));
        let vintage = Approval { vintage_id: Some(cellar.vintage.clone()), ..Approval::default() };
        let refused = proposal_approve(conn, &question.id, &vintage, &anna(), now());
        assert!(matches!(refused, Err(DbError::Rule(_))), "{refused:?}");

        let done = proposal_answer(conn, &question.id, Answer::Moved, Vec::new(), &anna(), now())?;
        assert_eq!(place(conn, &a)?, (BottleStatus::InCellar, None), "the likeliest of the bin has left it");
        assert_eq!(place(conn, &b)?, GONE, "what was booked of the other stays");
        let next = open(conn)?.remove(0);
        assert_eq!((next.kind, next.bin.as_str(), next.expected, next.seen), (ProposalKind::Extra, "A", 1, 2));

        movement_undo(conn, &done[0].id, &anna(), now())?;
        assert_eq!(open(conn)?[0].id, question.id, "taken back, the first question waits again");
        Ok(())
    });
}

/// `a` was drunk and `x` laid in its place between two scans; nobody booked either.
fn replaced(conn: &mut Conn, cellar: &Cellar, id: &str) -> Outcome<Vec<Proposal>> {
    look(conn, cellar, id, &[("A", "xbc")])?;
    open(conn)
}

#[test]
fn what_lies_in_the_place_of_another_is_asked_about_in_two_questions() {
    in_cellar(|conn, cellar| {
        let [a, ..] = known(conn, cellar)?;
        let question = replaced(conn, cellar, "s10")?.remove(0);
        assert_eq!((question.kind, question.expected, question.seen), (ProposalKind::Swap, 3, 3));
        assert!(question.is_about_one_gone() && !Answer::of(&question).contains(&Answer::There));
        assert_eq!(question.candidates[0].bottle_id, a);
        assert_eq!(replaced(conn, cellar, "s11")?[0].id, question.id, "the same question stays");

        let done = proposal_answer(conn, &question.id, Answer::Drunk, Vec::new(), &anna(), now())?;
        assert_eq!(place(conn, &a)?, GONE);
        let next = open(conn)?.remove(0);
        assert_eq!((next.kind, next.expected, next.seen), (ProposalKind::Extra, 2, 3));
        movement_undo(conn, &done[0].id, &anna(), now())?;
        assert_eq!(open(conn)?[0].id, question.id, "taken back, the first question waits again");
        proposal_answer(conn, &question.id, Answer::Drunk, Vec::new(), &anna(), now())?;
        let next = open(conn)?.remove(0);
        let came = Approval { vintage_id: Some(cellar.vintage.clone()), ..Approval::default() };
        proposal_approve(conn, &next.id, &came, &anna(), now())?;
        assert!(replaced(conn, cellar, "s12")?.is_empty(), "all is as written");
        Ok(())
    });
}

#[test]
fn a_bottle_that_was_only_turned_is_asked_about_once() {
    in_cellar(|conn, cellar| {
        known(conn, cellar)?;
        let question = replaced(conn, cellar, "s10")?.remove(0);
        proposal_answer(conn, &question.id, Answer::Wrong, Vec::new(), &anna(), now())?;
        assert!(replaced(conn, cellar, "s11")?.is_empty() && replaced(conn, cellar, "s12")?.is_empty());
        Ok(())
    });
}

#[test]
fn one_that_lies_where_it_lay_again_closes_the_question() {
    in_cellar(|conn, cellar| {
        known(conn, cellar)?;
        let question = replaced(conn, cellar, "s10")?.remove(0);
        look(conn, cellar, "s11", &[("A", "abc")])?;
        assert_eq!(proposal_get(conn, &question.id)?.state, Superseded);
        Ok(())
    });
}

#[test]
fn a_bin_that_was_not_read_surely_asks_nothing_of_looks() {
    in_cellar(|conn, cellar| {
        known(conn, cellar)?;
        look_as(conn, &scan_of(cellar, "s10", ScanStatus::Ok), &[("A", "xbc")], 0.8)?;
        assert!(open(conn)?.is_empty());
        Ok(())
    });
}

#[test]
fn a_no_is_kept_and_whoever_sets_it_right_by_hand_closes_the_question() {
    in_cellar(|conn, cellar| {
        let [a, b, _] = known(conn, cellar)?;
        let question = asked(conn, cellar, Ask::issue(b.clone(), IssueReason::Drunk))?;
        assert!(matches!(proposal_part(conn, &question.id, &anna(), now()), Err(DbError::Rule(_))));
        proposal_reject(conn, &question.id, None, &anna(), now())?;
        look(conn, cellar, "s11", &[("A", "bc")])?;
        look(conn, cellar, "s12", &[("A", "bc")])?;
        assert!(open(conn)?.is_empty(), "a person has said that it is not so");
        proposal_reopen(conn, &question.id, &anna(), now())?;
        assert_eq!(open(conn)?.len(), 1);
        act(conn, Ask::issue(a, IssueReason::Drunk))?;
        assert_eq!(proposal_get(conn, &question.id)?.state, Superseded);
        Ok(())
    });
}

#[test]
fn a_bottle_is_not_named_where_the_book_has_it_in_another_bin() {
    in_cellar(|conn, cellar| {
        let [_, b, _] = known(conn, cellar)?;
        // `b` lies in B by the book: that is an exchange of places, if anything.
        act(conn, Ask::Move { bottle_id: b, bin: Some("B".into()) })?;
        look(conn, cellar, "s10", &[("A", "bc"), ("B", "a")])?;
        let open = open(conn)?;
        assert_eq!(
            open.iter().map(|open| (open.kind, open.bin.as_str())).collect::<Vec<_>>(),
            [(ProposalKind::Swap, "A")]
        );
        assert!(!open[0].names_what_lies_there());
        Ok(())
    });
}

#[test]
fn what_is_moved_meanwhile_is_not_moved_by_the_answer() {
    in_cellar(|conn, cellar| {
        let [_, b, _] = known(conn, cellar)?;
        let question = asked(conn, cellar, Ask::Move { bottle_id: b.clone(), bin: None })?;
        act(conn, Ask::Move { bottle_id: b, bin: Some("B".into()) })?;
        let answer = proposal_approve(conn, &question.id, &Approval::default(), &anna(), now());
        assert!(matches!(answer, Err(DbError::Conflict(_))), "{answer:?}");
        look(conn, cellar, "s11", &[("A", "bc"), ("B", "b")])?;
        assert!(open(conn)?.iter().all(|open| open.id != question.id), "the next scan closes it");
        Ok(())
    });
}

#[test]
fn two_that_lie_in_each_others_bins_are_asked_about_as_such_though_one_that_waits_looks_alike() {
    in_cellar(|conn, cellar| {
        let [a, ..] = known(conn, cellar)?;
        let wine = models::db::vintages::vintage_get(conn, &cellar.vintage)?.wine_id;
        let vintage = ensure(conn, &wine, Some(2015), None, None)?.id;
        let waits = act(conn, Ask::receipt(vintage.clone(), Some("B".into())))?.bottle_id;
        look(conn, cellar, "s10", &[("A", "abc"), ("B", "x")])?;
        act(conn, Ask::Move { bottle_id: waits.clone(), bin: None })?;
        let x = act(conn, Ask::receipt(vintage, Some("B".into())))?.bottle_id;
        look(conn, cellar, "s11", &[("A", "abc"), ("B", "x")])?;
        look(conn, cellar, "s12", &[("A", "xbc"), ("B", "a")])?;
        assert!(open(conn)?.is_empty(), "an exchange must be seen twice");
        look(conn, cellar, "s13", &[("A", "xbc"), ("B", "a")])?;
        let question = open(conn)?.remove(0);
        assert!(question.kind == ProposalKind::Swap && question.other.is_some(), "{question:?}");
        proposal_approve(conn, &question.id, &Approval::default(), &anna(), now())?;
        assert_eq!(place(conn, &a)?, (BottleStatus::InCellar, Some("B".to_owned())));
        assert_eq!((place(conn, &x)?, place(conn, &waits)?), (in_a(), (BottleStatus::InCellar, None)));
        Ok(())
    });
}
