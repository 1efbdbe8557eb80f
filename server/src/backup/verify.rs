//! Whether a backup file is whole: every entry, row and checksum, against its manifest.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, Read},
};

use anyhow::{Context, ensure};
use models::{
    db::dump::{Contents, Row, Table},
    hex::hex,
};
use sha2::{Digest, Sha256};

use super::{
    archive,
    manifest::{self, FileSum, Manifest},
};

/// Longest manifest, and longest row.
const MOST_BYTES: u64 = 64 << 20;

/// Reads the whole file; gives its manifest if everything is as the manifest says.
pub(crate) fn verify(file: &mut File) -> anyhow::Result<Manifest> {
    let manifest = files(file)?;
    rows(file, &manifest)?;
    Ok(manifest)
}

/// Names, sizes and checksums of the entries.
fn files(file: &mut File) -> anyhow::Result<Manifest> {
    let mut found: BTreeMap<String, FileSum> = BTreeMap::new();
    let mut manifest: Option<Manifest> = None;
    archive::walk(file, |path, content| {
        ensure!(manifest.is_none(), "an entry after the manifest: somebody has added to this file");
        if path == manifest::NAME {
            let mut text = String::new();
            let read = content.take(MOST_BYTES + 1).read_to_string(&mut text)?;
            ensure!(read as u64 <= MOST_BYTES, "the manifest is too long");
            manifest = Some(serde_json::from_str(&text).context("the manifest cannot be read")?);
            return Ok(());
        }
        let mut hashed = Hashed::new(content);
        io::copy(&mut hashed, &mut io::sink())?;
        let (bytes, sha256) = hashed.end();
        let before = found.insert(path.to_owned(), FileSum { path: path.to_owned(), bytes, sha256 });
        ensure!(before.is_none(), "the entry is there twice");
        Ok(())
    })?;
    let manifest = manifest.context("the backup has no manifest: it was cut off, or is no backup of winecellar")?;
    manifest.check()?;
    let mut promised = 0;
    for wanted in &manifest.files {
        let there = found.get(&wanted.path).with_context(|| format!("{} is missing in the backup", wanted.path))?;
        ensure!(there == wanted, "{} differs from its checksum: the backup is damaged", wanted.path);
        promised += 1;
    }
    ensure!(promised == found.len(), "the backup holds entries that its manifest does not know");
    Ok(manifest)
}

/// Number and checksums of the rows.
fn rows(file: &mut File, manifest: &Manifest) -> anyhow::Result<()> {
    let mut wanted = manifest.tables.iter().zip(&manifest.rows);
    each_table(file, manifest, |table, lines| {
        let mut contents = Contents::new(table);
        lines.each(|row| {
            contents.add(&row);
            Ok(())
        })?;
        let (expected, sum) = wanted.next().context("a table too many")?;
        ensure!(expected == table, "the tables stand in another order than the manifest says");
        ensure!(contents.sum() == *sum, "the rows of `{}` differ from their checksum", table.name);
        Ok(())
    })?;
    ensure!(wanted.next().is_none(), "the rows of a table are missing");
    Ok(())
}

/// Goes through the rows of all tables in the order of the file.
pub(crate) fn each_table(
    file: &mut File,
    manifest: &Manifest,
    mut each: impl FnMut(&Table, Lines<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    archive::walk(file, |path, content| {
        match manifest.tables.iter().find(|table| manifest::rows_path(&table.name) == path) {
            Some(table) => each(table, Lines { table, reader: BufReader::new(content) }),
            None => Ok(()),
        }
    })
}

/// The rows of one table.
pub(crate) struct Lines<'a> {
    table: &'a Table,
    reader: BufReader<&'a mut dyn Read>,
}

impl Lines<'_> {
    /// Gives every row to `each`.
    pub(crate) fn each(mut self, mut each: impl FnMut(Row) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let mut line = String::new();
        loop {
            line.clear();
            let read = (&mut self.reader).take(MOST_BYTES).read_line(&mut line)?;
            if read == 0 {
                return Ok(());
            }
            ensure!(line.ends_with('\n'), "a row of `{}` is too long or was cut off", self.table.name);
            each(Row::from_line(self.table, line.trim_end_matches('\n'))?)?;
        }
    }
}

/// A reader that counts and hashes what passes.
pub(crate) struct Hashed<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Hashed<R> {
    /// Nothing read yet.
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    /// Bytes and checksum of what was read.
    pub(crate) fn end(self) -> (u64, String) {
        (self.bytes, hex(&self.hash.finalize()))
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..n).unwrap_or_default());
        self.bytes += n as u64;
        Ok(n)
    }
}
