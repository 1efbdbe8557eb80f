//! What was read, ready to be asked how well something in it fits a word: few readings are prepared, so that the words of a
//! list, however many, only pass by.

use std::collections::{HashMap, HashSet};

use models::search::words;

use crate::{
    edit::{distance, tolerance},
    fold::joined,
    line::Page,
};

/// A word of so many letters may stand inside a longer run of letters.
const INSIDE: usize = 5;
/// So many letters that were typed may be the beginning of a word, and what that counts.
const BEGUN: usize = 3;
const BEGINNING: f32 = 0.8;

/// Lines of text, and where letters of them occur.
pub struct Readings {
    lines: Vec<Said>,
    /// The lines in which three letters stand in a row.
    grams: HashMap<[u8; 3], Vec<u16>>,
}

struct Said {
    /// Its words, and all of it run together: a reader misses blanks.
    pieces: HashSet<String>,
    run: String,
    confidence: f32,
    /// Whether a person has typed it, who need not end a word.
    typed: bool,
}

impl Readings {
    /// What was read on the shots of a bottle.
    #[must_use]
    pub fn of(pages: &[Page]) -> Self {
        let lines = pages.iter().flat_map(|page| &page.lines);
        Self::new(lines.map(|line| Said::new(&line.text, line.confidence, false)).collect())
    }

    /// What a person has typed.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        Self::new(vec![Said::new(text, 1.0, true)])
    }

    fn new(lines: Vec<Said>) -> Self {
        let mut grams: HashMap<[u8; 3], Vec<u16>> = HashMap::new();
        for (i, line) in lines.iter().enumerate() {
            let of_line: HashSet<[u8; 3]> = line.pieces.iter().flat_map(|piece| grams_of(piece)).collect();
            for gram in of_line {
                grams.entry(gram).or_default().push(i as u16);
            }
        }
        Self { lines, grams }
    }

    /// How well something that was read fits a word (folded), 0 to 1. Only lines that have three letters of it are compared.
    #[must_use]
    pub fn fit(&self, word: &str) -> f32 {
        let mut near: Vec<u16> = Vec::new();
        for gram in grams_of(word) {
            near.extend(self.grams.get(&gram).into_iter().flatten());
        }
        near.sort_unstable();
        near.dedup();
        near.into_iter().map(|line| self.lines[usize::from(line)].fit(word)).fold(0.0, f32::max)
    }
}

impl Said {
    fn new(text: &str, confidence: f32, typed: bool) -> Self {
        let run = joined(text);
        let mut pieces: HashSet<String> = words(text).into_iter().collect();
        pieces.insert(run.clone());
        Self { pieces, run, confidence, typed }
    }

    fn fit(&self, word: &str) -> f32 {
        let fit = self.pieces.iter().map(|piece| alike(piece, word)).fold(0.0, f32::max);
        let fit = if fit < 0.9 && word.len() >= INSIDE && self.run.contains(word) { 0.9 } else { fit };
        let begins = |piece: &String| piece.len() >= BEGUN && word.starts_with(piece.as_str());
        let fit = if fit < BEGINNING && self.typed && self.pieces.iter().any(begins) { BEGINNING } else { fit };
        fit * (0.5 + 0.5 * self.confidence)
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

    #[test]
    fn what_was_typed_may_be_the_beginning_of_a_word() {
        let typed = Readings::typed("chateau temp");
        assert!(typed.fit("tempier") >= BEGINNING && typed.fit("chateau") >= 1.0);
        assert!(typed.fit("temptation") >= BEGINNING && typed.fit("margaux") <= 0.0);
        assert!(Readings::typed("te").fit("tempier") <= 0.0, "two letters say nothing");
    }
}
