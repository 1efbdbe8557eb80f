//! The cellar's book over REST: racks, wines, cases, notes, wishes, edits; revisions and repeated requests.

use serde_json::{Value, json};

use crate::cellar::{Cellar, Served, body};

fn created(served: &Served, path: &str, request: &Value) -> Value {
    let answer = served.post(path, request);
    assert_eq!(answer.status(), 201, "{path}");
    assert_eq!(answer.headers().get("etag").map(|tag| tag.as_bytes()), Some(&b"\"1\""[..]), "{path}");
    body(answer)
}

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

fn rack() -> Value {
    json!({
        "rack": {
            "name": "Diamonds", "kind": "diamond", "row_count": 3, "column_count": 4, "depth": 2,
            "corners": [[0, 0], [1919, 0], [1919, 1079], [0, 1079]], "frame_width": 1920, "frame_height": 1080,
            "rectified_width": 1200, "rectified_height": 800
        },
        "capacity": 3,
        "dead": ["02_02"]
    })
}

#[test]
fn a_cellar_is_set_up_and_filled_by_the_case() {
    let cellar = Cellar::empty();
    let served = cellar.serve().as_role(&cellar, "member");
    let made = created(&served, "/api/v1/racks", &rack());
    assert_eq!(made["bins"].as_array().map(Vec::len), Some(11));
    assert_eq!(served.post("/api/v1/racks", &rack()).status(), 409, "its bins have these names already");
    assert_eq!(served.json("/api/v1/racks").as_array().map(Vec::len), Some(1), "and nothing of the second is left");
    let mut twin = rack();
    twin["prefix"] = json!("N-");
    let twin = created(&served, "/api/v1/racks", &twin);
    assert_eq!(twin["bins"][0]["id"], "N-01_01");
    let twin = format!("/api/v1/racks/{}", id(&twin["rack"]));
    assert_eq!(served.delete(&twin, Some(1)).status(), 204);

    let wine = json!({"producer": "Királyudvar", "name": "Furmint Sec", "colour": "white", "country": "Hungary",
        "region": "Tokaj", "grapes": [{"name": "Furmint", "percent": 100}], "abv_tenths": 135, "tags": ["dry"]});
    let wine = created(&served, "/api/v1/wines", &wine);
    let vintage = body(served.post(&format!("/api/v1/wines/{}/vintages", id(&wine)), &json!({"year": 2018})));
    assert_eq!((&vintage["window_source"], &vintage["drink_to"]), (&json!("rule"), &json!(2030)));
    assert_eq!(served.json("/api/v1/tags"), json!(["dry"]));

    let bottle = |bin: &str| {
        json!({"kind": "receipt", "vintage_id": id(&vintage), "bin": bin,
        "facts": {"price_minor": 2400, "currency": "EUR", "purchased_on": "2026-11-20", "shop": "Bortársaság"}})
    };
    let case = json!({"movements": [bottle("01_01"), bottle("01_01"), bottle("01_02")], "user": "Anna"});
    let answer = served.post("/api/v1/movements/batch", &case);
    assert_eq!(answer.status(), 201);
    let movements = body(answer);
    let dead = served.post("/api/v1/movements/batch", &json!({"movements": [bottle("01_03"), bottle("02_02")]}));
    assert_eq!(dead.status(), 422);
    assert_eq!(body(dead)["field"], "movements[1].bin");
    let bottles = served.json("/api/v1/bottles?status=in_cellar");
    assert_eq!(bottles["items"].as_array().map(Vec::len), Some(3), "a refused batch leaves nothing");
    assert_eq!(bottles["items"][0]["bottle"]["shop"], "Bortársaság");
    let undo = format!("/api/v1/movements/{}/undo", id(&movements[2]));
    assert_eq!(served.post(&undo, &json!({})).status(), 201);
    assert_eq!(served.json("/api/v1/bottles?status=in_cellar")["items"], json!([]), "the case goes back at one go");
    let by_wine = served.json(&format!("/api/v1/movements?wine={}", id(&wine)));
    assert_eq!(by_wine["items"].as_array().map(Vec::len), Some(6), "three in, three taken back");
}

