//! The wines that a label may be, of those that are known.
//!
//! Each word of a wine counts by how rare it is among all wines (Sparck Jones, "A statistical interpretation of term
//! specificity", 1972), and as far as something like it was read. What of the wine was not read counts against it.

use std::collections::{HashMap, HashSet};

use models::{
    listed::{beside, rarity},
    search::words,
    wine::WineFacts,
};
use serde::{Deserialize, Serialize};

use crate::readings::Readings;

/// What place and grapes count beside producer and name.
const BESIDE: f32 = 0.25;

/// A wine that is known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Entry {
    /// Whoever keeps the list knows it by this.
    pub id: String,
    /// Who made it.
    pub producer: String,
    /// Its name without the producer.
    pub name: String,
    /// Country, region, appellation, grapes, designation: any words that the label may say besides.
    pub others: Vec<String>,
}

impl Entry {
    /// The entry of a wine.
    #[must_use]
    pub fn of(id: String, facts: &WineFacts) -> Self {
        let others = beside(facts).map(str::to_owned).collect();
        Self { id, producer: facts.producer.clone(), name: facts.name.clone(), others }
    }
}

/// A wine that a label may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Place in the list.
    pub index: usize,
    /// How much of the wine was read, 0 to 1: its words weighed by rarity.
    pub likeness: f32,
    /// What the order goes by; without a unit.
    pub score: f32,
}

/// Known wines, ready to be compared with labels.
pub struct Catalogue {
    entries: Vec<Entry>,
    /// All words of all wines.
    vocabulary: Vec<String>,
    /// By word: how rare it is.
    rarity: Vec<f32>,
    /// By wine: the words of producer and name, then those besides.
    told: Vec<(Vec<u32>, Vec<u32>)>,
}

impl Catalogue {
    /// Prepares a list; 5,000 wines take some 20 ms.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Self {
        let all = entries.len() as f32;
        Self::weighed(entries, all, |_, counted| counted)
    }

    /// Prepares some wines of a list of `all`: a word is as rare as `told` says, which tells in how many wines of that list it stands.
    #[must_use]
    pub fn among(entries: Vec<Entry>, all: u32, told: &HashMap<String, u32>) -> Self {
        let counted = |word: &str, here: f32| told.get(word).map_or(here, |count| *count as f32);
        Self::weighed(entries, all as f32, counted)
    }

    /// `counted` says of a word in how many of `all` wines it stands, and hears in how many of these.
    fn weighed(entries: Vec<Entry>, all: f32, counted: impl Fn(&str, f32) -> f32) -> Self {
        let mut ids: HashMap<String, u32> = HashMap::new();
        let mut vocabulary: Vec<String> = Vec::new();
        let mut count: Vec<f32> = Vec::new();
        let mut told = Vec::with_capacity(entries.len());
        for entry in &entries {
            let mut seen = HashSet::new();
            let mut take = |text: &str| {
                let mut found = Vec::new();
                for word in words(text).into_iter().filter(|word| word.len() > 1) {
                    let id = *ids.entry(word).or_insert_with_key(|word| {
                        vocabulary.push(word.clone());
                        count.push(0.0);
                        (vocabulary.len() - 1) as u32
                    });
                    if seen.insert(id) {
                        count[id as usize] += 1.0;
                        found.push(id);
                    }
                }
                found
            };
            let named = take(&format!("{} {}", entry.producer, entry.name));
            let others = take(&entry.others.join(" "));
            told.push((named, others));
        }
        let rare = |(word, here): (&String, &f32)| rarity(all, counted(word, *here));
        let rarity = vocabulary.iter().zip(&count).map(rare).collect();
        Self { entries, vocabulary, rarity, told }
    }

    /// The list.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The likeliest wines, likeliest first, at most so many; what has no word in common with the label is not among them.
    #[must_use]
    pub fn best(&self, readings: &Readings, most: usize) -> Vec<Match> {
        let read: Vec<f32> = self.vocabulary.iter().map(|word| readings.fit(word)).collect();
        let mut matches: Vec<Match> = self
            .told
            .iter()
            .enumerate()
            .filter_map(|(index, (named, others))| {
                let weigh = |ids: &[u32]| {
                    ids.iter().fold((0.0, 0.0), |(got, all), id| {
                        let id = *id as usize;
                        (got + self.rarity[id] * read[id], all + self.rarity[id])
                    })
                };
                let ((got, all), (besides, _)) = (weigh(named), weigh(others));
                let likeness = if all > 0.0 { got / all } else { 0.0 };
                let score = got * likeness + BESIDE * besides;
                (got > 0.0).then_some(Match { index, likeness, score })
            })
            .collect();
        matches.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.index.cmp(&b.index)));
        matches.truncate(most);
        matches
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::{Line, Page};

    fn entry(producer: &str, name: &str, others: &[&str]) -> Entry {
        let others = others.iter().map(|word| (*word).to_owned()).collect();
        Entry { id: name.into(), producer: producer.into(), name: name.into(), others }
    }

    fn read(lines: &[&str]) -> Readings {
        let line = |text: &&str| Line { text: (*text).into(), confidence: 0.9, corners: [[0.0; 2]; 4] };
        Readings::of(&[Page { width: 1, height: 1, lines: lines.iter().map(line).collect() }])
    }

    #[test]
    fn misread_and_run_together_words_find_their_wine() {
        let catalogue = Catalogue::new(vec![
            entry("Casa Valduga", "Origem Merlot", &["Brazil"]),
            entry("Casa Valduga", "Terroir Cabernet Franc", &["Brazil"]),
            entry("Domaine Tempier", "Bandol Rouge", &["Provence"]),
        ]);
        let first = |lines: &[&str]| catalogue.best(&read(lines), 3).first().map(|found| found.index);
        assert_eq!(first(&["CASAVALDUGA", "ORlGEM", "MERLOT"]), Some(0));
        assert_eq!(first(&["Casa Valduga", "Cabemet Franc"]), Some(1));
        assert_eq!(first(&["DOMAINE", "TEMPIIER"]), Some(2));
        assert_eq!(first(&["xyz"]), None);
    }

    #[test]
    fn thousands_of_wines_are_compared_in_no_time() {
        let entries = (0..5000)
            .map(|i| entry(&format!("Domaine Numero{}", i % 700), &format!("Cuvee Speciale{i}"), &[]))
            .collect();
        let catalogue = Catalogue::new(entries);
        let found = catalogue.best(&read(&["DOMAINE NUMERO33", "CUVEE SPECIALE733", "2015", "Mis en bouteille"]), 3);
        assert_eq!(found[0].index, 733);
        assert!(found[0].likeness > 0.9);
    }

    #[test]
    fn some_wines_of_a_list_are_weighed_as_the_whole_list_does() {
        let wines: Vec<Entry> =
            (0..50).map(|i| entry(&format!("Domaine Haus{}", i % 7), &format!("Lage{i}"), &["France"])).collect();
        let mut told: HashMap<String, u32> = HashMap::from([("domaine".into(), 50), ("france".into(), 50)]);
        told.extend((0..50).map(|i| (format!("lage{i}"), 1)));
        told.extend((0..7).map(|house| (format!("haus{house}"), (0..50).filter(|i| i % 7 == house).count() as u32)));
        let read = read(&["DOMAINE HAUS3", "LAGE17"]);
        let whole = Catalogue::new(wines.clone()).best(&read, 1)[0];
        let some = Catalogue::among(wines[10..20].to_vec(), 50, &told).best(&read, 1)[0];
        assert_eq!((whole.index, whole.likeness, whole.score), (17, some.likeness, some.score));
        assert_eq!(some.index, 7);
    }
}
