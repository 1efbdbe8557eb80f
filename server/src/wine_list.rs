//! The wine list to print: A4, by kind, country and region.

pub(crate) mod font;

use models::{Instant, bottle_format, db::export::ListLine};
use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str, TextStr};

use font::Face;

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const LEFT: f32 = 42.0;
const RIGHT: f32 = 553.0;
const BOTTOM: f32 = 52.0;
const INK: [f32; 3] = [0.1, 0.1, 0.1];
const QUIET: [f32; 3] = [0.42, 0.42, 0.42];
const WINE: [f32; 3] = [0.42, 0.07, 0.15];
/// Where the columns of a line begin; counts end at theirs.
const NAME: f32 = LEFT + 34.0;
const SIZE: f32 = 392.0;
const COUNT: f32 = 474.0;
const PLACE: f32 = 484.0;

/// A text at its place.
struct Piece {
    x: f32,
    y: f32,
    size: f32,
    ink: [f32; 3],
    text: String,
}

/// Sets lines one below the other, page after page.
struct Setter<'a> {
    face: &'a Face,
    pages: Vec<Vec<Piece>>,
    y: f32,
}

impl Setter<'_> {
    fn put(&mut self, x: f32, size: f32, ink: [f32; 3], text: &str, most: f32) {
        let text = self.face.fit(text, size, most);
        let y = self.y;
        if let Some(page) = self.pages.last_mut() {
            page.push(Piece { x, y, size, ink, text });
        }
    }

    fn put_right(&mut self, right: f32, size: f32, ink: [f32; 3], text: &str) {
        let x = right - self.face.width(text, size);
        self.put(x, size, ink, text, WIDTH);
    }

    /// Goes down; onto a new page when `room` would not fit any more. Tells whether it did.
    fn down(&mut self, step: f32, room: f32) -> bool {
        self.y -= step;
        if self.y - room >= BOTTOM {
            return false;
        }
        self.pages.push(Vec::new());
        self.y = HEIGHT - 60.0;
        true
    }
}

/// The list as a PDF.
pub(crate) fn pdf(lines: &[ListLine], now: Instant) -> anyhow::Result<Vec<u8>> {
    let face = Face::load()?;
    let mut setter = Setter { face: &face, pages: vec![Vec::new()], y: HEIGHT - 70.0 };
    setter.put(LEFT, 26.0, WINE, "Wine list", 400.0);
    let bottles: u32 = lines.iter().map(|line| line.count).sum();
    setter.down(20.0, 0.0);
    let words = format!("{bottles} bottles, {} wines, {}", lines.len(), now.format("%Y-%m-%d"));
    setter.put(LEFT, 9.5, QUIET, &words, 400.0);
    let mut section = None;
    let mut origin = String::new();
    for line in lines {
        if section != Some(line.section) {
            section = Some(line.section);
            origin.clear();
            setter.down(34.0, 60.0);
            setter.put(LEFT, 17.0, WINE, line.section.1, 400.0);
        }
        let here = [line.country.as_str(), &line.region];
        let here = here.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" \u{b7} ");
        let here = if here.is_empty() { "Origin not known".to_owned() } else { here };
        if here != origin {
            setter.down(22.0, 30.0);
            setter.put(LEFT, 11.0, QUIET, &here, 500.0);
            origin.clone_from(&here);
        }
        if setter.down(15.0, 0.0) {
            setter.put(LEFT, 9.0, QUIET, &format!("{}, {here}, continued", line.section.1), 500.0);
            setter.down(18.0, 0.0);
        }
        set_line(&mut setter, line);
    }
    if lines.is_empty() {
        setter.down(40.0, 0.0);
        setter.put(LEFT, 11.0, INK, "No bottle is in the cellar.", 500.0);
    }
    let pages = setter.pages;
    write(&face, &pages)
}

fn set_line(setter: &mut Setter<'_>, line: &ListLine) {
    let year = line.year.map_or("NV".to_owned(), |year| year.to_string());
    setter.put(LEFT, 9.5, INK, &year, 32.0);
    let producer = if line.name.starts_with(&line.producer) { "" } else { line.producer.as_str() };
    let name = format!("{producer} {}", line.name);
    setter.put(NAME, 9.5, INK, name.trim(), SIZE - NAME - 6.0);
    if line.volume_ml != 750 {
        let size = bottle_format::words(line.volume_ml, line.section.1 == "Sparkling");
        setter.put(SIZE, 8.5, QUIET, &size, COUNT - SIZE - 16.0);
    }
    setter.put_right(COUNT, 9.5, INK, &line.count.to_string());
    setter.put(PLACE, 8.5, QUIET, &line.places.join(", "), RIGHT - PLACE);
}

fn write(face: &Face, pages: &[Vec<Piece>]) -> anyhow::Result<Vec<u8>> {
    let count = i32::try_from(pages.len())?;
    let (catalog, tree, info) = (Ref::new(1), Ref::new(2), Ref::new(3));
    let font = Ref::new(4);
    let page_ref = |i: usize| Ref::new(20 + 2 * i32::try_from(i).unwrap_or(0));
    let content_ref = |i: usize| Ref::new(21 + 2 * i32::try_from(i).unwrap_or(0));
    let footers: Vec<String> = (1..=pages.len()).map(|n| format!("{n} / {count}")).collect();
    let texts = pages.iter().flatten().map(|piece| piece.text.as_str()).chain(footers.iter().map(String::as_str));
    let subset = face.subset(texts)?;

    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree).lang(TextStr("en"));
    pdf.document_info(info).title(TextStr("Wine list")).creator(TextStr("winecellar"));
    pdf.pages(tree).kids((0..pages.len()).map(page_ref)).count(count);
    subset.write(&mut pdf, font);
    for (i, page) in pages.iter().enumerate() {
        let mut content = Content::new();
        let mut show = |x: f32, y: f32, size: f32, ink: [f32; 3], text: &str| {
            content.begin_text().set_fill_rgb(ink[0], ink[1], ink[2]).set_font(Name(b"F"), size);
            content.next_line(x, y).show(Str(&subset.encode(text))).end_text();
        };
        for piece in page {
            show(piece.x, piece.y, piece.size, piece.ink, &piece.text);
        }
        show(RIGHT - face.width(&footers[i], 8.5), 30.0, 8.5, QUIET, &footers[i]);
        let content = content.finish();
        pdf.stream(content_ref(i), &content);
        let mut leaf = pdf.page(page_ref(i));
        leaf.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(content_ref(i));
        leaf.resources().fonts().pair(Name(b"F"), font);
    }
    Ok(pdf.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_many_wines_runs_over_pages_with_every_letter_of_ours() {
        let line = |i: u32| ListLine {
            section: (4, "Red"),
            country: "Magyarország".into(),
            region: format!("Őrség {}", i / 20),
            producer: "Szepsy Űrhajó Œuf".into(),
            name: "Grüner Weißburgunder d’Été à très long nom qui ne tient nulle part sur une seule ligne".into(),
            year: (i > 0).then_some(2019),
            volume_ml: 1500,
            count: i,
            places: vec!["03_03".into()],
        };
        let lines: Vec<ListLine> = (0..120).map(line).collect();
        let bytes = pdf(&lines, Instant::default()).expect("a PDF");
        assert!(bytes.starts_with(b"%PDF-"));
        let pages = bytes.windows(13).filter(|part| part == b"/Type /Page\n ").count();
        assert!(pages >= 3, "{pages}");
        // The font is cut down to the letters in use.
        assert!(bytes.len() < 200_000, "{}", bytes.len());
        assert!(pdf(&[], Instant::default()).is_ok());
    }
}
