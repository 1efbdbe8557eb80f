//! The server is killed in the middle of 200 concurrent movements: what it has acknowledged is there afterwards.

use std::{
    collections::BTreeSet,
    sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use crate::cellar::{Cellar, Served, body};

const CLIENTS: usize = 20;
const EACH: usize = 10;
const ROUNDS: usize = 3;

/// A number from 0 to `below`, another one each time.
fn chance(below: usize) -> usize {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    (nanos / 64) as usize % below
}

/// All ids of the journal.
fn journal(served: &Served) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut path = "/api/v1/movements?limit=200".to_owned();
    loop {
        let page = served.json(&path);
        let items = page["items"].as_array().expect("a list").iter();
        ids.extend(items.map(|item| item["id"].as_str().expect("id").to_owned()));
        let Some(next) = page["next"].as_str() else { return ids };
        path = format!("/api/v1/movements?limit=200&cursor={next}");
    }
}

/// Asks for movements from many clients at once until the server is gone; gives what was acknowledged.
fn movements_until_killed(served: Served, vintage: &str) -> BTreeSet<String> {
    let (start, done) = (Barrier::new(CLIENTS + 1), AtomicUsize::new(0));
    let kill_after = 1 + chance(CLIENTS * EACH / 2);
    let base = served.base.clone();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let client = reqwest::blocking::Client::new();
                    let post = |body: Value| {
                        let request = client.post(format!("{base}/api/v1/movements"));
                        let answer = request.header("content-type", "application/json").body(body.to_string()).send();
                        answer
                            .ok()
                            .filter(|answer| answer.status() == 201)
                            .and_then(|answer| serde_json::from_str::<Value>(&answer.text().ok()?).ok())
                    };
                    let mut acknowledged = Vec::new();
                    start.wait();
                    for _ in 0..EACH / 2 {
                        let Some(received) = post(json!({"kind": "receipt", "vintage_id": vintage})) else { break };
                        done.fetch_add(1, Ordering::Relaxed);
                        acknowledged.push(received["id"].as_str().expect("id").to_owned());
                        let drunk = json!({"kind": "issue", "bottle_id": received["bottle_id"], "reason": "drunk"});
                        let Some(issued) = post(drunk) else { break };
                        done.fetch_add(1, Ordering::Relaxed);
                        acknowledged.push(issued["id"].as_str().expect("id").to_owned());
                    }
                    acknowledged
                })
            })
            .collect();
        start.wait();
        while done.load(Ordering::Relaxed) < kill_after {
            std::thread::yield_now();
        }
        // SIGKILL.
        drop(served);
        clients.into_iter().flat_map(|client| client.join().expect("a client")).collect()
    })
}

fn survives(cellar: &Cellar, engine: &str) {
    let served = cellar.serve();
    let wine = body(served.post("/api/v1/wines", &json!({"producer": "P", "name": "N", "colour": "red"})));
    let path = format!("/api/v1/wines/{}/vintages", wine["id"].as_str().expect("id"));
    let vintage = body(served.post(&path, &json!({"year": 2019})))["id"].as_str().expect("id").to_owned();
    drop(served);
    let mut all = BTreeSet::new();
    for round in 0..ROUNDS {
        let acknowledged = movements_until_killed(cellar.serve(), &vintage);
        assert!(!acknowledged.is_empty() && acknowledged.len() <= CLIENTS * EACH, "{engine}, round {round}");
        eprintln!("{engine}, round {round}: killed with {} movements acknowledged", acknowledged.len());
        all.extend(acknowledged);
        let there = journal(&cellar.serve());
        let lost: Vec<_> = all.difference(&there).collect();
        assert!(lost.is_empty(), "{engine}, round {round}: {} acknowledged movements are lost: {lost:?}", lost.len());
        let checks: Value =
            serde_json::from_slice(&cellar.run(&["doctor", "--no-camera", "--json"]).stdout).expect("JSON");
        for name in ["integrity", "journal", "bins"] {
            let check = checks.as_array().expect("checks").iter().find(|check| check["name"] == name);
            assert_eq!(check.map(|check| &check["state"]), Some(&json!("ok")), "{engine}, round {round}: {check:?}");
        }
    }
}

#[test]
fn no_acknowledged_movement_is_lost_when_the_server_is_killed_on_sqlite() {
    survives(&Cellar::empty(), "sqlite");
}

#[test]
fn no_acknowledged_movement_is_lost_when_the_server_is_killed_on_mariadb() {
    let Some(database) = test_support::TestDb::mariadb() else { return };
    survives(&Cellar::on(database.url.clone()), "mariadb");
}
