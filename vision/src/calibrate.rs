//! What a picture says of a rack that is being calibrated: proposals that a person looks at, drags right or throws away.
//!
//! Nothing here is needed by a scan. Each function takes a picture and says what it saw, or that it is not sure; how they work
//! and where they fail is in `docs/CALIBRATION.md`.

pub mod corners;
mod edges;
pub mod lattice;
pub mod lens;
pub mod mask;
pub mod snap;

pub use edges::sharpness;

/// Why nothing is proposed; a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unsure(pub &'static str);
