//! What other rooms say: the rules, why something is refused, and the camera, what it cannot see. They speak English, for the API, the
//! command line and the log; here a sentence is recognised by its words, and said again in the language of the request.

use super::{Language, fill, language, on_server::table, table::OWN};

/// The sentence in the language of the request. One that nobody has put into the tables stays as it is.
pub fn in_our_words(sentence: &str) -> String {
    let language = language();
    if language == Language::English {
        return sentence.to_owned();
    }
    let english = table(Language::English).iter().enumerate().skip(OWN);
    let found = english.filter_map(|(place, pattern)| Some((place, literal(pattern), parts(pattern, sentence)?)));
    // Of two that fit, the one that says more of it in its own words.
    match found.max_by_key(|(_, literal, _)| *literal) {
        Some((place, _, parts)) => {
            let parts: Vec<String> = parts.into_iter().map(in_our_words).collect();
            let given: Vec<&dyn std::fmt::Display> = parts.iter().map(|part| part as &dyn std::fmt::Display).collect();
            fill(table(language).get(place).copied().unwrap_or(sentence), &given)
        }
        None => sentence.to_owned(),
    }
}

/// How many letters of a pattern are its own.
fn literal(pattern: &str) -> usize {
    pattern.split('{').map(|piece| piece.split_once('}').map_or(piece, |both| both.1).len()).sum()
}

/// What stands in the places of a pattern, if the sentence is one of its kind.
fn parts<'a>(pattern: &str, sentence: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = pattern.split('{').map(|piece| piece.split_once('}').map_or(piece, |both| both.1));
    let mut rest = sentence.strip_prefix(pieces.next()?)?;
    let mut found = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let end = match pieces.peek() {
            // The last piece ends the sentence.
            None => rest
                .len()
                .checked_sub(piece.len())
                .filter(|end| rest.is_char_boundary(*end) && rest[*end..] == *piece)?,
            Some(_) => rest.find(piece)?,
        };
        found.push(&rest[..end]);
        rest = &rest[end + piece.len()..];
    }
    (rest.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::within;

    #[test]
    fn a_sentence_of_the_rules_is_said_in_the_language_of_the_request() {
        let said = |sentence: &str| within(Language::German, || in_our_words(sentence));
        assert_eq!(said("bin 01_02 is full (3 of 3)"), "Fach 01_02 ist voll (3 von 3)");
        assert_eq!(said("nobody has ever said this"), "nobody has ever said this");
        let quota = said("Google's quota is used up (status 429): try again later, or raise it in the Cloud console");
        assert!(quota.starts_with("Googles Kontingent ist aufgebraucht (status 429)"), "{quota}");
        assert_eq!(in_our_words("bin 01_02 is full (3 of 3)"), "bin 01_02 is full (3 of 3)");
    }

    #[test]
    fn what_is_filled_in_is_said_again_too() {
        let sentence = "2 of 8 bins cannot be read; 01_02: it is in complete darkness.";
        let said = within(Language::German, || in_our_words(sentence));
        assert!(said.contains("01_02") && !said.contains("darkness"), "{said}");
    }

    #[test]
    fn a_pattern_takes_nothing_but_its_kind() {
        assert_eq!(parts("bin {0} is full", "bin a is full"), Some(vec!["a"]));
        assert_eq!(parts("bin {0} is full", "bin a is fuller"), None);
        assert_eq!(parts("{0} of {1}", "2 of 8"), Some(vec!["2", "8"]));
        assert_eq!(parts("plain", "plain"), Some(vec![]));
        assert_eq!(parts("plain", "plainer"), None);
    }
}
