//! How the last `nas sync` went, kept in the data folder for the server, which never asks the NAS itself.

use models::Instant;
use serde::{Deserialize, Serialize};

use crate::{config::DataDir, worker::atomic};

/// The last run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Status {
    /// When it ended, UTC.
    pub(crate) at: Instant,
    /// Whether the NAS has everything since then.
    pub(crate) ok: bool,
    /// One sentence for a person.
    pub(crate) message: String,
}

impl Status {
    /// The last one; none before the first run.
    pub(crate) fn read(data: &DataDir) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(data.nas().join("status.json")).ok()?).ok()
    }

    /// Keeps it.
    pub(crate) fn write(&self, data: &DataDir) -> anyhow::Result<()> {
        atomic::write(&data.nas().join("status.json"), &serde_json::to_vec_pretty(self)?)
    }
}
