//! SVG as text.

use std::fmt::Write;

use super::{TEXT, WIDTH};

/// A drawing in the making.
#[derive(Debug)]
pub struct Drawing {
    text: String,
}

/// Where a text stands to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

impl Drawing {
    /// Begins a drawing of that height. A screen reader hears `title` and `desc`.
    pub fn new(height: f64, title: &str, desc: &str) -> Self {
        let (title, desc) = (escape(title), escape(desc));
        let text = format!(
            "<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{title}. {desc}\"><title>{title}</title><desc>{desc}</desc>",
            number(WIDTH),
            number(height)
        );
        Self { text }
    }

    /// Patterns that tell the parts of a bar apart, `{name}-1` (stripes) and `{name}-2` (dots).
    pub fn patterns(&mut self, name: &str) {
        let name = escape(name);
        let _ = write!(
            self.text,
            "<defs><pattern id=\"{name}-1\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <rect class=\"part-1-ground\" width=\"7\" height=\"7\"/><rect class=\"part-1\" width=\"3.500\" height=\"7\"/></pattern>\
             <pattern id=\"{name}-2\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\">\
             <rect class=\"part-2-ground\" width=\"7\" height=\"7\"/><circle class=\"part-2\" cx=\"3.500\" cy=\"3.500\" r=\"1.900\"/></pattern></defs>"
        );
    }

    /// A straight line.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
        let _ = write!(self.text, "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>");
    }

    /// A bar. `fill` names a pattern; without one the class says the colour.
    pub fn rect(&mut self, class: &str, fill: Option<&str>, at: (f64, f64), size: (f64, f64)) {
        let [x, y, w, h] = [at.0, at.1, size.0.max(0.0), size.1.max(0.0)].map(number);
        let fill = fill.map(|name| format!(" fill=\"url(#{})\"", escape(name))).unwrap_or_default();
        let _ = write!(self.text, "<rect class=\"{class}\"{fill} x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>");
    }

    /// A path through points; closed along `ground` when that is given.
    pub fn path(&mut self, class: &str, points: &[(f64, f64)], ground: Option<f64>) {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
        let mut d = String::new();
        if let Some(y) = ground {
            let _ = write!(d, "M{} {}", number(first.0), number(y));
        }
        for (i, (x, y)) in points.iter().enumerate() {
            let letter = if i == 0 && ground.is_none() { 'M' } else { 'L' };
            let _ = write!(d, "{letter}{} {}", number(*x), number(*y));
        }
        if let Some(y) = ground {
            let _ = write!(d, "L{} {}Z", number(last.0), number(y));
        }
        let _ = write!(self.text, "<path class=\"{class}\" d=\"{d}\"/>");
    }

    /// A dot.
    pub fn dot(&mut self, class: &str, at: (f64, f64), radius: f64) {
        let [x, y, r] = [at.0, at.1, radius].map(number);
        let _ = write!(self.text, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>");
    }

    /// A word; the picture's description tells the same, so that it is not read out twice.
    pub fn word(&mut self, class: &str, at: (f64, f64), anchor: Anchor, word: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let ([x, y], word, size) = ([at.0, at.1].map(number), escape(word), number(TEXT));
        let _ = write!(
            self.text,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\">{word}</text>"
        );
    }

    /// The whole.
    pub fn finish(mut self) -> String {
        self.text.push_str("</svg>");
        self.text
    }
}

/// A coordinate: one decimal is finer than a pixel.
pub fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// Text that may stand in markup, whatever a person has called a region.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The word, cut to about as many letters as fit.
pub fn fit(word: &str, letters: usize) -> String {
    if word.chars().count() <= letters {
        return word.to_owned();
    }
    let mut short: String = word.chars().take(letters.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('\u{2026}');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_typed_stays_text() {
        let mut drawing = Drawing::new(10.0, "<b>", "a & b");
        drawing.word("w", (1.0, 2.25), Anchor::Start, "<script>\"'");
        let svg = drawing.finish();
        assert!(svg.contains("<title>&lt;b&gt;</title><desc>a &amp; b</desc>"), "{svg}");
        assert!(svg.contains("x=\"1\" y=\"2.2\"") && svg.ends_with("&lt;script&gt;&quot;&#39;</text></svg>"), "{svg}");
    }

    #[test]
    fn a_long_word_is_cut_between_letters() {
        assert_eq!(fit("Châteauneuf-du-Pape", 20), "Châteauneuf-du-Pape");
        assert_eq!(fit("Châteauneuf-du-Pape", 8), "Château\u{2026}");
        assert_eq!(fit("Côtes du Rhône", 7), "Côtes\u{2026}");
    }

    #[test]
    fn an_area_goes_down_to_the_ground() {
        let mut drawing = Drawing::new(10.0, "", "");
        drawing.path("area", &[(0.0, 5.0), (4.0, 2.0)], Some(9.0));
        assert!(drawing.finish().contains("d=\"M0 9L0 5L4 2L4 9Z\""));
    }
}
