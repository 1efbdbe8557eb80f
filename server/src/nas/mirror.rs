//! `nas sync`: what the data folder has and the NAS lacks is copied, compared by content, and noted in the ledger.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};

use super::{
    Nas,
    deadline::Steps,
    ledger::{self, Ledger, Stamp},
};
use crate::{config::DataDir, worker::atomic};

/// What a run did.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Done {
    /// Files copied.
    pub(crate) copied: usize,
    /// Scans and single files that the NAS has, those copied now among them.
    pub(crate) there: usize,
}

/// Something that goes to the NAS as one: a scan's folder, or a file of the latest results.
struct Item {
    /// From the data folder, with `/`.
    name: String,
    path: PathBuf,
}

/// Copies everything that the ledger does not know; with `verify` compares what it knows, too.
pub(crate) fn sync(data: &DataDir, nas: &Nas, verify: bool, steps: &Steps) -> anyhow::Result<Done> {
    nas.check(steps)?;
    let mut ledger = Ledger::read(data);
    let mut done = Done::default();
    for item in items(data)? {
        let stamp = match ledger::stamp(&item.path) {
            Ok(stamp) => stamp,
            // Cleared away meanwhile.
            Err(_) if !item.path.exists() => continue,
            Err(error) => return Err(error),
        };
        if verify || !ledger.has(&item.name, &stamp) {
            // The marker again, each time: a NAS that goes away in the middle leaves an empty folder that takes everything.
            nas.check(steps)?;
            done.copied += copy(&item, &stamp, nas, steps)?;
            ledger.note(&item.name, stamp);
            // Item by item: whatever ends this run, the next one goes on from here.
            ledger.write(data)?;
        }
        done.there += 1;
    }
    Ok(done)
}

/// How many items the NAS does not have yet. Asks the data folder only.
pub(crate) fn waiting(data: &DataDir) -> anyhow::Result<usize> {
    let ledger = Ledger::read(data);
    let mut waiting = 0;
    for item in items(data)? {
        waiting += usize::from(ledger::stamp(&item.path).is_ok_and(|stamp| !ledger.has(&item.name, &stamp)));
    }
    Ok(waiting)
}

/// Scans oldest first, then the latest results.
fn items(data: &DataDir) -> anyhow::Result<Vec<Item>> {
    let mut all = Vec::new();
    for (folder, wanted) in [(data.snapshots(), true), (data.cells(), false), (data.results(), false)] {
        let top = folder.file_name().context("a folder without a name")?.to_string_lossy().into_owned();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", folder.display())),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') && entry.file_type()?.is_dir() == wanted {
                names.push(name);
            }
        }
        names.sort();
        all.extend(names.into_iter().map(|name| Item { path: folder.join(&name), name: format!("{top}/{name}") }));
    }
    Ok(all)
}

/// Copies one item; gives how many files it took. A folder that the NAS does not have appears whole, by one rename.
fn copy(item: &Item, stamp: &Stamp, nas: &Nas, steps: &Steps) -> anyhow::Result<usize> {
    let target = nas.path().join(&item.name);
    let parent = target.parent().context("a path without a folder")?.to_path_buf();
    steps.next(format!("make the folder of {}", item.name));
    fs::create_dir_all(&parent).with_context(|| format!("cannot make {}", parent.display()))?;
    if !item.path.is_dir() {
        return copy_file(&item.path, &target, steps).map(usize::from);
    }
    let fresh = !target.exists();
    let hidden = format!(".{}.partial", target.file_name().unwrap_or_default().to_string_lossy());
    let into = if fresh { parent.join(hidden) } else { target.clone() };
    let mut copied = 0;
    for (name, _, _) in stamp {
        let to = into.join(name);
        steps.next(format!("make the folder of {name}"));
        fs::create_dir_all(to.parent().unwrap_or(&into)).with_context(|| format!("cannot make {}", into.display()))?;
        copied += usize::from(copy_file(&item.path.join(name), &to, steps)?);
    }
    if fresh {
        steps.next(format!("name {}", item.name));
        fs::create_dir_all(&into)?;
        fs::rename(&into, &target).with_context(|| format!("cannot name {}", target.display()))?;
        atomic::sync_dir(&parent)?;
    }
    Ok(copied)
}

/// Copies a file unless the same content is there; what was written is read back. Gives whether it was copied.
fn copy_file(from: &Path, to: &Path, steps: &Steps) -> anyhow::Result<bool> {
    let content = match fs::read(from) {
        Ok(content) => content,
        // Replaced or cleared away meanwhile: the next run sees what is there then.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", from.display())),
    };
    if print_of(to, steps)?.as_deref() == Some(&*Sha256::digest(&content)) {
        return Ok(false);
    }
    steps.next(format!("write {}", to.display()));
    atomic::write(to, &content)?;
    ensure!(
        print_of(to, steps)?.as_deref() == Some(&*Sha256::digest(&content)),
        "{} reads back unlike it was written: is the NAS failing?",
        to.display()
    );
    Ok(true)
}

/// The fingerprint of a file on the NAS; none if it is not there.
fn print_of(path: &Path, steps: &Steps) -> anyhow::Result<Option<Vec<u8>>> {
    steps.next(format!("read {}", path.display()));
    match fs::read(path) {
        Ok(content) => Ok(Some(Sha256::digest(&content).to_vec())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
