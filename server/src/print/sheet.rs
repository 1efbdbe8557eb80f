//! The sheets as a PDF: on each label a code on the left, words on the right.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use labels::codes::qr;
use models::label_sheet::LabelSheet;
use pdf_writer::{Content, Filter, Name, Pdf, Rect, Ref, Str, TextStr};

use crate::wine_list::font::Face;

/// A point in millimetres.
const MM: f32 = 72.0 / 25.4;
const WIDTH: f32 = 210.0;
const HEIGHT: f32 = 297.0;
/// White around what is printed on a label: printers are a millimetre or two off, and a code needs four fields of white.
const EDGE: f32 = 3.5;
/// What printers leave white around a sheet: up to 5 mm, and what lies there is cut off.
const UNPRINTED: f32 = 5.5;
/// A larger code is no easier to scan.
const LARGEST_CODE: f32 = 32.0;

/// One label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    /// Where its code leads, from the root.
    pub(crate) path: String,
    /// What stands first and large.
    pub(crate) title: String,
    /// What stands below.
    pub(crate) lines: Vec<String>,
}

/// A text at its place, in millimetres from the sheet's lower left corner; its size in points.
struct Piece {
    x: f32,
    y: f32,
    size: f32,
    text: String,
}

/// What stands on a sheet: the codes, drawn, and the words.
type Page = (Content, Vec<Piece>);

/// The sheets. The first `skip` places of the first one are left free: they were used before.
pub(crate) fn pdf(items: &[Item], sheet: &LabelSheet, skip: usize, base: &str) -> anyhow::Result<Vec<u8>> {
    let face = Face::load()?;
    let pages = set(&face, items, sheet, skip, base)?;
    write(&face, pages)
}

fn set(face: &Face, items: &[Item], sheet: &LabelSheet, skip: usize, base: &str) -> anyhow::Result<Vec<Page>> {
    let skip = skip.min(sheet.labels() - 1);
    let mut pages: Vec<Page> = Vec::new();
    for (i, item) in items.iter().enumerate() {
        let at = (i + skip) % sheet.labels();
        if i == 0 || at == 0 {
            pages.push((Content::new(), Vec::new()));
        }
        if let Some((content, pieces)) = pages.last_mut() {
            label(face, content, pieces, item, sheet, sheet.place(at), base)?;
        }
    }
    Ok(pages)
}

fn label(
    face: &Face,
    content: &mut Content,
    pieces: &mut Vec<Piece>,
    item: &Item,
    sheet: &LabelSheet,
    [left, top]: [f32; 2],
    base: &str,
) -> anyhow::Result<()> {
    let fields = qr(&format!("{base}{}", item.path)).map_err(anyhow::Error::msg)?;
    // The part of the label that is printed on.
    let (west, east) = ((left + EDGE).max(UNPRINTED), (left + sheet.width - EDGE).min(WIDTH - UNPRINTED));
    let (north, south) = ((top + EDGE).max(UNPRINTED), (top + sheet.height - EDGE).min(HEIGHT - UNPRINTED));
    let side = (south - north).min(sheet.width * 0.5 - EDGE).min(LARGEST_CODE);
    let field = side / fields.len() as f32;
    let high = HEIGHT - (north + south - side) / 2.0;
    for (y, row) in fields.iter().enumerate() {
        // What is dark side by side is one rectangle: small files, and no printer leaves a line within it.
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] {
                let (left, low) = (west + x as f32 * field, high - (y + 1) as f32 * field);
                content.rect(left * MM, low * MM, run.len() as f32 * field * MM, field * MM + 0.1);
            }
            x += run.len();
        }
    }
    content.fill_nonzero();
    let x = west + side + EDGE;
    let most = (east - x) * MM;
    // A last line may hang a millimetre below the code, but not where nothing is printed.
    let low = (HEIGHT - top - sheet.height + EDGE - 1.0).max(UNPRINTED - 0.5);
    let mut y = high - 4.5;
    let mut put = |size: f32, text: String, y: f32| pieces.push(Piece { x, y, size, text });
    put(13.0, face.fit(&item.title, 13.0, most), y);
    for line in &item.lines {
        for part in broken(face, line, 8.5, most) {
            y -= 4.1;
            if y < low {
                return Ok(());
            }
            put(8.5, part, y);
        }
    }
    Ok(())
}

/// A text on as many lines as it needs, broken between words.
fn broken(face: &Face, text: &str, size: f32, most: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if face.width(&format!("{line} {word}"), size) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(face.fit(word, size, most)),
        }
    }
    lines
}

