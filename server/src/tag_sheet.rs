//! A sheet of four AprilTags (36h11, numbers 0 to 3) to be stuck to the corners of a rack: then its corners are found by themselves,
//! also after the camera was pushed. A4, each tag 70 mm wide, the corner that belongs on the rack's corner marked by a dot.

use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str, TextStr};

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
/// 70 mm in points; a tag has 8 × 8 fields with its black border.
const SIDE: f32 = 198.4;
const FIELD: f32 = SIDE / 8.0;
/// White around a tag, without which it is not found.
const QUIET: f32 = 1.5 * FIELD;

/// The sheet.
pub(crate) fn pdf() -> Vec<u8> {
    let (catalog, tree, info, font, page, body) =
        (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4), Ref::new(5), Ref::new(6));
    let mut content = Content::new();
    for id in 0..4u32 {
        // As they belong on the rack: 0 top left, 1 top right, 2 bottom right, 3 bottom left.
        let (right, low) = (id == 1 || id == 2, id >= 2);
        let left = if right { WIDTH - 60.0 - SIDE } else { 60.0 };
        let top = if low { HEIGHT / 2.0 - 90.0 } else { HEIGHT - 90.0 };
        tag(&mut content, id, left, top);
        let corner = [if right { left + SIDE } else { left }, if low { top - SIDE } else { top }];
        let out = [if right { 8.0 } else { -8.0 }, if low { -8.0 } else { 8.0 }];
        content.rect(corner[0] + out[0] - 3.0, corner[1] + out[1] - 3.0, 6.0, 6.0).fill_nonzero();
        // Where to cut: the quiet zone goes along.
        content.set_dash_pattern([4.0, 4.0], 0.0).set_line_width(0.5);
        content.rect(left - QUIET, top - SIDE - QUIET, SIDE + 2.0 * QUIET, SIDE + 2.0 * QUIET).stroke();
        content.begin_text().set_font(Name(b"F"), 14.0).next_line(left, top - SIDE - QUIET - 18.0);
        content.show(Str(format!("{}", id + 1).as_bytes())).end_text();
    }
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.document_info(info).title(TextStr("AprilTag 36h11, 0-3")).creator(TextStr("winecellar"));
    pdf.pages(tree).kids([page]).count(1);
    pdf.type1_font(font).base_font(Name(b"Helvetica"));
    pdf.stream(body, &content.finish());
    {
        let mut leaf = pdf.page(page);
        leaf.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(body);
        leaf.resources().fonts().pair(Name(b"F"), font);
    }
    pdf.finish()
}

/// One tag, field by field; places on a page are counted from below.
fn tag(content: &mut Content, id: u32, left: f32, top: f32) {
    let Some(code) = vision::tags::code(id) else { return };
    for y in 0..8u32 {
        for x in 0..8u32 {
            let border = x == 0 || y == 0 || x == 7 || y == 7;
            let white = || code >> (35 - ((y - 1) * 6 + x - 1)) & 1 == 1;
            if border || !white() {
                // A hair wider, so that no printer leaves a line between two.
                content.rect(left + x as f32 * FIELD, top - (y + 1) as f32 * FIELD, FIELD + 0.2, FIELD + 0.2);
            }
        }
    }
    content.fill_nonzero();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_is_one_page_with_four_tags() {
        let bytes = pdf();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.starts_with("%PDF-") && text.contains("/Count 1"));
        // Each has its border of 28 fields and some of the 36 within, a dot and a line to cut along.
        assert!(text.matches(" re\n").count() > 4 * (28 + 8 + 2), "{}", text.matches(" re\n").count());
    }
}
