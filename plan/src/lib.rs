//! The plan of a rack: where its bins are, how a camera's lens shows them, and how many bottles fit.
//!
//! Pure geometry without pictures and without IO; it compiles for the browser too. `models` plans new racks with it,
//! `vision` finds the bins in a frame with it. How and why: `docs/GEOMETRY.md`.
//!
//! All lengths are pixels, x to the right and y downwards, a pixel's middle at `.5`; where millimetres or shares are
//! meant, the name says so.

pub mod cells;
pub mod frame_map;
pub mod homography;
pub mod lattice;
pub mod layout;
pub mod lens;
pub mod packing;
pub mod polygon;
