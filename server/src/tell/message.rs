//! An event as it is sent: the same by webhook and by MQTT.

use models::event::{Event, EventKind};
use serde_json::{Value, json};

/// The event as JSON. With the server's address it carries links that a person can follow.
pub(super) fn of(event: &Event, address: Option<&str>) -> Value {
    let mut data = event.data.clone();
    let base = address.map(|base| base.trim_end_matches('/'));
    if let (Some(base), Some(picture)) = (base, data["picture"].as_str()) {
        data["picture"] = json!(format!("{base}{picture}"));
    }
    json!({
        "id": format!("{}-{}", event.revision, event.number), "kind": event.kind, "at": format!("{:?}Z", event.at),
        "text": text(event), "link": base.map(|base| format!("{base}{}", page(event))), "data": data,
    })
}

/// The event in a sentence.
pub(super) fn text(event: &Event) -> String {
    let word = |key: &str| event.data[key].as_str().unwrap_or_default();
    match event.kind {
        EventKind::ProposalRaised => match event.data["candidates"][0]["title"].as_str() {
            Some(title) => format!("{}: {title}?", word("question")),
            None => word("question").to_owned(),
        },
        EventKind::ProposalClosed => {
            let by = event.data["decided_by"].as_str().map(|by| format!(" by {by}")).unwrap_or_default();
            format!("{}: {}{by}", word("question"), word("state"))
        }
        EventKind::ScanFinished | EventKind::ScanFailed => {
            format!("Scan: {}{}", word("message"), confirmed(&event.data))
        }
        EventKind::StockChanged => stock(&event.data),
        EventKind::ProblemRaised => format!("Problem with {}: {}. {}", word("name"), word("found"), word("cure")),
        EventKind::ProblemCleared => format!("Works again: {}", word("name")),
    }
}

/// What the camera has seen of what was booked, in a sentence.
fn confirmed(data: &Value) -> String {
    let told = |one: &Value| {
        let word = |key: &str| one[key].as_str().unwrap_or_default();
        let saw = if word("saw") == "here" { "lies in" } else { "is gone from" };
        format!("{} {saw} {}", one["title"].as_str().unwrap_or("a bottle"), word("bin"))
    };
    match data["confirmed"].as_array().map_or(&[][..], Vec::as_slice) {
        [] => String::new(),
        [one] => format!("; the camera saw that {}", told(one)),
        [first, rest @ ..] => format!("; the camera saw that {}, and {} more", told(first), rest.len()),
    }
}

fn stock(data: &Value) -> String {
    let told = |one: &Value| {
        let word = |key: &str| one[key].as_str();
        let what = word("reason").or(word("kind")).unwrap_or_default();
        let place = match (word("from_bin"), word("to_bin")) {
            (Some(from), Some(to)) => format!(" from {from} to {to}"),
            (Some(from), None) => format!(" from {from}"),
            (None, Some(to)) => format!(" to {to}"),
            (None, None) => String::new(),
        };
        format!("{} {what}{place} ({})", word("title").unwrap_or("A bottle"), word("actor").unwrap_or_default())
    };
    match (data["movements"].as_array().map_or(&[][..], Vec::as_slice), data["count"].as_i64()) {
        ([one], Some(1)) => told(one),
        ([first, ..], Some(n)) => format!("{n} bottles, among them {}", told(first)),
        _ => "Many bottles at once".to_owned(),
    }
}

fn page(event: &Event) -> &'static str {
    match event.kind {
        EventKind::ProposalRaised | EventKind::ProposalClosed => "/proposals",
        EventKind::ScanFinished | EventKind::ScanFailed => "/scans",
        EventKind::StockChanged => "/history",
        EventKind::ProblemRaised | EventKind::ProblemCleared => "/health",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind, data: Value) -> Event {
        Event { revision: 7, number: 1, kind, at: Default::default(), data }
    }

    #[test]
    fn an_event_is_a_sentence_and_its_links_can_be_followed() {
        let asked = event(
            EventKind::ProposalRaised,
            json!({"question": "1 bottle missing from 03_03", "picture": "/media/x.jpg", "candidates": [{"title": "Bandol 2019"}]}),
        );
        let told = of(&asked, Some("http://cellar.local:8000/"));
        assert_eq!(told["text"], "1 bottle missing from 03_03: Bandol 2019?");
        assert_eq!(told["data"]["picture"], "http://cellar.local:8000/media/x.jpg");
        assert_eq!((&told["link"], &told["id"]), (&json!("http://cellar.local:8000/proposals"), &json!("7-1")));
        let moved = json!({"count": 3, "movements": [{"title": "Bandol 2019", "kind": "issue", "reason": "drunk", "from_bin": "A", "actor": "Anna"}]});
        assert_eq!(
            text(&event(EventKind::StockChanged, moved)),
            "3 bottles, among them Bandol 2019 drunk from A (Anna)"
        );
        assert_eq!(of(&event(EventKind::StockChanged, json!({"count": null})), None)["text"], "Many bottles at once");
        let seen =
            json!({"message": "24 bins read", "confirmed": [{"title": "Bandol 2019", "bin": "03_03", "saw": "gone"}]});
        assert_eq!(
            text(&event(EventKind::ScanFinished, seen)),
            "Scan: 24 bins read; the camera saw that Bandol 2019 is gone from 03_03"
        );
    }
}
