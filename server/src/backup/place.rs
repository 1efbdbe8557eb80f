//! The folder of the backups: names, the lock, clearing up.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use models::Instant;

use super::retention;

const STAMP: &str = "%Y%m%dT%H%M%SZ";
const LOCK: &str = ".winecellar-backup.lock";

/// A backup by its name: `winecellar-<UTC>.tar.gz`, with `-images` before the ending where the pictures are in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named {
    /// Whether the pictures are in it. The two kinds are kept apart: neither pushes the other out.
    pub(crate) images: bool,
    /// When it was made.
    pub(crate) at: Instant,
}

impl Named {
    /// The name of the file.
    pub(crate) fn file(&self) -> String {
        format!("winecellar-{}{}.tar.gz", self.at.format(STAMP), if self.images { "-images" } else { "" })
    }

    /// Recognises a name that [`Named::file`] gives, and no other.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let middle = name.strip_prefix("winecellar-")?.strip_suffix(".tar.gz")?;
        let (stamp, images) = middle.strip_suffix("-images").map_or((middle, false), |stamp| (stamp, true));
        let named = Self { images, at: Instant::parse_from_str(stamp, STAMP).ok()? };
        (named.file() == name).then_some(named)
    }
}

/// The backups in a folder, oldest first. Links and folders are none, whatever their names.
pub(crate) fn list(folder: &Path) -> anyhow::Result<Vec<Named>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file()
            && let Some(named) = entry.file_name().to_str().and_then(Named::parse)
        {
            found.push(named);
        }
    }
    found.sort_by_key(|named| named.at);
    Ok(found)
}

/// Removes the backups of this kind that need not be kept; gives their names. `made` stays in any case.
pub(crate) fn clear_up(folder: &Path, made: &Named, days: usize) -> anyhow::Result<Vec<String>> {
    let times: Vec<Instant> = list(folder)?.iter().filter(|n| n.images == made.images).map(|n| n.at).collect();
    let mut removed = Vec::new();
    for at in retention::surplus(&times, days).into_iter().filter(|at| *at != made.at) {
        let name = Named { images: made.images, at }.file();
        fs::remove_file(folder.join(&name)).with_context(|| format!("cannot remove the old backup {name}"))?;
        removed.push(name);
    }
    Ok(removed)
}

/// Holds a folder for one backup at a time, and clears away what a backup that broke off has left.
#[derive(Debug)]
pub(crate) struct Held {
    _lock: File,
}

impl Held {
    /// Takes the folder.
    pub(crate) fn take(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}: name a writable folder by --out", folder.display()))?;
        let path = folder.join(LOCK);
        let lock = File::options().write(true).create(true).truncate(false).open(&path);
        let lock = lock.with_context(|| format!("cannot write to {}: name a writable folder", folder.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("another backup into {} is running: wait for it to end", folder.display())
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
        for entry in fs::read_dir(folder)?.filter_map(Result::ok) {
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| name.starts_with(".winecellar-") && name.ends_with(".partial")) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { _lock: lock })
    }
}

/// A path in the folder that a backup uses while it works; removed by the next one if this one breaks off.
pub(crate) fn partial(folder: &Path, what: &str) -> PathBuf {
    folder.join(format!(".winecellar-{what}.{}.partial", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_ours_are_recognised() {
        for name in ["winecellar-20261124T040000Z.tar.gz", "winecellar-20261124T040000Z-images.tar.gz"] {
            assert_eq!(Named::parse(name).map(|named| named.file()), Some(name.to_owned()));
        }
        for name in [
            "winecellar-.tar.gz",
            "winecellar-20261124T040000Z.tar",
            "winecellar-20261324T040000Z.tar.gz",
            "my-winecellar-20261124T040000Z.tar.gz",
            "winecellar-20261124T040000Z-keep.tar.gz",
        ] {
            assert_eq!(Named::parse(name), None, "{name}");
        }
    }

    #[test]
    fn clearing_up_touches_only_its_own_kind_and_a_second_backup_waits() {
        let dir = tempfile::tempdir().expect("folder");
        let at = |day: u32| {
            chrono::NaiveDate::from_ymd_opt(2026, 3, day).and_then(|d| d.and_hms_opt(4, 0, 0)).expect("a day")
        };
        let stranger = dir.path().join("winecellar-old.tar.gz");
        fs::write(&stranger, "mine").expect("file");
        for day in 1..=20 {
            fs::write(dir.path().join(Named { images: false, at: at(day) }.file()), "x").expect("file");
        }
        let pictures = dir.path().join(Named { images: true, at: at(1) }.file());
        fs::write(&pictures, "x").expect("file");
        let held = Held::take(dir.path()).expect("free");
        assert!(Held::take(dir.path()).expect_err("held").to_string().contains("another backup"));
        drop(held);
        let removed = clear_up(dir.path(), &Named { images: false, at: at(20) }, 2).expect("cleared");
        assert!(removed.len() >= 14, "{removed:?}");
        assert!(stranger.exists() && pictures.exists());
        assert!(dir.path().join(Named { images: false, at: at(20) }.file()).exists());
    }
}
