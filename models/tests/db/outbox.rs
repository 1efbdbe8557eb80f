//! What is told to others: each event once, in its order, to each target.

use chrono::TimeDelta;
use models::{
    Instant,
    db::{Conn, Db, DbError, bottles::*, events::*, meta, movements::*, outbox::*, problems::*, proposals::*},
    event::{Event, EventKind},
    movement::MovementKind,
    proposal::{Answer, ProposalState},
};

use crate::cellar::*;

fn kinds(list: &[Event]) -> Vec<EventKind> {
    list.iter().map(|event| event.kind).collect()
}

fn all(conn: &mut Conn) -> Outcome<Vec<Event>> {
    event_list(conn, (0, i32::MAX), 999)
}

fn hold(conn: &mut Conn, name: &str, who: &str, now: Instant) -> Outcome<bool> {
    target_hold(conn, name, who, now + TimeDelta::seconds(60), now)
}

fn queue(db: &Db, name: &str) -> usize {
    db.write_aside(|conn| deliveries_queue(conn, name, &|_| true, now()))
        .unwrap_or_else(|error: DbError| panic!("{error}"))
}

#[test]
fn a_scan_tells_once_what_it_has_seen_of_what_was_booked() {
    test_support::each_backend(|it| {
        let cellar = it.db.write(furnish).unwrap();
        it.db.write_aside(|conn| hold(conn, "one", "server", now())).unwrap();
        let bottle = it.db.write(|conn| receive(conn, &cellar, Some("A"))).unwrap();
        let scan = |id: &str, counts: &[(&str, i32)]| {
            it.db.write(|conn| see(conn, &cellar, id, counts)).unwrap();
            let last = it.db.read(all).unwrap().pop().unwrap();
            assert_eq!(last.kind, EventKind::ScanFinished);
            last.data["confirmed"].clone()
        };
        assert_eq!(scan("s1", &[("A", 2), ("B", 0)]), serde_json::json!([]), "a bin that differs confirms nothing");
        let seen = scan("s2", &[("A", 1), ("B", 0)]);
        assert_eq!(seen.as_array().map(Vec::len), Some(1), "{}: {seen}", it.engine);
        assert_eq!(
            (&seen[0]["bottle_id"], &seen[0]["bin"], &seen[0]["saw"], &seen[0]["title"]),
            (&bottle.as_str().into(), &"A".into(), &"here".into(), &"Domaine Tempier Bandol Rouge 2019".into())
        );
        assert_eq!(scan("s3", &[("A", 1)]), serde_json::json!([]), "{}: it was told", it.engine);
    });
}

#[test]
fn what_is_done_at_one_go_is_one_event_and_what_is_refused_is_none() {
    test_support::each_backend(|it| {
        let cellar = it.db.write(furnish).unwrap();
        it.db.write(|conn| receive(conn, &cellar, Some("A"))).unwrap();
        assert!(it.db.read(all).unwrap().is_empty(), "as long as nobody is told nothing is noted");
        it.db.write_aside(|conn| hold(conn, "one", "server", now())).unwrap();
        let before = it.db.read(meta::revision).unwrap();
        let mut ids = Vec::new();
        it.db
            .write(|conn| {
                for _ in 0..2 {
                    ids.push(receive(conn, &cellar, Some("A"))?);
                }
                Ok::<_, DbError>(())
            })
            .unwrap();
        let refused = it.db.write(|conn| {
            receive(conn, &cellar, Some("B"))?;
            receive(conn, &cellar, Some("Z"))
        });
        assert!(refused.is_err(), "{}: Z is not in use", it.engine);
        let list = it.db.read(all).unwrap();
        assert_eq!(kinds(&list), [EventKind::StockChanged], "{}", it.engine);
        assert_eq!((list[0].revision, list[0].number), (before + 1, 1));
        assert_eq!(list[0].data["count"], 2);
        assert_eq!(list[0].data["movements"][1]["bottle_id"], ids[1].as_str());
        assert_eq!(list[0].data["movements"][0]["title"], "Domaine Tempier Bandol Rouge 2019");
    });
}

