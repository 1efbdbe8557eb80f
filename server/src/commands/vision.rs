//! `winecellar vision …`

use std::path::Path;

use anyhow::Context;
use models::{
    bin::Rack,
    db::{DbError, racks},
};
use serde::Serialize;
use vision::{
    eval::{self, Report},
    learn::Lesson,
};

use crate::cli::{Eval, Learn, Place, Vision};
use crate::out;
use crate::worker::{harvest, lessons::Lessons, lock::ScanLock};

/// Runs what was asked.
pub(crate) fn run(place: &Place, args: Vision) -> anyhow::Result<()> {
    match args {
        Vision::Eval(args) => evaluate(place, &args),
        Vision::Learn(args) => learn(place, &args),
        Vision::Bench(args) => super::bench::run(place, &args),
    }
}

fn evaluate(place: &Place, args: &Eval) -> anyhow::Result<()> {
    let detector = place.detector()?;
    let report = eval::evaluate(&detector, &args.dir, args.pictures.as_deref())?;
    if args.json {
        out::line(serde_json::to_string_pretty(&report)?)?;
    } else {
        print(&report, args.pictures.as_deref())?;
    }
    for problem in &report.failed {
        eprintln!("winecellar: left out: {problem}");
    }
    anyhow::ensure!(report.failed.is_empty(), "{} photograph(s) could not be measured", report.failed.len());
    Ok(())
}

/// A line per photo and one for all, then the reliability of the confidence and the confusion table.
fn print(report: &Report, pictures: Option<&Path>) -> anyhow::Result<()> {
    out::line(format_args!("model {}", report.model))?;
    out::line(format_args!(
        "{:<28}{:>6}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>12}",
        "", "", "", "occu-", "pancy", "", "ends", "", "", ""
    ))?;
    out::line(format_args!(
        "{:<28}{:>6}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>12}",
        "photo", "bins", "exact", "F1", "prec.", "recall", "prec.", "recall", "MAE", "no opinion"
    ))?;
    let all = ("all", &report.figures);
    for (name, f) in report.photos.iter().map(|photo| (photo.image.as_str(), &photo.figures)).chain([all]) {
        out::line(format_args!(
            "{name:<28}{:>6}{:>7.1}%{:>8.3}{:>8.3}{:>8.3}{:>8.3}{:>8.3}{:>8.2}{:>11.1}%",
            f.bins,
            f.exact_count_accuracy * 100.0,
            f.occupancy_f1,
            f.precision,
            f.recall,
            f.ends_precision,
            f.ends_recall,
            f.mae,
            f.no_opinion * 100.0
        ))?;
    }
    out::line(format_args!(
        "\nconfidence (expected calibration error {:.3}; these bins would be fitted by \"calibration\": [{:.3}, {:.3}])",
        report.calibration.ece, report.calibration.fit[0], report.calibration.fit[1]
    ))?;
    out::line(format_args!("{:>12}{:>8}{:>12}{:>10}", "says", "bins", "on average", "is exact"))?;
    for step in &report.calibration.steps {
        out::line(format_args!(
            "{:>5.0} - {:>3.0}%{:>8}{:>11.1}%{:>9.1}%",
            step.from * 100.0,
            step.to * 100.0,
            step.bins,
            step.confidence * 100.0,
            step.exact * 100.0
        ))?;
    }
    out::line("\ncounted as (? = no opinion), by what is true")?;
    let table = &report.confusion.table;
    let head: String = (0..table.len()).map(|n| format!("{n:>5}")).collect();
    out::line(format_args!("{:>5}{head}{:>5}", "", "?"))?;
    for (truth, (row, silent)) in table.iter().zip(&report.confusion.no_opinion).enumerate() {
        if row.iter().sum::<u32>() + silent > 0 {
            let cells: String = row.iter().map(|n| format!("{:>5}", dash(*n))).collect();
            out::line(format_args!("{truth:>5}{cells}{:>5}", dash(*silent)))?;
        }
    }
    for photo in &report.photos {
        for bin in photo.results.iter().filter(|bin| bin.count.is_some_and(|n| n != bin.truth)) {
            let counted = bin.count.unwrap_or_default();
            out::line(format_args!(
                "{}, bin {}: {} lie there, {counted} counted ({:.0} % sure)",
                photo.image,
                bin.id,
                bin.truth,
                bin.confidence * 100.0
            ))?;
        }
    }
    if let Some(folder) = pictures {
        out::line(format_args!("pictures: {}", folder.display()))?;
    }
    Ok(())
}

fn dash(n: u32) -> String {
    if n == 0 { "-".to_owned() } else { n.to_string() }
}

/// What came of learning for one rack.
#[derive(Serialize)]
struct Learned {
    rack: String,
    /// Examples made of answers since the last time.
    examples: usize,
    /// Version in use now; 0 = the network alone.
    version: u32,
    #[serde(flatten)]
    lesson: Lesson,
}

/// Learns, or goes back, for one rack or for all.
fn learn(place: &Place, args: &Learn) -> anyhow::Result<()> {
    let data = place.data();
    data.ensure()?;
    let _lock = ScanLock::take(&data.lock())?;
    let db = place.open_migrated()?;
    let racks = db.read(|conn| racks::rack_list(conn).map_err(DbError::from))?;
    let chosen = chosen(&racks, args.rack.as_deref())?;
    let detector = if args.rollback { None } else { Some(place.detector()?) };
    if let Some(detector) = detector.as_ref().filter(|detector| !detector.learns()) {
        anyhow::bail!("the model {} cannot learn: it sees no ends on a heat map", detector.name());
    }
    let mut reports = Vec::new();
    for rack in chosen {
        let (name, lessons) = (&rack.facts.name, Lessons::of(&data, &rack.id));
        let Some(detector) = &detector else {
            let version = lessons.roll_back().with_context(|| format!("rack `{name}`"))?;
            out::line(format_args!("rack `{name}`: back to {}", version_words(version)))?;
            continue;
        };
        let examples = harvest::harvest(&db, &data, &rack.id, detector).with_context(|| format!("rack `{name}`"))?;
        let (lesson, version) = lessons.learn(detector).with_context(|| format!("rack `{name}`"))?;
        if !args.json {
            out::line(format_args!("rack `{name}`, {examples} new examples: {lesson}"))?;
            out::line(format_args!("  in use: {}", version_words(version)))?;
        }
        reports.push(Learned { rack: name.clone(), examples, version, lesson });
    }
    if args.json && !args.rollback {
        out::line(serde_json::to_string_pretty(&reports)?)?;
    }
    Ok(())
}

fn version_words(number: u32) -> String {
    if number == 0 { "the network alone".to_owned() } else { format!("version {number}") }
}

/// The rack of a name or id; all without one.
fn chosen<'a>(racks: &'a [Rack], name: Option<&str>) -> anyhow::Result<Vec<&'a Rack>> {
    let Some(name) = name else { return Ok(racks.iter().collect()) };
    let found: Vec<&Rack> = racks.iter().filter(|rack| rack.facts.name == name || rack.id.as_str() == name).collect();
    let names: Vec<&str> = racks.iter().map(|rack| rack.facts.name.as_str()).collect();
    anyhow::ensure!(!found.is_empty(), "--rack: there is no rack `{name}` (there are: {})", names.join(", "));
    Ok(found)
}
