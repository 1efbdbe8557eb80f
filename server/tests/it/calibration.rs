//! Calibration over HTTP: each step of the way, what is put into force, who may, and what a stranger sends.

use std::fs;

use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};

use crate::{
    cellar::{Cellar, Served, body},
    receiver::until,
};

const CORNERS: [[f64; 2]; 4] = [[148.0, 112.0], [1786.0, 96.0], [1770.0, 972.0], [160.0, 950.0]];

fn send(served: &Served, path: &str, kind: &str, bytes: Vec<u8>) -> Response {
    let client = Client::new();
    client.post(format!("{}{path}", served.base)).header("content-type", kind).body(bytes).send().expect("an answer")
}

/// The demo's photo, uploaded as a person would.
pub(crate) fn photo(cellar: &Cellar, served: &Served) -> Value {
    let source = cellar.photo(&[]);
    let bytes = fs::read(source.strip_prefix("file:").expect("file source")).expect("photo");
    let answer = send(served, "/api/v1/calibration/pictures", "image/jpeg", bytes);
    assert_eq!(answer.status(), 201);
    body(answer)
}

/// Where a form leads.
fn led(served: &Served, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = served.form(path, fields);
    assert_eq!(answer.status(), 303, "{path}");
    answer.headers()["location"].to_str().expect("an address").to_owned()
}

fn ask(served: &Served, step: &str, asked: &Value) -> Value {
    let answer = served.post(&format!("/api/v1/calibration/{step}"), asked);
    assert_eq!(answer.status(), 200, "{step}: {}", answer.text().unwrap_or_default());
    body(served.post(&format!("/api/v1/calibration/{step}"), asked))
}

