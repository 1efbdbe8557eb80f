//! A picture that cannot be trusted claims nothing: of the whole rack, or of the bins that cannot be seen.

use std::{fs, path::Path};

use image::{Rgb, RgbImage};
use serde_json::Value;

use crate::cellar::Cellar;

fn open(cellar: &Cellar) -> RgbImage {
    let photo = cellar.photo(&[]);
    image::open(photo.strip_prefix("file:").expect("file source")).expect("photo").into_rgb8()
}

/// The photograph with something over a part of it, as a share of its width.
fn covered(photo: &RgbImage, from: f64, to: f64, colour: [u8; 3]) -> RgbImage {
    let mut image = photo.clone();
    let column = |share: f64| (share * f64::from(photo.width())) as u32;
    for x in column(from)..column(to) {
        (0..photo.height()).for_each(|y| image.put_pixel(x, y, Rgb(colour)));
    }
    image
}

/// Frames as a camera would have sent them one after another.
fn series(folder: &Path, frames: &[RgbImage]) -> String {
    fs::create_dir_all(folder).expect("folder");
    for (n, frame) in frames.iter().enumerate() {
        frame.save(folder.join(format!("{n}.png"))).expect("frame");
    }
    format!("dir:{}", folder.display())
}

fn refusals(outcome: &Value) -> Vec<&str> {
    let bins = outcome["snapshot"]["bins"].as_array().expect("bins");
    bins.iter().filter_map(|bin| bin["refusal"].as_str()).collect()
}

#[test]
fn a_passing_hand_leaves_no_trace() {
    let cellar = Cellar::demo();
    let photo = open(&cellar);
    let hand = |at: f64| covered(&photo, at, at + 0.2, [190, 150, 120]);
    let source = series(&cellar.path("hand"), &[hand(0.3), photo.clone(), hand(0.55), photo.clone(), photo.clone()]);
    let outcome = cellar.scan(&source);
    assert_eq!((&outcome["changed"], &outcome["no_opinion"]), (&serde_json::json!([]), &serde_json::json!([])));
    assert_eq!(outcome["snapshot"]["frames"], 5);
}

#[test]
fn bins_behind_something_have_no_opinion_and_are_not_missing() {
    let cellar = Cellar::demo();
    let photo = open(&cellar);
    // A person who moves about in front of a part of the rack, in all pictures.
    let person = |at: f64| covered(&photo, at, at + 0.12, [80, 60, 50]);
    let source =
        series(&cellar.path("person"), &[person(0.32), person(0.40), person(0.36), person(0.44), person(0.34)]);
    let outcome = cellar.scan(&source);
    assert_eq!(outcome["changed"], serde_json::json!([]), "{outcome:#}");
    assert!(refusals(&outcome).iter().any(|reason| reason.contains("moved in front")), "{outcome:#}");
    // A box that stands still: only the last good picture tells.
    let boxed = cellar.path("box.png");
    covered(&photo, 0.3, 0.48, [120, 96, 70]).save(&boxed).expect("picture");
    let outcome = cellar.scan(&format!("file:{}", boxed.display()));
    assert_eq!(outcome["changed"], serde_json::json!([]), "{outcome:#}");
    assert!(refusals(&outcome).iter().any(|reason| reason.contains("stands in front")), "{outcome:#}");
    let silent: Vec<&str> =
        outcome["no_opinion"].as_array().expect("list").iter().filter_map(|doubt| doubt["reason"].as_str()).collect();
    assert!(silent.iter().any(|reason| reason.contains("stands in front")), "{silent:?}");
}

#[test]
fn a_rack_that_is_hidden_ends_the_scan_without_an_opinion() {
    let cellar = Cellar::demo();
    let photo = open(&cellar);
    let dir = cellar.path("stage");
    let dir = dir.to_str().expect("UTF-8");
    let wall = cellar.path("wall.png");
    // Somebody hung a chequered cloth before it.
    RgbImage::from_fn(
        photo.width(),
        photo.height(),
        |x, y| Rgb([if (x / 60 + y / 60) % 2 == 0 { 90 } else { 150 }; 3]),
    )
    .save(&wall)
    .expect("picture");
    let source = format!("file:{}", wall.display());
    let said = cellar.fails(3, &["stock", "run", "--source", &source]);
    assert!(said.contains("bins are hidden") && said.contains("--as-good"), "{said}");
    let told = fs::read(cellar.data().join("cells_runtime_res/run.json")).expect("summary");
    let told: Value = serde_json::from_slice(&told).expect("JSON");
    assert_eq!((&told["status"], &told["changed"]), (&"no_opinion".into(), &serde_json::json!([])));
    assert!(told["snapshot"]["frame"]["brightness"].is_number(), "{told:#}");
    // The stage on its own says the same, and how well each bin is seen.
    cellar.fails(3, &["stock", "snapshot", "--source", &source, "--dir", dir]);
    let quality: Value =
        serde_json::from_slice(&fs::read(cellar.path("stage/quality.json")).expect("file")).expect("JSON");
    assert!(quality["bins"][0]["changed"].as_f64().is_some_and(|share| share > 0.5), "{quality:#}");
    assert!(quality["bins"][0]["refusal"].is_string());
}

#[test]
fn a_changed_rack_can_be_taken_as_good() {
    let cellar = Cellar::demo();
    let photo = open(&cellar);
    let boxed = cellar.path("box.png");
    covered(&photo, 0.0, 0.6, [120, 96, 70]).save(&boxed).expect("picture");
    let source = format!("file:{}", boxed.display());
    let good = || {
        let files =
            fs::read_dir(cellar.data().join("cells_runtime_res")).expect("results").map(|file| file.expect("a file"));
        let of_rack = files.into_iter().find(|file| file.file_name().to_string_lossy().starts_with("last_good-"));
        fs::read(of_rack.expect("outlines").path()).expect("outlines")
    };
    let before = good();
    // To look does not change what counts as good; to say so does.
    let said = cellar.fails(3, &["stock", "snapshot", "--source", &source]);
    assert!(said.contains("--as-good"), "{said}");
    assert_eq!(good(), before);
    cellar.ok(&["stock", "snapshot", "--source", &source, "--as-good"]);
    assert_ne!(good(), before);
    assert!(!cellar.ok(&["stock", "snapshot", "--source", &source]).contains("stands in front"));
}
