//! Folders: the data folder takes files, there is room, the browser half is there.

use std::{fs, path::Path, time::Duration};

use super::{Check, within};
use crate::{
    cli::{Doctor, Place},
    disk, site,
    worker::{atomic, lock::ScanLock},
};

/// Less room than this is worth a word, and a tenth of it is an alarm.
const LITTLE: u64 = 500 << 20;
/// A network folder answers by then, or is away.
const DEADLINE: Duration = Duration::from_secs(8);

pub(super) fn checks(place: &Place, args: &Doctor) -> Vec<Check> {
    let data = place.data_dir.clone();
    let mut checks = vec![writable("data folder", &data), room("room for pictures", &data)];
    if let Some(file) = place.url().strip_prefix("sqlite:").map(|path| path.trim_start_matches("//").to_owned()) {
        let folder = Path::new(&file).parent().filter(|folder| !folder.as_os_str().is_empty());
        checks.push(room("room for the database", folder.unwrap_or(Path::new("."))));
    }
    checks.push(match site::find(args.site.as_deref()) {
        Some(folder) => Check::ok("browser half", folder.display().to_string()),
        None => Check::warn(
            "browser half",
            "the folder `site` is missing: pages work, but do not refresh by themselves",
            "run `make site`, or set WINECELLAR_SITE to the folder",
        ),
    });
    checks.push(lock(place));
    checks
}

/// Really writes, as a scan would.
fn writable(name: &'static str, folder: &Path) -> Check {
    let told = folder.display().to_string();
    let probe = folder.join(format!(".doctor.{}.tmp", std::process::id()));
    let cure = format!(
        "make {told} and give it to the user of the service, or set WINECELLAR_DATA_DIR; for a NAS see that it is mounted"
    );
    let tried = within(DEADLINE, move || {
        atomic::write(&probe, b"written by winecellar doctor").and_then(|()| Ok(fs::remove_file(&probe)?))
    });
    match tried {
        Some(Ok(())) => Check::ok(name, format!("{told} takes files")),
        Some(Err(error)) => Check::fail(name, format!("{error:#}"), cure),
        None => Check::fail(name, format!("{told} does not answer: is the NAS away?"), cure),
    }
}

fn room(name: &'static str, folder: &Path) -> Check {
    let owned = folder.to_path_buf();
    match within(DEADLINE, move || disk::free(&owned)) {
        None => Check::fail(name, format!("{} does not answer", folder.display()), "see that the disk is mounted"),
        Some(Err(error)) => Check::fail(name, format!("{error:#}"), "make the folder, or name another"),
        Some(Ok(free)) => {
            let found = format!("{} MB free at {}", free >> 20, folder.display());
            let cure = "remove old scans below snapshots, or old backups, or use a larger disk";
            match free {
                free if free > LITTLE => Check::ok(name, found),
                free if free > LITTLE / 10 => Check::warn(name, found, cure),
                _ => Check::fail(name, found, cure),
            }
        }
    }
}

/// A scan that hangs keeps all later ones away.
fn lock(place: &Place) -> Check {
    let path = place.data().lock();
    if !path.exists() {
        return Check::ok("scan lock", "free");
    }
    match ScanLock::take(&path) {
        Ok(_) => Check::ok("scan lock", "free"),
        Err(error) => {
            Check::warn("scan lock", format!("{error:#}"), "wait for the scan to end; if it hangs, end that process")
        }
    }
}
