//! From a real picture to a question about what happened, and from the answer to the book.

use serde_json::{Value, json};

use crate::cellar::{Cellar, Served, body};

/// A photo of the demo rack with a bottle of 04_01 in the empty bin 04_04, and others missing.
fn moved(cellar: &Cellar, without: &[&str]) -> String {
    let out = cellar.path("moved.jpg").to_str().expect("UTF-8 path").to_owned();
    let mut args = vec!["demo", "photo", "--moved", "04_01=04_04"];
    without.iter().for_each(|item| args.extend(["--without", item]));
    args.push(&out);
    cellar.ok(&args);
    format!("file:{out}")
}

fn open(served: &Served) -> Vec<Value> {
    served.json("/api/v1/proposals?state=open")["items"].as_array().expect("a list").clone()
}

fn act(served: &Served, proposal: &Value, what: &str, with: &Value) -> Value {
    let id = proposal["id"].as_str().expect("id");
    let answer = served.post(&format!("/api/v1/proposals/{id}/{what}"), with);
    assert_eq!(answer.status(), 200, "{what}");
    body(answer)
}

fn a_move(cellar: &Cellar) {
    let served = cellar.serve();
    let source = moved(cellar, &[]);
    let outcome = cellar.scan(&source);
    let asked = open(&served);
    assert_eq!(asked.len(), 1, "one change, one question: {asked:#?}");
    assert_eq!(
        (&asked[0]["kind"], &asked[0]["bin"], &asked[0]["other"]["bin"]),
        (&json!("move"), &json!("04_01"), &json!("04_04"))
    );
    assert!(outcome["changed"].as_array().is_some_and(|bins| bins.iter().all(|bin| bin["proposal"] == asked[0]["id"])));
    cellar.scan(&source);
    assert_eq!(open(&served)[0]["id"], asked[0]["id"], "the next scan asks nothing new");

    let apart = act(&served, &asked[0], "part", &json!({}));
    assert_eq!(apart.as_array().map(Vec::len), Some(2));
    act(&served, &asked[0], "reopen", &json!({}));
    assert_eq!(open(&served).len(), 1, "asked as one again");

    let done = act(&served, &asked[0], "approve", &json!({"user": "Anna"}));
    assert_eq!((done.as_array().map(Vec::len), &done[0]["kind"]), (Some(1), &json!("move")));
    assert_eq!((&done[0]["from_bin"], &done[0]["to_bin"]), (&json!("04_01"), &json!("04_04")));
    assert!(cellar.scan(&source)["changed"].as_array().is_some_and(Vec::is_empty), "the book says what is seen");
    let undo = format!("/api/v1/movements/{}/undo", done[0]["id"].as_str().expect("id"));
    assert_eq!(served.post(&undo, &json!({})).status(), 201);
    assert_eq!(open(&served)[0]["id"], asked[0]["id"], "taken back, it is asked again");
}

#[test]
fn a_bottle_in_another_bin_is_one_question() {
    a_move(&Cellar::demo());
    let Some(database) = test_support::TestDb::mariadb() else { return };
    let cellar = Cellar::on(database.url.clone());
    cellar.ok(&["demo"]);
    a_move(&cellar);
}

