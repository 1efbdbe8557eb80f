//! Hands libFuzzer's input to `plan_fuzz::cells`, which says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| plan_fuzz::cells(input));
