//! Backups: one file that holds the book, engine-neutral, and the pictures if wanted.
//!
//! A backup is a tar file, compressed by gzip: `rows/<table>.jsonl` for each table, then `data/…` with the pictures,
//! then `manifest.json` with the number and checksum of everything before it. A file that was cut off has no manifest
//! and is refused. Format: docs/OPERATIONS.md.

pub(crate) mod archive;
pub(crate) mod make;
pub(crate) mod manifest;
pub(crate) mod place;
pub(crate) mod restore;
pub(crate) mod retention;
pub(crate) mod verify;
