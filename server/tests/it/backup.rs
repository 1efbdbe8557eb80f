//! A backup is made while people work, comes back whole on either engine, and a wrong file changes nothing.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use test_support::TestDb;

use crate::cellar::{Cellar, body};

fn only_file(folder: &Path) -> PathBuf {
    let files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of the backups")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "gz"))
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn state(checks: &Value, name: &str) -> Value {
    checks.as_array().expect("checks").iter().find(|check| check["name"] == name).expect("the check")["state"].clone()
}

#[test]
fn a_backup_comes_back_on_either_engine_with_its_pictures() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    cellar.ok(&["backup", "--images"]);
    let file = only_file(&cellar.data().join("backups"));
    assert!(file.to_string_lossy().ends_with("-images.tar.gz"));
    let wanted = served.json("/api/v1/bins/summary");
    // After the backup: must not come back.
    let wine = served.post("/api/v1/wines", &json!({"producer": "Late", "name": "Late", "colour": "red"}));
    assert_eq!(wine.status(), 201);
    let mariadb = TestDb::mariadb();
    let sqlite = format!("sqlite:{}", cellar.path("back.db").display());
    for (n, url) in [Some(sqlite), mariadb.as_ref().map(|it| it.url.clone())].into_iter().flatten().enumerate() {
        let place = Cellar::on(url.clone());
        let said = place.ok(&["restore", text(&file), "--to", &url]);
        assert!(said.contains("compared with its checksum"), "{said}");
        let again = place.serve();
        assert_eq!(again.json("/api/v1/bins/summary"), wanted, "{n}");
        assert!(!again.json("/api/v1/wines?q=Late").to_string().contains("Late"), "{n}");
        for folder in ["snapshots", "cells_runtime", "cells_runtime_res"] {
            same_files(&cellar.data().join(folder), &place.data().join(folder));
        }
        let checks: Value =
            serde_json::from_slice(&place.run(&["doctor", "--no-camera", "--json"]).stdout).expect("JSON");
        assert_eq!((state(&checks, "journal"), state(&checks, "integrity")), (json!("ok"), json!("ok")), "{checks:#}");
        let full = place.fails(1, &["restore", text(&file), "--to", &url]);
        assert!(full.contains("not empty"), "{full}");
    }
}

#[test]
fn a_backup_of_a_mariadb_comes_back_as_a_file() {
    let Some(mariadb) = TestDb::mariadb() else { return };
    let demo = Cellar::demo();
    let from = format!("sqlite:{}", demo.path("cellar.db").display());
    demo.ok(&["db", "copy", "--from", &from, "--to", &mariadb.url]);
    let grown = Cellar::on(mariadb.url.clone());
    let served = grown.serve();
    let wine = served.post("/api/v1/wines", &json!({"producer": "Egri", "name": "Bikav\u{e9}r", "colour": "red"}));
    assert_eq!(wine.status(), 201);
    grown.ok(&["backup"]);
    let file = only_file(&grown.data().join("backups"));
    let back = Cellar::empty();
    let to = format!("sqlite:{}", back.path("back.db").display());
    let said = back.ok(&["restore", text(&file), "--to", &to]);
    assert!(said.contains("compared with its checksum"), "{said}");
    let again = Cellar::on(to).serve();
    for path in ["/api/v1/bins/summary", "/api/v1/movements", "/api/v1/proposals", "/api/v1/export.json"] {
        let stamp = |mut book: Value| {
            book.as_object_mut().map(|book| book.remove("exported_at"));
            book
        };
        assert_eq!(stamp(again.json(path)), stamp(served.json(path)), "{path}");
    }
}

fn same_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("list") {
        let entry = entry.expect("entry");
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            same_files(&entry.path(), &there);
        } else {
            assert!(
                fs::read(entry.path()).expect("file") == fs::read(&there).expect("restored"),
                "{}",
                there.display()
            );
        }
    }
}

