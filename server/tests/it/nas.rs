//! The NAS: exact copies, an unmarked folder, a NAS that hangs. `end2end/boot` does the same with a mount that really vanishes.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use crate::cellar::Cellar;

/// A demo cellar with one more scan, and a marked NAS.
fn with_nas() -> (Cellar, PathBuf) {
    let cellar = Cellar::demo();
    let nas = cellar.path("nas");
    fs::create_dir(&nas).expect("NAS");
    nas_ok(&cellar, &["init", "--same-disk"]);
    (cellar, nas)
}

fn nas_command(cellar: &Cellar, args: &[&str]) -> Command {
    let mut command = cellar.command(&[&["nas"], args].concat());
    command.env("WINECELLAR_NAS_DIR", cellar.path("nas"));
    command
}

fn nas_ok(cellar: &Cellar, args: &[&str]) -> String {
    let output = nas_command(cellar, args).output().expect("winecellar nas");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn nas_fails(cellar: &Cellar, args: &[&str]) -> String {
    let output = nas_command(cellar, args).output().expect("winecellar nas");
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    String::from_utf8(output.stderr).expect("UTF-8")
}

/// All files below the three folders that go to the NAS.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("list") {
            let path = entry.expect("entry").path();
            match path.is_dir() {
                true => walk(root, &path, found),
                false => drop(
                    found.insert(path.strip_prefix(root).expect("below").to_path_buf(), fs::read(&path).expect("read")),
                ),
            }
        }
    }
    let mut found = BTreeMap::new();
    for top in ["snapshots", "cells_runtime", "cells_runtime_res"] {
        walk(root, &root.join(top), &mut found);
    }
    found
}

#[test]
fn the_nas_gets_everything_once_and_exactly() {
    let (cellar, nas) = with_nas();
    nas_ok(&cellar, &["sync"]);
    assert_eq!(files(&cellar.data()), files(&nas));
    let again = nas_ok(&cellar, &["sync"]);
    assert!(again.starts_with("0 files copied"), "{again}");
    cellar.scan(&cellar.photo(&["03_03=1"]));
    assert!(!nas_ok(&cellar, &["status"]).contains(": 0 scans"), "the new scan waits");
    nas_ok(&cellar, &["sync"]);
    assert_eq!(files(&cellar.data()), files(&nas));
    assert!(nas_ok(&cellar, &["status"]).contains(": 0 scans"));
}

#[test]
fn what_was_broken_on_the_nas_is_made_good() {
    let (cellar, nas) = with_nas();
    nas_ok(&cellar, &["sync"]);
    let scan = fs::read_dir(nas.join("snapshots")).expect("list").next().expect("a scan").expect("entry").path();
    fs::write(scan.join("frame.jpg"), b"broken").expect("break");
    fs::remove_file(scan.join("results.csv")).expect("remove");
    assert!(nas_ok(&cellar, &["sync", "--verify"]).starts_with("2 files copied"));
    assert_eq!(files(&cellar.data()), files(&nas));
    // Without what is known of the NAS everything is compared, and nothing is copied twice.
    fs::remove_file(cellar.data().join("nas/ledger.json")).expect("ledger");
    assert!(nas_ok(&cellar, &["sync"]).starts_with("0 files copied"));
}

#[test]
fn a_folder_without_the_mark_takes_nothing() {
    let cellar = Cellar::demo();
    fs::create_dir(cellar.path("nas")).expect("an empty mount point");
    let said = nas_fails(&cellar, &["sync"]);
    assert!(said.contains("the NAS is away") && said.contains("cellar nas init"), "{said}");
    assert_eq!(fs::read_dir(cellar.path("nas")).expect("list").count(), 0);
    let said = nas_fails(&cellar, &["init"]);
    assert!(said.contains("is the NAS not mounted?"), "{said}");
}

#[test]
fn a_nas_that_hangs_is_left_in_time_and_said() {
    let (cellar, nas) = with_nas();
    nas_ok(&cellar, &["sync"]);
    // A pipe that nobody writes to is read for ever, as a file of a dead NAS.
    let scan = fs::read_dir(nas.join("snapshots")).expect("list").next().expect("a scan").expect("entry").path();
    fs::remove_file(scan.join("frame.jpg")).expect("remove");
    assert!(Command::new("mkfifo").arg(scan.join("frame.jpg")).status().expect("mkfifo").success());
    let begun = Instant::now();
    let said = nas_fails(&cellar, &["sync", "--verify", "--deadline", "1"]);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert!(said.contains("the NAS does not answer") && said.contains("frame.jpg"), "{said}");
    assert!(nas_ok(&cellar, &["status"]).contains("does not answer"));
}

#[test]
fn a_picture_that_only_the_nas_has_is_shown_and_none_from_elsewhere() {
    let (cellar, nas) = with_nas();
    nas_ok(&cellar, &["sync"]);
    let scan = fs::read_dir(nas.join("snapshots")).expect("list").next().expect("a scan").expect("entry").file_name();
    let scan = scan.to_str().expect("UTF-8");
    fs::remove_dir_all(cellar.data().join("snapshots").join(scan)).expect("cleared away");
    let nas_dir = nas.display().to_string();
    let served = cellar.serve_with(&[("WINECELLAR_NAS_DIR", &nas_dir)]);
    let got = served.get(&format!("/media/scans/{scan}/frame.jpg")).send().expect("an answer");
    assert_eq!(got.status(), 200);
    assert_eq!(
        &got.bytes().expect("bytes")[..],
        &fs::read(nas.join("snapshots").join(scan).join("frame.jpg")).expect("frame")[..]
    );
    assert!(nas_fails(&cellar, &["fetch", "../shared.env"]).contains("no path below the NAS"));
}
