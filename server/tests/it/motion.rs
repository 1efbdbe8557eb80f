//! Motion before the rack leads to a scan when it is over, and to one only.

use serde_json::{Value, json};

use crate::{
    cellar::{Cellar, Served, body},
    receiver::until,
};

fn scans(served: &Served) -> usize {
    served.json("/api/v1/scans")["items"].as_array().map_or(0, Vec::len)
}

#[test]
fn the_rack_is_scanned_once_when_nothing_moves_any_more() {
    let cellar = Cellar::demo();
    let served = cellar.serve_with(&[("WINECELLAR_MOTION_QUIET", "1"), ("WINECELLAR_MOTION_PAUSE", "600")]);
    let served = served.as_role(&cellar, "worker");
    let before = scans(&served);
    for path in ["/api/v1/motion", "/api/v1/motion", "/integration/surveillance/motion"] {
        let answer = served.post(path, &json!({"camera": "whatever it says"}));
        assert_eq!(answer.status(), 202, "{path}");
        assert_eq!(body(answer)["scan_in"], 1);
    }
    until("it is scanned", || scans(&served) == before + 1);
    let again: Value = body(served.post("/api/v1/motion", &json!({})));
    assert!(again["scan_in"].as_u64().is_some_and(|wait| (500..=600).contains(&wait)), "not so soon again: {again}");
    assert_eq!(scans(&served), before + 1);
}

#[test]
fn motion_while_a_scan_goes_on_waits_for_its_turn() {
    let cellar = Cellar::demo();
    let served = cellar.serve_with(&[("WINECELLAR_MOTION_QUIET", "1"), ("WINECELLAR_MOTION_PAUSE", "0")]);
    let before = scans(&served);
    let lock = std::fs::File::create(cellar.data().join("stock.lock")).expect("lock file");
    lock.lock().expect("locked");
    assert_eq!(served.post("/api/v1/motion", &json!({})).status(), 202);
    served.logged("no scan after motion");
    let page = served.get("/health").send().expect("a page").text().expect("text");
    assert!(page.contains("last told"), "{page}");
    drop(lock);
    until("it is scanned", || scans(&served) == before + 1);
}

#[test]
fn what_was_not_seen_surely_is_looked_at_again_and_then_asked() {
    let cellar = Cellar::demo();
    let less = cellar.photo(&["03_03=1"]).strip_prefix("file:").expect("a file").to_owned();
    let camera = format!("cmd:cat {less}");
    let served = cellar.serve_with(&[
        ("WINECELLAR_SOURCE", camera.as_str()),
        // Nothing is that sure: each change must be seen twice.
        ("WINECELLAR_SURE", "1"),
        ("WINECELLAR_LOOK_AGAIN", "2"),
    ]);
    let before = scans(&served);
    assert_eq!(served.post("/api/v1/scans", &json!({})).status(), 202);
    until("it is scanned", || scans(&served) > before);
    assert_eq!(served.json("/api/v1/proposals?state=open")["items"].as_array().map(Vec::len), Some(0));
    until("it is asked after the second look", || {
        served.json("/api/v1/proposals?state=open")["items"].as_array().is_some_and(|open| !open.is_empty())
    });
    assert_eq!(scans(&served), before + 2);
}

#[test]
fn a_hand_before_a_watched_camera_leads_to_a_scan() {
    let cellar = Cellar::demo();
    let full = cellar.photo(&[]).strip_prefix("file:").expect("a file").to_owned();
    // An arm comes in from the right.
    let hand = cellar.path("hand.jpg");
    let mut picture = image::open(&full).expect("a picture").to_rgb8();
    for y in 400..520 {
        for x in 1100..picture.width() {
            picture.put_pixel(x, y, image::Rgb([224, 172, 140]));
        }
    }
    picture.save(&hand).expect("a picture");
    let seen = cellar.path("seen.jpg");
    std::fs::copy(&full, &seen).expect("a picture");
    let watched = format!("cmd:cat {}", seen.display());
    let served = cellar.serve_with(&[
        ("WINECELLAR_WATCH", watched.as_str()),
        ("WINECELLAR_WATCH_EVERY", "1"),
        ("WINECELLAR_WATCH_CPU", "100"),
        ("WINECELLAR_MOTION_QUIET", "1"),
    ]);
    let before = scans(&served);
    let mut shown = 0;
    until("motion is seen", || {
        let next = cellar.path("next.jpg");
        // It comes and goes, more slowly than the camera looks.
        std::fs::copy(if shown / 3 % 2 == 0 { std::path::Path::new(&full) } else { &hand }, &next).expect("a picture");
        std::fs::rename(&next, &seen).expect("whole");
        shown += 1;
        let page = served.get("/health").send().and_then(reqwest::blocking::Response::text);
        scans(&served) > before || page.is_ok_and(|text| text.contains("by the camera"))
    });
    until("it is quiet and scanned", || scans(&served) > before);
}
