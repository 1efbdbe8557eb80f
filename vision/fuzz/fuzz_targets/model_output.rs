//! Any numbers in any shape as a model's answer: ends of finite place and size, or a refusal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vision::detect::{Answer, decode, framing::Framing, sidecar::Sidecar};

fuzz_target!(|data: (u8, [u8; 4], Vec<f32>)| {
    let (kind, shape, mut values) = data;
    let kind = ["classification", "heat_map", "yolo_v5", "yolo_v8", "yolo_v11"][usize::from(kind) % 5];
    let text = format!(r#"{{"name": "f", "input": {{"size": [64, 64]}}, "decoding": {{"kind": "{kind}"}}}}"#);
    let sidecar = Sidecar::from_json(&text).expect("a description");
    let shape: Vec<usize> = shape.iter().map(|n| usize::from(n % 20)).collect();
    values.resize(shape.iter().product(), 0.0);
    // The engine passes finite numbers only.
    values.iter_mut().filter(|v| !v.is_finite()).for_each(|v| *v = 0.0);
    let framing = Framing::fixed(&[[0.0, 0.0], [50.0, 0.0], [50.0, 40.0]], [64, 64], true, false);
    if let Ok(peaks) = decode(&sidecar, vec![Answer { shape, values }], &framing) {
        assert!(peaks.iter().all(|p| p.end.x.is_finite() && p.end.y.is_finite() && p.end.r.is_finite() && p.end.r > 0.0));
    }
});
