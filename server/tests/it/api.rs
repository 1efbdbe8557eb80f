//! The REST API against a running server.

use serde_json::{Value, json};

use crate::cellar::{Cellar, Served, body};

fn first_bottle(served: &Served, bin: &str) -> String {
    served.json(&format!("/api/v1/bottles?bin={bin}&status=in_cellar"))["items"][0]["bottle"]["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

fn qty(served: &Served, bin: &str) -> i64 {
    let summary = served.json("/api/v1/bins/summary");
    let row = summary.as_array().expect("a list").iter().find(|row| row["st_bin"] == bin).expect("the bin").clone();
    row["qty"].as_i64().expect("a number")
}

#[test]
fn a_bottle_is_drunk_and_the_act_undone() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let before = qty(&served, "03_03");
    let bottle = first_bottle(&served, "03_03");
    let answer = served
        .post("/api/v1/movements", &json!({"kind": "issue", "bottle_id": bottle, "reason": "drunk", "user": "Anna"}));
    assert_eq!(answer.status(), 201);
    let movement = body(answer);
    assert_eq!((&movement["actor"], &movement["from_bin"]), (&json!("Anna"), &json!("03_03")));
    assert_eq!(qty(&served, "03_03"), before - 1);
    let twice = served.post("/api/v1/movements", &json!({"kind": "issue", "bottle_id": bottle, "reason": "drunk"}));
    assert_eq!(twice.status(), 409);
    let undo = format!("/api/v1/movements/{}/undo", movement["id"].as_str().expect("id"));
    assert_eq!(served.post(&undo, &json!({})).status(), 201);
    assert_eq!(qty(&served, "03_03"), before);
    assert_eq!(served.post(&undo, &json!({})).status(), 409, "an undo is undone by undoing the correction");
}

#[test]
fn a_proposal_is_approved_and_the_book_follows() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let before = qty(&served, "03_03");
    cellar.scan(&cellar.photo(&["03_03=1"]));
    let open = served.json("/api/v1/proposals?state=open")["items"].clone();
    assert_eq!(open.as_array().map(Vec::len), Some(1), "{open:#}");
    let id = open[0]["id"].as_str().expect("id");
    let answer = served.post(&format!("/api/v1/proposals/{id}/approve"), &json!({"reason": "gift", "user": "Bea"}));
    assert_eq!(answer.status(), 200);
    let movements = body(answer);
    assert_eq!((&movements[0]["reason"], &movements[0]["proposal_id"]), (&json!("gift"), &json!(id)));
    assert_eq!(qty(&served, "03_03"), before - 1);
    let again = served.post(&format!("/api/v1/proposals/{id}/approve"), &json!({}));
    assert_eq!(again.status(), 409);
    assert!(body(again)["detail"].as_str().expect("detail").contains("Bea"));
}

#[test]
fn a_rejected_proposal_does_not_come_back() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let source = cellar.photo(&["03_03=1"]);
    cellar.scan(&source);
    let id = served.json("/api/v1/proposals?state=open")["items"][0]["id"].as_str().expect("id").to_owned();
    assert_eq!(served.post(&format!("/api/v1/proposals/{id}/reject"), &json!({"note": "glare"})).status(), 200);
    let outcome = cellar.scan(&source);
    assert_eq!(outcome["changed"][0]["proposal"], Value::Null, "{outcome:#}");
    assert_eq!(served.json("/api/v1/proposals?state=open")["items"], json!([]));
}

