//! The journal's rules.

use models::{
    bottle::{BottleFacts, BottleStatus},
    db::{DbError, bottles::bottle_get, case::case_receive, meta, movements::*, racks::bin_summary},
    ids::BinId,
    movement::{IssueReason, Movement, MovementKind, MovementRequest as Ask},
};

use crate::cellar::*;

#[test]
fn a_bottle_comes_moves_and_leaves() {
    in_cellar(|conn, cellar| {
        let bottle = receive(conn, cellar, Some("A"))?;
        act(conn, Ask::Move { bottle_id: bottle.clone(), bin: Some("B".into()) })?;
        let issue = act(conn, Ask::issue(bottle.clone(), IssueReason::Gift))?;
        assert_eq!(issue.from_bin, Some("B".into()));
        let gone = bottle_get(conn, &bottle, 2026)?.bottle;
        assert_eq!((gone.status, gone.bin, gone.revision), (BottleStatus::Gone, None, 3));
        assert!(matches!(act(conn, Ask::issue(bottle.clone(), IssueReason::Drunk)), Err(DbError::Rule(_))));
        assert!(matches!(act(conn, Ask::Move { bottle_id: bottle.clone(), bin: None }), Err(DbError::Rule(_))));
        let journal = movement_list(conn, &MovementFilter { bottle: Some(bottle), ..Default::default() }, None, 10)?;
        let kinds: Vec<_> = journal.iter().map(|m| m.kind).collect();
        assert_eq!(kinds, [MovementKind::Issue, MovementKind::Move, MovementKind::Receipt]);
        assert_eq!(movement_get(conn, &issue.id)?, issue);
        assert_eq!(
            movement_list(conn, &MovementFilter { bin: Some("A".into()), ..Default::default() }, None, 10)?.len(),
            2
        );
        assert_eq!(movement_list(conn, &MovementFilter::default(), Some(&issue.id), 10)?.len(), 2);
        Ok(())
    });
}

#[test]
fn a_bin_that_is_full_unknown_or_out_of_use_takes_nothing() {
    in_cellar(|conn, cellar| {
        receive(conn, cellar, Some("B"))?;
        receive(conn, cellar, Some("B"))?;
        let told = |done: Outcome<_>| done.err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(told(receive(conn, cellar, Some("B"))), "bin B is full (2 of 2)");
        assert!(told(receive(conn, cellar, Some("Q"))).contains("there is no bin Q"));
        assert!(told(receive(conn, cellar, Some("Z"))).contains("not in use"));
        Ok(())
    });
}

#[test]
fn an_undo_is_exact_and_happens_once() {
    in_cellar(|conn, cellar| {
        let bottle = receive(conn, cellar, Some("A"))?;
        let issue = act(conn, Ask::issue(bottle.clone(), IssueReason::Drunk))?;
        let undo = movement_undo(conn, &issue.id, &anna(), now())?;
        assert_eq!(bottle_get(conn, &bottle, 2026)?.bottle.bin, Some("A".into()));
        assert!(
            matches!(movement_undo(conn, &issue.id, &anna(), now()), Err(DbError::Conflict(text)) if text.contains("already"))
        );
        movement_undo(conn, &undo.id, &anna(), now())?;
        assert_eq!(bottle_get(conn, &bottle, 2026)?.bottle.status, BottleStatus::Gone, "an undo of the undo");
        Ok(())
    });
}

#[test]
fn what_has_moved_since_is_not_undone() {
    in_cellar(|conn, cellar| {
        let bottle = receive(conn, cellar, Some("A"))?;
        let seen = bottle_get(conn, &bottle, 2026)?.bottle.revision;
        let first = act(conn, Ask::Move { bottle_id: bottle.clone(), bin: Some("B".into()) })?;
        // Who saw it where it was does not take this move away unseen.
        let late = Ask::Move { bottle_id: bottle.clone(), bin: None };
        let told = movement_apply_seen(conn, &late, Some(seen), &anna(), now()).expect_err("too late");
        assert!(matches!(&told, DbError::Stale(why) if why.contains("move by")), "{told}");
        act(conn, Ask::Move { bottle_id: bottle, bin: None })?;
        assert!(
            matches!(movement_undo(conn, &first.id, &anna(), now()), Err(DbError::Conflict(text)) if text.contains("since"))
        );
        Ok(())
    });
}

#[test]
fn each_write_is_counted_and_a_failed_one_leaves_nothing() {
    test_support::each_backend(|it| {
        let cellar = it.db.write(furnish).unwrap();
        let before = it.db.read(meta::revision).unwrap();
        let failed: Result<(), DbError> = it.db.write(|conn| {
            receive(conn, &cellar, Some("A"))?;
            Err(DbError::Other("on purpose".into()))
        });
        assert!(failed.is_err());
        assert_eq!(it.db.read(meta::revision).unwrap(), before, "{}", it.engine);
        assert!(it.db.read(|conn| movement_list(conn, &MovementFilter::default(), None, 9)).unwrap().is_empty());
    });
}

#[test]
fn a_case_fills_the_bins_from_one_on_and_the_rest_waits() {
    in_cellar(|conn, cellar| {
        receive(conn, cellar, Some("A"))?;
        let mut case = |from: Option<&str>, count| {
            let from = from.map(BinId::from);
            case_receive(conn, &cellar.vintage, count, from.as_ref(), &BottleFacts::default(), &anna(), now())
        };
        let field = |done: Outcome<Vec<Movement>>| done.expect_err("refused").to_string();
        assert!(field(case(Some("A"), 0)).starts_with("bottles: "));
        assert!(field(case(Some("A"), 201)).starts_with("bottles: "));
        assert!(field(case(Some("nowhere"), 1)).starts_with("bin: "));
        let done = case(Some("A"), 6)?;
        let places: Vec<_> = done.iter().map(|m| m.to_bin.as_ref().map(BinId::as_str)).collect();
        // A holds 3, B 2, and Z is out of use.
        assert_eq!(places, [Some("A"), Some("A"), Some("B"), Some("B"), None, None]);
        assert!(case(None, 2)?.iter().all(|m| m.to_bin.is_none()));
        movement_undo(conn, &done[0].id, &anna(), now())?;
        assert_eq!(bin_summary(conn)?.iter().map(|bin| bin.qty).sum::<i32>(), 1, "at one go");
        Ok(())
    });
}
