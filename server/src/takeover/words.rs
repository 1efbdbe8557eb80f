//! What a description says: the former system knows of a wine only a reference and a line of text.

use std::collections::BTreeMap;

use labels::{Line, Page, parse};
use models::import::mapping::Field;

/// A field of typed text counts from this confidence on: what is only like a word of the tables is left to a person.
const SURE: f32 = 0.8;

/// Fills in what the name tells and no column does, and takes the year out of the name.
pub(super) fn complete(fields: &mut BTreeMap<Field, String>, this_year: i32) {
    let Some(name) = fields.get(&Field::Name).cloned() else { return };
    let line =
        Line { text: name.clone(), confidence: 1.0, corners: [[0.0, 0.0], [100.0, 0.0], [100.0, 10.0], [0.0, 10.0]] };
    let label = parse(&[Page { width: 100, height: 10, lines: vec![line] }], this_year);
    let sure = |field: &Option<labels::Field>| {
        field.as_ref().filter(|field| field.confidence >= SURE).map(|field| field.value.clone())
    };
    let year = sure(&label.vintage).filter(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()));
    let grapes: Vec<String> =
        label.grapes.iter().filter(|grape| grape.confidence >= SURE).map(|grape| grape.value.clone()).collect();
    let told = [
        (Field::Country, sure(&label.country)),
        (Field::Region, sure(&label.region)),
        (Field::Appellation, sure(&label.appellation)),
        (Field::Colour, sure(&label.colour)),
        (Field::Volume, sure(&label.volume_ml).map(|ml| format!("{ml} ml"))),
        (Field::Grapes, (!grapes.is_empty()).then(|| grapes.join(", "))),
    ];
    for (field, value) in told {
        if let Some(value) = value.filter(|_| fields.get(&field).is_none_or(String::is_empty)) {
            fields.insert(field, value);
        }
    }
    let Some(year) = year else { return };
    let known = fields.entry(Field::Year).or_default();
    if known.is_empty() {
        known.clone_from(&year);
    }
    if *known == year {
        let rest: Vec<&str> =
            name.split_whitespace().filter(|word| word.trim_matches(['(', ')', ',', ';', '-']) != year).collect();
        if !rest.is_empty() {
            fields.insert(Field::Name, rest.join(" ").trim_end_matches([',', ';', '-', ' ']).to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_tells_year_place_and_grapes() {
        let mut fields = BTreeMap::from([(Field::Name, "Domaine Tempier Bandol Rouge 2019, 1,5 l".to_owned())]);
        complete(&mut fields, 2026);
        assert_eq!(fields[&Field::Year], "2019");
        assert_eq!((fields[&Field::Appellation].as_str(), fields[&Field::Country].as_str()), ("Bandol", "France"));
        assert_eq!((fields[&Field::Colour].as_str(), fields[&Field::Volume].as_str()), ("red", "1500 ml"));
        assert!(fields[&Field::Name].starts_with("Domaine Tempier Bandol Rouge"));
        let mut told =
            BTreeMap::from([(Field::Name, "Tokaji Furmint (2021)".to_owned()), (Field::Colour, "white".to_owned())]);
        complete(&mut told, 2026);
        assert_eq!((told[&Field::Name].as_str(), told[&Field::Grapes].as_str()), ("Tokaji Furmint", "Furmint"));
        assert_eq!(told[&Field::Colour], "white", "what a column says counts");
        let mut bare = BTreeMap::from([(Field::Name, "2016".to_owned())]);
        complete(&mut bare, 2026);
        assert_eq!(bare[&Field::Name], "2016", "a wine is called something");
    }
}
