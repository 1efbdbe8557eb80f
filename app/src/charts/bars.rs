//! Shares as horizontal bars, each with its name before it and its number behind it.

use super::{
    WIDTH,
    axis::Scale,
    markup::{Anchor, Drawing, fit},
};
use crate::texts;

const LEFT: f64 = 190.0;
const ROW: f64 = 30.0;
/// About so many letters fit before the bars.
const LETTERS: usize = 19;

/// What is drawn.
pub struct BarChart<'a> {
    /// What it is.
    pub title: &'a str,
    /// What it shows, in a sentence.
    pub desc: &'a str,
    /// Names and numbers, in the order of drawing.
    pub bars: &'a [(String, i64)],
}

/// Draws it.
pub fn draw(chart: &BarChart<'_>) -> String {
    #[allow(clippy::cast_precision_loss)]
    let height = chart.bars.len().max(1) as f64 * ROW + 6.0;
    let mut drawing = Drawing::new(height, chart.title, chart.desc);
    let most = chart.bars.iter().map(|bar| bar.1).max().unwrap_or(1);
    #[allow(clippy::cast_precision_loss)]
    let room = most.to_string().len() as f64 * 9.0 + 16.0;
    let scale = Scale { most, zero: LEFT, end: WIDTH - room };
    drawing.line("axis", (LEFT, 2.0), (LEFT, height - 2.0));
    for (i, (name, value)) in chart.bars.iter().enumerate() {
        #[allow(clippy::cast_precision_loss)]
        let y = i as f64 * ROW + 3.0;
        let end = scale.at(*value);
        drawing.word("name", (LEFT - 10.0, y + 20.0), Anchor::End, &fit(name, LETTERS));
        drawing.rect("part-0", None, (LEFT, y + 4.0), (end - LEFT, ROW - 8.0));
        drawing.word("value", (end + 8.0, y + 20.0), Anchor::Start, &value.to_string());
    }
    drawing.finish()
}

/// At most `most` bars: what comes after them is added up under one name.
pub fn rest(mut bars: Vec<(String, i64)>, most: usize, name: &str) -> Vec<(String, i64)> {
    if bars.len() > most.max(1) {
        let others = bars.split_off(most.max(1) - 1);
        bars.push((texts::others_counted(&name, &others.len()), others.iter().map(|bar| bar.1).sum()));
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(list: &[(&str, i64)]) -> Vec<(String, i64)> {
        list.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
    }

    #[test]
    fn every_bar_has_its_name_and_number() {
        let bars = bars(&[("Rhône & Loire", 30), ("Mosel", 12), ("none", 0)]);
        let svg = draw(&BarChart { title: "t", desc: "d", bars: &bars });
        for word in [">Rhône &amp; Loire<", ">30<", ">Mosel<", ">12<", ">0<"] {
            assert!(svg.contains(word), "{word}: {svg}");
        }
        assert_eq!(svg.matches("<rect").count(), 3);
    }

    #[test]
    fn the_tail_is_added_up() {
        let all = bars(&[("a", 5), ("b", 4), ("c", 3), ("d", 2)]);
        assert_eq!(rest(all.clone(), 3, "others"), bars(&[("a", 5), ("b", 4), ("others (2)", 5)]));
        assert_eq!(rest(all.clone(), 4, "others"), all);
    }
}
