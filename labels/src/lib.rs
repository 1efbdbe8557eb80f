//! Reads wine labels: a photo becomes lines of text, lines become fields, fields become the wines they may be.
//!
//! Pure but for the models' files: no clock, no network, no database. See `docs/LABELS.md`.

pub mod codes;
mod edit;
pub mod eval;
mod fields;
mod fold;
pub mod google;
mod line;
pub mod local;
mod matching;
mod parse;
mod picture;
mod reader;
mod readings;
mod tables;

pub use fields::{Field, Label};
pub use fold::fold;
pub use line::{Line, Page};
pub use matching::{Catalogue, Entry, Match};
pub use parse::parse;
pub use picture::{Clean, LARGEST_FILE, PictureError, Shot, Whole, decode, encode};
pub use reader::{ReadError, Reader};
pub use readings::Readings;
