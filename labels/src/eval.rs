//! Labels whose wines are known, for figures.

mod bend;
mod run;
mod truth;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use models::search::words;
use serde::Serialize;

pub use run::{Report, Tally, run};

use crate::{
    fields::Label,
    line::Page,
    matching::{Catalogue, Entry},
    readings::Readings,
};

/// What a label truly says; what is empty was not looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Truth {
    /// The wine as the catalogue has it.
    pub entry: Entry,
    /// Country in English.
    pub country: String,
    /// Region.
    pub region: String,
    /// Grapes.
    pub grapes: Vec<String>,
    /// Alcohol in per cent.
    pub abv: String,
    /// `red`, `white`, `rose`.
    pub colour: String,
    /// Year, or `NV`; empty where it cannot be seen.
    pub vintage: String,
}

/// What became of one photo.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Name of the file.
    pub picture: String,
    /// Place of the true wine among the matches, from 1; 0 where it is not among the first ten.
    pub rank: usize,
    /// Whether the true producer or the true name is among the first three.
    pub producer_or_name: bool,
    /// By field whether it was read right; a field that was not looked at is not in the list.
    pub fields: Vec<(&'static str, Verdict)>,
    /// Seconds from file to matches.
    pub seconds: f64,
    /// True wine, wine that was found, and what was read, in words.
    pub words: [String; 3],
}

/// What became of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As the truth says.
    Right,
    /// Something else.
    Wrong,
    /// Nothing was read: often it does not stand on the front.
    Silent,
}

/// Compares what was read with the truth.
#[must_use]
pub fn judge(
    picture: &Path,
    truth: &Truth,
    pages: &[Page],
    label: &Label,
    catalogue: &Catalogue,
    seconds: f64,
) -> Outcome {
    let matches = catalogue.best(&Readings::of(pages), 10);
    let entry = |index: usize| &catalogue.entries()[index];
    let rank = matches.iter().position(|found| entry(found.index).id == truth.entry.id).map_or(0, |place| place + 1);
    let producer_or_name = matches.iter().take(3).map(|found| entry(found.index)).any(|found| {
        words(&found.producer) == words(&truth.entry.producer) || words(&found.name) == words(&truth.entry.name)
    });
    let verdict = |truth: &str, read: Option<&str>| match read {
        None => Verdict::Silent,
        Some(read) if words(read) == words(truth) => Verdict::Right,
        Some(_) => Verdict::Wrong,
    };
    let value = |field: &Option<crate::fields::Field>| field.as_ref().map(|field| field.value.clone());
    let mut fields = Vec::new();
    let mut look = |name: &'static str, truth: &str, read: Option<String>| {
        if !truth.is_empty() {
            fields.push((name, verdict(truth, read.as_deref())));
        }
    };
    look("vintage", &truth.vintage, value(&label.vintage));
    look("country", &truth.country, value(&label.country));
    look(
        "region",
        &truth.region,
        value(&label.region)
            .into_iter()
            .chain(value(&label.appellation))
            .find(|read| words(read) == words(&truth.region))
            .or_else(|| value(&label.region)),
    );
    look("colour", &truth.colour, value(&label.colour));
    look("abv", &truth.abv, value(&label.abv));
    if !truth.grapes.is_empty() {
        let set =
            |names: &mut dyn Iterator<Item = &str>| names.map(|name| words(name).concat()).collect::<HashSet<_>>();
        let (read, wanted) = (
            set(&mut label.grapes.iter().map(|g| g.value.as_str())),
            set(&mut truth.grapes.iter().map(String::as_str)),
        );
        let verdict = if read.is_empty() {
            Verdict::Silent
        } else if read.is_subset(&wanted) {
            Verdict::Right
        } else {
            Verdict::Wrong
        };
        fields.push(("grapes", verdict));
    }
    let wine = |entry: &Entry| format!("{}: {}", entry.producer, entry.name);
    let text: Vec<&str> = pages.iter().flat_map(|page| &page.lines).map(|line| line.text.as_str()).collect();
    let found = matches.first().map_or_else(|| "nothing".into(), |found| wine(entry(found.index)));
    let picture = picture.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Outcome { picture, rank, producer_or_name, fields, seconds, words: [wine(&truth.entry), found, text.join(" | ")] }
}

/// The pictures of a folder and of the folders in it, by name.
///
/// # Errors
/// When a folder cannot be read.
pub fn pictures(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let kind = path.extension().and_then(|kind| kind.to_str()).map(str::to_lowercase);
        if path.is_dir() {
            found.extend(pictures(&path)?);
        } else if kind.is_some_and(|kind| ["jpg", "jpeg", "png", "webp"].contains(&kind.as_str())) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
