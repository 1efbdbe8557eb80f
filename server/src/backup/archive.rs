//! Reading a backup file that may be anybody's: plain files with plain names only, and no bombs.

use std::{
    fs::File,
    io::{self, Read, Seek},
    path::{Component, Path},
};

use anyhow::{Context, bail, ensure};
use flate2::read::GzDecoder;
use tar::{Archive, EntryType};

/// Unpacked bytes that any file may have.
const FREE: u64 = 256 << 20;
/// Beyond that a file may unpack to so many times its size. Rows of a cellar shrink to a tenth or twentieth.
const RATIO: u64 = 200;
/// Entries of a file: bins × scans of many years.
const MOST_ENTRIES: u64 = 20_000_000;

/// Goes through a backup from its beginning: `each` gets path and content of every entry.
pub(crate) fn walk(
    file: &mut File,
    mut each: impl FnMut(&str, &mut dyn Read) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let size = file.metadata().context("cannot ask for the size")?.len();
    file.rewind().context("cannot read from the beginning")?;
    let limit = FREE.max(size.saturating_mul(RATIO));
    let unpacked = Limited { inner: GzDecoder::new(io::BufReader::new(file)), left: limit };
    let mut archive = Archive::new(unpacked);
    // Raw: extension headers, which may carry long names or anything else, are entries too, and refused as such.
    let entries = archive.entries().context("this is no backup of winecellar")?.raw(true);
    for (n, entry) in (0_u64..).zip(entries) {
        ensure!(n < MOST_ENTRIES, "the file holds too many entries");
        let mut entry = entry.context("the file is damaged or was cut off")?;
        let path = entry.path().context("an entry without a readable name")?.into_owned();
        let kind = entry.header().entry_type();
        ensure!(
            matches!(kind, EntryType::Regular),
            "the entry `{}` is no plain file ({kind:?}): this is no backup of winecellar, or somebody has changed it",
            path.display()
        );
        let path = plain(&path)?;
        each(&path, &mut entry).with_context(|| path.clone())?;
    }
    Ok(())
}

/// A path that stays where it belongs: relative, no `..`, no hidden parts, UTF-8.
fn plain(path: &Path) -> anyhow::Result<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => match part.to_str() {
                Some(part) if !part.starts_with('.') && !part.contains(['\\', '\0']) => parts.push(part),
                _ => bail!("the entry `{}` has a name that no backup has", path.display()),
            },
            _ => bail!("the entry `{}` would leave the folder", path.display()),
        }
    }
    ensure!((1..=8).contains(&parts.len()), "the entry `{}` has a name that no backup has", path.display());
    Ok(parts.join("/"))
}

/// A reader that gives up after so many bytes.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(n as u64).ok_or_else(|| {
            io::Error::other("the file unpacks to far more than its size: it is no backup of winecellar")
        })?;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        assert_eq!(plain(Path::new("data/snapshots/a/b.jpg")).expect("plain"), "data/snapshots/a/b.jpg");
        for name in ["../x", "data/../../x", "/etc/passwd", "data/.ssh/x", "", "a\\b", "1/2/3/4/5/6/7/8/9"] {
            assert!(plain(Path::new(name)).is_err(), "{name}");
        }
    }
}
