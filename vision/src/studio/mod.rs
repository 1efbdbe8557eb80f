//! A photographer's studio in numbers: racks of every kind in three dimensions, ray traced, with known truth.
//!
//! [`arrange`] puts up a set nobody has seen before, [`shoot`] photographs it, [`develop`] makes the picture that a
//! camera, a phone or a web site would. The counting network learns from such pictures.

mod arrange;
mod bottle;
mod cast;
mod clutter;
mod develop;
mod grain;
mod joinery;
mod light;
mod profile;
mod shot;
mod solid;
mod space;
mod stuff;
#[cfg(test)]
mod tests;
mod trace;
mod tree;

pub use arrange::{arrange, relight};
pub use develop::{Process, develop};
pub use shot::{Camera, Set, SetBin, Shot, ShotBin, shoot};