fn write(face: &Face, pages: Vec<(Content, Vec<Piece>)>) -> anyhow::Result<Vec<u8>> {
    let (catalog, tree, info, font) = (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4));
    let count = i32::try_from(pages.len())?;
    let page_ref = |i: i32| Ref::new(20 + 2 * i);
    let subset = face.subset(pages.iter().flat_map(|(_, pieces)| pieces).map(|piece| piece.text.as_str()))?;
    let mut pdf = Pdf::new();
    // Printed as it is: a viewer that fits the page to the paper moves every label.
    pdf.catalog(catalog).pages(tree).viewer_preferences().pair(Name(b"PrintScaling"), Name(b"None"));
    pdf.document_info(info).title(TextStr("Labels")).creator(TextStr("winecellar"));
    pdf.pages(tree).kids((0..count).map(page_ref)).count(count);
    subset.write(&mut pdf, font);
    for (i, (mut content, pieces)) in (0..count).zip(pages) {
        for piece in pieces {
            content.begin_text().set_font(Name(b"F"), piece.size).next_line(piece.x * MM, piece.y * MM);
            content.show(Str(&subset.encode(&piece.text))).end_text();
        }
        let body = Ref::new(page_ref(i).get() + 1);
        pdf.stream(body, &packed(&content.finish())?).filter(Filter::FlateDecode);
        let mut leaf = pdf.page(page_ref(i));
        leaf.media_box(Rect::new(0.0, 0.0, WIDTH * MM, HEIGHT * MM)).parent(tree).contents(body);
        leaf.resources().fonts().pair(Name(b"F"), font);
    }
    Ok(pdf.finish())
}

fn packed(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(content)?;
    packer.finish()
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};
    use labels::codes::{self, Code};
    use models::label_sheet::SHEETS;

    use super::*;

    fn item(n: usize) -> Item {
        Item {
            path: format!("/bottles/0199f3c0-8a3e-7c11-9d1f-{n:012}"),
            title: "2019".into(),
            lines: vec!["Szepsy István Őrség".into(), "Úrágya Furmint with a name that is long".into()],
        }
    }

    const BASE: &str = "http://cellar.local:8000";

    /// Draws the dark fields of the first page as a printer does, 12 dots a millimetre (300 dpi).
    fn printed(items: &[Item], sheet: &LabelSheet, skip: usize) -> GrayImage {
        let pages = set(&Face::load().expect("the font"), items, sheet, skip, BASE).expect("set");
        let (content, _) = pages.into_iter().next().expect("a page");
        let content = content.finish();
        let text = String::from_utf8_lossy(&content);
        let dots = 300.0 / 72.0;
        let mut paper =
            GrayImage::from_pixel((WIDTH * MM * dots) as u32 + 1, (HEIGHT * MM * dots) as u32 + 1, Luma([255]));
        for line in text.lines().filter_map(|line| line.strip_suffix(" re")) {
            let n: Vec<f32> = line.split(' ').filter_map(|n| n.parse().ok()).collect();
            let [x, y, wide, high] = n[..] else { panic!("{line}") };
            for dy in 0..(high * dots).round() as u32 {
                for dx in 0..(wide * dots).round() as u32 {
                    let (x, y) = ((x * dots) as u32 + dx, ((HEIGHT * MM - y - high) * dots) as u32 + dy);
                    if x < paper.width() && y < paper.height() {
                        paper.put_pixel(x, y, Luma([0]));
                    }
                }
            }
        }
        paper
    }

    #[test]
    fn what_is_printed_on_every_sheet_can_be_scanned() {
        for sheet in SHEETS {
            let paper = printed(&[item(7)], &sheet, sheet.labels() - 1);
            let dots = 300.0 / 25.4;
            let [left, top] = sheet.place(sheet.labels() - 1).map(|mm| (mm * dots) as u32);
            let part =
                image::imageops::crop_imm(&paper, left, top, (sheet.width * dots) as u32, (sheet.height * dots) as u32);
            assert_eq!(codes::read(&part.to_image()), [Code::Qr(format!("{BASE}{}", item(7).path))], "{}", sheet.name);
        }
    }

    #[test]
    fn nothing_lies_where_printers_do_not_print() {
        for sheet in SHEETS {
            let items: Vec<Item> = (0..sheet.labels()).map(item).collect();
            let pages = set(&Face::load().expect("the font"), &items, &sheet, 0, BASE).expect("set");
            let [(content, pieces)] = <[Page; 1]>::try_from(pages).ok().expect("one page");
            let inside = |x: f32, y: f32, least: f32| {
                let (x, y) = (x.min(WIDTH - x), y.min(HEIGHT - y));
                assert!(x >= UNPRINTED - 0.05 && y >= least - 0.05, "{}: {x} {y}", sheet.name);
            };
            let content = content.finish();
            for line in String::from_utf8_lossy(&content).lines().filter_map(|line| line.strip_suffix(" re")) {
                let n: Vec<f32> = line.split(' ').filter_map(|n| n.parse::<f32>().ok()).map(|n| n / MM).collect();
                inside(n[0], n[1], UNPRINTED);
                inside(n[0] + n[2], n[1] + n[3], UNPRINTED);
            }
            let face = Face::load().expect("the font");
            for piece in pieces {
                inside(piece.x + face.width(&piece.text, piece.size) / MM, piece.y, UNPRINTED - 0.5);
            }
        }
    }

    #[test]
    fn a_sheet_that_was_used_before_goes_on_where_it_ended() {
        let (sheet, items) = (&SHEETS[0], (0..30).map(item).collect::<Vec<_>>());
        let pages = |skip| {
            let bytes = pdf(&items, sheet, skip, BASE).expect("a PDF");
            bytes.windows(13).filter(|part| part == b"/Type /Page\n ").count()
        };
        assert!(pdf(&items, sheet, 0, BASE).expect("a PDF").len() < 150_000, "packed");
        // 24 labels on a sheet.
        assert_eq!([pages(0), pages(18), pages(19), pages(5000)], [2, 2, 3, 3]);
        assert!(pdf(&items, sheet, 0, &"x".repeat(4000)).is_err(), "no code is so large");
    }
}
