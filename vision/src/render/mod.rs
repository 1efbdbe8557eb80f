//! The project's own photographs of wine racks, with known truth: for the demonstration, for tests and for training.

mod bottle;
mod demo;
pub(crate) mod pack;
mod paint;
mod painter;
pub(crate) mod racks;
mod random;
pub(crate) mod rng;
mod scene;
mod stocked;
mod surface;

pub use demo::{demo_rack, demo_scene, demo_stocked};
pub use paint::render;
pub use painter::Painter;
pub use random::random_scene;
pub use rng::Rng;
pub use scene::{Bottle, Camera, Colour, Facing, Look, Scene, SceneBin, TrueEnd};
pub use stocked::wine;