#[test]
fn a_case_is_laid_away_from_a_bin_on_and_a_bottle_named_later() {
    let cellar = Cellar::empty();
    let served = cellar.serve().as_role(&cellar, "admin");
    created(&served, "/api/v1/racks", &rack());
    let vintage = |producer: &str| {
        let wine = created(&served, "/api/v1/wines", &json!({"producer": producer, "name": "N", "colour": "red"}));
        body(served.post(&format!("/api/v1/wines/{}/vintages", id(&wine)), &json!({"year": 2019})))
    };
    let (unknown, known) = (vintage("Unknown"), vintage("P"));
    let case = |fields: Value| {
        let mut case = json!({"vintage_id": id(&unknown), "bottles": 8, "from_bin": "01_04"});
        case.as_object_mut().expect("an object").extend(fields.as_object().expect("fields").clone());
        served.post("/api/v1/movements/case", &case)
    };
    for (fields, field) in [
        (json!({"bottles": 0}), "bottles"),
        (json!({"from_bin": "09_09"}), "bin"),
        (json!({"vintage_id": "x"}), "movements[0].vintage_id"),
    ] {
        let refused = case(fields);
        assert_eq!((refused.status().as_u16(), body(refused)["field"].clone()), (422, json!(field)));
    }
    let done = case(json!({"facts": {"price_minor": 900, "currency": "EUR"}, "user": "Anna"}));
    assert_eq!(done.status(), 201);
    let done = body(done);
    let bins: Vec<_> = done.as_array().expect("movements").iter().map(|m| m["to_bin"].clone()).collect();
    assert_eq!(
        json!(bins),
        json!(["01_04", "01_04", "01_04", "01_04", "01_04", "01_04", "02_01", "02_01"]),
        "three beside each other, two deep"
    );

    let path = format!("/api/v1/bottles/{}/vintage", done[0]["bottle_id"].as_str().expect("an id"));
    assert_eq!(served.put(&path, &json!({"vintage_id": id(&known)}), None).status(), 428);
    assert_eq!(served.put(&path, &json!({"vintage_id": id(&known)}), Some(9)).status(), 412);
    let nowhere = served.put(&path, &json!({"vintage_id": "x"}), Some(1));
    assert_eq!((nowhere.status().as_u16(), body(nowhere)["field"].clone()), (422, json!("vintage_id")));
    let named = served.put(&path, &json!({"vintage_id": id(&known)}), Some(1));
    assert_eq!((named.status().as_u16(), named.headers()["etag"].to_str().ok()), (200, Some("\"2\"")));
    let found = served.json("/api/v1/holdings?q=p+n");
    assert_eq!(found["items"][0]["bottles"], 1, "the search knows");
    let edit = served.json("/api/v1/changes?limit=1")["items"][0].clone();
    let kiosk = cellar.serve_with(&[]).as_role(&cellar, "kiosk");
    assert_eq!(kiosk.post(&format!("/api/v1/changes/{}/undo", id(&edit)), &json!({})).status(), 201, "a bottle's edit");
    let wine = served.json("/api/v1/changes?entity=wine&id=none")["items"].clone();
    assert_eq!(wine, json!([]));
}

