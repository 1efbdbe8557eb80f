//! Hands libFuzzer's input to `vision_fuzz::model_file`, which says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| vision_fuzz::model_file(input));