#[test]
fn from_a_photo_to_a_version_in_force() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let draft = photo(&cellar, &served);
    assert_eq!((&draft["width"], &draft["height"]), (&json!(1920), &json!(1080)));
    assert!(draft["sharpness"].as_f64().is_some_and(|sharp| sharp > 0.1), "{draft}");
    let picture = draft["picture"].as_str().expect("an id");
    assert_eq!(served.get(&format!("/media/calibration/{picture}.jpg")).send().expect("picture").status(), 200);

    let snapped = ask(&served, "snap", &json!({"picture": picture, "point": [1780.0, 100.0], "reach": 30.0}));
    assert_ne!(snapped["found"], "nothing");
    let found = ask(&served, "corners", &json!({"picture": picture}));
    if let Some(corners) = found["corners"].as_array() {
        for (corner, truth) in corners.iter().zip(CORNERS) {
            let off = (0..2).map(|k| (corner[k].as_f64().expect("a number") - truth[k]).powi(2)).sum::<f64>().sqrt();
            assert!(off < 60.0, "{corner} for {truth:?}");
        }
    } else {
        assert!(found["why"].is_string(), "{found}");
    }
    let pose = json!({"picture": picture, "corners": CORNERS, "rectified": [1632, 848]});
    assert!(ask(&served, "lens", &pose)["lens"].is_null(), "the demo's lens is straight");
    let straight = served.post("/api/v1/calibration/rectified", &pose);
    assert_eq!(straight.headers()["content-type"], "image/jpeg");

    let cells = json!({
        "rectified": [1632, 848], "parting": {"kind": "grid", "rows": 2, "columns": 3}, "style": "letters", "from": "bottom_left",
        "prefix": "N-", "capacity": 9, "fitted": {"corners": [[0, 0], [1200, 0], [1200, 848], [0, 848]]},
    });
    let cells = ask(&served, "cells", &cells);
    assert_eq!(cells["bins"][0]["id"], "N-B1");
    assert_eq!(cells["fitted"]["down"], json!([0.0, 0.5, 1.0]));
    let bins = cells["bins"].clone();
    let seen = ask(&served, "count", &json!({"pose": pose, "bins": bins}));
    assert_eq!(seen.as_array().map(Vec::len), Some(6));
    assert!(seen.as_array().expect("a list").iter().any(|bin| !bin["ends"].as_array().expect("ends").is_empty()));

    let facts = json!({
        "name": "North wall", "kind": "grid", "row_count": 2, "column_count": 3, "corners": CORNERS, "frame_width": 1920,
        "frame_height": 1080, "rectified_width": 1632, "rectified_height": 848,
    });
    let new = json!({
        "facts": facts, "bins": bins, "picture": picture, "counts": {"N-B1": 4}, "note": "first",
        "camera": "v4l2:/dev/v4l/by-id/usb-cam",
    });
    let answer = served.post("/api/v1/calibrations", &new);
    assert_eq!(answer.status(), 201);
    let made = body(answer);
    let version = &made["calibration"];
    assert_eq!(
        (version["number"].as_i64(), &version["origin"], &version["counts"]["N-B1"]),
        (Some(1), &json!("drawn"), &json!(4))
    );
    assert_eq!(made["added"].as_array().map(Vec::len), Some(6));
    let (rack, id) = (version["rack_id"].as_str().expect("rack"), version["id"].as_str().expect("id"));
    assert_eq!(served.get(&format!("/media/calibrations/{id}.jpg")).send().expect("picture").status(), 200);
    assert_eq!(served.get(&format!("/media/references/{rack}.jpg")).send().expect("picture").status(), 200);
    let layout = served.json(&format!("/api/v1/calibrations/{id}/layout"));
    assert_eq!(layout["bins"].as_array().map(Vec::len), Some(6));
    let cells = served.json(&format!("/api/v1/calibrations/{id}/layout?cells=true"));
    assert_eq!(cells["cells"][0]["id"], "N-A1");

    // A scan names it, and uses the camera of the version where none is named.
    let outcome = cellar.scan(&cellar.photo(&[]));
    let scan = served.json(&format!("/api/v1/scans/{}", outcome["scan"].as_str().expect("scan")));
    assert_eq!(scan["calibration"], id);
    assert!(cellar.fails(3, &["stock", "run"]).contains("usb-cam"));

    // Drawn again with other names, the bins keep theirs; then back to the first version.
    let again = json!({"rectified": [816, 424], "parting": {"kind": "grid", "rows": 2, "columns": 3}, "keep": rack,
        "fitted": {"corners": [[2, 0], [600, 0], [600, 424], [0, 420]]}});
    let drawn = ask(&served, "cells", &again);
    assert_eq!(
        (&drawn["bins"][0]["id"], &drawn["bins"][0]["capacity"]),
        (&json!("N-B1"), &json!(9)),
        "it keeps its room too"
    );
    let mut measured = again.clone();
    let sizes = [("bottle_mm", json!(80)), ("width_mm", json!(816)), ("height_mm", json!(848)), ("depth", json!(2))];
    sizes.into_iter().for_each(|(field, value)| measured[field] = value);
    let measured = ask(&served, "cells", &measured);
    let room = measured["bins"][0]["capacity"].as_i64().expect("a number");
    assert!(room > 12 && room % 2 == 0, "a bin of some 200 by 420 mm, and as many behind: {room}");
    let deep = served.post(
        "/api/v1/calibration/cells",
        &json!({"rectified": [816, 424], "parting": {"kind": "grid", "rows": 2, "columns": 3}, "depth": 9}),
    );
    assert_eq!((deep.status().as_u16(), &body(deep)["field"]), (422, &json!("depth")));
    let restored = served.post(&format!("/api/v1/calibrations/{id}/restore"), &json!({}));
    assert_eq!(body(restored)["calibration"]["number"], 2);
    assert_eq!(served.json(&format!("/api/v1/racks/{rack}/calibrations")).as_array().map(Vec::len), Some(2));
    let led = led(&served, "/calibrate/restore", &[("calibration", id), ("rack", rack)]);
    assert_eq!(led, format!("/calibrate/{rack}/versions?done=3"));
}

