//! One scan at a time: an flock on a file in the data folder, which also tells who holds it.

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
    _file: File,
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
                let holder = holder.trim();
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
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .context("cannot write the lock file")?;
        Ok(Self { _file: file })
    }
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
        drop(held);
        ScanLock::take(&path).expect("free again");
    }
}
