//! Hands libFuzzer's input to `vision_fuzz::decode`, which says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| vision_fuzz::decode(input));
