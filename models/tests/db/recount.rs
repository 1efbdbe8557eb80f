//! An answer takes a bottle out of a bin that was counted right: what came in its place is asked about at once.

use chrono::TimeDelta;
use models::{
    db::{Conn, movements::*, proposals::*},
    ids::{BottleId, MovementId},
    movement::MovementRequest as Ask,
    proposal::{Approval, Proposal, ProposalKind::*, ProposalState},
};

use crate::{
    cellar::*,
    explain::{known, look, open},
};

/// `n` lies where `a` lay, and `a` in B, the other end to the front: an `extra` there, and a question about A that waits.
fn turned(conn: &mut Conn, cellar: &Cellar) -> Outcome<([BottleId; 2], Proposal)> {
    let [a, b, _] = known(conn, cellar)?;
    look(conn, cellar, "s03", &[("A", "nb"), ("B", "xz")])?;
    let (mut extra, waits): (Vec<_>, Vec<_>) = open(conn)?.into_iter().partition(|open| open.kind == Extra);
    assert_eq!((extra.len(), waits.len()), (1, 1));
    let extra = extra.remove(0);
    assert_eq!((extra.kind, extra.bin.as_str()), (Extra, "B"));
    assert_eq!((waits[0].kind, waits[0].bin.as_str()), (Swap, "A"));
    Ok(([a, b], extra))
}

/// Somebody says so, a minute after the scan.
fn it_is(conn: &mut Conn, bottle: &BottleId, question: &Proposal) -> Outcome<MovementId> {
    let named = Approval { bottles: vec![bottle.clone()], ..Approval::default() };
    Ok(proposal_approve(conn, &question.id, &named, &anna(), now() + TimeDelta::minutes(1))?.remove(0).id)
}

#[test]
fn what_came_in_its_place_is_asked_at_once_and_settled_for_good() {
    in_cellar(|conn, cellar| {
        let ([a, _], extra) = turned(conn, cellar)?;
        it_is(conn, &a, &extra)?;
        let rest = open(conn)?;
        assert_eq!(rest.len(), 1, "{rest:?}");
        assert_eq!((rest[0].kind, rest[0].bin.as_str(), rest[0].expected, rest[0].seen), (Extra, "A", 1, 2));
        let new = Approval { vintage_id: Some(cellar.vintage.clone()), ..Approval::default() };
        proposal_approve(conn, &rest[0].id, &new, &anna(), now() + TimeDelta::minutes(2))?;
        assert!(open(conn)?.is_empty());
        look(conn, cellar, "s04", &[("A", "nb"), ("B", "xz")])?;
        assert!(open(conn)?.is_empty());
        Ok(())
    });
}

#[test]
fn an_answer_that_is_taken_back_takes_the_question_after_it_back() {
    in_cellar(|conn, cellar| {
        let ([a, _], extra) = turned(conn, cellar)?;
        let moved = it_is(conn, &a, &extra)?;
        let rest = open(conn)?.remove(0);
        movement_undo(conn, &moved, &anna(), now() + TimeDelta::minutes(2))?;
        assert_eq!(open(conn)?.iter().map(|open| &open.id).collect::<Vec<_>>(), [&extra.id]);
        assert_eq!(proposal_get(conn, &rest.id)?.state, ProposalState::Superseded);
        Ok(())
    });
}

#[test]
fn a_scan_that_is_older_than_what_was_booked_by_hand_tells_nothing() {
    in_cellar(|conn, cellar| {
        let ([a, b], extra) = turned(conn, cellar)?;
        movement_apply(conn, &Ask::Move { bottle_id: b, bin: None }, &anna(), now() + TimeDelta::seconds(9))?;
        it_is(conn, &a, &extra)?;
        assert!(open(conn)?.is_empty(), "the book says 0 of A, and nobody has looked since");
        Ok(())
    });
}
