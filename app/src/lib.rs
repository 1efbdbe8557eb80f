//! What a person sees of the cellar: pages, server functions and the document around them.
//!
//! Compiled twice: with `ssr` into the server, with `hydrate` into the browser's wasm. Neither half knows SQL; the
//! server half reaches the database through [`ctx::AppCtx`] only.
#![recursion_limit = "256"]

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!("`ssr` and `hydrate` are two programs: build the frontend with --target wasm32-unknown-unknown alone");

pub mod api;
pub mod app;
pub mod browser;
pub mod charts;
pub mod components;
#[cfg(feature = "ssr")]
pub mod cookies;
#[cfg(feature = "ssr")]
pub mod ctx;
#[cfg(feature = "ssr")]
pub mod device;
pub mod error;
pub mod format;
pub mod forms;
pub mod pages;
pub mod planogram;
#[cfg(feature = "ssr")]
mod shell;
pub mod state;
pub mod texts;

pub use app::App;
#[cfg(feature = "ssr")]
pub use app::Desk;
#[cfg(feature = "ssr")]
pub use shell::{desk_shell, shell};
