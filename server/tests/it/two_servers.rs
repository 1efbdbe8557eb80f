//! Two servers and a scanner on one MariaDB: what docs/SCALING.md says.

use std::{
    io::{BufRead, BufReader},
    sync::{Barrier, mpsc},
    time::{Duration, Instant},
};

use serde_json::json;
use test_support::TestDb;

use crate::cellar::{Cellar, Served, body};

/// Arrival times of the lines of a server's event stream.
fn listen(served: &Served) -> mpsc::Receiver<(Instant, String)> {
    let stream = served.get("/events").send().expect("a stream");
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send((Instant::now(), line)).is_err() {
                return;
            }
        }
    });
    lines
}

fn wait_for(lines: &mpsc::Receiver<(Instant, String)>, wanted: &str) -> Instant {
    loop {
        let (at, line) = lines.recv_timeout(Duration::from_secs(20)).expect("an event");
        if line == wanted {
            return at;
        }
    }
}

fn bottle_in(served: &Served, bin: &str) -> String {
    let bottles = served.json(&format!("/api/v1/bottles?bin={bin}&status=in_cellar"));
    bottles["items"][0]["bottle"]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn two_servers_and_a_scanner_share_one_cellar() {
    let Some(database) = TestDb::mariadb() else { return };
    let (here, there) = (Cellar::on(database.url.clone()), Cellar::on(database.url.clone()));
    here.ok(&["demo"]);
    let (a, b) = (here.serve(), there.serve());
    let pages_at_b = listen(&b);
    wait_for(&pages_at_b, "event: hello");

    // What is done at A is seen at B's open pages, and in B's answers.
    let bottle = bottle_in(&a, "03_03");
    let request = json!({"kind": "issue", "bottle_id": bottle, "reason": "drunk", "user": "Anna"});
    assert_eq!(a.post("/api/v1/movements", &request).status(), 201);
    let done = Instant::now();
    let told = wait_for(&pages_at_b, "event: change").saturating_duration_since(done);
    assert!(told < Duration::from_secs(2), "{told:?}");
    let late = b.post("/api/v1/movements", &request);
    assert_eq!(late.status(), 409);
    assert!(body(late)["detail"].as_str().expect("detail").contains("Anna"));

    // A scanner, the third process, raises a proposal that both show.
    let outcome = here.scan(&here.photo(&["02_02=1"]));
    assert!(
        outcome["changed"].as_array().is_some_and(|changed| changed.iter().any(|c| c["bin"] == "02_02")),
        "{outcome:#}"
    );
    assert_eq!(a.json("/api/v1/proposals?state=open"), b.json("/api/v1/proposals?state=open"));
    wait_for(&pages_at_b, "event: change");
}

#[test]
fn of_two_who_sell_the_last_bottle_at_once_one_does() {
    let Some(database) = TestDb::mariadb() else { return };
    let (here, there) = (Cellar::on(database.url.clone()), Cellar::on(database.url.clone()));
    let (a, b) = (here.serve(), there.serve());
    let wine = body(a.post("/api/v1/wines", &json!({"producer": "P", "name": "N", "colour": "red"})));
    let path = format!("/api/v1/wines/{}/vintages", wine["id"].as_str().expect("id"));
    let vintage = body(a.post(&path, &json!({"year": 2019})))["id"].clone();
    for round in 0..10 {
        let last = body(a.post("/api/v1/movements", &json!({"kind": "receipt", "vintage_id": vintage})));
        let start = Barrier::new(2);
        let sell = |served: &Served, who: &str| {
            start.wait();
            let request = json!({"kind": "issue", "bottle_id": last["bottle_id"], "reason": "sold", "user": who});
            let answer = served.post("/api/v1/movements", &request);
            (answer.status().as_u16(), body(answer))
        };
        let (anna, bea) = std::thread::scope(|scope| {
            let bea = scope.spawn(|| sell(&b, "Bea"));
            (sell(&a, "Anna"), bea.join().expect("an answer"))
        });
        let (winner, loser) = if anna.0 == 201 { ("Anna", bea) } else { ("Bea", anna) };
        assert_eq!(loser.0, 409, "round {round}: {loser:?}");
        assert!(loser.1["detail"].as_str().expect("detail").contains(winner), "round {round}: {loser:?}");
        let journal = a.json(&format!("/api/v1/movements?bottle={}", last["bottle_id"].as_str().expect("id")));
        assert_eq!(journal["items"].as_array().map(Vec::len), Some(2), "round {round}: received, and sold once");
    }
}
