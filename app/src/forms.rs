//! What people type, as text: filled from a record, read back into one, and carried through a page that was refused.
//!
//! Everything here is text, because a form is: a year that is no year must come back as it was typed, with a sentence
//! that names the field.

pub mod bottle;
pub mod case;
pub mod note;
pub mod seen;
pub mod vintage;
pub mod wine;
pub mod wish;

use leptos_router::params::ParamsMap;

use crate::texts;
use models::error::RuleError;

/// Reads a whole number; an empty field is none.
pub fn whole(field: &str, text: &str) -> Result<Option<i32>, RuleError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| RuleError::field(field, texts::whole_number(&text)))
}

/// Reads a decimal number such as `13.5` or `13,5` with at most `digits` behind the point, as a whole number of the
/// smallest unit.
pub fn decimal(field: &str, text: &str, digits: u32) -> Result<Option<i64>, RuleError> {
    let clean: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| if c == ',' { '.' } else { c }).collect();
    if clean.is_empty() {
        return Ok(None);
    }
    let refused = || RuleError::field(field, texts::number_such_as(&text.trim()));
    let (whole, part) = clean.split_once('.').unwrap_or((&clean, ""));
    let digit = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digit(whole) || !digit(part) || whole.is_empty() || whole.len() > 12 {
        return Err(refused());
    }
    if part.len() > digits as usize {
        return Err(RuleError::field(field, texts::too_many_digits(&digits)));
    }
    let unit = 10_i64.pow(digits);
    let padded = format!("{part:0<width$}", width = digits as usize);
    let part: i64 = if padded.is_empty() { 0 } else { padded.parse().map_err(|_| refused())? };
    Ok(Some(whole.parse::<i64>().map_err(|_| refused())? * unit + part))
}

/// A number of the smallest unit as [`decimal`] reads it.
pub fn decimal_words(value: i64, digits: u32) -> String {
    let unit = 10_i64.pow(digits);
    match value % unit {
        0 => (value / unit).to_string(),
        part => format!("{}.{part:0width$}", value / unit, width = digits as usize).trim_end_matches('0').to_owned(),
    }
}

/// A year as it is typed.
pub fn year_words(year: Option<i32>) -> String {
    year.map(|year| year.to_string()).unwrap_or_default()
}

/// `?why=…&field=…`: brings what was typed back to the page it was typed on.
pub fn query(why: &str, fields: &[(&'static str, &str)]) -> String {
    let mut map = ParamsMap::new();
    map.insert("why", why.to_owned());
    for (name, value) in fields {
        map.insert(*name, (*value).to_owned());
    }
    map.to_query_string()
}

/// `?by=Anna&before=…`, without what is empty.
pub fn address(parts: &[(&'static str, &str)]) -> String {
    let mut map = ParamsMap::new();
    for (name, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
        map.insert(*name, (*value).to_owned());
    }
    map.to_query_string()
}

/// What was typed, if this page was come back to; else what is stored.
pub fn typed(query: &ParamsMap, name: &str, stored: String) -> String {
    if query.get("why").is_none() { stored } else { query.get(name).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(decimal("abv", "13,5", 1), Ok(Some(135)));
        assert_eq!(decimal("abv", " 1 234.5 ", 2), Ok(Some(123_450)));
        assert_eq!(decimal("abv", "", 1), Ok(None));
        assert_eq!(decimal("abv", "12", 0), Ok(Some(12)));
        assert!(
            decimal("abv", "13.55", 1).is_err() && decimal("abv", "-1", 1).is_err() && decimal("abv", ".", 1).is_err()
        );
        assert_eq!(whole("year", " 2019 "), Ok(Some(2019)));
        assert!(whole("year", "NV").is_err_and(|error| error.to_string().starts_with("year: ")));
        assert_eq!([135, 120, 0].map(|n| decimal_words(n, 1)), ["13.5", "12", "0"]);
        assert_eq!(decimal_words(123_450, 2), "1234.5");
    }

    #[test]
    fn what_was_typed_comes_back_after_a_refusal_only() {
        let mut map = ParamsMap::new();
        map.insert("name", "typed".to_owned());
        assert_eq!(typed(&map, "name", "stored".to_owned()), "stored");
        map.insert("why", "no".to_owned());
        assert_eq!(typed(&map, "name", "stored".to_owned()), "typed");
        let query = query("a & b", &[("name", "x=1")]);
        assert!(query.starts_with('?') && !query.contains("x=1") && !query.contains("a & b"), "{query}");
    }
}