#[test]
fn a_backup_made_while_people_work_is_of_one_moment() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let wine = body(served.post("/api/v1/wines", &json!({"producer": "P", "name": "N", "colour": "red"})));
    let path = format!("/api/v1/wines/{}/vintages", wine["id"].as_str().expect("id"));
    let vintage = body(served.post(&path, &json!({"year": 2019})))["id"].clone();
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                served.post("/api/v1/movements", &json!({"kind": "receipt", "vintage_id": vintage}));
            }
        });
        for n in 0..3 {
            let file = cellar.path(&format!("busy{n}.tar.gz"));
            cellar.ok(&["backup", "--out", text(&file)]);
            let url = format!("sqlite:{}", cellar.path(&format!("busy{n}.db")).display());
            let place = Cellar::on(url.clone());
            place.ok(&["restore", text(&file), "--to", &url]);
            let checks: Value =
                serde_json::from_slice(&place.run(&["doctor", "--no-camera", "--json"]).stdout).expect("JSON");
            assert_eq!(state(&checks, "journal"), json!("ok"), "{checks:#}");
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

#[test]
fn a_damaged_cut_or_foreign_file_is_refused_and_changes_nothing() {
    let cellar = Cellar::demo();
    let file = cellar.path("good.tar.gz");
    cellar.ok(&["backup", "--out", text(&file)]);
    assert!(cellar.fails(1, &["backup", "--out", text(&file)]).contains("there already"));
    assert!(cellar.ok(&["restore", text(&file), "--check"]).contains("whole"));
    let good = fs::read(&file).expect("backup");
    let mut changed = good.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 0x55;
    let cases = [
        ("changed", changed),
        ("cut", good[..good.len() - 200].to_vec()),
        ("foreign", b"PK\x03\x04 something else".to_vec()),
        ("empty", Vec::new()),
        ("climbs", hostile("../escaped.txt", tar::EntryType::Regular)),
        ("absolute", hostile("/tmp/winecellar-escaped.txt", tar::EntryType::Regular)),
        ("link", hostile("data/snapshots/link", tar::EntryType::Symlink)),
        ("pipe", hostile("data/snapshots/pipe", tar::EntryType::Fifo)),
        ("bomb", bomb()),
    ];
    for (name, data) in cases {
        let wrong = cellar.path(&format!("{name}.tar.gz"));
        fs::write(&wrong, data).expect("file");
        let url = format!("sqlite:{}", cellar.path(&format!("{name}.db")).display());
        let place = Cellar::on(url.clone());
        let said = place.fails(1, &["restore", text(&wrong), "--to", &url]);
        assert!(said.contains(&format!("{name}.tar.gz")), "{name}: {said}");
        assert!(!place.data().join("snapshots").exists(), "{name}");
        let written = written_to(&cellar.path(&format!("{name}.db")));
        assert_eq!(written, 0, "{name}: nothing was written into the database");
    }
    assert!(!Path::new("/tmp/winecellar-escaped.txt").exists());
}

/// Number of bytes beyond an empty SQLite file.
fn written_to(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |it| if it.len() > 4096 { it.len() } else { 0 })
}

/// A compressed tar with one entry of a name or kind that no backup has. The name is written past the tar crate, which
/// refuses it.
fn hostile(name: &str, kind: tar::EntryType) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(0);
    header.set_mode(0o600);
    if kind == tar::EntryType::Symlink {
        header.set_link_name("/etc").expect("a link's goal");
    }
    header.set_cksum();
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    tar.append(&header, std::io::empty()).expect("entry");
    tar.into_inner().and_then(flate2::write::GzEncoder::finish).expect("archive")
}

/// 300 MB of nothing, packed to a third of a megabyte.
fn bomb() -> Vec<u8> {
    let size = 300 << 20;
    let mut header = tar::Header::new_ustar();
    header.set_path("rows/wines.jsonl").expect("path");
    header.set_size(size);
    header.set_cksum();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(header.as_bytes()).expect("header");
    for _ in 0..size >> 20 {
        packed.write_all(&[0; 1 << 20]).expect("zeros");
    }
    packed.finish().expect("bomb")
}

#[test]
fn old_backups_go_and_strangers_stay() {
    let cellar = Cellar::empty();
    let folder = cellar.path("backups");
    fs::create_dir(&folder).expect("folder");
    for day in 1..=28 {
        fs::write(folder.join(format!("winecellar-202603{day:02}T040000Z.tar.gz")), "old").expect("old backup");
    }
    fs::write(folder.join("winecellar-notes.txt"), "mine").expect("a stranger");
    fs::write(folder.join(".winecellar-backup.1.partial"), "half").expect("left by a backup that broke off");
    let said = cellar.ok(&["backup", "--out", text(&folder), "--keep", "7"]);
    assert!(said.contains("removed winecellar-20260301T040000Z.tar.gz"), "{said}");
    let left: Vec<String> = fs::read_dir(&folder)
        .expect("list")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(left.contains(&"winecellar-notes.txt".to_owned()), "{left:?}");
    assert!(left.iter().all(|name| !name.ends_with(".partial")), "{left:?}");
    let backups = left.iter().filter(|name| name.ends_with(".tar.gz")).count();
    assert!((8..=12).contains(&backups), "{left:?}");
}

#[test]
fn a_cellar_is_copied_to_the_other_engine() {
    let Some(database) = TestDb::mariadb() else { return };
    let cellar = Cellar::demo();
    let said = cellar.ok(&["db", "copy", "--from", cellar.url(), "--to", &database.url]);
    assert!(said.contains("found equal, row by row") && said.contains("bottles"), "{said}");
    let there = Cellar::on(database.url.clone());
    assert_eq!(cellar.serve().json("/api/v1/bins/summary"), there.serve().json("/api/v1/bins/summary"));
    let full = cellar.fails(1, &["db", "copy", "--from", cellar.url(), "--to", &database.url]);
    assert!(full.contains("not empty"), "{full}");
    let missing = cellar.fails(1, &["db", "copy", "--from", "sqlite:/nowhere/x.db", "--to", &database.url]);
    assert!(missing.contains("/nowhere/x.db"), "{missing}");
}