#[test]
fn a_bin_with_bottles_is_not_lost_and_says_the_cure() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let racks = served.json("/api/v1/racks");
    let rack = racks[0]["id"].as_str().expect("rack");
    let detail = served.json(&format!("/api/v1/racks/{rack}"));
    let mut facts = detail["rack"].clone();
    for field in ["id", "archived", "revision"] {
        facts.as_object_mut().expect("facts").remove(field);
    }
    let bins: Vec<Value> = detail["bins"].as_array().expect("bins").iter().map(|bin| {
        json!({"id": bin["id"], "polygon": bin["polygon"], "capacity": bin["capacity"], "enabled": bin["enabled"]})
    }).collect();
    let summary = served.json("/api/v1/bins/summary");
    let held = summary.as_array().expect("bins").iter().find(|bin| bin["qty"].as_i64() > Some(0)).expect("a bottle");
    let without: Vec<&Value> = bins.iter().filter(|bin| bin["id"] != held["st_bin"]).collect();
    let answer = served.post("/api/v1/calibrations", &json!({"rack": rack, "facts": facts, "bins": without}));
    assert_eq!(answer.status(), 422);
    let problem = body(answer);
    assert_eq!(problem["field"], "bins");
    assert!(problem["detail"].as_str().is_some_and(|told| told.contains("lay them elsewhere")), "{problem}");
    assert_eq!(served.json("/api/v1/bins/summary"), summary, "nothing was changed");
    for (change, field) in [
        (json!({"camera": "cmd:touch /tmp/x"}), "camera"),
        (json!({"bins": []}), "bins"),
        (json!({"counts": {"nowhere": 1}}), "counts.nowhere"),
        (json!({"picture": "gone"}), "picture"),
    ] {
        let mut new = json!({"rack": rack, "facts": facts, "bins": bins});
        new.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        let answer = served.post("/api/v1/calibrations", &new);
        assert_eq!((answer.status().as_u16(), &body(answer)["field"]), (422, &json!(field)));
    }
}

#[test]
fn a_camera_that_moved_is_shown_and_taken_over() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let rack = served.json("/api/v1/racks")[0]["id"].as_str().expect("rack").to_owned();
    let shift = served.json(&format!("/api/v1/racks/{rack}/shift"));
    assert_eq!((&shift["state"], &shift["now"]), (&json!("still"), &json!([])), "{shift}");
    let still = served.post(&format!("/api/v1/racks/{rack}/shift"), &json!({"scan": shift["scan"]}));
    assert_eq!(
        (still.status().as_u16(), &body(still)["field"]),
        (422, &json!("scan")),
        "there is nothing to take over"
    );
    // The picture of a camera that hangs 12 pixels further left and 8 higher.
    let source = cellar.photo(&[]);
    let frame = image::open(source.strip_prefix("file:").expect("file")).expect("a picture").to_rgb8();
    let moved = image::RgbImage::from_fn(frame.width(), frame.height(), |x, y| {
        *frame.get_pixel(x.saturating_sub(12), y.saturating_sub(8))
    });
    let file = cellar.path("moved.png");
    moved.save(&file).expect("written");
    cellar.scan(&format!("file:{}", file.display()));
    let shift = served.json(&format!("/api/v1/racks/{rack}/shift"));
    assert_eq!((&shift["state"], &shift["ask"]), (&json!("moved"), &json!(true)), "{shift}");
    for i in 0..4 {
        for (k, by) in [(0, 12.0), (1, 8.0)] {
            let off = shift["now"][i][k].as_f64().expect("x") - shift["before"][i][k].as_f64().expect("x") - by;
            assert!(off.abs() < 2.0, "corner {i}: {shift}");
        }
    }
    // Whoever passes by the first screen is told, and led to both pictures.
    let first = || served.get("/").send().expect("an answer").text().expect("a page");
    until("the first screen tells of it", || first().contains("The camera has moved by"));
    assert!(first().contains(&format!("href=\"/calibrate/{rack}/shift\"")));
    let stale = served.post(&format!("/api/v1/racks/{rack}/shift"), &json!({"scan": "another"}));
    assert_eq!((stale.status().as_u16(), &body(stale)["field"]), (422, &json!("scan")));
    let scan = shift["scan"].as_str().expect("scan");
    let led = led(&served, "/calibrate/shift", &[("rack", &rack), ("scan", scan)]);
    assert!(led.contains("/versions?done="), "{led}");
    assert_eq!(served.json(&format!("/api/v1/racks/{rack}/shift"))["state"], "still");
    assert_eq!(served.json(&format!("/api/v1/racks/{rack}/calibrations"))[0]["origin"], "shifted");
    until("and no longer, once it was taken over", || !first().contains("The camera has moved by"));
}

