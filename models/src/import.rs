//! Bringing other programs' cellars in: from the bytes of a file to a plan that says line by line what would happen.
//!
//! Pure: [`read`] turns bytes into [`ImportLine`]s, [`plan::plan`] compares them with what the cellar [`known::Known`]s.
//! Only `db::import` writes.

mod bbr;
mod cellartracker;
mod ct_bottles;
mod ct_consumed;
mod ct_inventory;
mod ct_list;
mod ct_notes;
mod ct_purchase;
pub mod date;
pub mod decode;
pub mod former;
mod guess;
pub mod known;
pub mod line;
pub mod listed;
pub mod mapping;
pub mod money;
mod ours;
pub mod place;
mod plain;
pub mod plan;
pub mod preview;
mod recognise;
pub mod steps;
pub mod table;
mod vivino;

pub use line::{Format, ImportLine, Importable, Item, State};
pub use mapping::Mapping;
pub use recognise::{columns, read};

use serde::{Deserialize, Serialize};

/// What a person says about a file beside its bytes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Which column is what, for a file of no known format; guessed by the columns' names when absent.
    pub mapping: Option<Mapping>,
    /// ISO 4217 code of prices without one.
    pub currency: Option<String>,
}

/// Largest file that is read, in bytes.
pub const LARGEST: usize = 32 * 1024 * 1024;
