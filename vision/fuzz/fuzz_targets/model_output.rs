//! Hands libFuzzer's input to `vision_fuzz::model_output`, which says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: (u8, [u8; 4], Vec<f32>)| vision_fuzz::model_output(input));
