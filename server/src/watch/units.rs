//! The units, as systemd tells of them.

use std::{process::Command, time::Duration};

use app::ctx::Fact;

use crate::doctor::within;

/// All units of the packages, in the order of the boot.
const UNITS: &[&str] = &[
    "winecellar-api.service",
    "winecellar-kiosk.service",
    "wine-inventory-stock.timer",
    "wine-inventory-stock.service",
    "wine-inventory-nas.timer",
    "wine-inventory-nas.service",
    "wine-inventory-backup.timer",
    "wine-inventory-backup.service",
    "wine-inventory-retention.timer",
    "wine-inventory-retention.service",
];
const PROPERTIES: &str =
    "--property=Id,LoadState,ActiveState,SubState,Result,NextElapseUSecRealtime,LastTriggerUSec,ExecMainExitTimestamp";

/// A unit that is installed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) name: String,
    pub(super) active: String,
    sub: String,
    result: String,
    next: String,
    last: String,
}

/// Asks systemd; none where it does not run or does not answer.
pub(super) fn look(deadline: Duration) -> Vec<Unit> {
    if !std::path::Path::new("/run/systemd/system").exists() {
        return Vec::new();
    }
    let asked = within(deadline, || Command::new("systemctl").arg("show").arg(PROPERTIES).args(UNITS).output());
    match asked {
        Some(Ok(output)) if output.status.success() => read(&String::from_utf8_lossy(&output.stdout)),
        _ => Vec::new(),
    }
}

/// The blocks of `KEY=VALUE` that `systemctl show` prints, parted by empty lines.
fn read(told: &str) -> Vec<Unit> {
    let mut units = Vec::new();
    for block in told.split("\n\n") {
        let value = |key: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.filter(|value| *value != "n/a").unwrap_or_default().to_owned()
        };
        if value("LoadState") != "loaded" {
            continue;
        }
        let last = match value("LastTriggerUSec") {
            none if none.is_empty() => value("ExecMainExitTimestamp"),
            last => last,
        };
        units.push(Unit {
            name: value("Id"),
            active: value("ActiveState"),
            sub: value("SubState"),
            result: value("Result"),
            next: value("NextElapseUSecRealtime"),
            last,
        });
    }
    units
}

impl Unit {
    /// Whether it did not work when it was last asked to.
    pub(super) fn failed(&self) -> bool {
        self.active == "failed"
    }

    pub(super) fn fact(&self) -> Fact {
        let journal = format!("journalctl -u {} -n 50", self.name);
        if self.failed() {
            return Fact::fail(&self.name, format!("failed ({}), ended {}", self.result, self.last), journal);
        }
        if self.name.ends_with(".timer") {
            return match self.active.as_str() {
                "active" if self.next.is_empty() => Fact::ok(&self.name, "runs now"),
                "active" if self.last.is_empty() => Fact::ok(&self.name, format!("next run {}, none yet", self.next)),
                "active" => Fact::ok(&self.name, format!("next run {}, last run {}", self.next, self.last)),
                _ => Fact::warn(&self.name, "does not wait", format!("systemctl enable --now {}", self.name)),
            };
        }
        let lasting = self.name.starts_with("winecellar-");
        match (self.active.as_str(), lasting) {
            ("active" | "activating" | "reloading", _) => Fact::ok(&self.name, self.sub.clone()),
            (_, false) => Fact::ok(&self.name, "waits for its timer"),
            _ => Fact::warn(&self.name, self.sub.clone(), format!("systemctl enable --now {}", self.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = "Id=wine-inventory-stock.timer\nLoadState=loaded\nActiveState=active\nSubState=waiting\nResult=success\n\
        NextElapseUSecRealtime=Fri 2026-11-27 03:00:00 CET\nLastTriggerUSec=Thu 2026-11-26 03:00:04 CET\n\n\
        Result=exit-code\nId=wine-inventory-stock.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\n\
        ExecMainExitTimestamp=Thu 2026-11-26 03:00:09 CET\n\nId=winecellar-kiosk.service\nLoadState=not-found\nActiveState=inactive\n";

    #[test]
    fn timers_tell_their_runs_failures_their_journal_and_what_is_not_installed_nothing() {
        let units = read(TOLD);
        assert_eq!(units.len(), 2);
        let timer = units[0].fact();
        assert_eq!(timer.found, "next run Fri 2026-11-27 03:00:00 CET, last run Thu 2026-11-26 03:00:04 CET");
        let service = units[1].fact();
        assert!(units[1].failed());
        assert_eq!(service.cure.as_deref(), Some("journalctl -u wine-inventory-stock.service -n 50"));
    }
}
