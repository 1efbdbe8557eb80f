//! The words of the mail. Pure.

use std::fmt::Write;

use models::{
    Instant,
    event::{Event, EventKind},
};

use super::super::{base64, message};
use crate::config;

/// Lines of each part; what is more is only counted.
const MOST: usize = 60;

/// The parts, in the order in which they matter.
const PARTS: &[(&str, &[EventKind])] = &[
    ("Problems", &[EventKind::ProblemRaised, EventKind::ProblemCleared, EventKind::ScanFailed]),
    ("Questions", &[EventKind::ProposalRaised]),
    ("Came, left, moved", &[EventKind::StockChanged]),
];

/// Subject and text.
pub(super) fn of(events: &[&Event], address: Option<&str>) -> (String, String) {
    let mut text = String::new();
    let mut counts = Vec::new();
    for (title, kinds) in PARTS {
        let part: Vec<_> = events.iter().filter(|event| kinds.contains(&event.kind)).collect();
        if part.is_empty() {
            continue;
        }
        counts.push(format!("{} {}", part.len(), title.to_lowercase()));
        let _ = writeln!(text, "{title}");
        for event in part.iter().take(MOST) {
            let at = config::local(event.at).format("%d.%m. %H:%M");
            let _ = writeln!(text, "  {at}  {}", message::text(event));
        }
        if part.len() > MOST {
            let _ = writeln!(text, "  and {} more", part.len() - MOST);
        }
        text.push('\n');
    }
    if let Some(address) = address {
        let _ = writeln!(text, "{address}");
    }
    (format!("Wine cellar: {}", counts.join(", ")), text)
}

/// The message as it is sent (RFC 5322), in UTF-8 as base64: no line is too long, and none begins with a dot.
pub(super) fn message(from: &str, to: &[String], subject: &str, text: &str, id: &str, now: Instant) -> String {
    let host = from.rsplit('@').next().unwrap_or_default();
    let mut message = format!(
        "From: Wine cellar <{from}>\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{id}@{host}>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\
         Auto-Submitted: auto-generated\r\n\r\n",
        to.join(", "),
        header(subject),
        now.format("%a, %d %b %Y %H:%M:%S +0000"),
    );
    let coded = base64::encode(text.replace('\n', "\r\n").as_bytes());
    for line in coded.as_bytes().chunks(76) {
        message.push_str(&String::from_utf8_lossy(line));
        message.push_str("\r\n");
    }
    message
}

/// A text in a header (RFC 2047 where it is not ASCII).
fn header(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).take(150).collect();
    if plain.is_ascii() {
        return plain;
    }
    // A coded word has 75 characters at most: 45 bytes of text, cut between characters.
    let mut words = vec![String::new()];
    for c in plain.chars() {
        if words.last().is_some_and(|word| word.len() + c.len_utf8() > 45) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words
        .iter()
        .map(|word| format!("=?utf-8?B?{}?=", base64::encode(word.as_bytes())))
        .collect::<Vec<_>>()
        .join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_stands_first_and_much_is_counted() {
        let event = |kind, data| Event { revision: 1, number: 1, kind, at: Instant::default(), data };
        let mut events =
            vec![event(EventKind::ProposalRaised, serde_json::json!({"question": "1 bottle missing from A"}))];
        events.extend((0..70).map(|_| event(EventKind::StockChanged, serde_json::json!({"count": null}))));
        events.push(event(
            EventKind::ProblemRaised,
            serde_json::json!({"name": "room", "found": "0 MB", "cure": "tidy"}),
        ));
        let (subject, text) = of(&events.iter().collect::<Vec<_>>(), Some("http://cellar"));
        assert_eq!(subject, "Wine cellar: 1 problems, 1 questions, 70 came, left, moved");
        assert!(text.starts_with("Problems\n") && text.contains("Problem with room: 0 MB. tidy"), "{text}");
        assert!(text.contains("and 10 more") && text.ends_with("http://cellar\n"), "{text}");
    }

    #[test]
    fn a_message_has_short_lines_and_no_header_is_made_up() {
        let to = ["anna@example.org".to_owned()];
        let message = message("c@h", &to, "Château\r\nBcc: x@y", &"é".repeat(500), "id", Instant::default());
        let (head, body) = message.split_once("\r\n\r\n").expect("head and body");
        assert!(!head.contains("\r\nBcc") && head.contains("Subject: =?utf-8?B?"), "{head}");
        assert!(body.lines().all(|line| line.len() <= 76 && !line.starts_with('.')));
    }
}
