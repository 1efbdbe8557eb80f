//! Hands libFuzzer's input to `vision_fuzz::model_file`, which says what must hold.
#![no_main]

// A panic of tract is caught and refused with a word; libfuzzer-sys would end at the first, also at one that is caught. One that
// nobody catches ends the process all the same.
libfuzzer_sys::fuzz_target!(
    init: std::panic::set_hook(Box::new(|_| {})),
    |input: &[u8]| vision_fuzz::model_file(input)
);
