//! Room for pictures: what is cleared away when, and what happens when the disk is full.
//!
//! A reserve file lies in the data folder. When the disk is full the scan takes no picture, gives the reserve back so that
//! the book can still be written, and says so; `stock tidy` lays a new one as soon as there is room.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::Context;
use chrono::{NaiveDateTime, TimeDelta};
use models::Instant;
use rustix::fs::FallocateFlags;

use crate::{
    config::DataDir,
    disk,
    nas::{
        Nas,
        deadline::Steps,
        ledger::{self, Ledger},
    },
    worker::artifacts,
};

/// What is given back when the disk is full.
const RESERVE: u64 = 32 << 20;
/// With less room than this no picture is taken: one scan takes a few megabytes, the book needs the rest.
const LEAST: u64 = 64 << 20;

/// What is to be kept.
pub(crate) struct Keep {
    /// Scans younger than this stay.
    pub(crate) days: Option<u32>,
    /// Room that is kept free, in bytes.
    pub(crate) free: u64,
}

/// Whether a scan has room; if not the reserve is given back, and the answer says what to do.
pub(crate) fn refusal(data: &DataDir) -> anyhow::Result<Option<String>> {
    let free = disk::free(data.ensure()?)?;
    if free >= LEAST {
        // Best effort: without a reserve a full disk is noticed all the same.
        let _ = reserve(data);
        return Ok(None);
    }
    // What is not there cannot be given back.
    let _ = fs::remove_file(data.reserve());
    Ok(Some(format!(
        "the disk is full ({} MB free at {}), so no picture is taken: `winecellar stock tidy` clears old scans away, see also \
         WINECELLAR_KEEP_DAYS and the backups",
        free >> 20,
        data.ensure()?.display()
    )))
}

/// Lays the reserve file, where there is plenty of room.
fn reserve(data: &DataDir) -> anyhow::Result<()> {
    let path = data.reserve();
    if path.exists() || disk::free(data.ensure()?)? < LEAST + 2 * RESERVE {
        return Ok(());
    }
    let laid =
        File::create(&path).and_then(|file| Ok(rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, RESERVE)?));
    if laid.is_err() {
        let _ = fs::remove_file(&path);
    }
    laid.with_context(|| format!("cannot lay {}", path.display()))
}

/// A scan's folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kept {
    at: Instant,
    path: PathBuf,
}

/// The scans in a folder of snapshots, oldest first, without the newest that had an opinion: that one always stays.
fn removable(snapshots: &Path) -> anyhow::Result<Vec<Kept>> {
    if !snapshots.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(snapshots).with_context(|| format!("cannot read {}", snapshots.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let at = name.split('-').next().and_then(|at| NaiveDateTime::parse_from_str(at, "%Y%m%dT%H%M%SZ").ok());
        if let Some(at) = at.filter(|_| path.is_dir()) {
            found.push(Kept { at, path });
        }
    }
    found.sort();
    if let Some(good) = found.iter().rposition(|scan| scan.path.join("results.csv").exists()) {
        found.remove(good);
    }
    Ok(found)
}

/// Clears the data folder; with a NAS only what the NAS has. Gives the names of the scans whose pictures are gone.
pub(crate) fn tidy(data: &DataDir, nas: Option<&Nas>, keep: &Keep, now: Instant) -> anyhow::Result<Vec<String>> {
    data.ensure()?;
    artifacts::sweep(data, now)?;
    let mut ledger = Ledger::read(data);
    let mut gone = Vec::new();
    for scan in removable(&data.snapshots())? {
        let old = keep.days.is_some_and(|days| now - scan.at > TimeDelta::days(i64::from(days)));
        if !old && disk::free(data.ensure()?)? >= keep.free {
            break;
        }
        let id = scan.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = format!("snapshots/{id}");
        if nas.is_some() && !ledger.has(&name, &ledger::stamp(&scan.path)?) {
            continue;
        }
        remove(&scan.path)?;
        ledger.forget(&name);
        gone.push(id);
    }
    if !gone.is_empty() && nas.is_some() {
        ledger.write(data)?;
    }
    let _ = reserve(data);
    Ok(gone)
}

/// Clears the NAS by age.
pub(crate) fn tidy_nas(nas: &Nas, days: u32, now: Instant, steps: &Steps) -> anyhow::Result<usize> {
    nas.check(steps)?;
    steps.next("list the scans");
    let old = |scan: &Kept| now - scan.at > TimeDelta::days(i64::from(days));
    let mut gone = 0;
    for scan in removable(&nas.path().join("snapshots"))?.into_iter().filter(old) {
        steps.next(format!("remove {}", scan.path.display()));
        remove(&scan.path)?;
        gone += 1;
    }
    Ok(gone)
}

/// Removes a folder so that it is there wholly or not at all.
fn remove(path: &Path) -> anyhow::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let hidden = path.with_file_name(format!(".{name}.partial"));
    fs::rename(path, &hidden)
        .and_then(|()| fs::remove_dir_all(&hidden))
        .with_context(|| format!("cannot remove {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A data folder with scans of these days of November, those in `good` with an opinion.
    fn scans(days: &[u32], good: &[u32]) -> (tempfile::TempDir, DataDir) {
        let dir = tempfile::tempdir().expect("folder");
        let data = DataDir::at(dir.path());
        for day in days {
            let scan = data.snapshots().join(format!("202611{day:02}T030000Z-0001"));
            fs::create_dir_all(&scan).expect("scan");
            fs::write(scan.join("frame.jpg"), b"picture").expect("frame");
            if good.contains(day) {
                fs::write(scan.join("results.csv"), b"bin_ID,count\n").expect("results");
            }
        }
        (dir, data)
    }

    fn left(data: &DataDir) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(data.snapshots())
            .expect("list")
            .map(|entry| entry.expect("entry").file_name().to_string_lossy()[6..8].to_owned())
            .collect();
        names.sort();
        names
    }

    fn noon(day: u32) -> Instant {
        chrono::NaiveDate::from_ymd_opt(2026, 11, day).and_then(|date| date.and_hms_opt(12, 0, 0)).expect("a day")
    }

    #[test]
    fn old_scans_go_and_the_newest_good_one_stays_however_old_it_is() {
        let (_dir, data) = scans(&[1, 2, 3, 20], &[1, 2]);
        let keep = Keep { days: Some(7), free: 0 };
        assert_eq!(tidy(&data, None, &keep, noon(25)).expect("tidy").len(), 2);
        assert_eq!(left(&data), ["02", "20"]);
    }

    #[test]
    fn where_room_is_short_the_oldest_go_first_and_one_good_one_stays() {
        let (_dir, data) = scans(&[1, 2, 3], &[1, 2, 3]);
        tidy(&data, None, &Keep { days: None, free: u64::MAX }, noon(25)).expect("tidy");
        assert_eq!(left(&data), ["03"]);
    }

    #[test]
    fn with_a_nas_nothing_goes_that_it_does_not_have() {
        let (_dir, data) = scans(&[1, 2, 3], &[3]);
        fs::create_dir_all(data.nas()).expect("folder");
        let mut ledger = Ledger::default();
        let on_nas = data.snapshots().join("20261101T030000Z-0001");
        ledger.note("snapshots/20261101T030000Z-0001", ledger::stamp(&on_nas).expect("stamp"));
        ledger.write(&data).expect("ledger");
        let nas = Nas::at(Path::new("/nowhere"));
        tidy(&data, Some(&nas), &Keep { days: Some(7), free: 0 }, noon(25)).expect("tidy");
        assert_eq!(left(&data), ["02", "03"]);
    }
}
