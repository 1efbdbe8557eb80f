//! A bottle takes the place of one that is asked about: the count comes right, and the question stands.

use models::{
    bottle::BottleStatus,
    db::{Conn, bottles::*, movements::*, proposals::*, stocktake::trust_list},
    ids::BottleId,
    movement::MovementRequest as Ask,
    proposal::{Approval, Proposal, ProposalKind::*, ProposalState},
};

use crate::{
    cellar::*,
    explain::{known, look, open},
};

fn yes(conn: &mut Conn, asked: &Proposal) -> Outcome<Vec<models::movement::Movement>> {
    proposal_approve(conn, &asked.id, &Approval::default(), &anna(), now())
}

fn only(conn: &mut Conn) -> Outcome<Proposal> {
    let mut open = open(conn)?;
    assert_eq!(open.len(), 1, "{open:?}");
    Ok(open.remove(0))
}

fn place(conn: &mut Conn, bottle: &BottleId) -> Outcome<(BottleStatus, Option<String>)> {
    let bottle = bottle_get(conn, bottle, 2026)?.bottle;
    Ok((bottle.status, bottle.bin.map(|bin| bin.0)))
}

#[test]
fn a_missing_bottle_whose_place_another_takes_is_still_missing_and_the_other_is_asked_next() {
    in_cellar(|conn, cellar| {
        let [a, _, _] = known(conn, cellar)?;
        look(conn, cellar, "s03", &[("A", "b"), ("B", "x")])?;
        let missing = only(conn)?;
        assert_eq!((missing.kind, &missing.candidates[0].bottle_id), (Missing, &a));
        for scan in ["s04", "s05", "s06"] {
            look(conn, cellar, scan, &[("A", "nb"), ("B", "x")])?;
            assert_eq!(only(conn)?.id, missing.id, "one change is one question");
        }
        let done = yes(conn, &missing)?;
        assert_eq!(place(conn, &a)?, (BottleStatus::Gone, None));
        let extra = only(conn)?;
        assert_eq!((extra.kind, extra.bin.as_str(), extra.expected, extra.seen), (Extra, "A", 1, 2), "asked at once");
        assert_eq!(extra.scan_id.as_str(), "s06", "its picture shows what it says");
        look(conn, cellar, "s07", &[("A", "nb"), ("B", "x")])?;
        assert_eq!(only(conn)?.id, extra.id);

        movement_undo(conn, &done[0].id, &anna(), now())?;
        assert_eq!(only(conn)?.id, missing.id, "taken back, the first is open again");
        yes(conn, &missing)?;
        let extra = only(conn)?;
        let vintage_id = Some(cellar.vintage.clone());
        proposal_approve(conn, &extra.id, &Approval { vintage_id, ..Approval::default() }, &anna(), now())?;
        for scan in ["s08", "s09"] {
            look(conn, cellar, scan, &[("A", "nb"), ("B", "x")])?;
            assert!(open(conn)?.is_empty());
        }
        assert!(trust_list(conn, now())?.iter().all(|bin| bin.doubt.is_none()));
        Ok(())
    });
}

#[test]
fn one_that_lies_there_again_or_that_a_person_says_has_not_gone_is_not_missing() {
    in_cellar(|conn, cellar| {
        known(conn, cellar)?;
        look(conn, cellar, "s03", &[("A", "b"), ("B", "x")])?;
        look(conn, cellar, "s04", &[("A", "nb"), ("B", "x")])?;
        let missing = only(conn)?;
        look(conn, cellar, "s05", &[("A", "ba"), ("B", "x")])?;
        assert!(open(conn)?.is_empty(), "put back");
        assert_eq!(proposal_get(conn, &missing.id)?.state, ProposalState::Superseded);
        look(conn, cellar, "s06", &[("A", "b"), ("B", "x")])?;
        look(conn, cellar, "s07", &[("A", "bn"), ("B", "x")])?;
        let turned = only(conn)?;
        proposal_reject(conn, &turned.id, None, &anna(), now())?;
        for scan in ["s08", "s09", "s10"] {
            look(conn, cellar, scan, &[("A", "bn"), ("B", "x")])?;
            assert!(open(conn)?.is_empty(), "it was only turned round");
        }
        Ok(())
    });
}

#[test]
fn where_more_come_than_went_all_that_came_are_asked_next() {
    in_cellar(|conn, cellar| {
        let [a, _, _] = known(conn, cellar)?;
        look(conn, cellar, "s03", &[("A", "b"), ("B", "x")])?;
        let missing = only(conn)?;
        look(conn, cellar, "s04", &[("A", "nbo"), ("B", "x")])?;
        assert_eq!(only(conn)?.id, missing.id);
        yes(conn, &missing)?;
        assert_eq!(place(conn, &a)?, (BottleStatus::Gone, None));
        let extra = only(conn)?;
        assert_eq!((extra.kind, extra.number), (Extra, 2));
        Ok(())
    });
}