#[test]
fn a_question_is_told_when_it_is_asked_answered_and_asked_again() {
    in_cellar(|conn, cellar| {
        hold(conn, "one", "server", now())?;
        for _ in 0..2 {
            receive(conn, cellar, Some("A"))?;
        }
        see(conn, cellar, "s1", &[("A", 1)])?;
        let asked = proposal_list(conn, Some(ProposalState::Open), None, 9)?.remove(0);
        let done = proposal_answer(conn, &asked.id, Answer::Drunk, Vec::new(), &anna(), now())?;
        movement_undo(conn, &done[0].id, &anna(), now())?;
        let list: Vec<Event> = all(conn)?.into_iter().filter(|e| e.kind != EventKind::StockChanged).collect();
        use EventKind::*;
        assert_eq!(kinds(&list), [ProposalRaised, ScanFinished, ProposalClosed, ProposalRaised]);
        assert_eq!(list[0].data["question"], "1 bottle missing from A");
        assert_eq!(list[0].data["answers"][0], "drunk");
        assert_eq!((&list[2].data["state"], &list[2].data["decided_by"]), (&"approved".into(), &"Anna".into()));
        assert!(list.is_sorted_by_key(|event| (event.revision, event.number)));
        Ok(())
    });
}

#[test]
fn a_bottle_that_was_opened_stands_in_no_bin_and_an_undo_closes_it() {
    in_cellar(|conn, cellar| {
        for _ in 0..2 {
            receive(conn, cellar, Some("A"))?;
        }
        see(conn, cellar, "s1", &[("A", 1)])?;
        let asked = proposal_list(conn, Some(ProposalState::Open), None, 9)?.remove(0);
        let later = now() + TimeDelta::seconds(5);
        let done = proposal_answer(conn, &asked.id, Answer::Opened, Vec::new(), &anna(), later)?;
        assert_eq!((done.len(), done[0].kind), (1, MovementKind::Move));
        let mut bottle = || bottle_get(conn, &done[0].bottle_id, 2026).map(|view| view.bottle);
        let open = bottle()?;
        assert_eq!((open.bin, open.facts.opened_at), (None, Some(later)));
        let undone = movement_undo(conn, &done[0].id, &anna(), later + TimeDelta::seconds(5))?;
        let mut bottle = || bottle_get(conn, &done[0].bottle_id, 2026).map(|view| view.bottle);
        let closed = bottle()?;
        assert_eq!((closed.bin.map(|bin| bin.0).as_deref(), closed.facts.opened_at), (Some("A"), None));
        assert_eq!(proposal_get(conn, &asked.id)?.state, ProposalState::Open, "it is asked again");
        movement_undo(conn, &undone.id, &anna(), later + TimeDelta::seconds(9))?;
        assert_eq!(bottle_get(conn, &done[0].bottle_id, 2026)?.bottle.facts.opened_at, Some(later));
        Ok(())
    });
}

#[test]
fn each_target_is_told_of_all_that_happens_after_it_was_named_and_of_nothing_twice() {
    test_support::each_backend(|it| {
        let cellar = it.db.write(furnish).unwrap();
        it.db.write(|conn| receive(conn, &cellar, None)).unwrap();
        assert!(it.db.write_aside(|conn| hold(conn, "one", "server", now())).unwrap());
        assert_eq!(queue(&it.db, "one"), 0, "what was before it is not told");
        let revision = it.db.read(meta::revision).unwrap();
        it.db.write(|conn| receive(conn, &cellar, None)).unwrap();
        assert!(it.db.write_aside(|conn| hold(conn, "two", "server", now())).unwrap());
        for _ in 0..2 {
            it.db.write(|conn| receive(conn, &cellar, None)).unwrap();
        }
        assert!(it.db.read(|conn| target_lags(conn, "one")).unwrap());
        // As many who queue at once as there may be servers: each event is queued by one of them.
        let queued: usize = std::thread::scope(|scope| {
            let runners: Vec<_> = (0..3).map(|_| scope.spawn(|| queue(&it.db, "one"))).collect();
            runners.into_iter().map(|runner| runner.join().unwrap()).sum()
        });
        assert_eq!((queued, queue(&it.db, "two")), (3, 2), "{}", it.engine);
        assert!(!it.db.read(|conn| target_lags(conn, "one")).unwrap());
        let due = it.db.read(|conn| deliveries_due(conn, "one", now(), 99)).unwrap();
        assert_eq!(
            due.iter().map(|one| one.event.revision).collect::<Vec<_>>(),
            [revision + 1, revision + 2, revision + 3]
        );
        assert_eq!(it.db.read(meta::revision).unwrap(), revision + 3, "{}: no page is told of it", it.engine);
    });
}