#[test]
fn questions_are_put_off_and_answered_together() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    cellar.scan(&moved(&cellar, &["03_03=1", "01_01=1"]));
    let asked = open(&served);
    assert_eq!(asked.len(), 3, "{asked:#?}");
    let off = act(&served, &asked[0], "snooze", &json!({"hours": 5}));
    assert_eq!(off["state"], "open");
    assert!(off["snoozed_until"].is_string());
    for wrong in [
        json!({"hours": 0}),
        json!({"hours": 3, "until": "2027-01-01T00:00:00Z"}),
        json!({"until": "2001-01-01T00:00:00Z"}),
        json!({"hour": 1}),
    ] {
        let answer = served.post(&format!("/api/v1/proposals/{}/snooze", asked[0]["id"].as_str().expect("id")), &wrong);
        assert_eq!(answer.status(), 422, "{wrong}");
    }
    assert_eq!(act(&served, &asked[0], "snooze", &json!({}))["snoozed_until"], Value::Null, "asked again at once");

    let all: Vec<Value> = asked.iter().map(|one| json!({"id": one["id"]})).collect();
    let mut wrong = all.clone();
    wrong.push(json!({"id": "nobody"}));
    assert_eq!(served.post("/api/v1/proposals/approve", &json!({"proposals": wrong})).status(), 404);
    assert_eq!(open(&served).len(), 3, "all or none");
    assert_eq!(served.post("/api/v1/proposals/approve", &json!({"proposals": []})).status(), 422);
    let sent = json!({"proposals": all, "user": "Anna"});
    let done = body(served.post_once("/api/v1/proposals/approve", &sent, "evening"));
    let again = body(served.post_once("/api/v1/proposals/approve", &sent, "evening"));
    assert_eq!((done.as_array().map(Vec::len), &done), (Some(3), &again), "sent twice, done once");
    let undo = format!("/api/v1/movements/{}/undo", done[0]["id"].as_str().expect("id"));
    assert_eq!(served.post(&undo, &json!({})).status(), 201);
    assert_eq!(open(&served).len(), 3, "taken back at one go");
}

#[test]
fn the_review_at_one_go_books_what_is_ticked() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    cellar.scan(&moved(&cellar, &["03_03=1"]));
    let asked = open(&served);
    let page = served.get("/proposals/all").send().expect("answer").text().expect("text");
    assert!(page.contains("moved from 04_01 to 04_04") && page.contains("missing from 03_03"), "{page}");
    let ticked = asked.iter().find(|one| one["kind"] == "move").expect("the move")["id"].as_str().expect("id");
    assert_eq!(served.submit("/_fn/approve_all", &[("proposals[]", ticked)]), "/proposals");
    let left = open(&served);
    assert_eq!((left.len(), &left[0]["kind"]), (1, &json!("missing")));
    assert!(served.submit("/_fn/approve_all", &[]).starts_with("/proposals/all?why="), "nothing was ticked");
}

#[test]
fn a_stocktake_asks_for_doubtful_bins_only_and_sets_the_book_right() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let doubtful = |served: &Served| served.json("/api/v1/stocktake?doubtful=true").as_array().expect("a list").clone();
    let all = served.json("/api/v1/stocktake");
    assert!(all.as_array().is_some_and(|bins| bins.len() == 24));
    assert_eq!(all[0]["confirmed_by"], "scan");
    assert!(doubtful(&served).is_empty(), "the demo's scan has confirmed every bin");
    cellar.scan(&cellar.photo(&["03_03=1"]));
    let asked = doubtful(&served);
    assert_eq!((asked.len(), &asked[0]["bin"]), (1, &json!("03_03")));
    let page = served.get("/stocktake").send().expect("answer").text().expect("text");
    assert!(page.contains("Bin 03_03") && page.contains("/bins/03_03.jpg") && !page.contains("Bin 01_01"), "{page}");

    let bottles =
        served.json("/api/v1/bottles?bin=03_03&status=in_cellar")["items"].as_array().expect("a list").clone();
    let ids: Vec<&str> = bottles.iter().map(|one| one["bottle"]["id"].as_str().expect("id")).collect();
    let mut fields = vec![("bin", "03_03"), ("more", "")];
    fields.extend(ids[1..].iter().map(|id| ("here[]", *id)));
    assert_eq!(served.submit("/_fn/count_bin", &fields), "/stocktake");
    assert!(doubtful(&served).is_empty() && open(&served).is_empty(), "a person has looked");
    let bin = |served: &Served| {
        let bins = served.json("/api/v1/stocktake");
        bins.as_array().expect("a list").iter().find(|one| one["bin"] == "03_03").expect("the bin").clone()
    };
    assert_eq!(
        (bin(&served)["confirmed_by"].clone(), bin(&served)["book"].clone()),
        (json!("person"), json!(ids.len() - 1))
    );

    let count = |found: Value| served.post("/api/v1/bins/03_03/count", &found);
    let same = body(count(json!({"here": ids[1..]})));
    assert_eq!(same, json!([]), "counting the same again moves nothing");
    for (found, word) in [
        (json!({"here": [ids[1], ids[1]]}), "here[1]"),
        (json!({"here": ["nobody"]}), "here[0]"),
        (json!({"more": -1}), "more"),
    ] {
        let answer = count(found);
        assert_eq!(answer.status(), 422);
        let told = body(answer).to_string();
        assert!(told.contains(word), "{told}");
    }
    assert_eq!(served.post("/api/v1/bins/99_99/count", &json!({})).status(), 404);
    let all_again = body(count(json!({"here": ids})));
    assert_eq!((&all_again[0]["kind"], &all_again[0]["to_bin"]), (&json!("correction"), &json!("03_03")));
}

