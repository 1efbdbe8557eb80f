//! The list's font: measured for the lines, and cut down to the letters in use before it is embedded.

use std::collections::BTreeMap;

use anyhow::Context;
use pdf_writer::{
    Finish, Name, Pdf, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use subsetter::GlyphRemapper;
use ttf_parser::GlyphId;

/// DejaVu Sans Condensed: Latin with all of Hungarian, German and French; see LICENSE-DejaVu beside it.
const FONT: &[u8] = include_bytes!("../../fonts/DejaVuSansCondensed.ttf");
const POSTSCRIPT: &[u8] = b"WINECL+DejaVuSansCondensed";

/// The font as it is.
pub(crate) struct Face(ttf_parser::Face<'static>);

impl Face {
    /// Reads the font.
    pub(crate) fn load() -> anyhow::Result<Self> {
        Ok(Self(ttf_parser::Face::parse(FONT, 0).context("the wine list's font")?))
    }

    fn glyph(&self, c: char) -> GlyphId {
        self.0.glyph_index(c).unwrap_or(GlyphId(0))
    }

    /// Thousandths of the size.
    fn advance(&self, glyph: GlyphId) -> f32 {
        let units = f32::from(self.0.units_per_em());
        f32::from(self.0.glyph_hor_advance(glyph).unwrap_or(0)) * 1000.0 / units
    }

    /// How wide a text is.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.advance(self.glyph(c))).sum::<f32>() * size / 1000.0
    }

    /// The text, or as much of it as fits, with an ellipsis.
    pub(crate) fn fit(&self, text: &str, size: f32, most: f32) -> String {
        if self.width(text, size) <= most {
            return text.to_owned();
        }
        let mut short = text.to_owned();
        while short.pop().is_some() {
            let told = format!("{}\u{2026}", short.trim_end());
            if self.width(&told, size) <= most {
                return told;
            }
        }
        String::new()
    }

    /// The font with the letters of these texts only.
    pub(crate) fn subset<'a>(&self, texts: impl Iterator<Item = &'a str>) -> anyhow::Result<Subset> {
        let mut remapper = GlyphRemapper::new();
        let mut glyphs = BTreeMap::new();
        let mut widths = vec![self.advance(GlyphId(0))];
        for c in texts.flat_map(str::chars) {
            let old = self.glyph(c);
            let new = remapper.remap(old.0);
            if usize::from(new) == widths.len() {
                widths.push(self.advance(old));
            }
            glyphs.insert(c, new);
        }
        let data = subsetter::subset(FONT, 0, &remapper)
            .map_err(|error| anyhow::anyhow!("the wine list's font cannot be cut down: {error}"))?;
        let scale = |value: i16| f32::from(value) * 1000.0 / f32::from(self.0.units_per_em());
        let bounds = self.0.global_bounding_box();
        Ok(Subset {
            data,
            glyphs,
            widths,
            ascent: scale(self.0.ascender()),
            descent: scale(self.0.descender()),
            bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(scale),
        })
    }
}

/// The font as it is embedded.
pub(crate) struct Subset {
    data: Vec<u8>,
    glyphs: BTreeMap<char, u16>,
    widths: Vec<f32>,
    ascent: f32,
    descent: f32,
    bounds: [f32; 4],
}

impl Subset {
    /// The text as glyph numbers.
    pub(crate) fn encode(&self, text: &str) -> Vec<u8> {
        text.chars().flat_map(|c| self.glyphs.get(&c).copied().unwrap_or(0).to_be_bytes()).collect()
    }

    /// Writes the font as object `id` and the four after it.
    pub(crate) fn write(&self, pdf: &mut Pdf, id: Ref) {
        let [cid, descriptor, file, cmap] = [1, 2, 3, 4].map(|step| Ref::new(id.get() + step));
        let name = Name(POSTSCRIPT);
        let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
        pdf.type0_font(id)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(cmap);
        let mut font = pdf.cid_font(cid);
        font.subtype(CidFontType::Type2).base_font(name).system_info(system).font_descriptor(descriptor);
        font.default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
        font.widths().consecutive(0, self.widths.iter().copied());
        font.finish();
        let [x0, y0, x1, y1] = self.bounds;
        pdf.font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(x0, y0, x1, y1))
            .italic_angle(0.0)
            .ascent(self.ascent)
            .descent(self.descent)
            .cap_height(self.ascent)
            .stem_v(80.0)
            .font_file2(file);
        pdf.stream(file, &self.data);
        // By this a reader finds and copies the words.
        let mut map = UnicodeCmap::new(Name(b"Custom"), system);
        for (c, glyph) in &self.glyphs {
            map.pair(*glyph, *c);
        }
        pdf.cmap(cmap, &map.finish());
    }
}
