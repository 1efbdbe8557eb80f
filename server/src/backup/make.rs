//! Making a backup while the server runs: rows from one consistent state, then the pictures, then the check.

use std::{
    fs::{self, File},
    io::{BufWriter, Read, Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use flate2::{Compression, write::GzEncoder};
use models::db::{
    Conn, Db, DbError,
    dump::{self, Contents, Table, TableSum},
};

use super::{
    manifest::{self, FORMAT, FileSum, Manifest},
    place::{self, Named},
    verify::{Hashed, verify},
};
use crate::{config::DataDir, worker::atomic};

type Tar = tar::Builder<GzEncoder<BufWriter<File>>>;

/// What is to be backed up.
pub(crate) struct Wanted<'a> {
    /// The book.
    pub(crate) db: &'a Db,
    /// The pictures' folder.
    pub(crate) data: &'a DataDir,
    /// Whether the pictures are wanted too.
    pub(crate) images: bool,
    /// Now.
    pub(crate) now: models::Instant,
}

/// Writes a backup to `path`, which must not exist; it gets its name only after it has been read back and found whole.
/// The caller holds the folder.
pub(crate) fn make(wanted: &Wanted<'_>, folder: &Path, path: &Path) -> anyhow::Result<Manifest> {
    ensure!(!path.exists(), "{} is there already: name another file", path.display());
    let partial = place::partial(folder, "backup");
    let made = write(wanted, folder, &partial).and_then(|written| {
        let read = File::open(&partial).context("cannot open it again").and_then(|mut file| verify(&mut file));
        let read = read.context("the backup was written, but cannot be read back: is the disk failing?")?;
        ensure!(read == written, "the backup reads back unlike it was written: is the disk failing?");
        fs::rename(&partial, path).with_context(|| format!("cannot name {}", path.display()))?;
        atomic::sync_dir(folder)?;
        Ok(read)
    });
    if made.is_err() {
        // Best effort: the next backup clears it away too.
        let _ = fs::remove_file(&partial);
    }
    made
}

fn write(wanted: &Wanted<'_>, folder: &Path, partial: &Path) -> anyhow::Result<Manifest> {
    let file = private(partial)?;
    let mut tar = tar::Builder::new(GzEncoder::new(BufWriter::new(file), Compression::default()));
    let schema = wanted.db.schema_stamp()?.context("the database has no tables: run `winecellar migrate` first")?;
    let tables = dump::tables();
    let mut files = Vec::new();
    let rows = wanted.db.read(|conn| rows(conn, &tables, folder, &mut tar, &mut files))?;
    if wanted.images {
        // After the rows: whatever they speak of is there by now.
        for top in [
            wanted.data.snapshots(),
            wanted.data.cells(),
            wanted.data.results(),
            wanted.data.references(),
            wanted.data.calibrations(),
            wanted.data.learning(),
            wanted.data.labels(),
        ] {
            let name = top.file_name().and_then(|name| name.to_str()).context("a folder without a name")?.to_owned();
            pictures(&top, &format!("data/{name}"), &mut tar, &mut files)?;
        }
    }
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: wanted.now,
        engine: wanted.db.engine()?.to_owned(),
        schema,
        tables,
        rows,
        images: wanted.images,
        files,
    };
    let text = serde_json::to_vec_pretty(&manifest)?;
    append(&mut tar, manifest::NAME, text.len() as u64, text.as_slice())?;
    let mut inner = tar.into_inner()?.finish()?;
    inner.flush()?;
    inner.get_ref().sync_all().context("cannot write the backup to the disk")?;
    Ok(manifest)
}

/// A backup holds password hashes: it is its owner's to read.
fn private(path: &Path) -> anyhow::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(true).mode(0o600);
    options.open(path).with_context(|| format!("cannot write {}", path.display()))
}

/// The rows of every table; a tar entry needs its size first, so that each table is written to a file of its own before.
fn rows(
    conn: &mut Conn,
    tables: &[Table],
    folder: &Path,
    tar: &mut Tar,
    files: &mut Vec<FileSum>,
) -> Result<Vec<TableSum>, Broken> {
    let scratch = Scratch(place::partial(folder, "rows"));
    let mut sums = Vec::new();
    for table in tables {
        let mut contents = Contents::new(table);
        let mut lines = BufWriter::new(private(&scratch.0)?);
        dump::rows_read(conn, table, |row| -> Result<(), Broken> {
            contents.add(&row);
            writeln!(lines, "{}", row.to_line()).context("cannot write the rows")?;
            Ok(())
        })?;
        let mut lines = lines.into_inner().context("cannot write the rows")?;
        let size = lines.stream_position().context("cannot measure the rows")?;
        lines.rewind().context("cannot read the rows back")?;
        files.push(append(tar, &manifest::rows_path(&table.name), size, lines)?);
        sums.push(contents.sum());
    }
    Ok(sums)
}

/// A file that is gone when it is not needed any more.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// All files of a folder and those below it, by name. What is hidden is half-written: left out. What vanishes meanwhile
/// was replaced by a newer one or cleared up.
fn pictures(folder: &Path, name: &str, tar: &mut Tar, files: &mut Vec<FileSum>) -> anyhow::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let mut entries: Vec<_> = fs::read_dir(folder)
        .and_then(Iterator::collect::<Result<_, _>>)
        .with_context(|| format!("cannot read {}", folder.display()))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let Some(part) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let kind = entry.file_type()?;
        if part.starts_with('.') {
            continue;
        }
        let name = format!("{name}/{part}");
        if kind.is_dir() {
            pictures(&entry.path(), &name, tar, files)?;
        } else if kind.is_file() {
            match File::open(entry.path()) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                opened => {
                    let file = opened.with_context(|| format!("cannot read {}", entry.path().display()))?;
                    let size = file.metadata()?.len();
                    files.push(append(tar, &name, size, file)?);
                }
            }
        }
    }
    Ok(())
}

/// Adds an entry; gives its checksum.
fn append(tar: &mut Tar, path: &str, size: u64, content: impl Read) -> anyhow::Result<FileSum> {
    let mut header = tar::Header::new_ustar();
    header.set_path(path).with_context(|| format!("`{path}` is too long for a backup"))?;
    header.set_size(size);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    let mut hashed = Hashed::new(content.take(size));
    tar.append(&header, &mut hashed).with_context(|| format!("cannot write `{path}` into the backup"))?;
    let (bytes, sha256) = hashed.end();
    ensure!(bytes == size, "`{path}` became shorter while it was read: run the backup again");
    Ok(FileSum { path: path.to_owned(), bytes, sha256 })
}

/// A failure of the database or of the file.
struct Broken(anyhow::Error);

impl From<DbError> for Broken {
    fn from(error: DbError) -> Self {
        Self(error.into())
    }
}

impl From<anyhow::Error> for Broken {
    fn from(error: anyhow::Error) -> Self {
        Self(error)
    }
}

impl From<Broken> for anyhow::Error {
    fn from(broken: Broken) -> Self {
        broken.0
    }
}

/// Where a backup goes: a folder, under the name of the moment, or the file that was named.
pub(crate) fn target(out: &Path, named: &Named) -> (PathBuf, PathBuf) {
    if out.to_string_lossy().ends_with(".tar.gz") {
        let folder = match out.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        return (folder, out.to_path_buf());
    }
    (out.to_path_buf(), out.join(named.file()))
}
