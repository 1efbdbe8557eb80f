//! The whole book, table by table, in a form that no engine owns: what backup, restore and `db copy` move about.
//!
//! [`tables`] describes every table; [`rows_read`] gives its rows from one consistent state; [`RowWriter`] puts rows
//! into an empty one; [`Contents`] says what a table holds, row by row, so that two databases can be compared.

mod contents;
mod copy;
mod describe;
mod rows;
mod value;

pub use contents::{Contents, TableSum};
pub use copy::{CopyError, copy};
pub use describe::{Column, Kind, Table, tables};
pub use rows::{RowWriter, contents, first_filled, forget_revision, rows_read};
pub use value::{Row, Value};
