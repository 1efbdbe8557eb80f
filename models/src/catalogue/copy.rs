//! The copy itself and how rows are put into it. A row that is known already is replaced.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
};

use super::{
    facets::{self, COUNT, Facet, Values},
    words::Vocabulary,
};
use crate::{
    ids::WineId,
    search::fold,
    window::Window,
    wine::{Colour, Style, Vintage, Wine},
};

/// What the search needs of a bottle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BottleLine {
    /// Identifier.
    pub id: String,
    /// Its vintage.
    pub vintage_id: String,
    /// Where it lies.
    pub bin: Option<String>,
    /// Whether it is in the cellar.
    pub here: bool,
    /// Volume in millilitres.
    pub volume_ml: i32,
    /// What it cost.
    pub price_minor: Option<i64>,
    /// In which currency.
    pub currency: Option<String>,
    /// When it was received, in seconds since 1970.
    pub received: i64,
}

pub(super) struct WineEntry {
    pub(super) id: Box<str>,
    pub(super) producer: Box<str>,
    pub(super) name: Box<str>,
    pub(super) appellation: Box<str>,
    /// Producer and name, folded: the order by name.
    pub(super) sort_name: Box<str>,
    pub(super) colour: Colour,
    pub(super) style: Style,
    pub(super) words: Box<[u32]>,
    pub(super) country: u32,
    pub(super) region: u32,
    pub(super) grapes: Box<[u32]>,
    pub(super) tags: Box<[u32]>,
}

pub(super) struct VintageEntry {
    pub(super) id: Box<str>,
    pub(super) wine: u32,
    pub(super) year: Option<i32>,
    pub(super) year_value: u32,
    pub(super) window: Window,
    pub(super) score: Option<i32>,
    pub(super) rating: u32,
    pub(super) bottles: Vec<u32>,
}

#[derive(Clone, Copy)]
pub(super) struct BottleEntry {
    pub(super) vintage: u32,
    pub(super) here: bool,
    /// Number of the bin's value; [`NOWHERE`] = none.
    pub(super) bin: u32,
    pub(super) format: u32,
    pub(super) price_bucket: u32,
    pub(super) volume: i32,
    pub(super) price: Option<i64>,
    /// Number of the currency; [`NOWHERE`] = none.
    pub(super) currency: u32,
    pub(super) received: i64,
}

/// A bottle's id in 16 bytes: tens of thousands of texts are megabytes. What is no UUID is hashed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key(u128);

impl Key {
    fn of(id: &str) -> Self {
        let digits = id.bytes().filter(|b| *b != b'-').map(|b| char::from(b).to_digit(16));
        if id.len() == 36
            && let Some(number) = digits.into_iter().try_fold(0, |sum: u128, digit| Some(sum << 4 | u128::from(digit?)))
        {
            return Self(number);
        }
        let half = |salt: u8| {
            let mut hasher = std::hash::DefaultHasher::new();
            (salt, id).hash(&mut hasher);
            u128::from(hasher.finish())
        };
        Self(half(0) << 64 | half(1))
    }
}

/// No number.
pub(super) const NOWHERE: u32 = u32::MAX;

/// The numbers of two places that are no bins.
pub(super) const UNPLACED: u32 = 0;
pub(super) const GONE: u32 = 1;

/// The copy.
pub struct Catalogue {
    pub(super) revision: i64,
    pub(super) vocabulary: Vocabulary,
    pub(super) values: [Values; COUNT],
    pub(super) currencies: Values,
    pub(super) wines: Vec<WineEntry>,
    pub(super) vintages: Vec<VintageEntry>,
    pub(super) bottles: Vec<BottleEntry>,
    /// Number of a bin's place value to that of its rack.
    pub(super) racks: HashMap<u32, u32>,
    pub(super) rack_names: HashMap<String, String>,
    wine_numbers: HashMap<Box<str>, u32>,
    vintage_numbers: HashMap<Box<str>, u32>,
    bottle_numbers: HashMap<Key, u32>,
}

impl Default for Catalogue {
    fn default() -> Self {
        let mut empty = Self {
            revision: 0,
            vocabulary: Vocabulary::default(),
            values: Default::default(),
            currencies: Values::default(),
            wines: Vec::new(),
            vintages: Vec::new(),
            bottles: Vec::new(),
            racks: HashMap::new(),
            rack_names: HashMap::new(),
            wine_numbers: HashMap::new(),
            vintage_numbers: HashMap::new(),
            bottle_numbers: HashMap::new(),
        };
        // In the order of UNPLACED and GONE.
        empty.value(Facet::Place, "unplaced");
        empty.value(Facet::Place, "gone");
        empty
    }
}

fn next(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(NOWHERE)
}

impl Catalogue {
    /// The meta revision of the rows it holds.
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// Says up to which meta revision all rows have been put in.
    pub fn set_revision(&mut self, revision: i64) {
        self.revision = revision;
    }

    /// How many bottles it holds, gone ones too.
    pub fn bottle_count(&self) -> usize {
        self.bottles.len()
    }

    /// How many bottles lie in each bin that holds any.
    pub fn bin_counts(&self) -> HashMap<String, i64> {
        let places = self.values_of(Facet::Place);
        let mut counts = vec![0_i64; places.len()];
        for bottle in self.bottles.iter().filter(|bottle| bottle.here) {
            if let Some(count) = counts.get_mut(bottle.bin as usize) {
                *count += 1;
            }
        }
        let bins = (0..next(counts.len())).zip(counts).filter(|(_, count)| *count > 0);
        bins.filter_map(|(number, count)| Some((places.text(number).strip_prefix("bin:")?.to_owned(), count))).collect()
    }

