//! How the box is: for the health page, for /metrics, and as the last word of a unit that failed. Nothing here waits for
//! the NAS, and nothing for ever.

pub(crate) mod failures;
mod machine;
pub(crate) mod metrics;
mod units;

use std::{path::PathBuf, time::Duration};

use app::ctx::Fact;
use models::{
    db::{
        Db, DbError,
        outbox::{TargetState, target_list},
        scans::{scan_last, scans_since_calibrated},
    },
    ids::RackId,
    scan::{Scan, ScanStatus},
};

use crate::{
    calibrate::WORTH_ASKING,
    cli::Place,
    config, disk,
    doctor::within,
    motion::Motion,
    nas::{mirror, status::Status},
    worker::{camera, outcome},
};
use units::Unit;

/// The database, systemd and folders answer by then, or are away.
const DEADLINE: Duration = Duration::from_secs(4);
/// Less room than this is worth a word, a tenth of it an alarm.
const LITTLE: u64 = 500 << 20;
/// The fact that a camera is no longer where it was.
pub(crate) const PLACE: &str = "place of the camera";
/// A daily thing that is older than this was missed.
const MISSED: chrono::TimeDelta = chrono::TimeDelta::hours(26);

/// Where to look.
#[derive(Clone)]
pub(crate) struct Look {
    pub(crate) db: Db,
    pub(crate) place: Place,
    pub(crate) source: Option<String>,
    pub(crate) backups: Option<PathBuf>,
    /// Whom the server tells, by name, and what of that cannot be used.
    pub(crate) told: std::sync::Arc<Told>,
    /// Motion before the rack.
    pub(crate) motion: Motion,
}

/// Who is told of what happens.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// The targets, by name.
    pub(crate) names: Vec<String>,
    /// Settings that cannot be used.
    pub(crate) complaints: Vec<String>,
}

/// What was found; each part is missing where it could not be asked.
pub(crate) struct Seen {
    database: Option<std::time::Duration>,
    scan: Option<Scan>,
    /// The rack whose camera has moved most since it was calibrated, and by how many pixels.
    moved: Option<(RackId, f64)>,
    units: Vec<Unit>,
    failures: Vec<failures::Failure>,
    free: Option<u64>,
    nas: Option<(Option<Status>, usize)>,
    machine: machine::Machine,
    source: Option<String>,
    backup: Option<models::Instant>,
    told: std::sync::Arc<Told>,
    motion: Option<Fact>,
    targets: Vec<TargetState>,
}

impl Look {
    /// Looks at everything.
    pub(crate) fn now(&self) -> Seen {
        let Self { db, place, source, backups, told, motion } = self.clone();
        let data = place.data();
        let backups = backups.unwrap_or_else(|| data.backups());
        let begun = std::time::Instant::now();
        let tells = !told.names.is_empty();
        // One wait for all that the database is asked: one that is frozen is not waited for twice.
        let asked = within(DEADLINE, move || {
            let read = db.read(|conn| {
                let targets = if tells { target_list(conn)? } else { Vec::new() };
                Ok::<_, DbError>((scan_last(conn)?, scans_since_calibrated(conn)?, targets))
            });
            let camera = read.is_ok().then(|| camera::of_any(&db)).flatten();
            (read, camera)
        });
        let (asked, own) = asked.map_or((None, None), |(read, camera)| (Some(read), camera));
        let database = asked.as_ref().is_some_and(Result::is_ok).then(|| begun.elapsed());
        let source = data.source(source.as_deref()).ok().or(own);
        let (scan, good, targets) = asked.and_then(Result::ok).unwrap_or_default();
        let shifts = good.into_iter().filter_map(|scan| Some((outcome::shift_of(&data, &scan.id)?, scan.rack_id)));
        let moved = shifts.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(by, rack)| (rack, by));
        Seen {
            database,
            scan,
            moved,
            told,
            motion: motion.fact(),
            targets,
            units: units::look(DEADLINE),
            failures: failures::read(&data),
            free: disk::free(&place.data_dir).ok(),
            nas: place.nas().map(|_| (Status::read(&data), mirror::waiting(&data).unwrap_or_default())),
            machine: machine::look(),
            source: source.map(|source| source.to_string()),
            backup: within(DEADLINE, move || crate::backup::place::list(&backups))
                .and_then(Result::ok)
                .and_then(|all| all.last().map(|named| named.at)),
        }
    }
}

