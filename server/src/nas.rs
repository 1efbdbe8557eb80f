//! The NAS: a second place for the pictures. Scans write to the data folder alone, whatever the NAS does; `nas sync`
//! copies what the NAS lacks, later and as often as it takes. So the data folder is the spool while the NAS is away.
//!
//! A NAS that hangs must hang nothing: whatever touches it does so on a thread of its own that reports each step, and is
//! left behind when a step takes too long ([`deadline`]); the server asks for old pictures through a child process.

pub(crate) mod deadline;
pub(crate) mod fetch;
pub(crate) mod ledger;
pub(crate) mod mirror;
pub(crate) mod status;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

use crate::worker::atomic;
use deadline::Steps;

/// Stands in the root of the NAS's folder. An empty mount point has none: what is written there would fill the box's card.
const MARKER: &str = ".winecellar-nas";
const MARKER_TEXT: &[u8] = b"This folder is a winecellar's NAS. Without this file nothing is written here.\n";

/// The folder on the NAS.
#[derive(Debug, Clone)]
pub(crate) struct Nas(PathBuf);

impl Nas {
    /// The folder, as set.
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_path_buf())
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Refuses a folder that is not the NAS.
    pub(crate) fn check(&self, steps: &Steps) -> anyhow::Result<()> {
        steps.next("look for the NAS");
        let marker = self.0.join(MARKER);
        let found = marker.try_exists().with_context(|| format!("the NAS is away: {}", self.0.display()))?;
        ensure!(
            found,
            "the NAS is away: {} has no file {MARKER}. Mount it; a new NAS is marked once by `cellar nas init`",
            self.0.display()
        );
        Ok(())
    }

    /// Marks the folder as the NAS.
    pub(crate) fn mark(&self, data: &Path, same_disk: bool, steps: &Steps) -> anyhow::Result<()> {
        use std::os::unix::fs::MetadataExt;
        steps.next("look at the folder");
        let folder = fs::metadata(&self.0).with_context(|| format!("there is no folder {}", self.0.display()))?;
        ensure!(folder.is_dir(), "{} is no folder", self.0.display());
        let here = fs::metadata(data).with_context(|| data.display().to_string())?;
        ensure!(
            same_disk || folder.dev() != here.dev(),
            "{} lies on the disk of the data folder: is the NAS not mounted? (--same-disk marks it all the same)",
            self.0.display()
        );
        steps.next("write the marker");
        atomic::write(&self.0.join(MARKER), MARKER_TEXT)
    }
}
