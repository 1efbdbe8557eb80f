//! Any bytes as a model file: taken or refused, without a panic and in bounded memory (run with -rss_limit_mb=1024).
#![no_main]

use libfuzzer_sys::fuzz_target;
use vision::detect::{Detector, sidecar::Sidecar};

const DESCRIPTION: &str = r#"{"name": "f", "input": {"size": [32, 32]}, "decoding": {"kind": "classification"}}"#;

fuzz_target!(|bytes: &[u8]| {
    let sidecar = Sidecar::from_json(DESCRIPTION).expect("a description");
    let _ = Detector::from_bytes(bytes, sidecar);
});
