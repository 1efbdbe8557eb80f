//! Words and numbers for a person, in the language of the page: server and browser print the same text.

#[cfg(feature = "ssr")]
mod changes;
mod trade;

use chrono::{Datelike, Timelike};
use models::{
    Instant,
    catalogue::Holding,
    currency,
    movement::{IssueReason, Movement, MovementKind},
    scan::{Scan, ScanStatus},
    window::DrinkState,
    wine::Colour,
};

use crate::texts;

#[cfg(feature = "ssr")]
pub use changes::change_words;
pub use trade::*;

/// The calendar year of an instant.
pub fn year_of(at: Instant) -> i32 {
    at.year()
}

/// How long ago, in the coarsest unit that still helps.
pub fn age(at: Instant, now: Instant) -> String {
    let minutes = (now - at).num_minutes();
    match minutes {
        ..=0 => texts::just_now().to_owned(),
        1..=59 => texts::minutes_ago(&minutes),
        60..=1439 => texts::hours_ago(&(minutes / 60)),
        1440..=2879 => texts::yesterday().to_owned(),
        _ => texts::days_ago(&(minutes / 1440)),
    }
}

/// The short name of a month, 1 to 12.
pub fn month_name(month: usize) -> &'static str {
    texts::months_short().split(' ').nth(month.wrapping_sub(1)).unwrap_or("?")
}

/// `24 Nov, 03:00 UTC`: the age beside it tells the year.
pub fn utc(at: Instant) -> String {
    let time = format!("{:02}:{:02}", at.hour(), at.minute());
    texts::moment(&at.day(), &month_name(at.month() as usize), &time)
}

/// `2026-11-24T03:00:00Z`, as `<time datetime>` and the browser's clock want it.
pub fn iso(at: Instant) -> String {
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", at.year(), at.month(), at.day())
}

/// Part of a whole in percent, 0 where the whole is empty.
pub fn percent(part: i32, whole: i32) -> i32 {
    if whole <= 0 { 0 } else { (part.clamp(0, whole) * 100 + whole / 2) / whole }
}

/// A number with thin spaces between thousands.
pub fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    if n < 0 { format!("\u{2212}{out}") } else { out }
}

/// A number of the smallest unit, `digits` behind the mark; a whole one has none.
pub fn decimal(value: i64, digits: u32) -> String {
    let unit = 10_i64.pow(digits);
    let (whole, part) = (grouped(value / unit), (value % unit).unsigned_abs());
    if part == 0 {
        return whole;
    }
    format!("{whole}{}{part:0width$}", texts::language().decimal_mark(), width = digits as usize)
}

/// Points: a number of the smallest unit without zeros at its end, such as `17.5`.
pub fn points(value: i64, digits: u32) -> String {
    let text = decimal(value, digits);
    let mark = texts::language().decimal_mark();
    if text.contains(mark) { text.trim_end_matches('0').to_owned() } else { text }
}

/// `1 234.50 EUR`; a whole amount has no decimals.
pub fn money(minor: i64, code: &str) -> String {
    format!("{}\u{a0}{code}", decimal(minor, currency::decimals(code)))
}

/// A share of one in whole per cent.
pub fn percent_of(share: f64) -> i64 {
    (share * 100.0).round() as i64
}

/// The year on the label.
pub fn vintage(year: Option<i32>) -> String {
    year.map_or_else(|| texts::nv().to_owned(), |y| y.to_string())
}

/// Why a bottle left, in the past tense.
pub fn reason_words(reason: IssueReason) -> &'static str {
    match reason {
        IssueReason::Drunk => texts::drunk(),
        IssueReason::Gift => texts::given_away(),
        IssueReason::Sold => texts::sold_word(),
        IssueReason::Broken => texts::broken_word(),
        IssueReason::Corked => texts::corked_poured(),
        IssueReason::Lost => texts::lost_word(),
    }
}

/// What a movement did: `drunk, from 03_03`.
pub fn movement_words(m: &Movement) -> String {
    let what = match m.kind {
        MovementKind::Receipt => texts::received_word(),
        MovementKind::Issue => m.reason.map_or_else(texts::taken, reason_words),
        MovementKind::Move => texts::moved(),
        MovementKind::Correction if m.reverses.is_some() => texts::put_right(),
        MovementKind::Correction => texts::corrected(),
    };
    match (&m.from_bin, &m.to_bin) {
        (Some(from), Some(to)) => texts::moved_between(&what, from, to),
        (Some(from), None) if m.is_here => texts::moved_out(&what, from),
        (Some(from), None) => texts::moved_from(&what, from),
        (None, Some(to)) => texts::moved_into(&what, to),
        (None, None) => what.to_owned(),
    }
}

