//! Hands libFuzzer's input to `vision_fuzz::source`, which says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| vision_fuzz::source(input));
