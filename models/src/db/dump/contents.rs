//! What a table holds: a fingerprint for each row and one for all, alike on both engines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Row, Table, Value};
use crate::hex::hex;

/// How many differences are told by name.
const TOLD: usize = 5;

/// The fingerprints of a table's rows by their key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    table: String,
    key: Vec<usize>,
    rows: BTreeMap<String, [u8; 32]>,
    /// Rows in all: a file may name one key twice.
    count: u64,
}

/// A table in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSum {
    /// Its name.
    pub table: String,
    /// Number of rows.
    pub rows: u64,
    /// SHA-256 over the fingerprints of the rows in the order of their keys, as hex.
    pub sha256: String,
}

impl Contents {
    /// No rows yet.
    pub fn new(table: &Table) -> Self {
        Self { table: table.name.clone(), key: table.key_places(), rows: BTreeMap::new(), count: 0 }
    }

    /// Adds a row.
    pub fn add(&mut self, row: &Row) {
        let key: Vec<Value> = self.key.iter().filter_map(|&i| row.0.get(i).cloned()).collect();
        self.rows.insert(Row(key).to_line(), Sha256::digest(row.to_line().as_bytes()).into());
        self.count += 1;
    }

    /// The table in short. The order is ours and not the engine's: collations differ.
    pub fn sum(&self) -> TableSum {
        let mut all = Sha256::new();
        for fingerprint in self.rows.values() {
            all.update(fingerprint);
        }
        TableSum { table: self.table.clone(), rows: self.count, sha256: hex(&all.finalize()) }
    }

    /// What differs, in words, the first few by their key; empty if both hold the same.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (key, fingerprint) in &self.rows {
            match other.rows.get(key) {
                None => found.push(format!("{} {key} is missing", self.table)),
                Some(there) if there != fingerprint => found.push(format!("{} {key} differs", self.table)),
                Some(_) => {}
            }
        }
        let extra = other.rows.keys().filter(|key| !self.rows.contains_key(*key));
        found.extend(extra.map(|key| format!("{} {key} should not be there", self.table)));
        if found.is_empty() && self.count != other.count {
            found.push(format!("{} has {} rows instead of {}", self.table, other.count, self.count));
        }
        if found.len() > TOLD {
            let more = found.len() - TOLD;
            found.truncate(TOLD);
            found.push(format!("{} and {more} more", self.table));
        }
        found
    }
}
