//! Small plots as SVG: pure functions from numbers to markup, so that the server can draw them and a test can read them.
//!
//! Every plot is told twice: as a picture with a title and a description, and as the table behind it. Nothing in a plot
//! is told by hue alone: lines and bars are labelled, parts of a bar have patterns.

#[cfg(feature = "ssr")]
pub mod axis;
#[cfg(feature = "ssr")]
pub mod bars;
#[cfg(feature = "ssr")]
pub mod line;
pub mod markup;
#[cfg(feature = "ssr")]
pub mod months;
#[cfg(feature = "ssr")]
pub mod stacked;
pub mod window;

#[cfg(feature = "ssr")]
mod figure;

#[cfg(feature = "ssr")]
pub use figure::{Figures, figure};

/// Width of a plot in its own units. On the kiosk one unit is a little more than a pixel.
pub const WIDTH: f64 = 560.0;
/// Height of the letters; with [`WIDTH`] it makes at least 18 px on the kiosk.
pub const TEXT: f64 = 16.5;
