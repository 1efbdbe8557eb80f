//! Labels with codes of our own, on sheets as they are sold: for bins and for bottles.

pub(crate) mod address;
pub(crate) mod items;
pub(crate) mod route;
mod sheet;

pub(crate) use items::Wanted;
pub(crate) use sheet::{Item, pdf};
