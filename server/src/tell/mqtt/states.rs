//! What is retained on the broker: the cellar, each rack, each question with its picture.

use std::collections::BTreeMap;

use models::{
    db::{Conn, DbError, bottles::bottle_titles, glance},
    ids::ProposalId,
    proposal::{Answer, Proposal},
};
use serde_json::{Value, json};

use crate::config::{self, DataDir};

/// So many questions are shown at once.
pub(super) const PLACES: usize = 5;
/// Largest picture that is sent, in bytes.
const MOST: u64 = 256 * 1024;

/// The places of the questions: one keeps its place until it is answered, so that nobody answers another than was shown.
#[derive(Default, Clone)]
pub(super) struct Places([Option<ProposalId>; PLACES]);

impl Places {
    /// Those that are answered leave, others take the free places.
    fn settle(&mut self, asked: &[Proposal]) {
        for place in &mut self.0 {
            place.take_if(|id| !asked.iter().any(|one| one.id == *id));
        }
        for one in asked {
            if self.0.iter().flatten().any(|id| *id == one.id) {
                continue;
            }
            if let Some(free) = self.0.iter_mut().find(|place| place.is_none()) {
                *free = Some(one.id.clone());
            }
        }
    }
}

/// What is retained, by its topic below the cellar's own.
pub(super) struct States {
    pub(super) messages: BTreeMap<String, Vec<u8>>,
    /// The racks, for Home Assistant: identifier and name.
    pub(super) racks: Vec<(String, String)>,
    pub(super) places: Places,
}

/// Looks at the cellar.
pub(super) fn look(
    conn: &mut Conn,
    data: &DataDir,
    mut places: Places,
    doing: &str,
    address: Option<&str>,
) -> Result<States, DbError> {
    // More than there are places: who leaves makes room for who has waited longest.
    let seen = glance::glance(conn, 50, config::now())?;
    places.settle(&seen.asked);
    let mut messages = BTreeMap::new();
    let mut put = |topic: String, value: Value| messages.insert(topic, value.to_string().into_bytes());
    let scan = seen.scan.as_ref().map(|scan| {
        json!({
            "id": scan.id, "at": format!("{:?}Z", scan.finished_at), "status": scan.status, "message": scan.message,
            "bins_read": scan.bins_read, "bins_changed": scan.bins_changed,
        })
    });
    let problems: Vec<Value> = seen
        .problems
        .iter()
        .map(|(one, since)| json!({ "name": one.name, "found": one.found, "cure": one.cure, "since": format!("{since:?}Z") }))
        .collect();
    put(
        "state".to_owned(),
        json!({
            "bottles": seen.bottles, "unplaced": seen.unplaced, "opened": seen.opened, "proposals": seen.questions,
            "scanning": if doing.is_empty() { "idle" } else { doing }, "last_scan": scan, "problems": problems.len(),
        }),
    );
    put("problems".to_owned(), json!({ "problems": problems }));
    for rack in &seen.racks {
        let fill = if rack.capacity > 0 { rack.bottles * 100 / rack.capacity } else { 0 };
        put(
            format!("rack/{}", rack.id),
            json!({ "name": rack.name, "bottles": rack.bottles, "capacity": rack.capacity, "fill": fill }),
        );
    }
    for (i, place) in places.0.iter().enumerate() {
        let one = place.as_ref().and_then(|id| seen.asked.iter().find(|one| one.id == *id));
        let told = one.map(|one| question(conn, one, address)).transpose()?;
        let topic = format!("question/{}", i + 1);
        put(topic, told.unwrap_or_else(|| json!({ "state": "no question", "question": "no question" })));
    }
    for (i, place) in places.0.iter().enumerate() {
        let one = place.as_ref().and_then(|id| seen.asked.iter().find(|one| one.id == *id));
        // An empty message takes the old picture away.
        messages
            .insert(format!("question/{}/picture", i + 1), one.and_then(|one| picture(data, one)).unwrap_or_default());
    }
    let racks = seen.racks.into_iter().map(|rack| (rack.id.0, rack.name)).collect();
    Ok(States { messages, racks, places })
}

fn question(conn: &mut Conn, one: &Proposal, address: Option<&str>) -> Result<Value, DbError> {
    let likely: Vec<&str> = one.candidates.iter().take(3).map(|c| c.bottle_id.as_str()).collect();
    let titles = bottle_titles(conn, &likely)?;
    let bottles: Vec<Value> = likely.iter().map(|id| json!({ "bottle_id": id, "title": titles.get(*id) })).collect();
    let answers: Vec<&str> = Answer::of(one).iter().map(|answer| answer.as_str()).collect();
    let link = address.map(|base| format!("{}/proposals", base.trim_end_matches('/')));
    Ok(json!({
        "state": "waiting", "proposal": one.id, "question": one.question(), "kind": one.kind, "bin": one.bin,
        "expected": one.expected, "seen": one.seen, "answers": answers, "bottles": bottles, "link": link,
        "asked_at": format!("{:?}Z", one.created_at),
    }))
}

/// The bin as it was seen.
fn picture(data: &DataDir, one: &Proposal) -> Option<Vec<u8>> {
    let path = data.snapshots().join(one.scan_id.as_str()).join("bins").join(format!("{}.jpg", one.bin));
    let small = std::fs::metadata(&path).is_ok_and(|file| file.len() <= MOST);
    if small { std::fs::read(path).ok() } else { None }
}
