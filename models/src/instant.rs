//! Times on the wire: RFC 3339 with `Z`, as in `2026-11-24T03:00:00.123456Z`. For `#[serde(with = …)]`.

use chrono::{DateTime, NaiveDateTime};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::Instant;

/// Writes the time with `Z`.
pub fn serialize<S: Serializer>(at: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    // The Debug form of a time is ISO 8601, and needs no formatter in the browser.
    serializer.collect_str(&format_args!("{at:?}Z"))
}

/// Reads a time of any zone, or one without a zone as UTC.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(Error::custom)
}

fn parse(text: &str) -> Result<Instant, String> {
    let zoned = DateTime::parse_from_rfc3339(text).map(|at| at.naive_utc());
    zoned
        .or_else(|_| text.parse::<NaiveDateTime>())
        .map_err(|_| format!("`{text}` is not a time such as 2026-11-24T03:00:00Z"))
}

/// The same for a time that may be missing.
pub mod optional {
    use super::{Deserialize, Deserializer, Error, Instant, Serializer};

    /// Writes the time with `Z`, or null.
    pub fn serialize<S: Serializer>(at: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::serialize(at, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a time, or null.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| super::parse(&text)).transpose().map_err(Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Both {
        #[serde(with = "super")]
        at: Instant,
        #[serde(with = "super::optional", default)]
        maybe: Option<Instant>,
    }

    #[test]
    fn times_carry_their_zone() {
        let json = r#"{"at":"2026-11-24T03:00:00.123456Z","maybe":null}"#;
        let both: Both = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&both).unwrap(), json);
        let elsewhere: Both = serde_json::from_str(r#"{"at":"2026-11-24T04:00:00.123456+01:00"}"#).unwrap();
        assert_eq!(elsewhere, both);
        let bare: Both = serde_json::from_str(r#"{"at":"2026-11-24T03:00:00.123456"}"#).unwrap();
        assert_eq!(bare, both);
        assert!(serde_json::from_str::<Both>(r#"{"at":"yesterday"}"#).is_err());
    }
}