#[test]
fn a_rack_of_more_bins_than_a_camera_sees_is_refused_before_it_is_worked_out() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let cells = |rows: u32| {
        let parting = json!({"kind": "grid", "rows": rows, "columns": 20});
        served.post("/api/v1/calibration/cells", &json!({"rectified": [1632, 848], "parting": parting}))
    };
    assert_eq!(cells(25).status(), 200);
    let refused = cells(26);
    assert_eq!(refused.status(), 422);
    let problem = body(refused);
    assert!(problem["detail"].as_str().is_some_and(|told| told.contains("520") && told.contains("500")), "{problem}");
}

/// A rack of two bins on the demo's photo, with which of them are in use.
fn two_bins(picture: &Value, enabled: [bool; 2], last: [f64; 2]) -> Value {
    let bin = |id: &str, x: f64, enabled: bool, last: [f64; 2]| json!({"id": id, "polygon": [[x, 0.0], [x + 300.0, 0.0], [x + 300.0, 300.0], last], "capacity": 6, "enabled": enabled});
    let facts = json!({
        "name": "North wall", "kind": "grid", "corners": CORNERS, "frame_width": 1920, "frame_height": 1080,
        "rectified_width": 1632, "rectified_height": 848,
    });
    json!({"facts": facts, "picture": picture, "bins": [bin("A", 0.0, enabled[0], [0.0, 300.0]), bin("B", 400.0, enabled[1], last)]})
}

#[test]
fn a_bin_that_cannot_be_is_named_by_its_place_among_all() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    for enabled in [[true, true], [false, true]] {
        let far = two_bins(&Value::Null, enabled, [400.0, 9000.0]);
        let answer = served.post("/api/v1/calibrations", &far);
        assert_eq!(answer.status(), 422);
        let problem = body(answer);
        assert!(problem["field"].as_str().is_some_and(|field| field.starts_with("bins[1]")), "{problem}");
    }
}

#[test]
fn the_picture_of_a_calibration_comes_back_from_a_backup() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let draft = photo(&cellar, &served);
    let answer = served.post("/api/v1/calibrations", &two_bins(&draft["picture"], [true, true], [400.0, 300.0]));
    assert_eq!(answer.status(), 201);
    let id = body(answer)["calibration"]["id"].as_str().expect("an id").to_owned();
    let picture = |served: &Served| {
        let answer = served.get(&format!("/media/calibrations/{id}.jpg")).send().expect("an answer");
        (answer.status().as_u16(), answer.bytes().expect("a body"))
    };
    cellar.ok(&["backup", "--images"]);
    let made =
        fs::read_dir(cellar.data().join("backups")).expect("the folder").map(|entry| entry.expect("entry").path());
    let file = made.filter(|path| path.extension().is_some_and(|ending| ending == "gz")).next().expect("a backup");
    let url = format!("sqlite:{}", cellar.path("back.db").display());
    let place = Cellar::on(url.clone());
    place.ok(&["restore", file.to_str().expect("UTF-8"), "--to", &url]);
    assert_eq!(picture(&place.serve()), picture(&served));
    assert_eq!(picture(&served).0, 200);
}

