//! The same for Prometheus: its text format, version 0.0.4.

use std::fmt::Write;

use app::ctx::FactState;
use models::{db::outbox::TargetState, scan::ScanStatus};

use super::Seen;

/// One metric after the other.
struct Text(String);

impl Text {
    /// A gauge with its samples: labels in braces, or nothing, and the value.
    fn gauge(&mut self, name: &str, help: &str, samples: impl IntoIterator<Item = (String, f64)>) {
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_none() {
            return;
        }
        let _ = writeln!(self.0, "# HELP winecellar_{name} {help}\n# TYPE winecellar_{name} gauge");
        for (labels, value) in samples {
            let _ = writeln!(self.0, "winecellar_{name}{labels} {value}");
        }
    }
}

fn label(key: &str, value: &str) -> String {
    format!("{{{key}=\"{}\"}}", value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " "))
}

fn one(value: f64) -> Option<(String, f64)> {
    Some((String::new(), value))
}

fn seconds(at: models::Instant) -> f64 {
    at.and_utc().timestamp_millis() as f64 / 1e3
}

/// The document.
pub(crate) fn text(seen: &Seen) -> String {
    let yes = |yes: bool| f64::from(u8::from(yes));
    let mut text = Text(String::new());
    text.gauge("info", "The program's version.", Some((label("version", env!("CARGO_PKG_VERSION")), 1.0)));
    text.gauge("database_up", "Whether the database answers.", one(yes(seen.database.is_some())));
    text.gauge(
        "database_answer_seconds",
        "How long it took to answer.",
        seen.database.and_then(|time| one(time.as_secs_f64())),
    );
    if let Some(scan) = &seen.scan {
        text.gauge("scan_last_end_seconds", "When the last scan ended.", one(seconds(scan.finished_at)));
        text.gauge("scan_last_ok", "Whether it had an opinion.", one(yes(scan.status == ScanStatus::Ok)));
        text.gauge("scan_last_bins_read", "Bins it could read.", one(f64::from(scan.bins_read)));
        text.gauge("scan_last_bins_changed", "Bins that differed from the book.", one(f64::from(scan.bins_changed)));
        let stages = scan.stages.iter().map(|stage| (label("stage", &stage.stage), stage.ms / 1e3));
        text.gauge("scan_last_stage_seconds", "How long each of its stages took.", stages);
    }
    text.gauge("disk_free_bytes", "Room in the data folder.", seen.free.and_then(|free| one(free as f64)));
    text.gauge("backup_last_seconds", "When the newest backup was made.", seen.backup.and_then(|at| one(seconds(at))));
    if let Some((last, waiting)) = &seen.nas {
        text.gauge("nas_waiting", "Scans and results that the NAS does not have yet.", one(*waiting as f64));
        text.gauge(
            "nas_ok",
            "Whether the last copy to it worked.",
            one(yes(last.as_ref().is_some_and(|last| last.ok))),
        );
        let at = last.as_ref().and_then(|last| one(seconds(last.at)));
        text.gauge("nas_last_seconds", "When the last copy ended.", at);
    }
    text.gauge("temperature_celsius", "Of the processor.", seen.machine.temperature.and_then(one));
    text.gauge(
        "throttled",
        "A Raspberry Pi's word on power and heat.",
        seen.machine.throttled.and_then(|word| one(word.into())),
    );
    let told = |number: fn(&TargetState) -> i64| {
        seen.targets.iter().map(move |one| (label("target", &one.name), number(one) as f64))
    };
    text.gauge("outbox_waiting", "Events that a target was not told yet.", told(|one| one.waiting));
    text.gauge("outbox_dead", "Events that were given up.", told(|one| one.dead));
    let failed = seen.units.iter().map(|unit| (label("unit", &unit.name), yes(unit.failed())));
    text.gauge("unit_failed", "Whether a unit has failed.", failed);
    let failures = seen.failures.iter().map(|failure| (label("unit", &failure.unit), seconds(failure.at)));
    text.gauge("unit_failure_last_seconds", "When a unit failed last.", failures);
    let wanted = seen.facts().into_iter().map(|fact| {
        let state = match fact.state {
            FactState::Ok => 0.0,
            FactState::Warn => 1.0,
            FactState::Fail => 2.0,
        };
        (label("what", &fact.name), state)
    });
    text.gauge("health", "What the health page says: 0 well, 1 somebody should look, 2 does not work.", wanted);
    text.0
}

#[cfg(test)]
mod tests {
    #[test]
    fn labels_cannot_break_the_format() {
        assert_eq!(super::label("a", "b\"c\\d\ne"), "{a=\"b\\\"c\\\\d e\"}");
    }
}
