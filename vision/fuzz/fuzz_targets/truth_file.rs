//! Hands libFuzzer's input to `vision_fuzz::truth_file`, which says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| vision_fuzz::truth_file(input));
