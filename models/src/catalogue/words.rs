//! The vocabulary: every word of every wine once, and how well each fits a word that is looked for.

use std::collections::HashMap;

use crate::typo;

/// How well a word fits: less is better.
pub(super) const EXACT: u8 = 0;
pub(super) const PREFIX: u8 = 1;
const TYPO: u8 = 4;
pub(super) const MISS: u8 = u8::MAX;

struct Token {
    text: Box<str>,
    letters: u32,
}

/// Words by number. Words of wines that are renamed stay: they are few, and nothing points to them.
#[derive(Default)]
pub(super) struct Vocabulary {
    tokens: Vec<Token>,
    numbers: HashMap<Box<str>, u32>,
}

impl Vocabulary {
    /// The numbers of the words of a folded text, each once.
    pub(super) fn numbers(&mut self, folded: &str) -> Box<[u32]> {
        let mut list: Vec<u32> = folded.split_whitespace().map(|word| self.number(word)).collect();
        list.sort_unstable();
        list.dedup();
        list.into()
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        self.tokens.push(Token { text: word.into(), letters: typo::letters(word) });
        self.numbers.insert(word.into(), number);
        number
    }

    /// How well each word of the vocabulary fits `word`, which is folded.
    pub(super) fn grades(&self, word: &str) -> Vec<u8> {
        let chars: Vec<char> = word.chars().collect();
        let letters = typo::letters(word);
        // A number with another digit is another number.
        let slips = match chars.len() {
            _ if word.bytes().any(|b| b.is_ascii_digit()) => 0,
            0..=2 => 0,
            3..=7 => 1,
            _ => 2,
        };
        let mut buffer = Vec::new();
        let grade = |token: &Token| {
            if &*token.text == word {
                return EXACT;
            }
            if token.text.starts_with(word) {
                return PREFIX;
            }
            // Each slip adds a letter that the word has and the token has not: one at most.
            if slips == 0 || (letters & !token.letters).count_ones() as usize > slips {
                return MISS;
            }
            buffer.clear();
            buffer.extend(token.text.chars());
            // Three letters are a slip away from everything, but they may be what is left of a word of four.
            let whole = chars.len() == 3;
            if whole && buffer.len() != 4 {
                return MISS;
            }
            typo::distance(&chars, &buffer, slips, whole).map_or(MISS, |slips| TYPO * slips.max(1) as u8)
        };
        self.tokens.iter().map(grade).collect()
    }
}
