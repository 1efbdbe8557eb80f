//! What each fuzz target asserts. `vision/tests/fuzz.rs` includes this file, so the ordinary suite compiles and runs it.

use vision::capture::light::Switch;
use vision::detect::{Answer, Detector, framing::Framing, sidecar::Sidecar};
use vision::source::SourceSpec;

const DESCRIPTION: &str = r#"{"name": "f", "input": {"size": [32, 32]}, "decoding": {"kind": "classification"}}"#;

/// Any bytes are a picture of a sane size, or are refused with a word.
pub fn decode(bytes: &[u8]) {
    match vision::capture::decode(bytes) {
        Ok(image) => {
            assert!(image.width() > 0 && image.height() > 0 && image.width() <= 12_000 && image.height() <= 12_000)
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Any line is a camera that can be written down again, or an error; none tells a password.
pub fn source(text: &str) {
    if let Ok(spec) = text.parse::<SourceSpec>() {
        assert!(!spec.to_string().is_empty());
    }
    if let Ok(switch) = text.parse::<Switch>() {
        assert!(!switch.to_string().is_empty());
    }
}

/// Any text as a model's description: read or refused, never a panic; what is read is written and read again the same.
pub fn sidecar(text: &str) {
    if let Ok(sidecar) = Sidecar::from_json(text) {
        let written = serde_json::to_string(&sidecar).expect("JSON");
        assert_eq!(Sidecar::from_json(&written).expect("read again"), sidecar);
    }
}

/// Any bytes as a model file: taken or refused, without a panic and in bounded memory (run with -rss_limit_mb=1024).
pub fn model_file(bytes: &[u8]) {
    let sidecar = Sidecar::from_json(DESCRIPTION).expect("a description");
    let _ = Detector::from_bytes(bytes, sidecar);
}

/// Any numbers in any shape as a model's answer: ends of finite place and size, or a refusal.
pub fn model_output((kind, shape, mut values): (u8, [u8; 4], Vec<f32>)) {
    let kind = ["classification", "heat_map", "yolo_v5", "yolo_v8", "yolo_v11"][usize::from(kind) % 5];
    let text = format!(r#"{{"name": "f", "input": {{"size": [64, 64]}}, "decoding": {{"kind": "{kind}"}}}}"#);
    let sidecar = Sidecar::from_json(&text).expect("a description");
    let shape: Vec<usize> = shape.iter().map(|n| usize::from(n % 20)).collect();
    values.resize(shape.iter().product(), 0.0);
    // The engine passes finite numbers only.
    values.iter_mut().filter(|v| !v.is_finite()).for_each(|v| *v = 0.0);
    let framing = Framing::fixed(&[[0.0, 0.0], [50.0, 0.0], [50.0, 40.0]], [64, 64], true, false);
    if let Ok(peaks) = vision::detect::decode(&sidecar, vec![Answer { shape, values }], &framing) {
        assert!(
            peaks.iter().all(|p| p.end.x.is_finite() && p.end.y.is_finite() && p.end.r.is_finite() && p.end.r > 0.0)
        );
    }
}

/// Any text as a truth file: read, or refused with the field's name.
pub fn truth_file(text: &str) {
    if let Err(problem) = vision::eval::truth(text) {
        assert!(!problem.is_empty());
    }
}
