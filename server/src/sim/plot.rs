//! The drift of two books over time, as an SVG that reads in light and dark.

use std::fmt::Write;

use super::report::DayLine;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 56.0;
const BOTTOM: f64 = 276.0;
const TOP: f64 = 40.0;
const RIGHT: f64 = 884.0;

/// Both lines with their axes.
pub(super) fn drift(days: &[DayLine]) -> String {
    let most = days.iter().map(|d| d.drift_without.bottles.max(d.drift.bottles)).max().unwrap_or(0).max(4);
    let step = [1, 2, 5, 10, 20, 50, 100, 200, 500].into_iter().find(|step| most / step <= 6).unwrap_or(1000);
    let top = (most + step - 1) / step * step;
    let x = |day: u32| LEFT + (RIGHT - LEFT) * f64::from(day) / days.len().max(1) as f64;
    let y = |n: i64| BOTTOM - (BOTTOM - TOP) * n as f64 / top as f64;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"14\">\n\
         <title>Bottles that lie in another bin than the book says, at the end of each day</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"20\">bottles too many or too few, over all bins, at the end of the day</text>\n"
    );
    for n in (0..=top).step_by(usize::try_from(step).unwrap_or(1)) {
        let at = y(n);
        let _ = writeln!(
            out,
            "<line x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{RIGHT}\" y2=\"{at:.1}\" stroke=\"#ddd\"/>\
             <text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{n}</text>",
            LEFT - 8.0,
            at + 5.0
        );
    }
    let months = (days.len() as u32 / 12).max(1);
    for day in (0..=days.len() as u32).step_by(months as usize) {
        let at = x(day);
        let _ = writeln!(out, "<text x=\"{at:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{day}</text>", BOTTOM + 20.0);
    }
    let _ = writeln!(out, "<text x=\"{RIGHT}\" y=\"{:.0}\" text-anchor=\"end\">day</text>", BOTTOM + 38.0);
    for (name, colour, of) in [
        ("without the camera", "#a4501c", (|d| d.drift_without.bottles) as fn(&DayLine) -> i64),
        ("with the camera", "#1c6aa4", |d| d.drift.bottles),
    ] {
        let points: Vec<String> = days.iter().map(|d| format!("{:.1},{:.1}", x(d.day), y(of(d)))).collect();
        let last = days.last().map_or(0, of);
        let above = if last == 0 { 10.0 } else { -8.0 };
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <text x=\"{RIGHT}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"{colour}\">{name}</text>",
            points.join(" "),
            (y(last) + above).max(TOP - 4.0) - if last == 0 { 18.0 } else { 0.0 }
        );
    }
    out.push_str("</svg>\n");
    out
}
