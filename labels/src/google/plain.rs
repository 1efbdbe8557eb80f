//! `textAnnotations`: the whole text in one, then its words in the same order, each with its place. No confidence is said there.

use super::{
    UNSAID,
    place::{self, Quad},
    shapes::Entity,
    words::nowhere,
};
use crate::line::Line;

/// The lines of the whole text, each with the words that stand in it.
pub(super) fn lines(all: &[Entity], size: [f32; 2]) -> Vec<Line> {
    let Some((whole, mut words)) = all.split_first() else { return Vec::new() };
    let mut lines = Vec::new();
    for text in whole.description.lines().map(str::trim) {
        let mut places: Vec<Quad> = Vec::new();
        let mut rest = text;
        // The next word is this line's as long as the line goes on with it.
        while let Some((word, after)) = words.split_first()
            && let Some(left) = rest.strip_prefix(word.description.as_str()).filter(|_| !word.description.is_empty())
        {
            places.extend(place::of(&word.bounding_poly, size));
            (rest, words) = (left.trim_start(), after);
        }
        if text.chars().any(char::is_alphanumeric) {
            let corners = place::around(&places).unwrap_or(nowhere(size));
            lines.push(Line { text: text.to_owned(), confidence: UNSAID, corners });
        }
    }
    lines
}
