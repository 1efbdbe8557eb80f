//! Days as other programs write them, brought to `YYYY-MM-DD`.

use chrono::NaiveDate;

/// In which order a file writes day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `M/D/YYYY`, as CellarTracker does.
    MonthFirst,
    /// `D/M/YYYY` and `D.M.YYYY`.
    DayFirst,
}

/// The three numbers of a day, a time after it left out.
fn numbers(text: &str) -> Option<([i32; 3], char)> {
    let day = text.split([' ', 'T']).next()?;
    let mark = day.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<i32> =
        day.trim_end_matches(mark).split(mark).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    Some((parts.try_into().ok()?, mark))
}

/// Reads a day; none for what is none, and for years that no bottle has seen (programs write 1/1/1900 for "unknown").
pub fn day(text: &str, order: Order) -> Option<String> {
    let ([a, b, c], mark) = numbers(text.trim())?;
    let (year, month, day) = match (mark, order) {
        _ if a > 31 => (a, b, c),
        ('.', _) => (c, b, a),
        (_, Order::MonthFirst) => (c, a, b),
        (_, Order::DayFirst) => (c, b, a),
    };
    let year = if year < 70 { year + 2000 } else { year };
    let date = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    (1901..=2200).contains(&year).then(|| date.to_string())
}

/// Which order all the days of a column fit, and whether it is sure.
pub fn order<'a>(cells: impl Iterator<Item = &'a str>) -> (Order, bool) {
    for ([a, b, _], mark) in cells.filter_map(numbers) {
        match mark {
            '.' if a <= 31 => return (Order::DayFirst, true),
            '/' | '-' if a > 12 && a <= 31 => return (Order::DayFirst, true),
            '/' | '-' if a <= 12 && b > 12 => return (Order::MonthFirst, true),
            _ => {}
        }
    }
    (Order::MonthFirst, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_order_of_their_file() {
        use Order::*;
        assert_eq!(day("5/25/2020", MonthFirst).as_deref(), Some("2020-05-25"));
        assert_eq!(day("25/5/2020", DayFirst).as_deref(), Some("2020-05-25"));
        assert_eq!(day("25.05.2020", MonthFirst).as_deref(), Some("2020-05-25"));
        assert_eq!(day("2025-09-20 19:12:33", DayFirst).as_deref(), Some("2025-09-20"));
        assert_eq!(day("2020.05.25.", DayFirst).as_deref(), Some("2020-05-25"));
        for none in ["", "Unknown", "1/1/1900", "13/13/2020", "2/30/2020", "5/2020"] {
            assert_eq!(day(none, MonthFirst), None, "{none}");
        }
        assert_eq!(order(["1/2/2020", "25/5/2020"].into_iter()), (DayFirst, true));
        assert_eq!(order(["1/2/2020", "5/25/2020"].into_iter()), (MonthFirst, true));
        assert_eq!(order(["1/2/2020"].into_iter()), (MonthFirst, false));
    }
}
