//! Any text as a model's description: read or refused, never a panic; what is read is written and read again the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vision::detect::sidecar::Sidecar;

fuzz_target!(|text: &str| {
    if let Ok(sidecar) = Sidecar::from_json(text) {
        let written = serde_json::to_string(&sidecar).expect("JSON");
        assert_eq!(Sidecar::from_json(&written).expect("read again"), sidecar);
    }
});
