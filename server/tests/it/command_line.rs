//! The command line: the chain from photo to proposal, the stages on their own, wrong input, the lock.

use std::fs::{self, File};

use crate::cellar::Cellar;

#[test]
fn an_unchanged_rack_raises_nothing() {
    let cellar = Cellar::demo();
    let outcome = cellar.scan(&cellar.photo(&[]));
    assert_eq!(outcome["status"], "ok");
    assert_eq!(outcome["changed"], serde_json::json!([]), "{outcome:#}");
    assert_eq!(outcome["no_opinion"], serde_json::json!([]), "{outcome:#}");
}

#[test]
fn a_bottle_taken_away_is_found_in_its_bin_and_in_no_other() {
    let cellar = Cellar::demo();
    let source = cellar.photo(&["03_03=1"]);
    let outcome = cellar.scan(&source);
    let changed = outcome["changed"].as_array().expect("a list");
    assert_eq!(changed.len(), 1, "{outcome:#}");
    assert_eq!((&changed[0]["bin"], &changed[0]["difference"]), (&"03_03".into(), &(-1).into()));
    assert!(changed[0]["proposal"].is_string());
    // The same again: the same proposal, no second one.
    let again = cellar.scan(&source);
    assert_eq!(again["changed"][0]["proposal"], changed[0]["proposal"]);
}

#[test]
fn a_scan_leaves_the_files_that_scripts_rely_on() {
    let cellar = Cellar::demo();
    let outcome = cellar.scan(&cellar.photo(&["03_03=1"]));
    let data = cellar.data();
    let results = fs::read_to_string(data.join("cells_runtime_res/results.csv")).expect("results.csv");
    assert!(results.starts_with("bin_ID,count,"), "{results}");
    assert!(fs::read_to_string(data.join("cells_runtime_res/diff_only.csv")).expect("diff").contains("03_03"));
    let diff: serde_json::Value =
        serde_json::from_slice(&fs::read(data.join("cells_runtime_res/diff_only.json")).expect("diff")).expect("JSON");
    assert_eq!(diff["total"], 1);
    assert!(data.join("cells_runtime/03_03.jpg").exists());
    let folder = std::path::Path::new(outcome["folder"].as_str().expect("folder"));
    for file in ["frame.jpg", "rectified.jpg", "annotated.jpg", "results.csv", "run.json", "bins/03_03.jpg"] {
        assert!(folder.join(file).exists(), "{file}");
    }
    let leftovers: Vec<_> = fs::read_dir(data.join("snapshots"))
        .expect("list")
        .filter_map(Result::ok)
        .filter(|e| e.file_name().to_string_lossy().starts_with('.'))
        .collect();
    assert!(leftovers.is_empty(), "{leftovers:?}");
}

#[test]
fn the_stages_run_one_by_one_over_files() {
    let cellar = Cellar::demo();
    let source = cellar.photo(&["03_03=1"]);
    let dir = cellar.path("stages");
    let dir = dir.to_str().expect("UTF-8");
    assert!(cellar.fails(1, &["stock", "rectify", "--dir", dir]).contains("stock snapshot"));
    cellar.ok(&["stock", "snapshot", "--source", &source, "--dir", dir]);
    for stage in ["rectify", "crop", "detect", "compare"] {
        cellar.ok(&["stock", stage, "--dir", dir]);
    }
    let diff = fs::read_to_string(cellar.path("stages/diff_only.csv")).expect("diff_only.csv");
    assert_eq!(diff.lines().count(), 2, "{diff}");
    assert!(diff.lines().nth(1).is_some_and(|line| line.starts_with("03_03,")), "{diff}");
    assert!(cellar.path("stages/cells/03_03.png").exists());
    assert!(cellar.path("stages/cells_polygons.json").exists());
}

#[test]
fn a_dark_picture_is_no_opinion_and_claims_nothing() {
    let cellar = Cellar::demo();
    let dark = cellar.path("dark.jpg");
    image::RgbImage::from_pixel(1920, 1080, image::Rgb([4, 4, 5])).save(&dark).expect("picture");
    let stderr = cellar.fails(3, &["stock", "run", "--source", &format!("file:{}", dark.display())]);
    assert!(stderr.contains("no opinion"), "{stderr}");
    let missing = cellar.fails(3, &["stock", "run", "--source", "file:/nowhere/at/all.jpg"]);
    assert!(missing.contains("/nowhere/at/all.jpg"), "{missing}");
}

#[test]
fn wrong_input_is_named_with_its_cure() {
    let cellar = Cellar::empty();
    assert!(cellar.fails(2, &["stock", "run", "--source", "ftp://x"]).contains("v4l2:"));
    assert!(cellar.fails(1, &["stock", "run", "--source", "file:/x.jpg"]).contains("winecellar demo"));
    assert!(cellar.fails(2, &["stock", "run"]).contains("WINECELLAR_SOURCE"));
    assert!(cellar.fails(2, &["serve", "--addr", "8000"]).contains("HOST:PORT"));
    let reading = cellar.path("reading");
    assert!(cellar.fails(1, &["stock", "compare", "--dir", reading.to_str().expect("UTF-8")]).contains("stock detect"));
    assert!(!reading.exists(), "a stage that only reads makes no folder");
    assert!(cellar.fails(1, &["user", "add", "Robot", "--role", "worker"]).contains("tokens"));
    assert!(cellar.fails(2, &["stock", "run", "--deadline", "0"]).contains("deadline"));
    assert!(cellar.fails(2, &["demo", "photo", "--without", "99_99=1", "/tmp/never.jpg"]).contains("99_99"));
    assert!(cellar.fails(1, &["vision", "eval", "/nowhere"]).contains("/nowhere"));
    // An environment file may leave a value empty.
    let empty = cellar.command(&["migrate"]).env("WINECELLAR_MODEL", "").env("WINECELLAR_RACK", "").output();
    assert!(empty.expect("it runs").status.success());
    let wrong = Cellar::on("postgres://here/cellar".to_owned());
    assert!(wrong.fails(2, &["migrate"]).contains("sqlite:"));
    let old = Cellar::on(format!("sqlite:{}", cellar.path("new.db").display()));
    assert!(old.fails(1, &["stock", "run", "--source", "file:/x.jpg"]).contains("winecellar migrate"));
}

#[test]
fn the_demo_fills_only_an_empty_cellar() {
    let cellar = Cellar::demo();
    assert!(cellar.fails(1, &["demo"]).contains("empty"));
    assert!(cellar.ok(&["demo", "--if-empty"]).contains("left as it is"));
}

#[test]
fn a_second_scan_leaves_the_first_alone() {
    let cellar = Cellar::demo();
    let lock = File::options().write(true).open(cellar.data().join("stock.lock")).expect("the lock file");
    lock.lock().expect("free");
    fs::write(cellar.data().join("stock.lock"), "process 7 of a test\n").expect("holder");
    let stderr = cellar.fails(75, &["stock", "run"]);
    assert!(stderr.contains("process 7 of a test"), "{stderr}");
    lock.unlock().expect("unlock");
    cellar.ok(&["stock", "run"]);
}

#[test]
fn tables_of_a_newer_version_are_refused_and_left_alone() {
    let cellar = Cellar::demo();
    test_support::spoil(cellar.url(), "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')");
    for args in [&["migrate"][..], &["stock", "run"], &["serve", "--addr", "127.0.0.1:0"], &["backup"]] {
        let said = cellar.fails(1, args);
        assert!(said.contains("newer winecellar") && said.contains("install that version again"), "{args:?}: {said}");
    }
}
