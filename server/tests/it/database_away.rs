//! The database goes away and comes back: everybody is told in time, and nothing needs a restart.

use std::time::{Duration, Instant};

use serde_json::json;
use test_support::OwnServer;

use crate::cellar::{Cellar, Served, body};

/// What nobody waits longer than.
const BOUND: Duration = Duration::from_secs(6);

/// Reads, writes and pages say so, each within the bound.
fn says_so(served: &Served, when: &str) {
    let started = Instant::now();
    let ready = served.get("/readyz").send().expect("an answer");
    assert_eq!(ready.status(), 503, "{when}");
    assert!(started.elapsed() < BOUND, "{when}: /readyz after {:?}", started.elapsed());
    let wine = json!({"producer": "P", "name": "N", "colour": "red"});
    let asked: [(&str, &dyn Fn() -> reqwest::blocking::Response); 2] = [
        ("read", &|| served.get("/api/v1/bins/summary").send().expect("an answer")),
        ("write", &|| served.post("/api/v1/wines", &wine)),
    ];
    for (what, ask) in asked {
        let started = Instant::now();
        let answer = ask();
        assert!(started.elapsed() < BOUND, "{when}: {what} after {:?}", started.elapsed());
        assert_eq!(answer.status(), 503, "{when}: {what}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{when}: {what}");
        assert!(body(answer)["detail"].as_str().expect("detail").contains("database"), "{when}: {what}");
    }
    let started = Instant::now();
    let page = served.get("/rack").header("accept", "text/html").send().expect("a page").text().expect("text");
    assert!(started.elapsed() < BOUND, "{when}: the page after {:?}", started.elapsed());
    assert!(page.contains("The database cannot be reached right now"), "{when}: {page}");
    assert_eq!(served.get("/healthz").send().expect("an answer").status(), 200, "{when}: the process itself is well");
}

fn works_again(served: &Served, when: &str) {
    let started = Instant::now();
    while served.get("/readyz").send().expect("an answer").status() != 200 {
        assert!(started.elapsed() < Duration::from_secs(20), "{when}: not ready again");
        std::thread::yield_now();
    }
    let wine = json!({"producer": "P", "name": when, "colour": "red"});
    assert_eq!(served.post("/api/v1/wines", &wine).status(), 201, "{when}");
    assert_eq!(served.get("/rack").send().expect("a page").status(), 200, "{when}");
}

#[test]
fn a_database_that_freezes_or_stops_is_told_in_time_and_taken_up_again() {
    let Some(mut database) = OwnServer::start() else { return };
    let cellar = Cellar::on(database.url());
    cellar.ok(&["migrate"]);
    let served = cellar.serve();
    works_again(&served, "at first");

    database.freeze();
    says_so(&served, "frozen");
    database.thaw();
    works_again(&served, "after the thaw");

    database.stop();
    says_so(&served, "stopped");
    // One that is started now serves all the same, and finds its database later.
    let late = Cellar::on(database.url());
    let late = late.serve_until("/healthz");
    says_so(&late, "started without a database");
    database.start_again();
    works_again(&served, "after the restart");
    works_again(&late, "after its first contact");
}
