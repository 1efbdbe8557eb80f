//! Where a bottle lies, from the words of another program: only where its way of naming bins is recognised and leads to
//! a bin of ours. Whatever else is said stays as text with the bottle.

use std::collections::{BTreeMap, BTreeSet};

use super::{known::KnownBin, line::Importable};
use crate::{ids::BinId, search::fold};

/// Row and column.
type Spot = (u32, u32);

/// How bins are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    /// `R3C2`, `R3C2D1`
    RowColumn,
    /// `A12`
    Letter,
    /// `03_03`, `3-2`, `12-3-4`, `3/2`
    Numbers,
}

/// Reads a bin's name.
fn parse(text: &str) -> Option<(Family, Spot)> {
    let text = text.trim().to_lowercase();
    let runs: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let numbers: Vec<u32> = runs.iter().map(|run| run.parse().ok()).collect::<Option<_>>()?;
    let shape: String = text.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect();
    match (shape.as_str(), numbers.as_slice()) {
        ("rc" | "rcd", [row, column, ..]) => Some((Family::RowColumn, (*row, *column))),
        ("-" | "_" | "/" | ".", [row, column]) | ("--" | "__", [row, column, _]) => {
            Some((Family::Numbers, (*row, *column)))
        }
        (letter, [column]) if letter.len() == 1 && text.starts_with(char::is_alphabetic) => {
            let row = letter.bytes().next().filter(u8::is_ascii_lowercase)?;
            Some((Family::Letter, (u32::from(row - b'a') + 1, *column)))
        }
        _ => None,
    }
}

/// `03_01` of `N-03_01`: racks that are built alike have prefixes.
fn without_prefix(name: &str) -> &str {
    let Some((left, _)) = name.rsplit_once('_') else { return name };
    let digits = left.bytes().rev().take_while(u8::is_ascii_digit).count();
    if digits == 0 { name } else { &name[left.len() - digits..] }
}

/// The bins of this cellar, and the ways of naming them that a file uses.
#[derive(Debug, Clone, Default)]
pub struct Places {
    names: BTreeMap<String, BinId>,
    spots: BTreeMap<(String, Spot), BinId>,
    /// Spots that one bin alone has.
    single: BTreeMap<Spot, Option<BinId>>,
    trusted: BTreeSet<(String, Family)>,
}

impl Places {
    /// Looks at all bins and all lines: a way of naming counts in a room when 60 % of its bins are named so and three
    /// or more differ.
    pub fn new(bins: &[KnownBin], file: &Importable) -> Self {
        let mut places = Self::default();
        for bin in bins {
            places.names.insert(bin.id.0.to_lowercase(), bin.id.clone());
            if let Some((_, spot)) = parse(without_prefix(&bin.id.0)) {
                places.spots.insert((fold(&bin.rack), spot), bin.id.clone());
                let single = places.single.entry(spot).or_insert_with(|| Some(bin.id.clone()));
                if single.as_ref() != Some(&bin.id) {
                    *single = None;
                }
            }
        }
        let mut rooms: BTreeMap<String, (usize, BTreeMap<Family, (usize, BTreeSet<Spot>)>)> = BTreeMap::new();
        for item in file.lines.iter().filter_map(|line| line.what.as_ref().ok()) {
            let (room, bin) = split(&item.location, &item.bin);
            if bin.is_empty() {
                continue;
            }
            let (all, families) = rooms.entry(fold(&room)).or_default();
            *all += 1;
            if let Some((family, spot)) = parse(&bin) {
                let (count, spots) = families.entry(family).or_default();
                *count += 1;
                spots.insert(spot);
            }
        }
        for (room, (all, families)) in rooms {
            for (family, (count, spots)) in families {
                if count * 10 >= all * 6 && spots.len() >= 3 {
                    places.trusted.insert((room.clone(), family));
                }
            }
        }
        places
    }

    /// The bin that is meant, if there is no doubt.
    pub fn find(&self, location: &str, bin: &str) -> Option<BinId> {
        let (room, bin) = split(location, bin);
        if let Some(id) = self.names.get(&bin.to_lowercase()) {
            return Some(id.clone());
        }
        let (family, spot) = parse(&bin)?;
        if !self.trusted.contains(&(fold(&room), family)) {
            return None;
        }
        self.spots.get(&(fold(&room), spot)).cloned().or_else(|| self.single.get(&spot).cloned().flatten())
    }
}

/// Room and bin; both may stand in one cell as `Rack 1 / 3-2`.
fn split(location: &str, bin: &str) -> (String, String) {
    match (bin.is_empty(), location.rsplit_once(" / ")) {
        (true, Some((room, bin))) => (room.trim().to_owned(), bin.trim().to_owned()),
        (true, None) => (String::new(), location.trim().to_owned()),
        _ => (location.trim().to_owned(), bin.trim().to_owned()),
    }
}

/// What is said of the place, in words.
pub fn words(location: &str, bin: &str) -> String {
    [location, bin].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_naming_bins_are_told_apart() {
        assert_eq!(parse("R3C2"), Some((Family::RowColumn, (3, 2))));
        assert_eq!(parse("r3c2d1"), Some((Family::RowColumn, (3, 2))));
        assert_eq!(parse("A12"), Some((Family::Letter, (1, 12))));
        assert_eq!(parse("03_03"), Some((Family::Numbers, (3, 3))));
        assert_eq!(parse("12-3-4"), Some((Family::Numbers, (12, 3))));
        for text in ["", "147", "BIN1", "top shelf", "99999999999_1"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(split("Rack 1 / 3-2", ""), ("Rack 1".into(), "3-2".into()));
    }
}
