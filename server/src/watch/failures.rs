//! Units that failed: each leaves its last words in the data folder (`winecellar-failure@.service`), where the health page
//! and /metrics find them, also after the journal has moved on.

use std::process::Command;

use anyhow::{Context, ensure};
use app::ctx::Fact;
use models::Instant;
use serde::{Deserialize, Serialize};

use super::units::Unit;
use crate::{
    config::{self, DataDir},
    worker::atomic,
};

/// So many lines of the journal are kept.
const LINES: &str = "8";

/// The last failure of a unit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// The unit.
    pub(crate) unit: String,
    /// When it was told, UTC.
    pub(crate) at: Instant,
    /// Its last lines.
    pub(crate) lines: Vec<String>,
}

/// Keeps the failure of a unit, with its last lines.
pub(crate) fn note(data: &DataDir, unit: &str) -> anyhow::Result<Failure> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '@' | '_');
    ensure!(!unit.is_empty() && unit.chars().all(plain) && !unit.starts_with('.'), "`{unit}` is no name of a unit");
    let told = Command::new("journalctl").args(["--no-pager", "--output=cat", "-n", LINES, "-u", unit]).output();
    let lines = told.map_or_else(
        |error| vec![format!("the journal cannot be read: {error}")],
        |output| String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect(),
    );
    let failure = Failure { unit: unit.to_owned(), at: config::now(), lines };
    let folder = data.failures();
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    atomic::write(&folder.join(format!("{unit}.json")), &serde_json::to_vec_pretty(&failure)?)?;
    Ok(failure)
}

/// The last failure of each unit, newest first.
pub(super) fn read(data: &DataDir) -> Vec<Failure> {
    let Ok(entries) = std::fs::read_dir(data.failures()) else { return Vec::new() };
    let files = entries.filter_map(Result::ok).filter_map(|entry| std::fs::read(entry.path()).ok());
    let mut all: Vec<Failure> = files.filter_map(|text| serde_json::from_slice(&text).ok()).collect();
    all.sort_by_key(|failure| std::cmp::Reverse(failure.at));
    all
}

impl Failure {
    /// A failure that was cured is no alarm any more.
    pub(super) fn fact(&self, units: &[Unit]) -> Fact {
        let name = format!("failure of {}", self.unit);
        let said = if self.lines.is_empty() { "it said nothing".to_owned() } else { self.lines.join(" / ") };
        let found = format!("{} UTC: {said}", self.at.format("%F %T"));
        match units.iter().any(|unit| unit.name == self.unit && !unit.failed()) {
            true => Fact::ok(name, format!("works again; {found}")),
            false => Fact::warn(name, found, format!("journalctl -u {} -n 50", self.unit)),
        }
    }
}
