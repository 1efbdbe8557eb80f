//! Room on a disk.

use std::path::Path;

use anyhow::Context;

/// Bytes that an ordinary user may still write to the disk a path lies on.
pub(crate) fn free(path: &Path) -> anyhow::Result<u64> {
    let told = rustix::fs::statvfs(path).with_context(|| format!("cannot ask for the room at {}", path.display()))?;
    Ok(told.f_bavail.saturating_mul(told.f_frsize))
}