impl Seen {
    /// Everything in words, in the order in which an owner asks.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        let mut facts = self.facts_of_box();
        facts.extend(self.motion.clone());
        facts.extend(crate::tell::facts(&self.told.names, &self.told.complaints, &self.targets));
        facts
    }

    /// All but who is told: of a target that is away no other target need be told.
    pub(crate) fn facts_of_box(&self) -> Vec<Fact> {
        let now = config::now();
        let mut facts = vec![self.database(), self.last_scan(now)];
        facts.push(match &self.source {
            Some(source) => Fact::ok("camera", source.clone()),
            None => Fact::warn("camera", "none is named", "set WINECELLAR_SOURCE in /etc/winecellar/shared.env"),
        });
        facts.extend(self.moved());
        facts.extend(self.nas());
        facts.push(self.room());
        facts.push(match self.backup {
            Some(at) if now - at <= MISSED => Fact::ok("last backup", format!("{} UTC", at.format("%F %T"))),
            Some(at) => Fact::warn(
                "last backup",
                format!("{} UTC", at.format("%F %T")),
                "journalctl -u wine-inventory-backup.service -n 20",
            ),
            None => Fact::warn("last backup", "none yet", "systemctl start wine-inventory-backup.service"),
        });
        facts.extend(self.machine.facts());
        if self.units.is_empty() {
            facts.push(Fact::warn(
                "units",
                "systemd does not tell of any here",
                "install the package, or start scans by hand",
            ));
        }
        facts.extend(self.units.iter().map(Unit::fact));
        facts.extend(self.failures.iter().map(|failure| failure.fact(&self.units)));
        facts
    }

    fn database(&self) -> Fact {
        match self.database {
            Some(time) => Fact::ok("database", format!("answers in {:.1} ms", time.as_secs_f64() * 1e3)),
            None => {
                Fact::fail("database", "does not answer", "start it: systemctl status mariadb.service; cellar doctor")
            }
        }
    }

    fn last_scan(&self, now: models::Instant) -> Fact {
        let Some(scan) = &self.scan else {
            return Fact::warn("last scan", "none yet", "systemctl start wine-inventory-stock.service");
        };
        let stages: Vec<String> =
            scan.stages.iter().map(|stage| format!("{} {:.0} ms", stage.stage, stage.ms)).collect();
        let found = format!("{} UTC: {} ({})", scan.finished_at.format("%F %T"), scan.message, stages.join(", "));
        if scan.status == ScanStatus::Ok && now - scan.finished_at <= MISSED {
            return Fact::ok("last scan", found);
        }
        Fact::warn("last scan", found, "journalctl -u wine-inventory-stock.service -n 50")
    }

    /// Only where it is worth a person's tap: less is corrected and not asked about.
    fn moved(&self) -> Option<Fact> {
        let (rack, by) = self.moved.as_ref().filter(|(_, by)| *by >= WORTH_ASKING)?;
        let found = format!("the camera has moved by {by:.0} px since it was calibrated");
        Some(Fact::warn(PLACE, found, format!("look at both pictures: /calibrate/{rack}/shift")))
    }

    fn nas(&self) -> Option<Fact> {
        let (last, waiting) = self.nas.as_ref()?;
        Some(match last {
            None => Fact::warn("NAS", format!("no copy yet, {waiting} scans and results wait"), "cellar nas sync"),
            Some(last) => {
                let found =
                    format!("{} UTC: {}; {waiting} scans and results wait", last.at.format("%F %T"), last.message);
                match last.ok {
                    true => Fact::ok("NAS", found),
                    false => Fact::warn("NAS", found, "mount it again; nothing is lost, the next run catches up"),
                }
            }
        })
    }

    fn room(&self) -> Fact {
        let cure = "cellar stock tidy; remove old backups; a larger disk";
        match self.free {
            None => Fact::fail("room", "the data folder cannot be asked", "see that the disk is mounted"),
            Some(free) if free >= LITTLE => Fact::ok("room", format!("{} MB free", free >> 20)),
            Some(free) if free >= LITTLE / 10 => Fact::warn("room", format!("{} MB free", free >> 20), cure),
            Some(free) => Fact::fail("room", format!("{} MB free", free >> 20), cure),
        }
    }
}
