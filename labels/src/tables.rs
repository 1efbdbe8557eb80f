//! The reference tables: places, grapes and words of labels. Written for this program; names are facts.
//!
//! A line is `Name; other spelling; … | parent | …`. What a parent means is told by each table's first line.

use std::sync::LazyLock;

use crate::fold::joined;

/// What a phrase stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A country.
    Country,
    /// A region of a country.
    Region,
    /// A protected name below a region.
    Appellation,
    /// A grape.
    Grape,
    /// A designation.
    Designation,
    /// A colour in some language.
    Colour,
}

/// A line of a table.
#[derive(Debug)]
pub(crate) struct Known {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its proper spelling.
    pub(crate) name: String,
    /// All spellings, joined.
    pub(crate) spellings: Vec<String>,
    /// Region's country; appellation's region and country; grape's colour.
    pub(crate) parents: Vec<String>,
}

/// All tables, parsed once.
pub(crate) static TABLES: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let files = [
        (Kind::Country, include_str!("../tables/countries.txt")),
        (Kind::Region, include_str!("../tables/regions.txt")),
        (Kind::Appellation, include_str!("../tables/appellations.txt")),
        (Kind::Grape, include_str!("../tables/grapes.txt")),
        (Kind::Designation, include_str!("../tables/designations.txt")),
        (Kind::Colour, include_str!("../tables/colours.txt")),
    ];
    files.into_iter().flat_map(|(kind, text)| text.lines().filter_map(move |line| known(kind, line))).collect()
});

fn known(kind: Kind, line: &str) -> Option<Known> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let mut parts = line.split('|').map(str::trim);
    let names: Vec<&str> = parts.next()?.split(';').map(str::trim).collect();
    Some(Known {
        kind,
        name: (*names.first()?).to_owned(),
        spellings: names.iter().map(|name| joined(name)).collect(),
        parents: parts.map(str::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parent_is_a_line_of_its_own_and_no_line_comes_twice() {
        let named = |kind, name: &str| TABLES.iter().any(|known| known.kind == kind && known.name == name);
        let mut seen = std::collections::HashSet::new();
        for known in TABLES.iter() {
            assert!(seen.insert((known.kind, &known.name)), "{} comes twice", known.name);
            assert!(known.spellings.iter().all(|spelling| spelling.len() >= 3), "{} is too short", known.name);
            match known.kind {
                Kind::Region => assert!(named(Kind::Country, &known.parents[0]), "{}", known.name),
                Kind::Appellation => assert!(named(Kind::Region, &known.parents[0]), "{}", known.name),
                Kind::Grape => assert!(["red", "white"].contains(&&*known.parents[0]), "{}", known.name),
                Kind::Country | Kind::Designation | Kind::Colour => {}
            }
        }
    }
}
