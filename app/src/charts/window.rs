//! A drinking window as a bar of years, with a mark for today.

use models::window::Window;

use crate::texts;

use super::{
    WIDTH,
    markup::{Anchor, Drawing},
};

const HEIGHT: f64 = 74.0;
const LEFT: f64 = 10.0;
const RIGHT: f64 = WIDTH - 10.0;

/// Draws it: from five years before to five years after all that is known, the peak higher than the window.
pub fn draw(window: &Window, this_year: i32, words: &str) -> String {
    let known: Vec<i32> = [window.drink_from, window.peak_from, window.peak_to, window.drink_to, Some(this_year)]
        .into_iter()
        .flatten()
        .collect();
    let first = known.iter().min().map_or(this_year, |year| year - 2);
    let last = known.iter().max().map_or(this_year, |year| year + 3);
    let x = |year: i32| LEFT + (RIGHT - LEFT) * f64::from(year - first) / f64::from((last - first).max(1));
    let mut drawing = Drawing::new(HEIGHT, texts::drinking_window(), words);
    drawing.line("axis", (LEFT, 44.0), (RIGHT, 44.0));
    // A window ends with the end of its last year; an open side runs to the edge.
    let bar = |from: Option<i32>, to: Option<i32>| (x(from.unwrap_or(first)), x(to.map_or(last, |year| year + 1)));
    let (from, to) = bar(window.drink_from.or(window.peak_from), window.drink_to.or(window.peak_to));
    drawing.rect("window", None, (from, 32.0), (to - from, 12.0));
    if window.peak_from.is_some() || window.peak_to.is_some() {
        let (from, to) = bar(window.peak_from.or(window.drink_from), window.peak_to.or(window.drink_to));
        drawing.rect("peak", None, (from, 24.0), (to - from, 20.0));
    }
    let mut named: Vec<(f64, String)> = Vec::new();
    let ends = [
        window.drink_from,
        window.drink_to.map(|year| year + 1),
        window.peak_from,
        window.peak_to.map(|year| year + 1),
    ];
    let years = [window.drink_from, window.drink_to, window.peak_from, window.peak_to];
    for (end, year) in ends.into_iter().zip(years) {
        let (Some(end), Some(year)) = (end, year) else { continue };
        // Years that would run into each other are left to the words beside the drawing.
        if named.iter().all(|(at, _)| (at - x(end)).abs() > 58.0) {
            named.push((x(end), year.to_string()));
        }
    }
    for (at, year) in named {
        let (at, anchor) = match at {
            at if at < LEFT + 20.0 => (LEFT, Anchor::Start),
            at if at > RIGHT - 20.0 => (RIGHT, Anchor::End),
            at => (at, Anchor::Middle),
        };
        drawing.word("tick", (at, 64.0), anchor, &year);
    }
    let now = x(this_year) + (x(this_year + 1) - x(this_year)) / 2.0;
    drawing.line("today", (now, 18.0), (now, 50.0));
    let anchor = if now < LEFT + 30.0 {
        Anchor::Start
    } else if now > RIGHT - 30.0 {
        Anchor::End
    } else {
        Anchor::Middle
    };
    drawing.word("value", (now, 14.0), anchor, texts::today());
    drawing.finish()
}

/// `2024 to 2034, best 2027 to 2030`.
pub fn words(window: &Window) -> String {
    let span = |from: Option<i32>, to: Option<i32>| match (from, to) {
        (Some(from), Some(to)) => Some(texts::years_from_to(&from, &to)),
        (Some(from), None) => Some(texts::years_from(&from)),
        (None, Some(to)) => Some(texts::years_until(&to)),
        (None, None) => None,
    };
    let drink = span(window.drink_from, window.drink_to);
    let peak = span(window.peak_from, window.peak_to).map(|peak| texts::years_best(&peak));
    let all: Vec<String> = [drink, peak].into_iter().flatten().collect();
    if all.is_empty() { texts::window_unknown().to_owned() } else { all.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_drawn_with_today_and_told_in_words() {
        let window =
            Window { drink_from: Some(2020), peak_from: Some(2024), peak_to: Some(2030), drink_to: Some(2035) };
        assert_eq!(words(&window), "2020 to 2035, best 2024 to 2030");
        let svg = draw(&window, 2026, &words(&window));
        for word in ["today", ">2020<", ">2035<", "class=\"peak\"", "class=\"window\"", "<desc>2020 to 2035"] {
            assert!(svg.contains(word), "{word}: {svg}");
        }
    }

    #[test]
    fn open_sides_and_unknown_windows_are_drawn_too() {
        for window in [Window::default(), Window::years(None, Some(2020)), Window::years(Some(2040), None)] {
            let svg = draw(&window, 2026, &words(&window));
            assert!(!svg.contains("NaN") && !svg.contains("width=\"-"), "{svg}");
        }
        assert_eq!(words(&Window::years(None, Some(2020))), "until 2020");
        assert_eq!(words(&Window::default()), "No window is known");
    }
}
