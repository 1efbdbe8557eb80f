//! From a camera to a count per bin, without a database, an async runtime or a wall clock.
//!
//! The chain is [`capture`] → [`clean`] → [`quality`] → [`rectify`] → [`detect`] → [`annotate`].
//! [`layout`] says where the bins are, [`render`] makes the demonstration's photographs, [`studio`] those that the
//! network learns from, [`learn`] corrects it from people's answers, [`eval`] measures it on photographs with truth. [`calibrate`] proposes a layout to whoever draws one.

pub mod annotate;
pub mod calibrate;
pub mod capture;
pub mod clean;
pub mod crop;
pub mod detect;
pub mod encode;
pub mod eval;
pub mod geometry;
pub mod layout;
pub mod learn;
pub mod quality;
pub mod rectify;
pub mod render;
pub mod shift;
pub mod source;
pub mod studio;
pub mod tags;
