//! An old picture that only the NAS has, for the server: read by a child process, so that a NAS that hangs costs the
//! server neither a thread nor its end.

use std::{path::PathBuf, process::Stdio, sync::Arc, time::Duration};

use tokio::{process::Command, sync::Semaphore};

/// A person waits no longer for a picture.
const DEADLINE: Duration = Duration::from_secs(5);
/// So many may ask at once; children that hang hold their place until they are gone.
const AT_ONCE: usize = 4;

/// Asks the NAS for pictures; without a NAS it has none.
#[derive(Clone)]
pub(crate) struct Fetch {
    folder: Option<PathBuf>,
    free: Arc<Semaphore>,
}

impl Fetch {
    /// For the folder that is set.
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, free: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// A file below the NAS's folder; none if it has none, or none in time.
    pub(crate) async fn get(&self, name: &str) -> Option<Vec<u8>> {
        let folder = self.folder.as_ref()?;
        let _place = self.free.clone().try_acquire_owned().ok()?;
        let mut command = Command::new("/proc/self/exe");
        command.args(["nas", "fetch", name]).env("WINECELLAR_NAS_DIR", folder);
        command.stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let output = tokio::time::timeout(DEADLINE, command.output()).await.ok()?.ok()?;
        output.status.success().then_some(output.stdout)
    }
}