#[test]
fn a_bottle_that_came_is_asked_about_though_another_has_left_since() {
    in_cellar(|conn, cellar| {
        let [a, _, _] = known(conn, cellar)?;
        look(conn, cellar, "s03", &[("A", "abn"), ("B", "x")])?;
        let extra = only(conn)?;
        assert_eq!(extra.kind, Extra);
        look(conn, cellar, "s04", &[("A", "nb"), ("B", "x")])?;
        assert_eq!(only(conn)?.id, extra.id);
        yes(conn, &extra)?;
        let missing = only(conn)?;
        assert_eq!((missing.kind, &missing.candidates[0].bottle_id), (Missing, &a));
        yes(conn, &missing)?;
        look(conn, cellar, "s05", &[("A", "nb"), ("B", "x")])?;
        assert!(open(conn)?.is_empty());
        Ok(())
    });
}

#[test]
fn a_bottle_that_moved_and_whose_place_another_took_is_still_one_move() {
    in_cellar(|conn, cellar| {
        let [a, _, _] = known(conn, cellar)?;
        look(conn, cellar, "s03", &[("A", "b"), ("B", "x")])?;
        look(conn, cellar, "s04", &[("A", "nb"), ("B", "x")])?;
        look(conn, cellar, "s05", &[("A", "nb"), ("B", "xa")])?;
        let moved = only(conn)?;
        assert_eq!((moved.kind, &moved.candidates[0].bottle_id), (Move, &a));
        look(conn, cellar, "s06", &[("A", "nb"), ("B", "xa")])?;
        assert_eq!(only(conn)?.id, moved.id);
        yes(conn, &moved)?;
        assert_eq!(place(conn, &a)?, (BottleStatus::InCellar, Some("B".to_owned())));
        let extra = only(conn)?;
        assert_eq!((extra.kind, extra.bin.as_str()), (Extra, "A"));
        Ok(())
    });
}

#[test]
fn one_that_took_the_place_and_is_missing_elsewhere_is_asked_next_as_one_move() {
    in_cellar(|conn, cellar| {
        let [a, _, x] = known(conn, cellar)?;
        look(conn, cellar, "s03", &[("A", "b"), ("B", "x")])?;
        let missing = only(conn)?;
        // `x` comes from B into the place of `a`.
        look(conn, cellar, "s04", &[("A", "xb"), ("B", "")])?;
        let both = open(conn)?;
        assert_eq!(
            both.iter().map(|one| (one.kind, one.bin.as_str())).collect::<Vec<_>>(),
            [(Missing, "B"), (Missing, "A")]
        );
        let done = yes(conn, &missing)?;
        let moved = only(conn)?;
        assert_eq!((moved.kind, moved.bin.as_str(), &moved.candidates[0].bottle_id), (Move, "B", &x));
        assert_eq!(proposal_get(conn, &both[0].id)?.state, ProposalState::Superseded);
        look(conn, cellar, "s05", &[("A", "xb"), ("B", "")])?;
        assert_eq!(only(conn)?.id, moved.id);
        movement_undo(conn, &done[0].id, &anna(), now())?;
        assert_eq!(open(conn)?.len(), 2, "both are missing again");
        look(conn, cellar, "s06", &[("A", "xb"), ("B", "")])?;
        assert_eq!(open(conn)?.len(), 2);
        yes(conn, &missing)?;
        let moved = only(conn)?;
        yes(conn, &moved)?;
        assert_eq!(place(conn, &a)?, (BottleStatus::Gone, None));
        assert_eq!(place(conn, &x)?, (BottleStatus::InCellar, Some("A".to_owned())));
        look(conn, cellar, "s07", &[("A", "xb"), ("B", "")])?;
        assert!(open(conn)?.is_empty());
        Ok(())
    });
}

#[test]
fn who_books_what_came_closes_the_rest() {
    in_cellar(|conn, cellar| {
        let [a, _, _] = known(conn, cellar)?;
        look(conn, cellar, "s03", &[("A", "b"), ("B", "x")])?;
        look(conn, cellar, "s04", &[("A", "nb"), ("B", "x")])?;
        receive(conn, cellar, Some("A"))?;
        look(conn, cellar, "s05", &[("A", "nb"), ("B", "x")])?;
        let missing = only(conn)?;
        assert_eq!((missing.kind, missing.expected, missing.seen), (Missing, 3, 2));
        assert_eq!(missing.candidates[0].bottle_id, a);
        act(conn, Ask::Move { bottle_id: a, bin: None })?;
        look(conn, cellar, "s06", &[("A", "nb"), ("B", "x")])?;
        assert!(open(conn)?.is_empty());
        Ok(())
    });
}
