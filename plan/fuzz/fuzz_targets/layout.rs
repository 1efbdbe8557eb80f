//! Any text is a layout whose map can be asked everywhere, or is refused with a word.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plan::{frame_map::FrameMap, layout::Layout};

fuzz_target!(|text: &str| {
    match Layout::from_json(text) {
        Ok(layout) => {
            let map = FrameMap::new(&layout, layout.frame).expect("what was checked can be mapped");
            for place in layout.bins.iter().flat_map(|bin| &bin.polygon) {
                let seen = map.map(*place);
                // A place is seen, or it is nowhere; it is never half of it.
                assert_eq!(seen[0].is_finite(), seen[1].is_finite());
                map.unmap(seen);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
