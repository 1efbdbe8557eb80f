//! Labels: photos come in, a child process reads them or makes them clean for Google, what was read is compared with the cellar's own
//! wines and with the catalogue.

mod child;
pub(crate) mod forms;
pub(crate) mod frame;
pub(crate) mod google;
pub(crate) mod listed;
mod lists;
mod pace;
pub(crate) mod photos;
mod read;
mod reading;
pub(crate) mod upload;

pub(crate) use child::Told;
pub(crate) use photos::Photos;
pub(crate) use read::{Found, LabelReading, read_all};
pub(crate) use reading::{Reading, is_ours};

/// Most shots of one bottle.
pub(crate) const MOST_SHOTS: usize = 4;
/// Largest body of a request with shots: each at its largest, and what a form adds.
pub(crate) const LARGEST: usize = MOST_SHOTS * labels::LARGEST_FILE + 64 * 1024;
