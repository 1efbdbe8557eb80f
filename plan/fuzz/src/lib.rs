//! What each fuzz target asserts. `plan/tests/fuzz.rs` includes this file, so the ordinary suite compiles and runs it.

use plan::{
    cells::{read_cells, write_cells},
    frame_map::FrameMap,
    layout::Layout,
    packing::{MOST, capacity},
};

/// Any text is a layout whose map can be asked everywhere, or is refused with a word.
pub fn layout(text: &str) {
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
}

/// Any text is a list of bins that is written and read back equal, or is refused with a word.
pub fn cells(text: &str) {
    match read_cells(text) {
        Ok(bins) => {
            for bin in bins.iter().take(2) {
                assert!(capacity(&bin.polygon, 40.0) as usize <= MOST);
            }
            assert_eq!(read_cells(&write_cells(&bins)), Ok(bins));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
