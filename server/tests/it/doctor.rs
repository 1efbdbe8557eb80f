//! The doctor says what is wrong and how to cure it.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt};

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
        "settings", "database", "tables", "integrity", "journal", "bins", "data folder", "room for pictures",
        "room for the database", "scan lock", "model", "camera", "clock", "last scan", "last backup",
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
    // Somebody lays a bottle elsewhere past the program.
    let spoil = fs::read(cellar.path("cellar.db")).expect("database");
    assert!(spoil.len() > 4096);
    fs::set_permissions(cellar.path("cellar.db"), fs::Permissions::from_mode(0o600)).expect("permissions");
    let broken = Cellar::on(format!("sqlite:{}", cellar.path("broken.db").display()));
    fs::write(cellar.path("broken.db"), broken_copy(spoil)).expect("broken database");
    let (code, checks) = examine(&broken, &["--no-camera"]);
    assert_eq!(code, Some(1), "{checks:#?}");
    assert!(checks.values().any(|check| check["state"] == "fail" && check["cure"].to_string().contains("backup")), "{checks:#?}");
}

/// A database with pages overwritten in its middle.
fn broken_copy(mut data: Vec<u8>) -> Vec<u8> {
    let pages = data.len() / 4096;
    for page in (pages / 3)..(2 * pages / 3) {
        data[page * 4096..page * 4096 + 512].fill(0xa5);
    }
    data
}

#[test]
fn a_server_that_answers_is_found() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let addr = served.base.strip_prefix("http://").expect("http");
    let said = cellar.ok(&["doctor", "--no-camera", "--addr", addr]);
    assert!(said.contains(&format!("answers at {addr}")), "{said}");
}