#[test]
fn what_a_stranger_uploads_is_refused_with_a_word() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let upload = |bytes: Vec<u8>| send(&served, "/api/v1/calibration/pictures", "image/jpeg", bytes);
    for bytes in [b"GIF89a".to_vec(), Vec::new(), vec![0xff, 0xd8, 0xff, 0xe0, 0, 16], vec![7; 5000]] {
        let answer = upload(bytes);
        assert_eq!((answer.status().as_u16(), &body(answer)["field"]), (422, &json!("picture")));
    }
    // A picture of 40,000 times 40,000 pixels by its head alone.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bomb.extend([0, 0, 0x9c, 0x40, 0, 0, 0x9c, 0x40, 8, 2, 0, 0, 0, 0x4c, 0x6c, 0x4f, 0x1b]);
    assert_eq!(upload(bomb).status(), 422);
    assert_eq!(upload(vec![0xff; 33 * 1024 * 1024]).status(), 413);
    for path in ["..%2f..%2fcellar.db.jpg", "x.jpg", "%00.jpg"] {
        for folder in ["calibration", "calibrations", "references"] {
            assert_eq!(
                served.get(&format!("/media/{folder}/{path}")).send().expect("an answer").status(),
                404,
                "{folder}/{path}"
            );
        }
    }
    for camera in ["cmd:id", "file:/etc/passwd", "http://me:secret@10.0.0.1/x", "dir:/"] {
        let answer = served.post("/api/v1/calibration/shots", &json!({"camera": camera}));
        let (status, problem) = (answer.status().as_u16(), body(answer));
        assert_eq!((status, &problem["field"]), (422, &json!("camera")), "{camera}");
        assert!(!problem.to_string().contains("secret"), "{problem}");
    }
}

#[test]
fn at_the_kiosk_a_person_of_the_house_is_named_first() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    assert_eq!(served.json("/api/v1/calibration/cameras").as_array().map(Vec::len).is_some(), true);
    let admin = cellar.serve().as_role(&cellar, "admin");
    let made = admin.post("/api/v1/users", &json!({"name": "Bert", "role": "member", "pin": "2580"}));
    assert_eq!(made.status(), 201);
    let refused = served.get("/api/v1/calibration/cameras").send().expect("an answer");
    assert_eq!(refused.status(), 403);
    let cookie = served.form("/who", &[("name", "Bert"), ("pin", "2580")]);
    let cookie = cookie.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("a cookie").to_owned();
    let named = served.get("/api/v1/calibration/cameras").header("cookie", cookie).send().expect("an answer");
    assert_eq!(named.status(), 200);
}

#[test]
fn a_scan_looks_at_every_rack_that_has_a_camera() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let draft = photo(&cellar, &served);
    let cells = ask(
        &served,
        "cells",
        &json!({"rectified": [800, 600], "parting": {"kind": "grid", "rows": 1, "columns": 2}, "prefix": "B-"}),
    );
    let facts = json!({
        "name": "Second", "kind": "grid", "row_count": 1, "column_count": 2, "corners": CORNERS, "frame_width": 1920,
        "frame_height": 1080, "rectified_width": 800, "rectified_height": 600,
    });
    let new = json!({"facts": facts, "bins": cells["bins"], "picture": draft["picture"], "camera": "v4l2:/dev/video-that-is-not-there"});
    let second = body(served.post("/api/v1/calibrations", &new))["calibration"]["rack_id"].clone();
    // The demo's own rack is read from its photo; the second one's camera is not there, which harms nobody else.
    let told = cellar.fails(3, &["stock", "run"]);
    assert!(told.contains("video-that-is-not-there"), "{told}");
    let scans = served.json("/api/v1/scans?limit=2");
    let racks: Vec<_> = scans["items"]
        .as_array()
        .expect("scans")
        .iter()
        .map(|scan| (&scan["rack_id"] == &second, scan["status"].clone()))
        .collect();
    assert!(racks.contains(&(true, json!("no_opinion"))) && racks.contains(&(false, json!("ok"))), "{scans}");
}
