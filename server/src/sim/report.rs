//! What the years came to: a page for people, a table for programs, a plot.

use std::{fmt::Write, path::Path};

use models::{proposal::ProposalKind, scan::ScanStatus};

use super::{
    plot,
    score::{Cause, Drift, Score, Truth},
};
use crate::{cli::Sim, worker::atomic};

/// One day.
#[derive(Debug)]
pub(super) struct DayLine {
    pub(super) day: u32,
    pub(super) status: ScanStatus,
    pub(super) booked: usize,
    pub(super) unbooked: usize,
    pub(super) asked: usize,
    pub(super) counted: usize,
    pub(super) scans: usize,
    pub(super) blind: usize,
    pub(super) drift: Drift,
    pub(super) drift_without: Drift,
}

impl DayLine {
    pub(super) fn new(day: u32) -> Self {
        let none = Drift::default();
        let status = ScanStatus::Ok;
        Self {
            day,
            status,
            booked: 0,
            unbooked: 0,
            asked: 0,
            counted: 0,
            scans: 0,
            blind: 0,
            drift: none,
            drift_without: none,
        }
    }

    /// Notes a scan of the day; the last one is the night's.
    pub(super) fn scanned(&mut self, status: ScanStatus) {
        self.status = status;
        self.scans += 1;
        self.blind += usize::from(status != ScanStatus::Ok);
    }
}

/// All days.
pub(super) struct Report {
    pub(super) days: Vec<DayLine>,
    pub(super) score: Score,
    /// What was true and what was asked, night by night.
    pub(super) nights: String,
    still: bool,
    seed: u64,
    error: f64,
}

impl Report {
    pub(super) fn new(sim: &Sim) -> Self {
        Self {
            days: Vec::new(),
            score: Score::default(),
            nights: String::new(),
            still: sim.still,
            seed: sim.seed,
            error: sim.error,
        }
    }