#[test]
fn wines_are_entered_changed_and_paged() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    for n in 0..5 {
        let answer =
            served.post("/api/v1/wines", &json!({"producer": "Test", "name": format!("Nr. {n}"), "colour": "red"}));
        assert_eq!(answer.status(), 201);
    }
    let first = served.json("/api/v1/wines?limit=3");
    let cursor = first["next"].as_str().expect("a next page");
    let second = served.json(&format!("/api/v1/wines?limit=3&cursor={cursor}"));
    assert_eq!((first["items"].as_array().map(Vec::len), second["items"].as_array().map(Vec::len)), (Some(3), Some(2)));
    assert_eq!(second["next"], Value::Null);

    let wine = &first["items"][0];
    let path = format!("/api/v1/wines/{}", wine["id"].as_str().expect("id"));
    let change = json!({"producer": "Test", "name": "Renamed", "colour": "white"});
    assert_eq!(served.put(&path, &change, None).status(), 428, "a write says which revision it was made on");
    assert_eq!(served.put(&path, &change, Some(1)).status(), 200);
    let late = served.put(&path, &change, Some(1));
    assert_eq!(late.status(), 412, "the revision is old now");
    let told = body(late)["detail"].as_str().expect("detail").to_owned();
    assert!(told.contains("colour") && told.contains("api"), "the loser learns who changed what: {told}");
    let vintage =
        body(served.post(&format!("{path}/vintages"), &json!({"year": 2019, "drink_from": null, "drink_to": 2030})));
    assert_eq!(vintage["year"], 2019);
    assert_eq!(served.json(&path)["vintages"].as_array().map(Vec::len), Some(1));
}

#[test]
fn errors_are_problem_details_that_name_the_field() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let cases = [
        (served.post("/api/v1/wines", &json!({"producer": "", "name": "x", "colour": "red"})), 422, "producer"),
        (served.post("/api/v1/wines", &json!({"producer": "a", "name": "x", "colour": "blue"})), 422, "blue"),
        (served.post("/api/v1/wines", &json!({"producer": "a", "name": "x", "colour": "red", "colr": 1})), 422, "colr"),
        (served.get("/api/v1/wines?limit=0").send().expect("answer"), 422, "limit"),
        (served.get("/api/v1/proposals?state=maybe").send().expect("answer"), 400, "maybe"),
        (served.get("/api/v1/bins/99_99").send().expect("answer"), 404, "99_99"),
        (served.get("/api/v1/nothing").send().expect("answer"), 404, "/api/v1/nothing"),
        (served.post("/api/v1/bins/summary", &json!({})), 405, "/docs"),
        (served.get("/media/bins/..%2F..%2Fcellar.db").send().expect("answer"), 404, "bin"),
    ];
    for (answer, status, word) in cases {
        let url = answer.url().clone();
        assert_eq!(answer.status(), status, "{url}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{url}");
        let problem = body(answer);
        assert!(problem.to_string().contains(word), "{url}: {problem:#}");
    }
}

#[test]
fn the_button_scans_and_a_running_scan_refuses_it() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let scans = |served: &Served| served.json("/api/v1/scans")["items"].as_array().map_or(0, Vec::len);
    let before = scans(&served);
    let lock = std::fs::File::options().write(true).open(cellar.data().join("stock.lock")).expect("the lock file");
    lock.lock().expect("free");
    assert_eq!(served.post("/api/v1/scans", &json!({})).status(), 409);
    lock.unlock().expect("unlock");
    assert_eq!(served.post("/api/v1/scans", &json!({})).status(), 202);
    let started = std::time::Instant::now();
    while scans(&served) == before {
        assert!(started.elapsed() < std::time::Duration::from_secs(60), "no scan after a minute");
    }
    let scan = served.json("/api/v1/scans")["items"][0]["id"].as_str().expect("id").to_owned();
    let picture = served.get(&format!("/media/scans/{scan}/annotated.jpg")).send().expect("picture");
    assert_eq!(
        (picture.status().as_u16(), picture.headers()["content-type"].to_str().expect("text")),
        (200, "image/jpeg")
    );
    assert!(!served.json(&format!("/api/v1/scans/{scan}/readings")).as_array().expect("list").is_empty());
}

#[test]
fn mariadb_serves_the_same_cellar() {
    let Some(database) = test_support::TestDb::mariadb() else { return };
    let cellar = Cellar::on(database.url.clone());
    cellar.ok(&["demo"]);
    let served = cellar.serve();
    let before = qty(&served, "03_03");
    cellar.scan(&cellar.photo(&["03_03=1"]));
    let id = served.json("/api/v1/proposals?state=open")["items"][0]["id"].as_str().expect("id").to_owned();
    assert_eq!(served.post(&format!("/api/v1/proposals/{id}/approve"), &json!({})).status(), 200);
    assert_eq!(qty(&served, "03_03"), before - 1);
}
