//! Hours in which nobody is told anything.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};

/// From a time of the day until another, maybe over midnight; local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quiet {
    from: NaiveTime,
    until: NaiveTime,
}

/// A time of the day.
pub(super) fn time(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M")
        .map_err(|_| format!("`{text}` is no time: write HH:MM, such as 22:00"))
}

impl std::str::FromStr for Quiet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (from, until) = text.split_once('-').ok_or("write HH:MM-HH:MM, such as 22:00-07:00")?;
        Ok(Self { from: time(from)?, until: time(until)? })
    }
}

impl Quiet {
    /// How long it is still quiet; none when it is not. A night in which clocks are changed is an hour longer or shorter.
    pub(super) fn left(&self, now: NaiveDateTime) -> Option<TimeDelta> {
        let time = now.time();
        let quiet = match self.from <= self.until {
            true => self.from <= time && time < self.until,
            false => self.from <= time || time < self.until,
        };
        let left = self.until - time;
        quiet.then(|| if left <= TimeDelta::zero() { left + TimeDelta::days(1) } else { left })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_goes_over_midnight() {
        let quiet: Quiet = "22:00-07:00".parse().expect("hours");
        let left = |hour, minute| {
            let at = chrono::NaiveDate::from_ymd_opt(2026, 11, 26).and_then(|day| day.and_hms_opt(hour, minute, 0));
            quiet.left(at.expect("a time")).map(|left| left.num_minutes())
        };
        assert_eq!((left(21, 59), left(22, 0), left(23, 30)), (None, Some(540), Some(450)));
        assert_eq!((left(6, 59), left(7, 0), left(12, 0)), (Some(1), None, None));
        let noon: Quiet = "12:00-13:00".parse().expect("hours");
        assert!(noon.left(Default::default()).is_none());
        for wrong in ["", "22", "22:00", "25:00-07:00", "22:00-", "a-b"] {
            assert!(wrong.parse::<Quiet>().is_err(), "{wrong}");
        }
    }
}
