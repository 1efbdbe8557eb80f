//! A user's own model: what is described is read, what is wrong or hostile is refused with a reason.
//!
//! The networks are made by `vision/tests/models/make.py`.

use std::path::{Path, PathBuf};

use image::{Rgb, RgbImage};
use vision::detect::{Detector, ModelError, signature};
use vision::geometry::rectangle;
use vision::layout::BinShape;

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models")
}

/// A model with a description, in a folder of its own.
fn open(name: &str, description: &str) -> Result<Detector, ModelError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.onnx");
    std::fs::copy(models().join(format!("{name}.onnx")), &path).expect("copied");
    std::fs::write(folder.path().join("mine.json"), description).expect("written");
    Detector::open(Some(&path))
}

fn refusal(name: &str, description: &str) -> String {
    open(name, description).err().unwrap_or_else(|| panic!("{name} was taken")).to_string()
}

fn bin(id: &str, left: f64, width: f64, height: f64, capacity: u32) -> BinShape {
    let polygon = rectangle(width, height).iter().map(|[x, y]| [x + left, *y]).collect();
    BinShape { id: id.into(), polygon, capacity }
}

/// Bright discs of 12 pixels' radius on dark.
fn shelf(discs: &[[f64; 2]], width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let inside = |d: &[f64; 2]| (f64::from(x) + 0.5 - d[0]).hypot(f64::from(y) + 0.5 - d[1]) < 12.0;
        Rgb(if discs.iter().any(inside) { [220, 210, 190] } else { [30, 35, 32] })
    })
}

const HEAT: &str = r#"{"name": "discs 1", "input": {"channels": "rgb_mask", "scaling": {"kind": "bin"}, "outside": "context",
    "margin": true}, "decoding": {"kind": "heat_map"}}"#;

#[test]
fn a_heat_map_of_any_size_finds_each_disc_in_its_bin_only() {
    let detector = open("heat", HEAT).expect("taken");
    let shelf = shelf(&[[30.0, 40.0], [70.0, 60.0], [150.0, 50.0]], 300, 100);
    let bins = [bin("a", 0.0, 100.0, 100.0, 4), bin("b", 100.0, 100.0, 100.0, 4), bin("c", 200.0, 100.0, 100.0, 4)];
    let readings = detector.read(&shelf, &bins);
    let counts: Vec<_> = readings.iter().map(|r| r.count).collect();
    assert_eq!(counts, [Some(2), Some(1), Some(0)], "{readings:#?}");
    let end = &readings[1].ends[0];
    assert!((end.x - 150.0).hypot(end.y - 50.0) < 3.0 && (end.r - 12.0).abs() < 4.0, "{end:?}");
    let length: f32 = end.signature.iter().map(|v| v * v).sum();
    assert!(end.signature.len() == signature::LENGTH && (length - 1.0).abs() < 1e-4);
    // The same end through a map that halves the picture is the same end.
    let small = image::imageops::resize(&shelf, 150, 50, image::imageops::FilterType::Triangle);
    let halved = detector.read_through(&small, &|p: [f64; 2]| [p[0] / 2.0, p[1] / 2.0], &bins);
    assert_eq!(halved.iter().map(|r| r.count).collect::<Vec<_>>(), counts);
    assert!(signature::likeness(&halved[1].ends[0].signature, &end.signature) > 0.9);
}

#[test]
fn a_bin_beyond_the_picture_gets_no_opinion() {
    let detector = open("heat", HEAT).expect("taken");
    let readings = detector.read(&shelf(&[], 100, 100), &[bin("gone", 90.0, 100.0, 100.0, 4)]);
    assert_eq!(readings[0].count, None);
    assert!(readings[0].needs_look.as_deref().is_some_and(|why| why.contains("10 % of the bin")), "{readings:?}");
}

