//! The doctor says what is wrong and how to cure it.

use std::{collections::BTreeMap, fs};

use serde_json::Value;

use crate::cellar::Cellar;

/// State and cure by check, with the exit code.
fn examine(cellar: &Cellar, more: &[&str]) -> (Option<i32>, BTreeMap<String, Value>) {
    let output = cellar.run(&[&["doctor", "--json", "--addr", "127.0.0.1:1"], more].concat());
    let checks: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON");
    for check in &checks {
        assert_eq!(check["state"] == "ok", check["cure"].is_null(), "what is not well has a cure: {check:#}");
        assert!(check["found"].as_str().is_some_and(|found| !found.is_empty()), "{check:#}");
    }
    let name = |check: &Value| check["name"].as_str().expect("a name").to_owned();
    (output.status.code(), checks.into_iter().map(|check| (name(&check), check)).collect())
}

#[test]
fn a_sound_cellar_is_found_sound() {
    let cellar = Cellar::demo();
    cellar.ok(&["backup"]);
    let (code, checks) = examine(&cellar, &[]);
    assert_eq!(code, Some(0), "{checks:#?}");
    for name in [
        "settings",
        "database",
        "tables",
        "integrity",
        "journal",
        "bins",
        "data folder",
        "room for pictures",
        "room for the database",
        "scan lock",
        "model",
        "camera",
        "clock",
        "last scan",
        "last backup",
    ] {
        assert_eq!(checks[name]["state"], "ok", "{:#}", checks[name]);
    }
    assert!(cellar.ok(&["doctor", "--no-camera"]).contains("ok    journal"));
}

#[test]
fn what_is_wrong_fails_with_its_cure() {
    let cellar = Cellar::demo();
    let wrong = |name: &str, more: &[&str], word: &str| {
        let (code, checks) = examine(&cellar, more);
        assert_eq!((code, &checks[name]["state"]), (Some(1), &"fail".into()), "{name}: {:#}", checks[name]);
        assert!(checks[name].to_string().contains(word), "{name}: {:#}", checks[name]);
    };
    wrong("camera", &["--source", "file:/nowhere.jpg"], "/nowhere.jpg");
    wrong("camera", &["--source", "cmd:sleep 60", "--deadline", "1"], "no picture within");
    wrong("settings", &["--source", "ftp://x", "--no-camera"], "WINECELLAR_SOURCE");
    wrong("database", &["--no-camera", "--database-url", "sqlite:/nowhere/cellar.db"], "winecellar migrate");
    wrong("database", &["--no-camera", "--database-url", "mysql://root@127.0.0.1:1/cellar"], "MariaDB");
    // A file where the folder should be.
    let file = cellar.path("a-file");
    fs::write(&file, "x").expect("file");
    wrong("data folder", &["--no-camera", "--data-dir", file.to_str().expect("UTF-8")], "WINECELLAR_DATA_DIR");
    let damaged = Cellar::empty();
    let mut data = fs::read(damaged.path("cellar.db")).expect("database");
    let half = data.len() / 2;
    data[100..half].fill(0xa5);
    fs::write(damaged.path("cellar.db"), data).expect("damaged database");
    let (code, checks) = examine(&damaged, &["--no-camera"]);
    assert_eq!(code, Some(1), "{checks:#?}");
    assert!(checks["database"].to_string().contains("restore the last backup"), "{:#}", checks["database"]);
    // Somebody lays a bottle elsewhere past the program.
    test_support::spoil(cellar.url(), "UPDATE bottles SET bin = '01_01' WHERE bin = '03_03'");
    wrong("journal", &["--no-camera"], "restore the last backup");
    let (_, checks) = examine(&cellar, &["--no-camera"]);
    assert!(checks["journal"]["found"].as_str().is_some_and(|found| found.contains("the journal in_cellar, 03_03")));
}

#[test]
fn a_server_that_answers_is_found() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let addr = served.base.strip_prefix("http://").expect("http");
    let said = cellar.ok(&["doctor", "--no-camera", "--addr", addr]);
    assert!(said.contains(&format!("answers at {addr}")), "{said}");
}
