//! Server functions, one file for each thing of the cellar. They are public URLs below `/_fn/`.
//!
//! Reads are `GET` (so that they show up plainly in a log); acts are form posts, because then the same `<form>` works
//! before the wasm has loaded and without JavaScript at all.

pub mod archive;
pub mod bins;
pub mod bottles;
pub mod calibrations;
pub mod codes;
pub mod guests;
pub mod history;
pub mod home;
pub mod imports;
pub mod labels;
pub mod listed;
pub mod movements;
pub mod notes;
pub mod numbers;
pub mod people;
pub mod print;
pub mod proposals;
pub mod racks;
pub mod scans;
pub mod several;
pub mod stocktake;
pub mod wines;
pub mod wishes;

/// A length as it goes over the wire, where `usize` has two sizes.
#[cfg(feature = "ssr")]
fn count(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}
