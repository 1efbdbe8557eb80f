//! A time axis of months.

use crate::{format::month_name, texts};

/// Year and month (1 to 12) of `2026-11`.
fn parts(month: &str) -> Option<(i32, usize)> {
    let (year, month) = month.split_once('-')?;
    Some((year.parse().ok()?, month.parse().ok()?))
}

/// `Nov 2026`.
pub fn words(month: &str) -> String {
    match parts(month) {
        Some((year, n)) => texts::month_of(&month_name(n), &year),
        None => month.to_owned(),
    }
}

/// Which months get a label, and which: years (every one, every second, fifth, tenth …) where the axis is long, else
/// months, so that at most `most` labels stand on it.
pub fn labels(months: &[String], most: usize) -> Vec<(usize, String)> {
    if months.len() <= 18 {
        let step = months.len().div_ceil(most.max(1)).max(1);
        // From the end, so that the newest month has its name.
        let chosen = |i: &usize| (months.len() - 1 - i).is_multiple_of(step);
        return (0..months.len()).filter(chosen).map(|i| (i, short(&months[i]))).collect();
    }
    let january = |i: &usize| months[*i].ends_with("-01");
    let years: Vec<usize> = (0..months.len()).filter(january).collect();
    let step = [1, 2, 5, 10, 20, 50].into_iter().find(|step| years.len().div_ceil(*step) <= most).unwrap_or(100);
    let round = |i: &usize| parts(&months[*i]).is_some_and(|(year, _)| year.rem_euclid(step as i32) == 0);
    years.into_iter().filter(round).map(|i| (i, months[i][..4].to_owned())).collect()
}

/// `Nov`, or `Jan 26` where a year begins.
fn short(month: &str) -> String {
    match parts(month) {
        Some((year, 1)) => texts::january_of(&format!("{:02}", year.rem_euclid(100))),
        Some((_, n)) => month_name(n).to_owned(),
        None => month.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(from_year: i32, count: usize) -> Vec<String> {
        (0..count).map(|n| format!("{}-{:02}", from_year + (n / 12) as i32, n % 12 + 1)).collect()
    }

    #[test]
    fn a_short_axis_names_months_and_always_the_last() {
        let names: Vec<_> = labels(&months(2026, 11), 6).into_iter().map(|label| label.1).collect();
        assert_eq!(names, ["Jan 26", "Mar", "May", "Jul", "Sep", "Nov"]);
        assert_eq!(labels(&months(2026, 1), 6), [(0, "Jan 26".to_owned())]);
        assert!(labels(&[], 6).is_empty());
    }

    #[test]
    fn a_long_axis_names_round_years() {
        let names: Vec<_> = labels(&months(2003, 12 * 24), 6).into_iter().map(|label| label.1).collect();
        assert_eq!(names, ["2005", "2010", "2015", "2020", "2025"]);
    }

    #[test]
    fn months_have_names() {
        assert_eq!(words("2026-11"), "Nov 2026");
        assert_eq!(words("x"), "x");
    }
}