#[test]
fn what_fails_waits_is_given_up_and_can_be_tried_again() {
    test_support::each_backend(|it| {
        let cellar = it.db.write(furnish).unwrap();
        it.db.write_aside(|conn| hold(conn, "one", "server", now())).unwrap();
        it.db.write(|conn| receive(conn, &cellar, None)).unwrap();
        queue(&it.db, "one");
        let step = |at: Instant| it.db.read(|conn| deliveries_due(conn, "one", at, 99)).unwrap();
        let state = || it.db.read(target_list).unwrap().remove(0);
        let id = step(now())[0].id.clone();
        let soon = now() + TimeDelta::seconds(5);
        let pause = || it.db.read(|conn| delivery_pause(conn, &id)).unwrap();
        let fail = |why: &str, due: Instant, given_up: bool, at: Instant| {
            let failed = Failed { why: why.to_owned(), due, given_up };
            it.db.write_aside(|conn| deliveries_failed(conn, "one", &[&id], &failed, at)).unwrap();
        };
        fail("refused", soon, false, now());
        assert_eq!(pause(), Some(soon));
        assert!(step(now()).is_empty());
        assert_eq!(it.db.read(|conn| delivery_next(conn, "one")).unwrap(), Some(soon));
        assert_eq!((step(soon)[0].attempts, step(soon)[0].id == id), (1, true));
        assert!(state().fails() && state().waiting == 1);
        let later = soon + TimeDelta::hours(1);
        fail(&"x".repeat(900), later, true, soon);
        assert_eq!(pause(), Some(later), "the next is not tried sooner because this one was given up");
        assert_eq!((state().waiting, state().dead, state().failure.map(|why| why.len())), (0, 1, Some(500)));
        assert_eq!(it.db.write_aside(|conn| deliveries_revive(conn, "one", soon)).unwrap(), 1);
        assert_eq!(pause(), Some(soon), "whoever asks for it is not made to wait");
        it.db.write_aside(|conn| deliveries_done(conn, "one", &[&id], soon + TimeDelta::seconds(1))).unwrap();
        assert_eq!(pause(), None);
        assert!(!state().fails() && state().waiting == 0 && state().dead == 0, "{}", it.engine);
        let late = now() + TimeDelta::days(20);
        assert_eq!(it.db.write_aside(|conn| events_prune(conn, late)).unwrap(), 1);
        assert!(it.db.write_aside(|conn| target_forget(conn, "one")).unwrap());
    });
}

#[test]
fn one_server_holds_a_target_until_it_lets_go_or_is_silent() {
    in_cellar(|conn, _| {
        assert!(hold(conn, "one", "a", now())?);
        assert!(!hold(conn, "one", "b", now())?);
        assert!(target_taken(conn, "one", "b", now())? && !target_taken(conn, "one", "a", now())?);
        assert!(
            !target_taken(conn, "one", "b", now() + TimeDelta::seconds(91))? && !target_taken(conn, "two", "b", now())?
        );
        assert!(hold(conn, "one", "a", now() + TimeDelta::seconds(30))?);
        assert!(!hold(conn, "one", "b", now() + TimeDelta::seconds(80))?);
        assert!(hold(conn, "one", "b", now() + TimeDelta::seconds(91))?, "a is silent");
        target_release(conn, "one", "b")?;
        assert!(!target_taken(conn, "one", "a", now())?);
        assert!(hold(conn, "one", "a", now())?);
        Ok(())
    });
}

#[test]
fn a_problem_is_told_once_and_once_when_it_is_over() {
    in_cellar(|conn, _| {
        hold(conn, "one", "server", now())?;
        let full = Problem { name: "room".into(), found: "0 MB free".into(), cure: "a larger disk".into() };
        assert_eq!(problems_found(conn, std::slice::from_ref(&full), now())?, 1);
        let worse = Problem { found: "none".into(), ..full };
        assert_eq!(problems_found(conn, &[worse], now())?, 0);
        assert_eq!(problems_found(conn, &[], now())?, 1);
        assert_eq!(kinds(&all(conn)?), [EventKind::ProblemRaised, EventKind::ProblemCleared]);
        Ok(())
    });
}
