//! Pictures in a folder, `<id>.jpg` each: where one lies, and room for one more.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::worker::atomic;

/// Where a picture lies; none for what is no id, and might lead elsewhere.
pub(crate) fn place(folder: &Path, id: &str) -> Option<PathBuf> {
    let is_id = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_id.then(|| folder.join(format!("{id}.jpg")))
}

/// Removes what is out of date by its time of change, and the oldest where more than `most` would be there with one more.
pub(crate) fn make_room(folder: &Path, most: usize, outdated: impl Fn(&SystemTime) -> bool) -> anyhow::Result<()> {
    let mut all: Vec<(SystemTime, PathBuf)> = fs::read_dir(folder)?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.metadata().ok()?.modified().ok()?, entry.path()))
        })
        .collect();
    all.sort();
    let many = (all.len() + 1).saturating_sub(most);
    let gone = all.iter().enumerate().filter(|(i, (at, _))| *i < many || outdated(at));
    gone.map(|(_, (_, path))| path).try_for_each(|path| atomic::remove(path))
}
