//! Any line is a camera that can be written down again, or an error; none tells a password.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vision::capture::light::Switch;
use vision::source::SourceSpec;

fuzz_target!(|text: &str| {
    if let Ok(spec) = text.parse::<SourceSpec>() {
        assert!(!spec.to_string().is_empty());
    }
    if let Ok(switch) = text.parse::<Switch>() {
        assert!(!switch.to_string().is_empty());
    }
});
