//! Words and numbers for a person. Pure, so that server and browser print the same text.

use chrono::{Datelike, Timelike};
use models::{
    Instant,
    catalogue::Holding,
    change::{Change, Entity},
    currency,
    movement::{IssueReason, Movement, MovementKind},
    scan::{Scan, ScanStatus},
    window::DrinkState,
    wine::{Colour, Style},
};

/// The calendar year of an instant.
pub fn year_of(at: Instant) -> i32 {
    at.year()
}

/// How long ago, in the coarsest unit that still helps.
pub fn age(at: Instant, now: Instant) -> String {
    let minutes = (now - at).num_minutes();
    match minutes {
        ..=0 => "just now".to_owned(),
        1..=59 => format!("{minutes} min ago"),
        60..=1439 => format!("{} h ago", minutes / 60),
        1440..=2879 => "yesterday".to_owned(),
        _ => format!("{} days ago", minutes / 1440),
    }
}

/// `24 Nov, 03:00 UTC`: the age beside it tells the year.
pub fn utc(at: Instant) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.get(at.month0() as usize).copied().unwrap_or_default();
    format!("{} {month}, {:02}:{:02} UTC", at.day(), at.hour(), at.minute())
}

/// `2026-11-24T03:00:00Z`, as `<time datetime>` and the browser's clock want it.
pub fn iso(at: Instant) -> String {
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", at.year(), at.month(), at.day())
}

