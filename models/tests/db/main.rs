//! The database half on both engines. One test binary, so that one MariaDB server serves them all.

mod access;
mod calibrations;
mod catalogue;
mod cellar;
mod codes;
mod dump;
mod edits;
mod explain;
mod import;
mod integrity;
mod listed;
mod migrations;
mod mistaken;
mod movements;
mod numbers;
mod once_more;
mod outbox;
mod proposals;
mod random;
mod records;
mod recount;
mod replaced;
mod writers;
