//! Putting a backup into an empty place: the file is verified first, then the pictures, then the book in one transaction
//! that reads itself back. Whatever fails leaves the place as empty as it was.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use models::db::{
    Conn, Db, DbError,
    dump::{self, RowWriter},
};

use super::{
    archive,
    manifest::Manifest,
    verify::{self, verify},
};
use crate::{config::DataDir, worker::atomic};

/// The folders that a backup may fill.
const FOLDERS: &[&str] =
    &["snapshots", "cells_runtime", "cells_runtime_res", "references", "calibrations", "learning", "labels"];

/// Restores; gives the manifest of what is now there.
pub(crate) fn restore(file: &mut File, db: &Db, data: &DataDir) -> anyhow::Result<Manifest> {
    let manifest = verify(file)?;
    ensure!(
        Db::knows_stamp(&manifest.schema),
        "the backup was made by winecellar {}, whose tables ({}) this version {} does not know: update the program first",
        manifest.program,
        manifest.schema,
        env!("CARGO_PKG_VERSION")
    );
    prepare_database(db, &manifest)?;
    let mut placed = Placed::default();
    if manifest.images {
        pictures(file, &manifest, data.ensure()?, &mut placed)?;
    }
    book(file, &manifest, db)?;
    placed.0.clear();
    db.migrate().context("the backup is restored, but its tables could not be brought to this version")?;
    Ok(manifest)
}

/// Refuses a database that holds anything; gives an empty one the tables of the backup.
fn prepare_database(db: &Db, manifest: &Manifest) -> anyhow::Result<()> {
    match db.schema_stamp()? {
        Some(stamp) if stamp > manifest.schema => bail!(
            "the database {} has newer tables ({stamp}) than the backup ({}): name one that has none yet",
            db.url_redacted(),
            manifest.schema
        ),
        _ => db.migrate_to(&manifest.schema)?,
    }
    if let Some(table) = db.read(dump::first_filled)? {
        bail!(
            "the database {} is not empty (table `{table}` has rows): name an empty one; nothing was changed",
            db.url_redacted()
        );
    }
    Ok(())
}

/// Folders that were put in place; removed again unless the rest succeeds too.
#[derive(Default)]
struct Placed(Vec<PathBuf>);

impl Drop for Placed {
    fn drop(&mut self) {
        for folder in &self.0 {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Unpacks the pictures into a hidden folder and moves them to their places.
fn pictures(file: &mut File, manifest: &Manifest, data: &Path, placed: &mut Placed) -> anyhow::Result<()> {
    for name in FOLDERS {
        let folder = data.join(name);
        let empty = !folder.exists() || fs::read_dir(&folder)?.next().is_none();
        ensure!(
            empty,
            "{} is not empty: name an empty data folder by --data-dir; nothing was changed",
            folder.display()
        );
    }
    let needed: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    let free = crate::disk::free(data)?;
    ensure!(
        needed < free,
        "the pictures need {} MB and {} has {} MB: make room or name another folder",
        needed >> 20,
        data.display(),
        free >> 20
    );
    let staging = data.join(format!(".restore.{}.partial", std::process::id()));
    fs::create_dir(&staging).with_context(|| format!("cannot make {}", staging.display()))?;
    placed.0.push(staging.clone());
    archive::walk(file, |path, content| {
        let Some(rest) = path.strip_prefix("data/") else { return Ok(()) };
        let top = rest.split('/').next().unwrap_or_default();
        ensure!(FOLDERS.contains(&top) && rest.len() > top.len(), "no backup puts a file there");
        unpack(&staging.join(rest), content)
    })?;
    for name in FOLDERS {
        let (from, to) = (staging.join(name), data.join(name));
        if from.exists() {
            sync_below(&from)?;
            // Replaces an empty folder.
            fs::rename(&from, &to).with_context(|| format!("cannot name {}", to.display()))?;
            placed.0.push(to);
        }
    }
    atomic::sync_dir(data)?;
    fs::remove_dir_all(&staging).with_context(|| format!("cannot remove {}", staging.display()))
}

fn unpack(path: &Path, content: &mut dyn Read) -> anyhow::Result<()> {
    let folder = path.parent().context("a file needs a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut out = File::options()
        .write(true)
        .create_new(true)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    io::copy(content, &mut out).and_then(|_| out.sync_all()).with_context(|| format!("cannot write {}", path.display()))
}

fn sync_below(folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_below(&entry.path())?;
        }
    }
    atomic::sync_dir(folder)
}

/// All rows in one transaction, read back and compared before it counts.
fn book(file: &mut File, manifest: &Manifest, db: &Db) -> anyhow::Result<()> {
    let done = db.write(|conn| -> Result<(), Failed> {
        dump::forget_revision(conn)?;
        verify::each_table(file, manifest, |table, lines| {
            let mut writer = RowWriter::new(table);
            lines.each(|row| Ok(writer.push(conn, row)?))?;
            Ok(writer.finish(conn)?)
        })?;
        compare(conn, manifest)?;
        Ok(())
    });
    done.map_err(|Failed(error)| error.context("nothing was restored into the database"))
}

fn compare(conn: &mut Conn, manifest: &Manifest) -> anyhow::Result<()> {
    for (table, wanted) in manifest.tables.iter().zip(&manifest.rows) {
        let there = dump::contents(conn, table)?.sum();
        ensure!(
            there == *wanted,
            "table `{}` holds {} rows with checksum {} where the backup has {} with {}",
            table.name,
            there.rows,
            there.sha256,
            wanted.rows,
            wanted.sha256
        );
    }
    Ok(())
}

struct Failed(anyhow::Error);

impl From<DbError> for Failed {
    fn from(error: DbError) -> Self {
        Self(error.into())
    }
}

impl From<anyhow::Error> for Failed {
    fn from(error: anyhow::Error) -> Self {
        Self(error)
    }
}