/// Whose window it is.
pub fn source_words(source: Option<&str>) -> String {
    match source {
        Some(models::window::OWNER) => texts::own_window().to_owned(),
        Some(models::window::RULE) => texts::rule_of_thumb().to_owned(),
        Some(name) => texts::imported_from(&name),
        None => texts::not_known().to_owned(),
    }
}

/// Where a vintage stands in its window.
pub fn drink_words(state: DrinkState) -> &'static str {
    match state {
        DrinkState::Young => texts::keep(),
        DrinkState::Ready => texts::ready(),
        DrinkState::Peak => texts::at_its_peak(),
        DrinkState::Past => texts::past_peak(),
        DrinkState::Unknown => texts::no_window(),
    }
}

/// The class that goes with [`drink_words`].
pub fn drink_class(state: DrinkState) -> &'static str {
    match state {
        DrinkState::Young => "chip chip-young",
        DrinkState::Ready | DrinkState::Peak => "chip chip-ready",
        DrinkState::Past => "chip chip-past",
        DrinkState::Unknown => "chip",
    }
}

/// The letter on the bottle glyph: colour is never told by hue alone.
pub fn colour_letter(colour: Colour) -> &'static str {
    match colour {
        Colour::Red => "R",
        Colour::White => "W",
        Colour::Rose => "P",
        Colour::Orange => "O",
    }
}

/// How a scan ended: word and class. One that could be sure of no bin has told nothing either.
pub fn scan_words(scan: &Scan) -> (&'static str, &'static str) {
    match scan.status {
        ScanStatus::Ok if scan.bins_read == 0 => (texts::no_opinion_title(), "chip chip-young"),
        ScanStatus::Ok => (texts::read_scan(), "chip chip-ready"),
        ScanStatus::NoOpinion => (texts::no_opinion_title(), "chip chip-young"),
        ScanStatus::Failed => (texts::failed(), "chip chip-past"),
    }
}

/// What came of a scan, in a sentence. Why one could not be trusted, the scan itself says.
pub fn scan_message(scan: &Scan) -> String {
    match scan.status {
        ScanStatus::Ok if scan.bins_read > 0 => texts::scan_read(scan.bins_read.into(), &scan.bins_changed),
        _ => scan.message.clone(),
    }
}

/// What the camera does in a stage of a scan; nothing outside of one.
#[cfg(feature = "ssr")]
pub fn stage_words(stage: &str) -> String {
    match stage {
        "" => "",
        "model" | "snapshot" => texts::stage_snapshot(),
        "rectify" | "crop" => texts::stage_rectify(),
        "detect" => texts::stage_detect(),
        _ => texts::stage_compare(),
    }
    .to_owned()
}

/// What took the time that a scan notes for a stage.
#[cfg(feature = "ssr")]
pub fn stage_name(stage: &str) -> &str {
    match stage {
        "model" => texts::time_model(),
        "snapshot" => texts::time_snapshot(),
        "rectify" => texts::time_rectify(),
        "crop" => texts::time_crop(),
        "detect" => texts::time_detect(),
        "annotate" => texts::time_annotate(),
        "files" => texts::time_files(),
        "compare" => texts::time_compare(),
        other => other,
    }
}

/// Milliseconds as a person reads them.
pub fn duration(ms: f64) -> String {
    if ms < 1000.0 { format!("{ms:.0} ms") } else { format!("{:.1} s", ms / 1000.0) }
}

/// At most `n` holdings, no vintage twice.
pub fn distinct_wines(holdings: Vec<Holding>, n: usize) -> Vec<Holding> {
    let mut picked: Vec<Holding> = Vec::with_capacity(n);
    for holding in holdings {
        if picked.len() == n {
            break;
        }
        if picked.iter().all(|p| p.vintage_id != holding.vintage_id) {
            picked.push(holding);
        }
    }
    picked
}

#[cfg(test)]
#[path = "format/tests.rs"]
mod tests;