    pub(super) fn values_of(&self, facet: Facet) -> &Values {
        &self.values[facet as usize]
    }

    fn value(&mut self, facet: Facet, text: &str) -> u32 {
        self.values[facet as usize].number(text)
    }

    fn each_once<'a>(&mut self, facet: Facet, texts: impl Iterator<Item = &'a String>) -> Box<[u32]> {
        let mut numbers: Vec<u32> = Vec::new();
        for text in texts {
            let number = self.value(facet, text);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers.into()
    }

    /// Puts a rack in, by id.
    pub fn put_rack(&mut self, id: &str, name: &str) {
        self.rack_names.insert(id.to_owned(), name.to_owned());
    }

    /// Whether the bin's rack is known.
    pub fn knows_bin(&self, bin: &str) -> bool {
        let number = self.values_of(Facet::Place).find(&format!("bin:{bin}"));
        number.is_some_and(|number| self.racks.contains_key(&number))
    }

    /// Puts a bin in.
    pub fn put_bin(&mut self, bin: &str, rack: &str) {
        let bin = self.value(Facet::Place, &format!("bin:{bin}"));
        let rack = self.value(Facet::Place, &format!("rack:{rack}"));
        self.racks.insert(bin, rack);
    }

    /// Puts a wine in.
    pub fn put_wine(&mut self, wine: &Wine) {
        let facts = &wine.facts;
        let mut text = String::new();
        let parts = [
            &facts.producer,
            &facts.name,
            &facts.country,
            &facts.region,
            &facts.subregion,
            &facts.appellation,
            &facts.designation,
            &facts.vineyard,
            &facts.classification,
        ];
        for part in parts.into_iter().chain(facts.grapes.iter().map(|grape| &grape.name)).chain(&facts.tags) {
            text.push_str(part);
            text.push(' ');
        }
        text.push_str(facts.colour.as_str());
        let entry = WineEntry {
            id: wine.id.as_str().into(),
            producer: facts.producer.as_str().into(),
            name: facts.name.as_str().into(),
            appellation: facts.appellation.as_str().into(),
            sort_name: fold(&format!("{} {}", facts.producer, facts.name)).into(),
            colour: facts.colour,
            style: facts.style,
            words: self.vocabulary.numbers(&fold(&text)),
            country: self.value(Facet::Country, &facts.country),
            region: self.value(Facet::Region, &facts.region),
            grapes: self.each_once(Facet::Grape, facts.grapes.iter().map(|grape| &grape.name)),
            tags: self.each_once(Facet::Tag, facts.tags.iter()),
        };
        match self.wine_numbers.get(wine.id.as_str()) {
            Some(number) => self.wines[*number as usize] = entry,
            None => {
                self.wine_numbers.insert(entry.id.clone(), next(self.wines.len()));
                self.wines.push(entry);
            }
        }
    }

    /// Puts a vintage in; its wine must be in already.
    pub fn put_vintage(&mut self, vintage: &Vintage) {
        let WineId(wine) = &vintage.wine_id;
        let Some(wine) = self.wine_numbers.get(wine.as_str()).copied() else { return };
        let year = vintage.year.map_or_else(|| "nv".to_owned(), |year| year.to_string());
        let year_value = self.value(Facet::Vintage, &year);
        let rating = self.value(Facet::Rating, facets::rating_bucket(vintage.score_tenths));
        let id = vintage.id.as_str();
        let number = match self.vintage_numbers.get(id) {
            Some(number) => *number as usize,
            None => {
                self.vintage_numbers.insert(id.into(), next(self.vintages.len()));
                self.vintages.len()
            }
        };
        let bottles = self.vintages.get_mut(number).map(|old| std::mem::take(&mut old.bottles)).unwrap_or_default();
        let entry = VintageEntry {
            id: id.into(),
            wine,
            year: vintage.year,
            year_value,
            window: vintage.window,
            score: vintage.score_tenths,
            rating,
            bottles,
        };
        match self.vintages.get_mut(number) {
            Some(old) => *old = entry,
            None => self.vintages.push(entry),
        }
    }

    /// Puts a bottle in; its vintage must be in already.
    pub fn put_bottle(&mut self, line: &BottleLine) {
        let Some(vintage) = self.vintage_numbers.get(line.vintage_id.as_str()).copied() else { return };
        let entry = BottleEntry {
            vintage,
            here: line.here,
            bin: line.bin.as_ref().map_or(NOWHERE, |bin| self.value(Facet::Place, &format!("bin:{bin}"))),
            format: self.value(Facet::Format, &line.volume_ml.to_string()),
            price_bucket: {
                let bucket = facets::price_bucket(line.price_minor, line.currency.as_deref());
                self.value(Facet::Price, &bucket)
            },
            volume: line.volume_ml,
            price: line.price_minor,
            currency: line.currency.as_ref().map_or(NOWHERE, |code| self.currencies.number(code)),
            received: line.received,
        };
        let key = Key::of(&line.id);
        let number = match self.bottle_numbers.get(&key) {
            Some(number) => {
                let old = std::mem::replace(&mut self.bottles[*number as usize], entry);
                if old.vintage == vintage {
                    return;
                }
                self.vintages[old.vintage as usize].bottles.retain(|other| other != number);
                *number
            }
            None => {
                let number = next(self.bottles.len());
                self.bottle_numbers.insert(key, number);
                self.bottles.push(entry);
                number
            }
        };
        self.vintages[vintage as usize].bottles.push(number);
    }
}
