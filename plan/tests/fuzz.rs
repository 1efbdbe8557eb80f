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
        targets::layout(&text);
        targets::cells(&text);
    }
}

#[test]
fn texts_that_come_near_pass_every_target() {
    for text in [
        "",
        "{}",
        "[]",
        "null",
        r#"{"bins": []}"#,
        r#"{"A1": [[0, 0], [9, 0], [9, 9], [0, 9]]}"#,
        r#"{"A1": [[0, 0], [1e308, 0], [-1e308, 9]]}"#,
    ] {
        targets::layout(text);
        targets::cells(text);
    }
}
