//! Which backups are kept: the newest of each of the last days, weeks and months that have one. A pure function of
//! their times, so that a machine that was off for a month loses nothing by being switched on.

use std::collections::BTreeSet;

use chrono::Datelike;
use models::Instant;

/// Weeks of which one backup each is kept.
const WEEKS: usize = 4;
/// Months of which one backup each is kept.
const MONTHS: usize = 12;

/// Those that need not be kept, oldest first. The newest always is.
pub(crate) fn surplus(times: &[Instant], days: usize) -> Vec<Instant> {
    let times: BTreeSet<Instant> = times.iter().copied().collect();
    let mut kept: BTreeSet<Instant> = times.last().copied().into_iter().collect();
    kept.extend(newest_of_each(&times, days, |at| (at.year(), at.ordinal())));
    kept.extend(newest_of_each(&times, WEEKS, |at| (at.iso_week().year(), at.iso_week().week())));
    kept.extend(newest_of_each(&times, MONTHS, |at| (at.year(), at.month())));
    times.difference(&kept).copied().collect()
}

/// The newest of each of the last `count` periods that have one.
fn newest_of_each(times: &BTreeSet<Instant>, count: usize, period: impl Fn(&Instant) -> (i32, u32)) -> Vec<Instant> {
    let mut kept: Vec<Instant> = Vec::new();
    for at in times.iter().rev() {
        if kept.len() == count {
            break;
        }
        if kept.last().is_none_or(|last| period(last) != period(at)) {
            kept.push(*at);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, NaiveDate};

    use super::*;

    fn day(n: i64) -> Instant {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).and_then(|day| day.and_hms_opt(4, 0, 0)).expect("a day");
        first + Duration::days(n)
    }

    /// Two years of a backup a day, each followed by the clearing up.
    fn after_days(count: i64, keep: usize) -> Vec<Instant> {
        let mut there: Vec<Instant> = Vec::new();
        for n in 0..count {
            there.push(day(n));
            let gone = surplus(&there, keep);
            there.retain(|at| !gone.contains(at));
        }
        there
    }

    #[test]
    fn days_weeks_and_months_are_kept_and_no_more() {
        let there = after_days(730, 7);
        for n in 723..730 {
            assert!(there.contains(&day(n)), "day {n}");
        }
        let months: BTreeSet<_> = there.iter().map(|at| (at.year(), at.month())).collect();
        assert_eq!(months.len(), 12, "{there:?}");
        assert!(there.len() <= 7 + 4 + 12, "{} files", there.len());
        let weeks: BTreeSet<_> = there.iter().map(|at| at.iso_week()).collect();
        assert!(weeks.len() >= 4);
    }

    #[test]
    fn the_newest_stays_whatever_is_asked_and_a_gap_costs_nothing() {
        assert_eq!(surplus(&[], 7), []);
        assert_eq!(surplus(&[day(3)], 0), []);
        let old: Vec<Instant> = (0..5).map(day).collect();
        assert_eq!(surplus(&old, 7), [], "five days are fewer than seven, however long ago");
        let mut with_today = old.clone();
        with_today.push(day(400));
        assert_eq!(surplus(&with_today, 7), []);
        let twice = [day(0), day(0) + Duration::hours(1)];
        assert_eq!(surplus(&twice, 7), [day(0)], "of one day the newest stays");
    }
}