#[test]
fn a_classifier_counts() {
    let description = r#"{"name": "levels", "input": {"size": [32, 32]}, "decoding": {"kind": "classification"}}"#;
    let detector = open("classes", description).expect("taken");
    let grey = |level: f64| RgbImage::from_pixel(50, 50, Rgb([(level * 255.0) as u8; 3]));
    for (level, count) in [(0.0, 0), (0.21, 1), (0.4, 2), (0.7, 3)] {
        let reading = &detector.read(&grey(level), &[bin("a", 0.0, 50.0, 50.0, 2)])[0];
        assert_eq!(reading.count, Some(count));
        assert_eq!(reading.needs_look.is_some(), count > 2, "three do not fit into a bin for two");
    }
}

#[test]
fn yolo_boxes_become_ends() {
    for (name, kind) in [("yolo_v5", "yolo_v5"), ("yolo_v8", "yolo_v8"), ("yolo_v8", "yolo_v11")] {
        let description = format!(
            r#"{{"name": "y", "input": {{"size": [64, 64], "fit": "letterbox"}}, "decoding": {{"kind": "{kind}", "score": 0.5}}}}"#
        );
        let reading =
            &open(name, &description).expect("taken").read(&shelf(&[], 128, 128), &[bin("a", 0.0, 128.0, 128.0, 0)])[0];
        assert_eq!(reading.count, Some(2), "{kind}: {reading:?}");
        assert_eq!([reading.ends[0].x, reading.ends[0].y, reading.ends[0].r].map(f64::round), [32.0, 64.0, 20.0]);
    }
}

#[test]
fn a_wrong_description_is_refused_by_name() {
    let class = |size: &str| {
        format!(r#"{{"name": "x", "input": {{"size": {size}}}, "decoding": {{"kind": "classification"}}}}"#)
    };
    let wrong_shape = refusal("yolo_v8", &class("[64, 64]"));
    assert!(wrong_shape.contains("1×classes"), "{wrong_shape}");
    let order = refusal("yolo_v8", r#"{"name": "x", "input": {"size": [64, 64]}, "decoding": {"kind": "heat_map"}}"#);
    assert!(order.contains("heat map"), "{order}");
    let channels =
        r#"{"name": "x", "input": {"size": [32, 32], "channels": "rgb_mask"}, "decoding": {"kind": "classification"}}"#;
    assert!(open("classes", channels).is_err());
    let golden = r#"{"name": "x", "input": {"size": [32, 32]}, "decoding": {"kind": "classification"},
        "golden": [{"indices": [0], "values": [0.123]}]}"#;
    assert!(refusal("classes", golden).contains("computes wrong numbers"));
    assert!(
        Detector::open(Some(&models().join("heat.onnx"))).err().is_some_and(|e| e.to_string().contains("heat.json"))
    );
    assert!(Detector::open(Some(Path::new("/nowhere/x.onnx"))).is_err());
}

#[test]
fn hostile_files_are_refused_quickly() {
    let class = r#"{"name": "x", "input": {"size": [32, 32]}, "decoding": {"kind": "classification"}}"#;
    for (name, reason) in [
        ("bomb_expand", "fixed input size"),
        ("bomb_concat", "constants"),
        ("bomb_pad", "pads"),
        ("bomb_resize", "values"),
        ("nan", "no number"),
        ("loop", "Loop"),
        ("blind", "no input"),
        ("lie", "hold fewer"),
        ("away", "another file"),
    ] {
        let told = refusal(name, class);
        assert!(told.contains(reason), "{name}: {told}");
    }
    // Nothing is allocated for layers that no memory holds.
    assert!(refusal("bomb_join", class).contains("values"));
    assert!(refusal("bomb_conv", &class.replace("[32, 32]", "[1280, 1280]")).contains("values"));
}

#[test]
fn a_damaged_file_never_panics() {
    let sidecar = vision::detect::sidecar::Sidecar::from_json(HEAT).expect("a description");
    let whole = std::fs::read(models().join("heat.onnx")).expect("the file");
    for cut in [0, 1, 17, 300, whole.len() / 2, whole.len() - 1] {
        assert!(Detector::from_bytes(&whole[..cut], sidecar.clone()).is_err(), "cut at {cut}");
    }
    // The head of the file holds the graph: every byte of it changed once.
    for i in 0..200 {
        let mut bytes = whole.clone();
        bytes[i] ^= 0x55;
        let _ = Detector::from_bytes(&bytes, sidecar.clone());
    }
}
