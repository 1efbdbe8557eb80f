//! The wines that a label may be, of those that are known.
//!
//! Each word of a wine counts by how rare it is among all wines (Sparck Jones, "A statistical interpretation of term
//! specificity", 1972), and as far as something like it was read. What of the wine was not read counts against it.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::{
    edit::{distance, tolerance},
    fold::{joined, words},
    line::Page,
};

/// A word of so many letters may stand inside a longer run of letters.
const INSIDE: usize = 5;
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
    /// Words that have three letters in a row in common.
    grams: HashMap<[u8; 3], Vec<u32>>,
    /// By wine: the words of producer and name, then those besides.
    told: Vec<(Vec<u32>, Vec<u32>)>,
}

impl Catalogue {
    /// Prepares a list; 5,000 wines take some 20 ms.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Self {
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
        let all = entries.len() as f32;
        let rarity = count.iter().map(|count| (1.0 + all / (count + 0.5)).ln()).collect();
        let mut grams: HashMap<[u8; 3], Vec<u32>> = HashMap::new();
        for (id, word) in vocabulary.iter().enumerate() {
            for gram in grams_of(word) {
                grams.entry(gram).or_default().push(id as u32);
            }
        }
        Self { entries, vocabulary, rarity, grams, told }
    }

    /// The list.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The likeliest wines, likeliest first, at most so many; what has no word in common with the label is not among them.
    #[must_use]
    pub fn best(&self, pages: &[Page], most: usize) -> Vec<Match> {
        let read = self.likenesses(pages);
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

    /// For each word of the vocabulary how well something that was read fits it, 0 to 1.
    fn likenesses(&self, pages: &[Page]) -> Vec<f32> {
        let mut best = vec![0f32; self.vocabulary.len()];
        for line in pages.iter().flat_map(|page| &page.lines) {
            let run = joined(&line.text);
            let mut pieces: HashSet<String> = words(&line.text).into_iter().collect();
            pieces.insert(run.clone());
            let near: HashSet<u32> = grams_of(&run)
                .iter()
                .chain(pieces.iter().flat_map(|p| grams_of(p)).collect::<Vec<_>>().iter())
                .filter_map(|gram| self.grams.get(gram))
                .flatten()
                .copied()
                .collect();
            for id in near {
                let word = &self.vocabulary[id as usize];
                let fit = pieces.iter().map(|piece| alike(piece, word)).fold(0.0, f32::max);
                let fit = if fit < 0.9 && word.len() >= INSIDE && run.contains(word.as_str()) { 0.9 } else { fit };
                let fit = fit * (0.5 + 0.5 * line.confidence);
                best[id as usize] = best[id as usize].max(fit);
            }
        }
        best
    }
}

/// Three letters in a row, with the beginning and the end marked, so that words of two letters have some too.
fn grams_of(word: &str) -> Vec<[u8; 3]> {
    let marked: Vec<u8> = std::iter::once(b'^').chain(word.bytes()).chain(std::iter::once(b'$')).collect();
    marked.windows(3).map(|three| [three[0], three[1], three[2]]).collect()
}

fn alike(read: &str, word: &str) -> f32 {
    if read == word {
        return 1.0;
    }
    // One more than for the tables: the wrong wine is not chosen by one word alone.
    let most = tolerance(word.len()) + usize::from(word.len() > 6);
    match distance(read.as_bytes(), word.as_bytes(), most) {
        Some(edits) => 1.0 - 1.5 * edits as f32 / word.len() as f32,
        None => 0.0,
    }
    .max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Line;

    fn entry(producer: &str, name: &str, others: &[&str]) -> Entry {
        let others = others.iter().map(|word| (*word).to_owned()).collect();
        Entry { id: name.into(), producer: producer.into(), name: name.into(), others }
    }

    fn read(lines: &[&str]) -> Vec<Page> {
        let line = |text: &&str| Line { text: (*text).into(), confidence: 0.9, corners: [[0.0; 2]; 4] };
        vec![Page { width: 1, height: 1, lines: lines.iter().map(line).collect() }]
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
}
