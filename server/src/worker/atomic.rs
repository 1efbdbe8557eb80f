//! Files that are either old or new, never half: temporary name, fsync, rename, fsync of the folder.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::Path,
};

use anyhow::Context;

/// Writes one file so that a power cut leaves the old or the new content.
pub(crate) fn write(path: &Path, data: &[u8]) -> anyhow::Result<()> {
    put(path, data)?;
    // A bare file name has the parent "", which means the current folder.
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => sync_dir(folder),
        _ => sync_dir(Path::new(".")),
    }
}

/// As [`write`], but the folder is left to be synced once by the caller, after many files.
pub(crate) fn put(path: &Path, data: &[u8]) -> anyhow::Result<()> {
    let name = path.file_name().context("a file needs a name")?.to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = File::create(&temporary)
        .and_then(|mut file| file.write_all(data).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, path));
    if let Err(error) = written {
        // Best effort: on a full disk the half-written temporary file must not stay.
        let _ = fs::remove_file(&temporary);
        return Err(error).with_context(|| format!("cannot write {}", path.display()));
    }
    Ok(())
}

/// Makes renames within the folder durable.
pub(crate) fn sync_dir(path: &Path) -> anyhow::Result<()> {
    File::open(path)
        .and_then(|dir| dir.sync_all())
        .with_context(|| format!("cannot sync the folder {}", path.display()))
}

/// Takes a file away, if there is one.
pub(crate) fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_temporary() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("a.txt");
        write(&path, b"old").expect("first");
        let blocked = dir.path().join("sub");
        fs::create_dir(&blocked).expect("folder in the way");
        assert!(write(&blocked, b"new").is_err());
        assert_eq!(fs::read(&path).expect("still there"), b"old");
        assert_eq!(fs::read_dir(dir.path()).expect("list").count(), 2);
    }
}
