//! Parts that several pages share. They fetch nothing by themselves, but for the navigation's badge.

pub mod act;
pub mod bottle;
pub mod field;
pub mod history;
pub mod holding;
pub mod icon;
#[cfg(feature = "ssr")]
pub mod listed;
pub mod load;
pub mod nav;
pub mod note_fields;
pub mod toast;
pub mod when;
#[cfg(feature = "ssr")]
pub mod which_wine;
pub mod who;
#[cfg(feature = "ssr")]
pub mod wine_fields;
