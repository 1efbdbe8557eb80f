//! Any text is a list of bins that is written and read back equal, or is refused with a word.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plan::{
    cells::{read_cells, write_cells},
    packing::{MOST, capacity},
};

fuzz_target!(|text: &str| {
    match read_cells(text) {
        Ok(bins) => {
            for bin in bins.iter().take(2) {
                assert!(capacity(&bin.polygon, 40.0) as usize <= MOST);
            }
            assert_eq!(read_cells(&write_cells(&bins)), Ok(bins));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
