//! Layout files through the command line, and the camera's shift through whole scans.

use std::fs;

use crate::cellar::Cellar;

fn file(cellar: &Cellar, name: &str) -> String {
    cellar.path(name).to_str().expect("UTF-8").to_owned()
}

const CORNERS: &str = "148,112,1786,96,1770,972,160,950";

#[test]
fn a_rack_is_made_checked_brought_in_and_taken_out_again() {
    let cellar = Cellar::empty();
    let (layout, cells) = (file(&cellar, "rack.json"), file(&cellar, "cells.json"));
    let generate = ["layout", "generate", "--kind", "diamond", "--rows", "3", "--columns", "3", "--rim"];
    let placed =
        ["--corners", CORNERS, "--frame", "1920x1080", "--mm", "1200x900", "--bottle-mm", "76", "--out", &layout];
    cellar.ok(&[&generate[..], &placed[..]].concat());
    assert!(cellar.ok(&["layout", "check", &layout]).contains("14 bins"));
    let preview = cellar.ok(&["layout", "import", &layout, "--new", "North wall", "--preview"]);
    assert!(preview.contains("would be: rack `North wall`: 14 bins new"), "{preview}");
    assert!(cellar.fails(1, &["layout", "export"]).contains("no rack yet"), "a preview changes nothing");
    cellar.ok(&["layout", "import", &layout, "--new", "North wall"]);
    let back = cellar.ok(&["layout", "export"]);
    let (made, taken): (serde_json::Value, serde_json::Value) = (
        serde_json::from_str(&fs::read_to_string(&layout).expect("a layout")).expect("JSON"),
        serde_json::from_str(&back).expect("JSON"),
    );
    assert_eq!((&made["corners"], &made["size_mm"]), (&taken["corners"], &taken["size_mm"]));
    assert_eq!(made["bins"].as_array().map(Vec::len), taken["bins"].as_array().map(Vec::len));

    // The other system's file: out, one bin less, in again.
    cellar.ok(&["layout", "export", "--cells", "--out", &cells]);
    let mut edited: serde_json::Value = serde_json::from_slice(&fs::read(&cells).expect("cells")).expect("JSON");
    edited["cells"].as_array_mut().expect("a list").remove(0);
    edited["cells"][0]["polygon"][0] = serde_json::json!([100.5, 200.25]);
    fs::write(&cells, edited.to_string()).expect("written");
    let told = cellar.ok(&["layout", "import", &cells]);
    assert!(told.contains("0 bins new, 1 changed, 1 out of use"), "{told}");
    assert!(cellar.ok(&["layout", "import", &cells]).contains("0 bins new, 0 changed, 0 out of use"));
}

#[test]
fn wrong_layouts_name_field_and_cure() {
    let cellar = Cellar::demo();
    let cells = file(&cellar, "cells.json");
    let told = |text: &str| {
        fs::write(&cells, text).expect("written");
        cellar.fails(1, &["layout", "import", &cells])
    };
    assert!(
        told(r#"{"cells": [{"id": "a b", "polygon": [[0,0],[90,0],[90,90]], "capacity": 3}]}"#).contains("bins[0].id")
    );
    assert!(told(r#"{"cells": [{"id": "a", "polygon": [[0,0],[90,0]]}]}"#).contains("cells[0].polygon"));
    assert!(told(r#"{"cells": [{"id": "new", "polygon": [[0,0],[90,0],[90,90]]}]}"#).contains("capacity"));
    let without = told(r#"{"cells": [{"id": "new", "polygon": [[0,0],[90,0],[90,90]], "capacity": 3}]}"#);
    assert!(without.contains("holds") && without.contains("keep"), "{without}");
    assert!(cellar.fails(1, &["layout", "generate", "--kind", "grid", "--rows", "0"]).contains("rows"));
    assert!(cellar.fails(1, &["layout", "generate", "--kind", "grid", "--size", "big"]).contains("--size"));
    assert!(cellar.fails(1, &["layout", "export", "--rack", "nowhere"]).contains("nowhere"));
    let other = cellar.fails(1, &["stock", "run", "--rack", "nowhere", "--source", "file:/x.jpg"]);
    assert!(other.contains("WINECELLAR_RACK: there is no rack `nowhere`"), "{other}");
}

/// The demo's photo as a camera sees it that has been pushed by so many pixels.
fn pushed(cellar: &Cellar, photo: &str, by: [i64; 2]) -> String {
    let path = photo.trim_start_matches("file:");
    let image = image::open(path).expect("a photo").into_rgb8();
    let (w, h) = image.dimensions();
    let moved = image::RgbImage::from_fn(w, h, |x, y| {
        let at = |v: u32, by: i64, side: u32| (i64::from(v) - by).clamp(0, i64::from(side) - 1) as u32;
        *image.get_pixel(at(x, by[0], w), at(y, by[1], h))
    });
    let out = cellar.path(&format!("pushed_{}_{}.jpg", by[0], by[1]));
    moved.save(&out).expect("saved");
    format!("file:{}", out.display())
}

#[test]
fn a_pushed_camera_is_corrected_and_one_that_looks_away_has_no_opinion() {
    let cellar = Cellar::demo();
    // The demo's own scan was the first good one: it left the reference.
    let kept = fs::read_dir(cellar.data().join("references")).expect("a folder").count();
    assert_eq!(kept, 1);
    let photo = cellar.photo(&["03_03=1"]);
    let still = cellar.scan(&photo);
    assert!(still["shift"]["mean_px"].as_f64().expect("a shift") < 0.5, "{still:#}");
    let outcome = cellar.scan(&pushed(&cellar, &photo, [17, -12]));
    let shift = &outcome["shift"];
    assert!((shift["mean_px"].as_f64().expect("a shift") - 20.8).abs() < 0.6, "{outcome:#}");
    assert!(outcome["message"].as_str().expect("a message").contains("the camera has moved by 20."), "{outcome:#}");
    assert_eq!(
        (&outcome["changed"][0]["bin"], outcome["changed"].as_array().map(Vec::len)),
        (&"03_03".into(), Some(1)),
        "{outcome:#}"
    );
    let away = pushed(&cellar, &photo, [400, 150]);
    let told = cellar.fails(3, &["stock", "run", "--source", &away]);
    assert!(told.contains("camera moved"), "{told}");
}
