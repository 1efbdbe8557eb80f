//! The database half: the only place of the project that speaks SQL.
//!
//! One code for two engines, SQLite and MariaDB, chosen by the URL given to [`Db::open`]. Functions are named noun
//! first and take a [`Conn`]; [`Db::read`] and [`Db::write`] lend one, always inside a transaction. Only `dialect`
//! knows which engine is behind a connection.

pub mod acts;
mod answered;
mod approve;
pub mod archive;
pub mod barcodes;
pub mod book;
pub mod bottle_labels;
pub mod bottles;
mod bulk;
pub mod calibrations;
pub mod case;
pub mod catalogue;
pub mod changes;
mod conn;
mod decide;
mod dialect;
pub mod dump;
mod error;
pub mod events;
mod exchanges;
pub mod export;
pub mod foreign;
pub mod glance;
mod halves;
pub mod idempotency;
mod ids;
pub mod import;
mod import_undo;
pub mod integrity;
mod judge;
pub mod layouts;
pub mod listed;
pub mod memory;
pub mod meta;
mod migrate;
pub mod movements;
pub mod notes;
pub mod numbers;
mod once_more;
pub mod outbox;
mod pool;
pub mod problems;
pub mod proposals;
pub mod racks;
mod reconcile;
mod recount;
mod replaced;
pub mod scans;
mod schema;
pub mod seen_ends;
pub mod sessions;
mod settle;
mod sighted;
pub mod stocktake;
pub mod tokens;
mod types;
mod undo;
pub mod unsettled;
pub mod users;
pub mod vintages;
pub mod wines;
pub mod wishes;
mod witnessed;

pub use conn::Conn;
pub use error::DbError;
pub use ids::new_id;
pub use pool::Db;
