//! A "wrong" that many later scans speak against is asked about once more, and no oftener.

use chrono::TimeDelta;
use models::{
    compare::Belief,
    db::{Conn, proposals::*, scans::*, stocktake::bin_count},
    ids::BottleId,
    movement::{IssueReason, MovementRequest as Ask},
    proposal::{Proposal, ProposalState::*},
    scan::{Scan, ScanStatus},
    trust::Stocktake,
};

use crate::{cellar::*, explain::open};

/// A night's scan counts so many bottles in A, that surely; gives what is open then.
fn night(conn: &mut Conn, cellar: &Cellar, day: i64, count: Option<i32>, sure: f64) -> Outcome<Vec<Proposal>> {
    let at = now() + TimeDelta::days(day);
    let scan = Scan { started_at: at, finished_at: at, ..scan_of(cellar, &format!("s{day:03}"), ScanStatus::Ok) };
    scan_record(conn, &scan, &[of_a(count, sure)], &[], &Belief::default())?;
    open(conn)
}

/// One bottle lies in A by the book, none is seen, and somebody calls that wrong.
fn called_wrong(conn: &mut Conn, cellar: &Cellar) -> Outcome<BottleId> {
    let bottle = receive(conn, cellar, Some("A"))?;
    let asked = night(conn, cellar, 1, Some(0), 0.95)?.remove(0);
    wrong(conn, &asked, 1)?;
    Ok(bottle)
}

fn wrong(conn: &mut Conn, asked: &Proposal, day: i64) -> Outcome {
    proposal_reject(conn, &asked.id, None, &anna(), now() + TimeDelta::days(day)).map(drop)
}

#[test]
fn five_sure_days_ask_once_more_and_nothing_asks_a_third_time() {
    in_cellar(|conn, cellar| {
        let bottle = called_wrong(conn, cellar)?;
        for day in 2..6 {
            assert!(night(conn, cellar, day, Some(0), 0.95)?.is_empty(), "day {day}");
        }
        assert!(night(conn, cellar, 6, None, 0.0)?.is_empty(), "no opinion asks nothing");
        let again = night(conn, cellar, 7, Some(0), 0.95)?.remove(0);
        assert!(
            again.note.as_ref().is_some_and(|why| why.contains("2026-11-25") && why.contains("5 days")),
            "{again:?}"
        );
        assert_eq!(night(conn, cellar, 8, Some(0), 0.95)?.len(), 1, "it stays one question");
        wrong(conn, &again, 8)?;
        assert_eq!(proposal_get(conn, &again.id)?.note, None);
        for day in 9..40 {
            assert!(night(conn, cellar, day, Some(0), 0.99)?.is_empty(), "day {day}");
        }
        // The bottle moves: what was said of old says nothing any more.
        act(conn, Ask::issue(bottle, IssueReason::Drunk))?;
        receive(conn, cellar, Some("A"))?;
        assert_eq!(night(conn, cellar, 40, Some(0), 0.95)?.len(), 1);
        Ok(())
    });
}

#[test]
fn one_that_closed_by_itself_is_not_asked_a_third_time_either() {
    in_cellar(|conn, cellar| {
        called_wrong(conn, cellar)?;
        for day in 2..6 {
            night(conn, cellar, day, Some(0), 0.95)?;
        }
        let again = night(conn, cellar, 6, Some(0), 0.95)?.remove(0);
        assert!(night(conn, cellar, 7, Some(1), 0.95)?.is_empty());
        assert_eq!(proposal_get(conn, &again.id)?.state, Superseded);
        for day in 8..30 {
            assert!(night(conn, cellar, day, Some(0), 0.95)?.is_empty(), "day {day}");
        }
        Ok(())
    });
}

#[test]
fn a_camera_that_is_unsure_needs_twice_as_many_days_and_one_that_wavers_is_not_believed() {
    in_cellar(|conn, cellar| {
        called_wrong(conn, cellar)?;
        for day in 2..40 {
            let count = if day % 5 == 0 { 1 } else { 0 };
            assert!(night(conn, cellar, day, Some(count), 0.95)?.is_empty(), "day {day}");
        }
        night(conn, cellar, 40, Some(1), 0.95)?;
        for day in 41..50 {
            assert!(night(conn, cellar, day, Some(0), 0.7)?.is_empty(), "day {day}");
        }
        assert_eq!(night(conn, cellar, 50, Some(0), 0.7)?.len(), 1);
        Ok(())
    });
}

#[test]
fn who_has_counted_the_bin_is_not_asked_again() {
    in_cellar(|conn, cellar| {
        let bottle = called_wrong(conn, cellar)?;
        let found = Stocktake { here: vec![bottle], ..Stocktake::default() };
        bin_count(conn, &"A".into(), &found, &anna(), now() + TimeDelta::days(3))?;
        for day in 2..40 {
            assert!(night(conn, cellar, day, Some(0), 0.95)?.is_empty(), "day {day}");
        }
        Ok(())
    });
}

#[test]
fn scans_of_one_day_are_one_reason() {
    in_cellar(|conn, cellar| {
        called_wrong(conn, cellar)?;
        for hour in 0..12 {
            let at = now() + TimeDelta::days(2) + TimeDelta::hours(hour);
            let scan =
                Scan { started_at: at, finished_at: at, ..scan_of(cellar, &format!("t{hour:02}"), ScanStatus::Ok) };
            scan_record(conn, &scan, &[of_a(Some(0), 0.95)], &[], &Belief::default())?;
            assert!(open(conn)?.is_empty(), "hour {hour}");
        }
        Ok(())
    });
}
