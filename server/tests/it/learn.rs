//! Learning from answers, measuring with truth files, and a model of one's own, through the command line.

use std::fs;

use serde_json::{Value, json};

use crate::{
    calibration::photo,
    cellar::{Cellar, body},
};

fn examples(cellar: &Cellar) -> Vec<String> {
    let mut names = Vec::new();
    for rack in fs::read_dir(cellar.data().join("learning")).into_iter().flatten().flatten() {
        for file in fs::read_dir(rack.path().join("examples")).into_iter().flatten().flatten() {
            names.push(file.file_name().to_string_lossy().into_owned());
        }
    }
    names
}

#[test]
fn an_answer_becomes_a_labelled_crop_and_too_few_change_nothing() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    cellar.scan(&cellar.photo(&["03_03=1"]));
    let open = served.json("/api/v1/proposals?state=open")["items"].clone();
    let id = open[0]["id"].as_str().expect("id");
    assert_eq!(served.post(&format!("/api/v1/proposals/{id}/approve"), &json!({})).status(), 200);
    let report: Value = serde_json::from_str(&cellar.ok(&["vision", "learn", "--json"])).expect("JSON");
    assert_eq!(report[0]["outcome"], "too_few", "{report:#}");
    assert_eq!((&report[0]["answers"], &report[0]["version"]), (&json!(1), &json!(0)));
    let kept = examples(&cellar);
    assert_eq!(kept.iter().filter(|name| name.ends_with("_03_03.json")).count(), 1, "{kept:?}");
    assert_eq!(kept.iter().filter(|name| name.ends_with("_03_03.jpg")).count(), 1);
    // Nothing is made twice, and a scan learns too where it is asked to.
    let again: Value = serde_json::from_str(&cellar.ok(&["vision", "learn", "--json"])).expect("JSON");
    assert_eq!(again[0]["examples"], 0);
    let source = cellar.photo(&[]);
    let output = cellar.run(&["stock", "run", "--source", &source, "--learn", "true"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing changes"));
    assert!(cellar.fails(1, &["vision", "learn", "--rollback"]).contains("nothing to go back from"));
    assert!(cellar.fails(1, &["vision", "learn", "--rack", "attic"]).contains("there is no rack `attic`"));
}

#[test]
fn what_a_person_counts_at_calibration_is_learned_from() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let rack = served.json("/api/v1/racks")[0]["id"].as_str().expect("rack").to_owned();
    let before = &served.json(&format!("/api/v1/racks/{rack}/calibrations"))[0];
    let draft = photo(&cellar, &served);
    let mut new = json!({
        "rack": rack, "facts": before["facts"], "bins": before["bins"], "picture": draft["picture"],
        "counts": {"03_03": 4, "01_01": 1, "02_02": 2}, "corrected": ["03_03", "03_04"],
    });
    let refused = served.post("/api/v1/calibrations", &new);
    assert_eq!((refused.status().as_u16(), &body(refused)["field"]), (422, &json!("corrected[1]")));
    new["corrected"] = json!(["03_03"]);
    let made = served.post("/api/v1/calibrations", &new);
    assert_eq!(made.status(), 201);
    let version = body(made)["calibration"]["id"].as_str().expect("an id").to_owned();
    let report: Value = serde_json::from_str(&cellar.ok(&["vision", "learn", "--json"])).expect("JSON");
    assert_eq!((&report[0]["examples"], &report[0]["answers"]), (&json!(3), &json!(1)), "{report:#}");
    let mut kept = examples(&cellar);
    kept.retain(|name| name.ends_with(".json"));
    kept.sort();
    assert_eq!(kept, ["01_01", "02_02", "03_03"].map(|bin| format!("{version}_{bin}.json")));
}

#[test]
fn a_model_that_cannot_be_used_is_named_with_the_reason() {
    let cellar = Cellar::demo();
    let source = cellar.photo(&[]);
    let model = cellar.path("mine.onnx");
    fs::write(&model, b"no model").expect("written");
    let named = |description: Option<&str>| {
        if let Some(text) = description {
            fs::write(cellar.path("mine.json"), text).expect("written");
        }
        let output = cellar
            .command(&["stock", "run", "--source", &source])
            .env("WINECELLAR_MODEL", &model)
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(named(None).contains("mine.json"));
    assert!(
        named(Some(r#"{"name": "m", "input": {"size": [0, 0]}, "decoding": {"kind": "classification"}}"#))
            .contains("input.size")
    );
    assert!(
        named(Some(r#"{"name": "m", "input": {"size": [32, 32]}, "decoding": {"kind": "classification"}}"#))
            .contains("no ONNX file")
    );
}

#[test]
fn a_folder_with_truth_is_measured_and_drawn() {
    let cellar = Cellar::empty();
    let folder = cellar.path("truth");
    fs::create_dir(&folder).expect("folder");
    cellar.ok(&["demo", "photo", folder.join("rack.jpg").to_str().expect("UTF-8")]);
    let truth = json!({"image": "rack.jpg", "bins": [
        {"id": "a", "polygon": [[200, 200], [400, 200], [400, 400], [200, 400]], "count": 1},
        {"id": "b", "polygon": [[400, 200], [600, 200], [600, 400], [400, 400]], "count": null}]});
    fs::write(folder.join("rack.json"), truth.to_string()).expect("written");
    let (out, dir) = (cellar.path("pictures"), folder.to_str().expect("UTF-8"));
    let text = cellar.ok(&["vision", "eval", dir, "--json", "--pictures", out.to_str().expect("UTF-8")]);
    let report: Value = serde_json::from_str(&text).expect("JSON");
    for key in ["exact_count_accuracy", "occupancy_f1", "precision", "recall", "mae", "no_opinion"] {
        assert!(report[key].is_number() && report["photos"][0][key].is_number(), "{key}: {report:#}");
    }
    assert_eq!((&report["bins"], report["photos"][0]["results"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    assert!(report["calibration"]["ece"].is_number() && report["confusion"]["table"].is_array());
    for picture in ["rack.read.jpg", "confusion.png", "worst.jpg"] {
        assert!(out.join(picture).exists(), "{picture}");
    }
    assert!(cellar.ok(&["vision", "eval", dir]).contains("expected calibration error"));
    fs::write(folder.join("rack.json"), truth.to_string().replace("\"count\":1", "\"count\":-1")).expect("written");
    let told = cellar.fails(1, &["vision", "eval", dir]);
    assert!(told.contains("rack.json") && told.contains("bins[0].count: must be a whole number"), "{told}");
}
