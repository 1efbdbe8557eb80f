//! The languages that the app speaks.

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English, which whoever asks for none of these gets.
    #[default]
    English,
    /// Hungarian.
    Hungarian,
    /// German.
    German,
    /// French.
    French,
}

impl Language {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::English, Self::Hungarian, Self::German, Self::French];

    /// The tag of BCP 47, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Hungarian => "hu",
            Self::German => "de",
            Self::French => "fr",
        }
    }

    /// In its own words.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Hungarian => "Magyar",
            Self::German => "Deutsch",
            Self::French => "Fran\u{e7}ais",
        }
    }

    /// By tag, also with a region: `de-AT`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let bare = tag.trim().split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(bare))
    }

    /// The best of an `Accept-Language` header: `fr-CH, fr;q=0.9, en;q=0.8`.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best = None;
        for one in header.split(',') {
            let (tag, weight) = one.split_once(";q=").unwrap_or((one, "1"));
            let weight: f32 = weight.trim().parse().unwrap_or(0.0);
            if let Some(language) = Self::from_tag(tag).filter(|_| weight > best.map_or(0.0, |(_, most)| most)) {
                best = Some((language, weight));
            }
        }
        best.map(|(language, _)| language)
    }

    /// Whether so many take the form for one. (French says it of none, too; Hungarian never parts them.)
    pub fn one(self, n: i64) -> bool {
        match self {
            Self::French => n.abs() < 2,
            _ => n == 1,
        }
    }

    /// A label within a sentence: its first letter is small, but German nouns keep theirs.
    pub fn inside(self, label: &str) -> String {
        let mut letters = label.chars();
        match letters.next() {
            Some(first) if self != Self::German => first.to_lowercase().chain(letters).collect(),
            _ => label.to_owned(),
        }
    }

    /// What stands before the decimals.
    pub fn decimal_mark(self) -> char {
        if self == Self::English { '.' } else { ',' }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_that_is_wanted_most_is_taken() {
        assert_eq!(Language::accepted("fr-CH, fr;q=0.9, en;q=0.8"), Some(Language::French));
        assert_eq!(Language::accepted("ja, de;q=0.5, hu;q=0.7"), Some(Language::Hungarian));
        assert_eq!(Language::accepted("ja, *;q=0.1"), None);
        assert_eq!(Language::accepted("de;q=0"), None);
    }

    #[test]
    fn one_is_not_the_same_everywhere() {
        assert!(Language::French.one(0) && !Language::German.one(0));
        assert!(Language::English.one(1) && !Language::English.one(2));
    }
}