/// `1 bottle`, `2 bottles`.
pub fn counted(n: i32, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// `1 glass`, `2 glasses`.
pub fn glasses(n: i32) -> String {
    if n == 1 { "1 glass".to_owned() } else { format!("{n} glasses") }
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

/// `1 234.50 EUR`; a whole amount has no decimals.
pub fn money(minor: i64, code: &str) -> String {
    let unit = 10_i64.pow(currency::decimals(code));
    let (whole, part) = (minor / unit, (minor % unit).unsigned_abs());
    let whole = grouped(whole);
    if part == 0 {
        return format!("{whole}\u{a0}{code}");
    }
    let width = currency::decimals(code) as usize;
    format!("{whole}.{part:0width$}\u{a0}{code}")
}

/// The year on the label.
pub fn vintage(year: Option<i32>) -> String {
    year.map_or_else(|| "NV".to_owned(), |y| y.to_string())
}

/// Why a bottle left, in the past tense.
pub fn reason_words(reason: IssueReason) -> &'static str {
    match reason {
        IssueReason::Drunk => "drunk",
        IssueReason::Gift => "given away",
        IssueReason::Sold => "sold",
        IssueReason::Broken => "broken",
        IssueReason::Corked => "corked, poured away",
        IssueReason::Lost => "lost",
    }
}

/// What a movement did: `drunk, from 03_03`.
pub fn movement_words(m: &Movement) -> String {
    let what = match m.kind {
        MovementKind::Receipt => "received",
        MovementKind::Issue => m.reason.map_or("taken", reason_words),
        MovementKind::Move => "moved",
        MovementKind::Correction if m.reverses.is_some() => "put right",
        MovementKind::Correction => "corrected",
    };
    match (&m.from_bin, &m.to_bin) {
        (Some(from), Some(to)) => format!("{what}, {from} \u{2192} {to}"),
        (Some(from), None) if m.is_here => format!("{what} out of {from}, not yet put away"),
        (Some(from), None) => format!("{what}, from {from}"),
        (None, Some(to)) => format!("{what}, into {to}"),
        (None, None) => what.to_owned(),
    }
}

/// What an edit did: `changed name, region`.
pub fn change_words(change: &Change) -> String {
    let back = if change.reverses.is_some() { ", put right" } else { "" };
    let told = |name: &str| change.after.as_ref().map_or(serde_json::Value::Null, |after| after[name].clone());
    let told_of = match change.entity {
        Entity::Proposal if told("state") == "rejected" => Some("the camera was wrong".to_owned()),
        Entity::Proposal if told("state") == "parted" => Some("not one bottle: asked apart".to_owned()),
        Entity::Proposal => Some("the question is open again".to_owned()),
        Entity::Import if change.after.is_none() => Some("import taken back".to_owned()),
        Entity::Import => {
            let part = |name: &str, one: &str| {
                let n = told(name).as_i64().and_then(|n| i32::try_from(n).ok()).filter(|n| *n > 0);
                n.map(|n| counted(n, one))
            };
            let parts = [part("bottles_new", "bottle"), part("wines_new", "new wine"), part("notes_new", "note")];
            Some(format!("imported: {}", parts.into_iter().flatten().collect::<Vec<_>>().join(", ")))
        }
        Entity::Bottle if !told("vintage_id").is_null() => Some(format!("it is this wine{back}")),
        _ => None,
    };
    if let Some(words) = told_of {
        return words;
    }
    let what = match (&change.before, &change.after) {
        (None, Some(_)) => "entered".to_owned(),
        (Some(_), None) => "removed".to_owned(),
        _ => match change.fields().iter().map(|field| field_words(field)).collect::<Vec<_>>().join(", ") {
            fields if fields.is_empty() => "changed".to_owned(),
            fields => format!("changed {fields}"),
        },
    };
    let thing = match change.entity {
        Entity::Wine => "wine",
        Entity::Vintage => "vintage",
        Entity::Bottle => "bottle",
        Entity::Note => "tasting note",
        Entity::Wish => "wish",
        Entity::Rack => "rack",
        Entity::Bin => "bin",
        Entity::User => "person",
        Entity::Token => "token",
        Entity::Import => "import",
        Entity::Proposal => "proposal",
    };
    format!("{thing} {what}{back}")
}

/// A field as people call it; what is measured in a unit carries that in its name.
fn field_words(field: &str) -> String {
    match field {
        "price_minor" => "price".to_owned(),
        "valuation_minor" => "value".to_owned(),
        "valuation_currency" => "currency of the value".to_owned(),
        "volume_ml" => "size".to_owned(),
        "abv_tenths" => "alcohol".to_owned(),
        "purchased_on" => "day of purchase".to_owned(),
        "opened_at" => "when opened".to_owned(),
        "tasted_on" => "day".to_owned(),
        "body" => "words".to_owned(),
        _ => field.replace('_', " "),
    }
}

/// Whose window it is.
pub fn source_words(source: Option<&str>) -> String {
    match source {
        Some(models::window::OWNER) => "own".to_owned(),
        Some(models::window::RULE) => "rule of thumb".to_owned(),
        Some(name) => format!("imported from {name}"),
        None => "not known".to_owned(),
    }
}

/// Where a vintage stands in its window.
pub fn drink_words(state: DrinkState) -> &'static str {
    match state {
        DrinkState::Young => "Keep",
        DrinkState::Ready => "Ready",
        DrinkState::Peak => "At its peak",
        DrinkState::Past => "Past peak",
        DrinkState::Unknown => "No window",
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

/// `sparkling rosé`.
pub fn colour_words(colour: Colour, style: Style) -> String {
    let colour = if colour == Colour::Rose { "ros\u{e9}" } else { colour.as_str() };
    if style == Style::Still { colour.to_owned() } else { format!("{} {colour}", style.as_str()) }
}

/// How a scan ended: word and class. One that could be sure of no bin has told nothing either.
pub fn scan_words(scan: &Scan) -> (&'static str, &'static str) {
    match scan.status {
        ScanStatus::Ok if scan.bins_read == 0 => ("No opinion", "chip chip-young"),
        ScanStatus::Ok => ("Read", "chip chip-ready"),
        ScanStatus::NoOpinion => ("No opinion", "chip chip-young"),
        ScanStatus::Failed => ("Failed", "chip chip-past"),
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
