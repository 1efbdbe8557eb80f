//! Counts over the months, each bar in parts that have patterns and a legend.

use super::{
    WIDTH,
    axis::{Scale, ticks},
    markup::{Anchor, Drawing},
    months,
};

const HEIGHT: f64 = 270.0;
const TOP: f64 = 44.0;
const GROUND: f64 = 234.0;
const RIGHT: f64 = WIDTH - 6.0;
/// Parts of a bar.
pub const PARTS: usize = 3;

/// What is drawn.
pub struct StackedChart<'a> {
    /// Names the patterns: unique on the page.
    pub id: &'a str,
    /// What it is.
    pub title: &'a str,
    /// What it shows, in a sentence.
    pub desc: &'a str,
    /// `YYYY-MM` for each bar.
    pub months: &'a [String],
    /// Names of the parts.
    pub parts: [&'a str; PARTS],
    /// The parts of each bar, from the ground up.
    pub values: &'a [[i64; PARTS]],
}

/// Draws it.
pub fn draw(chart: &StackedChart<'_>) -> String {
    let mut drawing = Drawing::new(HEIGHT, chart.title, chart.desc);
    drawing.patterns(chart.id);
    let fills: Vec<Option<String>> = (0..PARTS).map(|n| (n > 0).then(|| format!("{}-{n}", chart.id))).collect();
    let class = |n: usize| if n == 0 { "part-0" } else { "part" };
    let sum = |parts: &[i64; PARTS]| parts.iter().map(|n| n.max(&0)).sum::<i64>();
    let ticks = ticks(chart.values.iter().map(sum).max().unwrap_or(0));
    let scale = Scale { most: ticks.last().copied().unwrap_or(1), zero: GROUND, end: TOP };
    #[allow(clippy::cast_precision_loss)]
    let left = ticks.iter().map(|tick| tick.to_string().len()).max().unwrap_or(1) as f64 * 9.0 + 12.0;
    let mut x = left;
    for (n, name) in chart.parts.iter().enumerate() {
        drawing.rect(class(n), fills[n].as_deref(), (x, 6.0), (20.0, 16.0));
        drawing.word("name", (x + 28.0, 19.0), Anchor::Start, name);
        #[allow(clippy::cast_precision_loss)]
        let width = name.chars().count() as f64 * 8.6 + 56.0;
        x += width;
    }
    for tick in &ticks {
        let y = scale.at(*tick);
        drawing.line(if *tick == 0 { "axis" } else { "grid" }, (left, y), (RIGHT, y));
        drawing.word("tick", (left - 8.0, y + 5.0), Anchor::End, &tick.to_string());
    }
    #[allow(clippy::cast_precision_loss)]
    let step = (RIGHT - left) / chart.values.len().max(1) as f64;
    #[allow(clippy::cast_precision_loss)]
    let middle = |i: usize| left + step * (i as f64 + 0.5);
    for (i, parts) in chart.values.iter().enumerate() {
        let width = (step * 0.72).min(44.0);
        let mut below = 0;
        for (n, part) in parts.iter().enumerate().filter(|(_, part)| **part > 0) {
            let (low, high) = (scale.at(below), scale.at(below + part));
            drawing.rect(class(n), fills[n].as_deref(), (middle(i) - width / 2.0, high), (width, low - high));
            below += part;
        }
    }
    for (i, label) in months::labels(chart.months, 7) {
        let (at, anchor) = match middle(i) {
            at if at > RIGHT - 24.0 => (RIGHT, Anchor::End),
            at => (at, Anchor::Middle),
        };
        drawing.word("tick", (at, GROUND + 24.0), anchor, &label);
    }
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_by_pattern_and_legend() {
        let months: Vec<String> = ["2026-10", "2026-11"].map(str::to_owned).to_vec();
        let chart = StackedChart {
            id: "drunk",
            title: "t",
            desc: "d",
            months: &months,
            parts: ["drunk", "given away", "otherwise"],
            values: &[[4, 2, 1], [0, -1, 0]],
        };
        let svg = draw(&chart);
        for word in
            [">drunk<", ">given away<", ">otherwise<", "url(#drunk-1)", "url(#drunk-2)", ">8<", ">Oct<", ">Nov<"]
        {
            assert!(svg.contains(word), "{word}: {svg}");
        }
        // Three parts of the first bar, none of the second, three of the legend, three in the patterns.
        assert_eq!(svg.matches("<rect").count(), 3 + 3 + 3);
    }
}