#[test]
fn edits_are_told_and_undone() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let wine = created(&served, "/api/v1/wines", &json!({"producer": "P", "name": "N", "colour": "red"}));
    let path = format!("/api/v1/wines/{}", id(&wine));
    let changed = served.put(&path, &json!({"producer": "P", "name": "M", "colour": "red"}), Some(1));
    assert_eq!(changed.headers()["etag"], "\"2\"");
    let edits = served.json(&format!("/api/v1/changes?entity=wine&id={}", id(&wine)));
    assert_eq!((&edits["items"][0]["before"]["name"], &edits["items"][0]["after"]["name"]), (&json!("N"), &json!("M")));
    let undo = format!("/api/v1/changes/{}/undo", id(&edits["items"][0]));
    assert_eq!(served.post(&undo, &json!({"user": "Bea"})).status(), 201);
    assert_eq!(served.json(&path)["wine"]["name"], "N");
    assert_eq!(served.post(&undo, &json!({})).status(), 409);
    assert_eq!(served.json("/api/v1/changes?actor=Bea")["items"].as_array().map(Vec::len), Some(1));
    let half = served.get("/api/v1/changes?id=x").send().expect("answer");
    assert_eq!((half.status().as_u16(), body(half)["field"].clone()), (422, json!("entity")));
}

#[test]
fn notes_and_wishes_have_revisions() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let wine = created(&served, "/api/v1/wines", &json!({"producer": "P", "name": "N", "colour": "red"}));
    let vintage = body(served.post(&format!("/api/v1/wines/{}/vintages", id(&wine)), &json!({"year": 2019})));
    let notes = format!("/api/v1/vintages/{}/notes", id(&vintage));
    let bad = served.post(&notes, &json!({"tasted_on": "2026-02-30", "body": "x"}));
    assert_eq!((bad.status().as_u16(), body(bad)["field"].clone()), (422, json!("tasted_on")));
    let note = json!({"tasted_on": "2026-11-24", "body": "Plum, smoke", "rating": {"hundredths": 1700, "scale": 20}});
    let note = created(&served, &notes, &note);
    let path = format!("/api/v1/notes/{}", id(&note));
    assert_eq!(served.delete(&path, None).status(), 428);
    assert_eq!(served.delete(&path, Some(7)).status(), 412);
    assert_eq!(served.delete(&path, Some(1)).status(), 204);
    assert_eq!(served.get(&path).send().expect("answer").status(), 404);
    let wish = created(&served, "/api/v1/wishes", &json!({"name": "Trockenbeerenauslese", "priority": 1}));
    let bought = json!({"name": "Trockenbeerenauslese", "priority": 1, "state": "bought"});
    assert_eq!(served.put(&format!("/api/v1/wishes/{}", id(&wish)), &bought, Some(1)).status(), 200);
    assert_eq!(served.json("/api/v1/wishes?state=open")["items"], json!([]));
    for (name, priority) in [("Port", 3), ("Sherry", 1), ("Madeira", 1)] {
        created(&served, "/api/v1/wishes", &json!({"name": name, "priority": priority}));
    }
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = served.json(&format!("/api/v1/wishes?state=open&limit=1{cursor}"));
        names.push(page["items"][0]["name"].as_str().expect("a name").to_owned());
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(names, ["Sherry", "Madeira", "Port"], "the pressing ones first, each once");
}

#[test]
fn a_repeated_request_is_done_once() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let wine = json!({"producer": "P", "name": "N", "colour": "red"});
    let first = served.post_once("/api/v1/wines", &wine, "key-1");
    assert_eq!(first.status(), 201);
    let first = body(first);
    let again = served.post_once("/api/v1/wines", &wine, "key-1");
    assert_eq!((again.status().as_u16(), again.headers()["idempotency-replayed"].to_str().ok()), (201, Some("true")));
    assert_eq!(body(again), first);
    assert_eq!(served.json("/api/v1/wines")["items"].as_array().map(Vec::len), Some(1));
    let other = served.post_once("/api/v1/wines", &json!({"producer": "Q", "name": "N", "colour": "red"}), "key-1");
    assert_eq!((other.status().as_u16(), body(other)["field"].clone()), (422, json!("Idempotency-Key")));
    let refused = served.post_once("/api/v1/wines", &json!({"producer": "", "name": "N", "colour": "red"}), "key-2");
    assert_eq!(refused.status(), 422);
    assert_eq!(served.post_once("/api/v1/wines", &wine, "key-2").status(), 201, "what was refused may be sent anew");
}
