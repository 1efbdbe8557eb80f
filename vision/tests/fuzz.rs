//! The fuzz targets on few inputs, so that they cannot rot between two fuzzings.

// Public for the fuzz crate, of which this file is the library.
#[expect(unreachable_pub)]
#[path = "../fuzz/src/lib.rs"]
mod targets;

use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_passes_every_target(text in any::<String>()) {
        targets::source(&text);
        targets::sidecar(&text);
        targets::truth_file(&text);
    }

    #[test]
    fn any_bytes_pass_every_target(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        targets::decode(&bytes);
        targets::model_file(&bytes);
    }

    #[test]
    fn any_numbers_pass_as_an_answer(answer in (any::<u8>(), any::<[u8; 4]>(), prop::collection::vec(any::<f32>(), 0..400))) {
        targets::model_output(answer);
    }
}

#[test]
fn lines_that_come_near_pass_every_target() {
    for text in [
        "",
        "{}",
        "v4l2:/dev/video0?size=1280x720&format=YUYV",
        "http://user:password@camera/snap.jpg",
        "rtsp://",
        "cmd:",
        r#"{"name": "f", "decoding": {"kind": "heat_map"}}"#,
    ] {
        targets::source(text);
        targets::sidecar(text);
        targets::truth_file(text);
    }
}
