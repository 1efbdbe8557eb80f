//! The pages, one file for each route.

pub mod bin;
pub mod bottles;
pub mod history;
pub mod home;
pub mod not_found;
pub mod people;
pub mod proposals;
pub mod rack;
pub mod scan;
pub mod scans;
pub mod sign_in;
pub mod who;
