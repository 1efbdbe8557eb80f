//! What is known to be on the NAS: written only after it was read back there. Kept in the data folder, so that the NAS need
//! not be asked, and made anew by asking it when it is lost.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::{config::DataDir, worker::atomic};

/// The ledger, by path from the data folder (`snapshots/<scan>`, `cells_runtime/<bin>.jpg`).
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ledger {
    entries: BTreeMap<String, Stamp>,
}

/// What a file or folder looked like when it was compared with the NAS: names, sizes and times of all files in it.
pub(crate) type Stamp = Vec<(String, u64, u64)>;

impl Ledger {
    /// Reads it; without a readable file everything counts as not compared yet.
    pub(crate) fn read(data: &DataDir) -> Self {
        let text = fs::read(path(data)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Writes it, whole or not at all.
    pub(crate) fn write(&self, data: &DataDir) -> anyhow::Result<()> {
        atomic::write(&path(data), &serde_json::to_vec(self)?)
    }

    /// Whether the NAS has it as it is now.
    pub(crate) fn has(&self, name: &str, stamp: &Stamp) -> bool {
        self.entries.get(name) == Some(stamp)
    }

    /// Notes that the NAS has it.
    pub(crate) fn note(&mut self, name: &str, stamp: Stamp) {
        self.entries.insert(name.to_owned(), stamp);
    }

    /// Forgets what is gone from both places.
    pub(crate) fn forget(&mut self, name: &str) {
        self.entries.remove(name);
    }
}

fn path(data: &DataDir) -> PathBuf {
    data.nas().join("ledger.json")
}

/// Names, sizes and times of the files below a path; of a file its own.
pub(crate) fn stamp(path: &Path) -> anyhow::Result<Stamp> {
    let mut files = Vec::new();
    collect(path, "", &mut files).with_context(|| format!("cannot read {}", path.display()))?;
    files.sort();
    Ok(files)
}

fn collect(path: &Path, name: &str, files: &mut Stamp) -> std::io::Result<()> {
    let meta = fs::symlink_metadata(path)?;
    if meta.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let part = entry.file_name().to_string_lossy().into_owned();
            // What is hidden is half-written.
            if !part.starts_with('.') {
                collect(&entry.path(), &if name.is_empty() { part } else { format!("{name}/{part}") }, files)?;
            }
        }
    } else if meta.is_file() {
        let time = meta.modified()?.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_micros() as u64);
        files.push((name.to_owned(), meta.len(), time));
    }
    Ok(())
}
