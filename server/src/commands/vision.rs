//! `winecellar vision …`

use anyhow::Context;
use vision::{
    detect::Detector,
    eval::{self, Report},
};

use crate::cli::Vision;
use crate::out;

/// Runs what was asked.
pub(crate) fn run(args: Vision) -> anyhow::Result<()> {
    let Vision::Eval { dir, json } = args;
    let detector = Detector::builtin().context("the counting model does not run")?;
    let report = eval::evaluate(&detector, &dir)?;
    if json {
        out::line(serde_json::to_string_pretty(&report)?)?;
    } else {
        print(&report)?;
    }
    Ok(())
}

/// A line per photo, and one for all.
fn print(report: &Report) -> anyhow::Result<()> {
    out::line(format_args!("model {}", report.model))?;
    out::line(format_args!(
        "{:<28}{:>6}{:>8}{:>8}{:>8}{:>8}{:>8}{:>12}",
        "photo", "bins", "exact", "occ.F1", "prec.", "recall", "MAE", "no opinion"
    ))?;
    let all = ("all", &report.figures);
    for (name, f) in report.photos.iter().map(|photo| (photo.image.as_str(), &photo.figures)).chain([all]) {
        out::line(format_args!(
            "{name:<28}{:>6}{:>7.1}%{:>8.3}{:>8.3}{:>8.3}{:>8.2}{:>11.1}%",
            f.bins,
            f.exact_count_accuracy * 100.0,
            f.occupancy_f1,
            f.precision,
            f.recall,
            f.mae,
            f.no_opinion * 100.0
        ))?;
    }
    Ok(())
}
