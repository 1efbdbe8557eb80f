//! The pages, one file for each route.

pub mod bin;
pub mod bottles;
pub mod history;
pub mod home;
pub mod import;
pub mod not_found;
pub mod proposals;
pub mod rack;
pub mod scan;
pub mod scans;
