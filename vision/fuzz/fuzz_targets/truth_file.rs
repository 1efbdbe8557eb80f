//! Any text as a truth file: read, or refused with the field's name.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(problem) = vision::eval::truth(text) {
        assert!(!problem.is_empty());
    }
});
