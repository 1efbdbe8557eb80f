//! One value over the months: a line with the area below it.

use super::{
    WIDTH,
    axis::{Scale, ticks},
    markup::{Anchor, Drawing},
    months,
};

const HEIGHT: f64 = 250.0;
const TOP: f64 = 30.0;
const GROUND: f64 = 214.0;
const RIGHT: f64 = WIDTH - 14.0;

/// What is drawn.
pub struct LineChart<'a> {
    /// What it is.
    pub title: &'a str,
    /// What it shows, in a sentence.
    pub desc: &'a str,
    /// `YYYY-MM` for each value.
    pub months: &'a [String],
    /// The values, not below 0.
    pub values: &'a [i64],
    /// A value in words.
    pub words: &'a dyn Fn(i64) -> String,
}

/// Draws it. The last value stands at the end of the line.
pub fn draw(chart: &LineChart<'_>) -> String {
    let mut drawing = Drawing::new(HEIGHT, chart.title, chart.desc);
    let ticks = ticks(chart.values.iter().copied().max().unwrap_or(0));
    let scale = Scale { most: ticks.last().copied().unwrap_or(1), zero: GROUND, end: TOP };
    let names: Vec<String> = ticks.iter().map(|tick| (chart.words)(*tick)).collect();
    // A letter is a little more than half as wide as it is high.
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(1);
    #[allow(clippy::cast_precision_loss)]
    let left = widest as f64 * 8.6 + 12.0;
    for (tick, name) in ticks.iter().zip(&names) {
        let y = scale.at(*tick);
        drawing.line(if *tick == 0 { "axis" } else { "grid" }, (left, y), (RIGHT, y));
        drawing.word("tick", (left - 8.0, y + 5.0), Anchor::End, name);
    }
    let x = |i: usize| {
        #[allow(clippy::cast_precision_loss)]
        let part = if chart.values.len() < 2 { 1.0 } else { i as f64 / (chart.values.len() - 1) as f64 };
        left + (RIGHT - left) * part
    };
    for (i, label) in months::labels(chart.months, 6) {
        let (at, anchor) = match x(i) {
            at if at > RIGHT - 24.0 => (RIGHT, Anchor::End),
            at if at < left + 24.0 => (left, Anchor::Start),
            at => (at, Anchor::Middle),
        };
        drawing.line("axis", (x(i), GROUND), (x(i), GROUND + 5.0));
        drawing.word("tick", (at, GROUND + 24.0), anchor, &label);
    }
    let points: Vec<_> = chart.values.iter().enumerate().map(|(i, value)| (x(i), scale.at(*value))).collect();
    drawing.path("area", &points, Some(GROUND));
    drawing.path("curve", &points, None);
    if let (Some(at), Some(value)) = (points.last(), chart.values.last()) {
        drawing.dot("mark", *at, 5.0);
        drawing.word("value", (RIGHT, (at.1 - 12.0).max(18.0)), Anchor::End, &(chart.words)(*value));
    }
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_round_ticks_its_last_value_and_words_for_those_who_hear() {
        let months: Vec<String> = ["2026-09", "2026-10", "2026-11"].map(str::to_owned).to_vec();
        let chart = LineChart {
            title: "Bottles",
            desc: "From 3 to 42.",
            months: &months,
            values: &[3, 47, 42],
            words: &|n: i64| n.to_string(),
        };
        let svg = draw(&chart);
        assert!(svg.contains("role=\"img\"") && svg.contains("<title>Bottles</title><desc>From 3 to 42.</desc>"));
        for word in [">0<", ">10<", ">50<", ">Sep<", ">Nov<", ">42<"] {
            assert!(svg.contains(word), "{word}: {svg}");
        }
        assert!(svg.contains("class=\"area\"") && svg.contains("class=\"curve\""));
    }

    #[test]
    fn nothing_and_a_single_month_are_drawn_too() {
        let one = ["2026-11".to_owned()];
        for (months, values) in [(&one[..], &[5_i64][..]), (&[], &[])] {
            let chart = LineChart { title: "t", desc: "d", months, values, words: &|n: i64| n.to_string() };
            let svg = draw(&chart);
            assert!(svg.ends_with("</svg>") && !svg.contains("NaN"), "{svg}");
        }
    }
}
