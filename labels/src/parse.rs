//! Lines become fields. No model: reference tables, rules of vintages and measures, and the size of the letters.

mod measures;
mod names;
mod phrases;
mod vintage;

use crate::{
    fields::{Field, Label},
    line::Page,
    tables::{Kind, TABLES},
};
use phrases::Found;

/// A line with the shot it stands on.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    shot: usize,
    line: &'a crate::line::Line,
}

impl Seen<'_> {
    fn field(&self, value: impl Into<String>, confidence: f32) -> Field {
        Field {
            value: value.into(),
            confidence: (confidence * self.line.confidence).clamp(0.0, 1.0),
            shot: Some(self.shot),
            corners: Some(self.line.corners),
            alternatives: Vec::new(),
        }
    }
}

/// What the shots of one bottle say. `this_year` bounds vintages; shots come in the order they were taken, the front first.
#[must_use]
pub fn parse(pages: &[Page], this_year: i32) -> Label {
    let lines: Vec<Seen> = pages
        .iter()
        .enumerate()
        .flat_map(|(shot, page)| page.lines.iter().map(move |line| Seen { shot, line }))
        .collect();
    let found = phrases::find(&lines);
    let mut label = Label {
        vintage: vintage::find(&lines, this_year),
        abv: measures::abv(&lines),
        volume_ml: measures::volume(&lines),
        appellation: best(&found, Kind::Appellation),
        region: best(&found, Kind::Region),
        country: best(&found, Kind::Country),
        grapes: all(&found, Kind::Grape, 6),
        designation: all(&found, Kind::Designation, 4),
        colour: best(&found, Kind::Colour),
        ..Label::default()
    };
    (label.producer, label.name) = names::find(&lines, &found);
    conclude(&mut label, &found);
    label
}

/// The surest of a kind, the others as alternatives.
fn best(found: &[Found], kind: Kind) -> Option<Field> {
    let mut fields = all(found, kind, 4).into_iter();
    let mut best = fields.next()?;
    if kind == Kind::Colour {
        best.value = colour_of(&best.value).to_owned();
    }
    best.alternatives = fields.map(|field| field.value).collect();
    if kind == Kind::Colour {
        best.alternatives = best.alternatives.iter().map(|value| colour_of(value).to_owned()).collect();
    }
    Some(best)
}

fn colour_of(name: &str) -> &str {
    let known = TABLES.iter().find(|known| known.kind == Kind::Colour && known.name == name);
    known.and_then(|known| known.parents.first()).map_or(name, String::as_str)
}

/// All of a kind, surest first, each once.
fn all(found: &[Found], kind: Kind, most: usize) -> Vec<Field> {
    let mut of_kind: Vec<&Found> = found.iter().filter(|found| found.known.kind == kind).collect();
    of_kind.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    let mut fields: Vec<Field> = Vec::new();
    for found in of_kind {
        if fields.len() < most && fields.iter().all(|field| field.value != found.known.name) {
            fields.push(found.seen.field(found.known.name.clone(), found.likeness));
        }
    }
    fields
}

/// An appellation tells region and country, a region its country, grapes the colour; what was read goes before it unless
/// it contradicts something that was read more surely.
fn conclude(label: &mut Label, found: &[Found]) {
    let parent = |kind: Kind, name: &str| {
        TABLES.iter().find(|known| known.kind == kind && known.name == name).and_then(|known| known.parents.first())
    };
    if let Some(appellation) = &label.appellation
        && let Some(region) = parent(Kind::Appellation, &appellation.value)
        && label.region.as_ref().is_none_or(|read| read.value != *region && read.confidence <= appellation.confidence)
    {
        let before = label.region.take();
        let mut region = Field::concluded(region.clone(), appellation.confidence * 0.95);
        region.alternatives.extend(before.map(|field| field.value));
        label.region = Some(region);
    }
    if let Some(region) = &label.region
        && let Some(country) = parent(Kind::Region, &region.value)
        && label.country.is_none()
    {
        label.country = Some(Field::concluded(country.clone(), region.confidence * 0.95));
    }
    if label.colour.is_none() {
        let colours: Vec<(&str, f32)> = found
            .iter()
            .filter(|found| found.known.kind == Kind::Grape)
            .filter_map(|found| Some((found.known.parents.first()?.as_str(), found.likeness)))
            .collect();
        if let Some((colour, likeness)) = colours.first()
            && colours.iter().all(|(other, _)| other == colour)
        {
            label.colour = Some(Field::concluded(*colour, 0.8 * likeness));
        }
    }
}

#[cfg(test)]
mod tests;
