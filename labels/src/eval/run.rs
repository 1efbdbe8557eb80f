//! Reads all pictures of a folder and counts.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;

use super::{Outcome, Truth, Verdict, bend::bend, judge, pictures, truth};
use crate::{line::Page, matching::Catalogue, parse::parse, picture, reader::Reader};

/// Figures of a folder.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Which reader.
    pub reader: &'static str,
    /// Wines that the matches were chosen among.
    pub wines: usize,
    /// One for each picture whose wine is known.
    pub outcomes: Vec<Outcome>,
    /// What was left out, and why.
    pub failed: Vec<String>,
}

/// How often a field was read right, wrong, or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// As the truth says.
    pub right: usize,
    /// Otherwise.
    pub wrong: usize,
    /// Nothing read.
    pub silent: usize,
}

impl Report {
    /// By field.
    #[must_use]
    pub fn fields(&self) -> BTreeMap<&'static str, Tally> {
        let mut fields: BTreeMap<&'static str, Tally> = BTreeMap::new();
        for (name, verdict) in self.outcomes.iter().flat_map(|outcome| &outcome.fields) {
            let tally = fields.entry(name).or_default();
            match verdict {
                Verdict::Right => tally.right += 1,
                Verdict::Wrong => tally.wrong += 1,
                Verdict::Silent => tally.silent += 1,
            }
        }
        fields
    }

    /// Part of the pictures for which something holds, 0 to 1.
    #[must_use]
    pub fn part(&self, holds: impl Fn(&Outcome) -> bool) -> f64 {
        self.outcomes.iter().filter(|outcome| holds(outcome)).count() as f64 / self.outcomes.len().max(1) as f64
    }
}

/// Measures a reader on the folder's pictures against its CSV files; every line of them is a wine of the catalogue. In the
/// file `vintages`, `picture,vintage` add what the photo shows. `bent` lays the pictures around a bottle that they span by so many
/// degrees to both sides before they are read; 0 leaves them flat. `clock` gives seconds.
///
/// # Errors
/// When there is no truth, or it cannot be read; a picture that cannot be read is in the report.
pub fn run(
    reader: &dyn Reader,
    folder: &Path,
    vintages: Option<&Path>,
    bent: f32,
    this_year: i32,
    clock: &dyn Fn() -> f64,
) -> Result<Report, String> {
    let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut truths: Vec<Truth> = Vec::new();
    let mut problems = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|kind| kind == "csv") {
            match truth::read(&path) {
                // Tables of something else, such as ratings, name no wine.
                Ok(rows) => truths.extend(
                    rows.into_iter().filter(|row| !row.entry.name.is_empty() || !row.entry.producer.is_empty()),
                ),
                Err(problem) => problems.push(problem),
            }
        }
    }
    if truths.is_empty() {
        return Err(format!("{}: no CSV file there names wines {}", folder.display(), problems.join("; ")));
    }
    if let Some(file) = vintages {
        for row in truth::read(file)? {
            if let Some(truth) = truths.iter_mut().find(|truth| truth.entry.id == row.entry.id) {
                truth.vintage = row.vintage;
            }
        }
    }
    let catalogue = Catalogue::new(truths.iter().map(|truth| truth.entry.clone()).collect());
    let mut report = Report { reader: reader.name(), wines: truths.len(), outcomes: Vec::new(), failed: Vec::new() };
    for path in pictures(folder).map_err(unreadable)? {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(truth) = truths.iter().find(|truth| truth.entry.id == stem) else { continue };
        let start = clock();
        let file = std::fs::read(&path).map_err(unreadable)?;
        let picture = match picture::decode(&file) {
            Ok(picture) => bend(&picture, bent),
            Err(error) => {
                report.failed.push(format!("{}: {error}", path.display()));
                continue;
            }
        };
        let lines = reader.read(&picture).map_err(|error| error.to_string())?;
        let pages = [Page { width: picture.width(), height: picture.height(), lines }];
        let label = parse(&pages, this_year);
        report.outcomes.push(judge(&path, truth, &pages, &label, &catalogue, clock() - start));
    }
    Ok(report)
}
