//! One scan at a time: an flock on a file in the data folder, which also tells who holds it and what it is doing.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
};

use anyhow::Context;

use crate::{config, exit::Ended};

/// Holds the lock until it is dropped, or the process ends in whatever way: the kernel releases it.
#[derive(Debug)]
pub(crate) struct ScanLock {
    file: File,
    holder: String,
}

impl ScanLock {
    /// Takes the lock, or says at once who has it.
    pub(crate) fn take(path: &Path) -> anyhow::Result<Self> {
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).with_context(|| {
                format!("cannot open the lock file {}: is the data folder writable?", path.display())
            })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder).with_context(|| format!("cannot read {}", path.display()))?;
                let holder = holder.lines().next().unwrap_or_default();
                let who = if holder.is_empty() { "it has not said who it is yet" } else { holder };
                return Err(Ended::Busy(who.to_owned()).into());
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
        let holder = format!(
            "process {} of {}, since {} UTC\n",
            std::process::id(),
            started_by(),
            config::now().format("%F %T")
        );
        let lock = Self { file, holder };
        lock.enter("");
        Ok(lock)
    }

    /// Tells whoever watches who scans, and which stage has begun. That nobody can be told, because the disk is full, is no reason to
    /// end a scan: it holds the lock all the same.
    pub(crate) fn enter(&self, stage: &str) {
        if let Err(error) = self.write(stage) {
            tracing::warn!(%error, stage, "the lock file cannot tell who scans");
        }
    }

    fn write(&self, stage: &str) -> std::io::Result<()> {
        let mut file = &self.file;
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(format!("{}{stage}\n", self.holder).as_bytes())
    }
}

impl Drop for ScanLock {
    fn drop(&mut self) {
        // Nothing is going on any more; who reads the file after a power cut finds a process that is gone.
        let _ = self.file.set_len(0);
    }
}

/// The stage of the scan that is going on, if one is: the lock itself is not tried, because a scan that starts at that moment
/// would find it taken.
pub(crate) fn stage(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let mut lines = text.lines();
    let process: u32 = lines.next()?.strip_prefix("process ")?.split(' ').next()?.parse().ok()?;
    let stage = lines.next().filter(|stage| !stage.is_empty())?;
    Path::new("/proc").join(process.to_string()).exists().then(|| stage.to_owned())
}

/// A word on who started this process, for the person who finds the lock taken.
fn started_by() -> String {
    if std::env::var_os("INVOCATION_ID").is_some() && std::env::var_os(BY_SERVER).is_none() {
        return "wine-inventory-stock.service".to_owned();
    }
    if std::env::var_os(BY_SERVER).is_some() {
        return "the \"scan now\" button".to_owned();
    }
    std::env::var("USER").map_or_else(|_| "the command line".to_owned(), |user| format!("{user} on the command line"))
}

/// Set by the server for the scans it starts.
pub(crate) const BY_SERVER: &str = "WINECELLAR_STARTED_BY_SERVER";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_taker_is_told_who_holds_it() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("stock.lock");
        let held = ScanLock::take(&path).expect("free");
        let refused = ScanLock::take(&path).expect_err("held").to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        assert_eq!(stage(&path), None, "it has begun nothing yet");
        held.enter("detect");
        assert_eq!(stage(&path).as_deref(), Some("detect"));
        let refused = ScanLock::take(&path).expect_err("held").to_string();
        assert!(!refused.contains("detect"), "{refused}");
        drop(held);
        assert_eq!(stage(&path), None);
        std::fs::write(&path, "process 4294967295 of nobody, since long ago\ndetect\n").expect("written");
        assert_eq!(stage(&path), None, "its process is gone");
        ScanLock::take(&path).expect("free again");
    }
}
