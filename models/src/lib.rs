//! The cellar's domain: what a wine, bottle, bin, movement, scan and proposal are, and the rules between them.
//!
//! Without features this crate is pure data and arithmetic (it also runs in the browser as wasm32): no clock, no
//! randomness, no IO. Feature `db` adds [`db`], the only place of the project that speaks SQL.

pub mod archive;
pub mod barcode;
pub mod bin;
pub mod bottle;
pub mod bottle_format;
pub mod calibration;
pub mod catalogue;
pub mod change;
pub mod compare;
pub mod currency;
#[cfg(feature = "db")]
pub mod db;
pub mod error;
pub mod event;
pub mod explain;
pub mod hex;
pub mod ids;
pub mod import;
pub mod instant;
pub mod label_sheet;
pub mod listed;
pub mod movement;
pub mod note;
pub mod numbers;
pub mod proposal;
pub mod rack_plan;
pub mod scan;
pub mod scanned;
pub mod search;
pub mod stock;
pub mod trust;
pub mod typo;
pub mod user;
pub mod window;
pub mod wine;
pub mod wish;

/// An instant in UTC, cut to microseconds. Times come from the caller, never from this crate.
pub type Instant = chrono::NaiveDateTime;
