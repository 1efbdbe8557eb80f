//! `fullTextAnnotation`: blocks, paragraphs, words and signs become lines.

use super::{
    UNSAID,
    place::{self, Quad},
    shapes::{Block, Break, FullText, Paragraph, Word},
};
use crate::line::Line;

/// The lines of a text, as they stand in it.
pub(super) fn lines(text: &FullText, size: [f32; 2]) -> Vec<Line> {
    let blocks = text.pages.iter().flat_map(|page| &page.blocks);
    blocks
        .flat_map(|block| block.paragraphs.iter().flat_map(move |paragraph| of_paragraph(paragraph, block, size)))
        .collect()
}

/// A line that is being put together.
#[derive(Default)]
struct Draft {
    text: String,
    places: Vec<Quad>,
    /// Sum of the confidences, each counted once a sign.
    sure: f32,
    signs: f32,
}

/// A paragraph ends its last line whether it says so or not.
fn of_paragraph(paragraph: &Paragraph, block: &Block, size: [f32; 2]) -> Vec<Line> {
    let place = place::of(&paragraph.bounding_box, size).or_else(|| place::of(&block.bounding_box, size));
    let (mut lines, mut open) = (Vec::new(), Draft::default());
    for word in &paragraph.words {
        let (at, sure) = (of_word(word, size), confidence(word, paragraph, block));
        let mut counted = false;
        for symbol in &word.symbols {
            let found = symbol.property.detected_break.as_ref();
            if found.is_some_and(|found| found.is_prefix && open.put(found)) {
                lines.extend(std::mem::take(&mut open).line(place, size));
                counted = false;
            }
            open.text.push_str(&symbol.text);
            open.sure += sure;
            open.signs += 1.0;
            if !counted {
                open.places.extend(at);
                counted = true;
            }
            if found.is_some_and(|found| !found.is_prefix && open.put(found)) {
                lines.extend(std::mem::take(&mut open).line(place, size));
                counted = false;
            }
        }
    }
    lines.extend(open.line(place, size));
    lines
}

impl Draft {
    /// Puts a break into the text; true where it ends the line.
    fn put(&mut self, found: &Break) -> bool {
        match found.kind.as_str() {
            "SPACE" | "SURE_SPACE" => {
                self.text.push(' ');
                false
            }
            "EOL_SURE_SPACE" | "LINE_BREAK" => true,
            // The hyphen at the end of a line is not among the signs.
            "HYPHEN" => {
                self.text.push('-');
                true
            }
            _ => false,
        }
    }

    /// The line, where anything was read; `place` is where its paragraph stands.
    fn line(self, place: Option<Quad>, size: [f32; 2]) -> Option<Line> {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.chars().any(char::is_alphanumeric).then(|| Line {
            text,
            confidence: (self.sure / self.signs.max(1.0)).clamp(0.0, 1.0),
            corners: place::around(&self.places).or(place).unwrap_or(nowhere(size)),
        })
    }
}

/// Where the answer tells no place at all: across the picture, without a height, so that no letters count as large.
pub(super) fn nowhere(size: [f32; 2]) -> Quad {
    [[0.0, 0.0], [size[0], 0.0], [size[0], 0.0], [0.0, 0.0]]
}

fn of_word(word: &Word, size: [f32; 2]) -> Option<Quad> {
    place::of(&word.bounding_box, size).or_else(|| {
        let signs: Vec<Quad> = word.symbols.iter().filter_map(|symbol| place::of(&symbol.bounding_box, size)).collect();
        place::around(&signs)
    })
}

/// The word's own, else that of the nearest around or within it that has one.
fn confidence(word: &Word, paragraph: &Paragraph, block: &Block) -> f32 {
    let said: Vec<f32> =
        word.symbols.iter().map(|symbol| symbol.confidence).filter(|confidence| *confidence > 0.0).collect();
    let signs = said.iter().sum::<f32>() / said.len().max(1) as f32;
    let all = [word.confidence, signs, paragraph.confidence, block.confidence];
    all.into_iter().find(|confidence| *confidence > 0.0).unwrap_or(UNSAID)
}
