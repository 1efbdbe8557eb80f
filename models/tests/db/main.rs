//! The database half on both engines. One test binary, so that one MariaDB server serves them all.

mod access;
mod cellar;
mod edits;
mod migrations;
mod movements;
mod proposals;
mod random;
mod records;
mod writers;
