//! The pages, one file for each route.

pub mod bin;
pub mod bottles;
#[cfg(feature = "ssr")]
pub mod help;
pub mod history;
pub mod home;
#[cfg(feature = "ssr")]
pub mod import;
pub mod not_found;
#[cfg(feature = "ssr")]
pub mod numbers;
#[cfg(feature = "ssr")]
pub mod people;
pub mod proposals;
pub mod rack;
pub mod scan;
pub mod scans;
#[cfg(feature = "ssr")]
pub mod sign_in;
pub mod who;
pub mod wine;
pub mod wine_edit;
pub mod wine_new;
pub mod wishes;
