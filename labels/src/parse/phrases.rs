//! Names of the reference tables in the lines, misread letters and missed blanks allowed for.

use models::search::words;

use super::Seen;
use crate::{
    edit::{distance, tolerance},
    tables::{Kind, Known, TABLES},
};

/// Most words of a name.
const MOST_WORDS: usize = 7;
/// A name of so many letters may stand inside a longer run of letters.
const INSIDE: usize = 8;

/// A name that was found.
pub(super) struct Found<'a> {
    pub(super) known: &'static Known,
    pub(super) seen: Seen<'a>,
    /// How well it fits, 0 to 1.
    pub(super) likeness: f32,
    /// Letters of the name: a longer one says more.
    letters: usize,
    /// Part of the line's letters that it takes, 0 to 1.
    pub(super) share: f32,
}

impl Found<'_> {
    /// Orders those of a kind.
    pub(super) fn weight(&self) -> f32 {
        self.likeness
            * self.seen.line.confidence
            * (1.0 + 0.05 * self.letters.min(20) as f32)
            * (0.7 + 0.3 * self.share)
    }
}

/// Some words of a line, or of a line and the next.
struct Window {
    line: usize,
    start: usize,
    end: usize,
    text: String,
    /// Whether it goes on in the next line.
    two_lines: bool,
}

/// All names in the lines. Of names that share words the longest counts: `Côtes du Rhône` is not also `Rhône`.
pub(super) fn find<'a>(lines: &[Seen<'a>]) -> Vec<Found<'a>> {
    let split: Vec<Vec<String>> = lines.iter().map(|seen| words(&seen.line.text)).collect();
    let lengths: Vec<usize> = split.iter().map(|words| words.iter().map(String::len).sum::<usize>().max(1)).collect();
    let mut hits: Vec<(Window, &'static Known, f32)> = Vec::new();
    for window in windows(lines, &split) {
        for known in TABLES.iter() {
            let likeness = known.spellings.iter().map(|spelling| likeness(&window, spelling)).fold(0.0, f32::max);
            if likeness > 0.0 {
                let place = Window { text: window.text.clone(), ..window };
                hits.push((place, known, likeness));
            }
        }
    }
    // The longest first; what lies inside one that was taken is part of it, unless it tells something of another kind
    // that the longer one does not, as the grape in `Barbera d'Asti` does.
    hits.sort_by(|a, b| (b.0.text.len() as f32 * b.2).total_cmp(&(a.0.text.len() as f32 * a.2)));
    let mut taken: Vec<(usize, usize, usize, Kind)> = Vec::new();
    let mut found = Vec::new();
    for (window, known, likeness) in hits {
        let covered = |taken: &(usize, usize, usize, Kind)| {
            let (line, start, end, kind) = *taken;
            let inside = line == window.line && start < window.end && window.start < end;
            inside
                && !(kind == Kind::Appellation && known.kind == Kind::Grape)
                && !(kind == Kind::Grape && known.kind == Kind::Colour)
        };
        if taken.iter().any(covered) {
            continue;
        }
        taken.push((window.line, window.start, window.end, known.kind));
        let share = (window.text.len() as f32 / lengths[window.line] as f32).min(1.0);
        found.push(Found { known, seen: lines[window.line], likeness, letters: window.text.len(), share });
    }
    found
}

fn windows(lines: &[Seen], split: &[Vec<String>]) -> Vec<Window> {
    let mut windows = Vec::new();
    for (line, words) in split.iter().enumerate() {
        for start in 0..words.len() {
            for end in start + 1..=words.len().min(start + MOST_WORDS) {
                windows.push(Window { line, start, end, text: words[start..end].concat(), two_lines: false });
            }
        }
        // A name that goes on in the next line of the same shot.
        if let Some(next) = split.get(line + 1)
            && lines[line].shot == lines[line + 1].shot
            && words.len() <= 3
            && next.len() <= 3
            && !words.is_empty()
            && !next.is_empty()
        {
            windows.push(Window {
                line,
                start: 0,
                end: words.len(),
                text: words.concat() + &next.concat(),
                two_lines: true,
            });
        }
    }
    windows
}

/// How well some letters fit a name, 0 to 1.
fn likeness(window: &Window, spelling: &str) -> f32 {
    let text = window.text.as_str();
    if text == spelling {
        return 1.0;
    }
    let most = tolerance(spelling.len());
    if most > 0 && text.len().abs_diff(spelling.len()) <= most {
        return match distance(text.as_bytes(), spelling.as_bytes(), most) {
            Some(edits) => 1.0 - 2.0 * edits as f32 / spelling.len() as f32,
            None => 0.0,
        };
    }
    // A reader misses the blanks within a word as it sees it; with several words the name is found by itself.
    if !window.two_lines
        && window.end == window.start + 1
        && spelling.len() >= INSIDE
        && text.len() > spelling.len()
        && text.contains(spelling)
    {
        0.7
    } else {
        0.0
    }
}