    /// Writes `report.md`, `days.csv`, `nights.txt` and `drift.svg`.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        atomic::write(&folder.join("report.md"), self.to_markdown().as_bytes())?;
        atomic::write(&folder.join("nights.txt"), self.nights.as_bytes())?;
        atomic::write(&folder.join("drift.svg"), plot::drift(&self.days).as_bytes())?;
        let mut csv =
            "day,scan,scans,booked,differences,asked,counted,drift,wine_drift,drift_without,wine_drift_without\n"
                .to_owned();
        for d in &self.days {
            let (with, without) = (d.drift, d.drift_without);
            writeln!(
                csv,
                "{},{},{},{},{},{},{},{},{},{},{}",
                d.day,
                d.status.as_str(),
                d.scans,
                d.booked,
                d.unbooked,
                d.asked,
                d.counted,
                with.bottles,
                with.wines,
                without.bottles,
                without.wines
            )?;
        }
        atomic::write(&folder.join("days.csv"), csv.as_bytes())
    }

    /// The page.
    pub(super) fn to_markdown(&self) -> String {
        let days = self.days.len();
        let all = |of: &dyn Fn(&DayLine) -> usize| self.days.iter().map(of).sum::<usize>();
        let mut out = format!(
            "{days} days, seed {}, {}; {} scans, {} of them without an opinion; {} questions answered, {} of them wrongly ({:.0} % were to be); {} bins counted by hand.\n",
            self.seed,
            if self.still { "nobody touches the rack" } else { "a household lives with the rack" },
            all(&|d| d.scans),
            all(&|d| d.blind),
            all(&|d| d.asked),
            self.score.mistakes,
            self.error * 100.0,
            all(&|d| d.counted)
        );
        out.push_str("\n| at the end of a day | with the camera | without |\n|---|---|---|\n");
        let share = |ok: &dyn Fn(&DayLine) -> bool| {
            100.0 * self.days.iter().filter(|d| ok(d)).count() as f64 / days.max(1) as f64
        };
        let row = |out: &mut String, what: &str, with: String, without: String| {
            out.push_str(&format!("| {what} | {with} | {without} |\n"));
        };
        row(
            &mut out,
            "days on which every bin holds as many bottles as written",
            format!("{:.1} %", share(&|d| d.drift.bottles == 0)),
            format!("{:.1} %", share(&|d| d.drift_without.bottles == 0)),
        );
        row(
            &mut out,
            "days on which every bin holds the wines that are written",
            format!("{:.1} %", share(&|d| d.drift.wines == 0)),
            format!("{:.1} %", share(&|d| d.drift_without.wines == 0)),
        );
        let mean = |of: &dyn Fn(&DayLine) -> i64| self.days.iter().map(of).sum::<i64>() as f64 / days.max(1) as f64;
        row(
            &mut out,
            "bottles too many or too few over all bins, mean",
            format!("{:.2}", mean(&|d| d.drift.bottles)),
            format!("{:.1}", mean(&|d| d.drift_without.bottles)),
        );
        row(
            &mut out,
            "the same on the last day, wine by wine",
            self.days.last().map_or(0, |d| d.drift.wines).to_string(),
            self.days.last().map_or(0, |d| d.drift_without.wines).to_string(),
        );
        out.push_str("\n| why a bin holds other wines than written at the end of a day | days |\n|---|---|\n");
        for (cause, words) in [
            (Cause::Count, "there are more or fewer bottles than written"),
            (Cause::Elsewhere, "the count is right, and a bottle lies in another bin than written"),
            (Cause::Replaced, "the count is right, and a bottle has taken the place of one that has gone"),
        ] {
            out.push_str(&format!("| {words} | {} |\n", self.score.kept.get(&cause).copied().unwrap_or(0)));
        }
        out.push_str("\n| question | asked | right | another thing had happened | nothing had | wine named first | among three |\n|---|---|---|---|---|---|---|\n");
        for kind in ProposalKind::ALL {
            let a = self.score.asked.get(kind).copied().unwrap_or_default();
            let of = |n: u32| match a.nameable {
                0 => "\u{2013}".to_owned(),
                all => format!("{:.1} % of {all}", 100.0 * f64::from(n) / f64::from(all)),
            };
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} | {} | {} |\n",
                kind.as_str(),
                a.times,
                a.right,
                a.other,
                a.false_alarm,
                of(a.named),
                of(a.among_three)
            ));
        }
        out.push_str("\n| what had happened | times | asked so that night | asked otherwise | not asked that night |\n|---|---|---|---|---|\n");
        for (truth, words, right) in [
            (Truth::Moved, "a bottle lies in another bin", &[ProposalKind::Move, ProposalKind::Swap][..]),
            (Truth::Taken, "a bottle was taken", &[ProposalKind::Missing, ProposalKind::Swap][..]),
            (Truth::PutAway, "a bottle that waited was put away", &[ProposalKind::Extra][..]),
            (Truth::Unbooked, "a bottle came that nobody had entered", &[ProposalKind::Extra][..]),
            (
                Truth::DrunkByMistake,
                "a bottle lies there that was booked as drunk",
                &[ProposalKind::Extra, ProposalKind::Swap][..],
            ),
        ] {
            let of = |wanted: &dyn Fn(Option<ProposalKind>) -> bool| -> u32 {
                let all = self.score.heard.iter().filter(|((what, how), _)| *what == truth && wanted(*how));
                all.map(|(_, n)| *n).sum()
            };
            let so = of(&|how| how.is_some_and(|how| right.contains(&how)));
            let not = of(&|how| how.is_none());
            let all = of(&|_| true);
            out.push_str(&format!("| {words} | {all} | {so} | {} | {not} |\n", all - so - not));
        }
        let (strange, truly) = self.score.strange;
        out.push_str(&format!(
            "\nA bin came into doubt {strange} times because an end in it looks different; in {truly} of them lay another wine than written.\n"
        ));
        out
    }
}