#[test]
fn the_next_scan_confirms_that_the_right_bottle_left() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let page = |bin: &str| served.get(&format!("/bins/{bin}")).send().expect("answer").text().expect("text");
    let gone = "the camera saw that it is gone";
    assert!(page("03_03").contains("Last confirmed"), "by the demo's scan");
    let lying = served.json("/api/v1/bottles?bin=03_03&status=in_cellar");
    let bottle = lying["items"][0]["bottle"]["id"].as_str().expect("a bottle");
    body(served.post("/api/v1/movements", &json!({"kind": "issue", "bottle_id": bottle, "reason": "drunk"})));
    assert!(!page("03_03").contains(gone), "no scan has looked since");
    cellar.scan(&cellar.photo(&["03_03=1"]));
    assert!(open(&served).is_empty(), "book and camera agree");
    let told = page("03_03");
    assert!(told.contains(gone), "{told}");
    assert!(!page("01_01").contains(gone), "nothing left that bin");
}

#[test]
fn how_often_a_change_must_be_seen_is_set_by_name() {
    let cellar = Cellar::demo();
    let source = cellar.photo(&["03_03=1"]);
    let careful = ["stock", "run", "--source", &source, "--json", "--times", "2", "--sure", "1"];
    let served = cellar.serve();
    cellar.ok(&careful);
    assert!(open(&served).is_empty(), "seen once");
    cellar.ok(&careful);
    assert_eq!(open(&served).len(), 1, "seen twice");
    for (option, value) in [("--times", "0"), ("--sure", "1.5"), ("--expire-after", "0")] {
        let told = cellar.fails(2, &["stock", "run", "--source", &source, option, value]);
        assert!(told.contains(option), "{told}");
    }
}

#[test]
fn a_simulated_week_writes_its_report_and_needs_a_folder_of_its_own() {
    let cellar = Cellar::empty();
    let out = cellar.path("sim").to_str().expect("UTF-8 path").to_owned();
    let report = cellar.ok(&["sim", "--days", "3", "--seed", "4", "--out", &out]);
    assert!(report.contains("3 days, seed 4") && report.contains("| move |"), "{report}");
    for name in ["report.md", "days.csv", "drift.svg"] {
        assert!(cellar.path("sim").join(name).exists(), "{name}");
    }
    assert!(cellar.fails(1, &["sim", "--days", "3", "--out", &out]).contains("--out"));
    let again = cellar.path("again").to_str().expect("UTF-8 path").to_owned();
    assert_eq!(
        cellar.ok(&["sim", "--days", "3", "--seed", "4", "--out", &again]),
        report,
        "the same seed, the same days"
    );
    assert!(cellar.fails(2, &["sim", "--out", "x", "--error", "2"]).contains("0 to 1"));
}
