//! Any bytes are a picture of a sane size, or are refused with a word.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match vision::capture::decode(bytes) {
        Ok(image) => assert!(image.width() > 0 && image.height() > 0 && image.width() <= 12_000 && image.height() <= 12_000),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
