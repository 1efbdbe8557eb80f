//! Webcams often leave the standard Huffman tables out of their JPEG; this puts them back.

use std::borrow::Cow;

/// Some cameras pad their JPEG; a cut-off file has no end marker near its end, in bytes.
const JPEG_TAIL: usize = 1024;
/// Code counts per length and the symbols, of ITU-T T.81 annex K.3: DC luminance, DC chrominance.
const DC_COUNTS: [[u8; 16]; 2] =
    [[0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]];
const AC_COUNTS: [[u8; 16]; 2] =
    [[0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d], [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77]];
/// The AC symbols as the standard lists them, up to the point where both tables go on in plain order.
const AC_LUMA: &[u8] = &[
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71, 0x14,
    0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09,
    0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a,
    0x43,
];
const AC_CHROMA: &[u8] = &[
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22, 0x32,
    0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0, 0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16,
    0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39,
    0x3a, 0x43,
];

/// The JPEG with the standard tables after its start marker, if it has none before its scan.
pub(super) fn with_huffman_tables(jpeg: &[u8]) -> Cow<'_, [u8]> {
    if has_tables(jpeg) {
        return Cow::Borrowed(jpeg);
    }
    let mut out = Vec::with_capacity(jpeg.len() + 440);
    out.extend_from_slice(&jpeg[..2]);
    out.extend_from_slice(&standard_tables());
    out.extend_from_slice(&jpeg[2..]);
    Cow::Owned(out)
}

/// Whether the bytes begin and end as a JPEG does; zeros after the end are usual.
pub(super) fn is_whole(jpeg: &[u8]) -> bool {
    let end = jpeg.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let tail = &jpeg[end.saturating_sub(JPEG_TAIL)..end];
    jpeg.starts_with(&[0xff, 0xd8]) && tail.windows(2).any(|pair| pair == [0xff, 0xd9])
}

/// Whether a DHT segment comes before the scan; anything that is no well-formed JPEG counts as complete.
fn has_tables(jpeg: &[u8]) -> bool {
    if !jpeg.starts_with(&[0xff, 0xd8]) {
        return true;
    }
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = jpeg.get(at..at + 4) {
        match marker {
            0xc4 => return true,
            0xda => return false,
            0xff => at += 1,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2),
        }
    }
    true
}

fn standard_tables() -> Vec<u8> {
    let mut out = Vec::new();
    let mut table = |class: u8, counts: &[u8; 16], symbols: &[u8]| {
        out.extend_from_slice(&[0xff, 0xc4]);
        out.extend_from_slice(&(19 + symbols.len() as u16).to_be_bytes());
        out.push(class);
        out.extend_from_slice(counts);
        out.extend_from_slice(symbols);
    };
    let dc: Vec<u8> = (0..12).collect();
    for (id, first) in [(0u8, AC_LUMA), (1, AC_CHROMA)] {
        let i = usize::from(id);
        table(id, &DC_COUNTS[i], &dc);
        let mut symbols = first.to_vec();
        // The rest are all run/size pairs not yet named, in ascending order.
        let rest = (0..=0xff_u8).filter(|s| (1..=10).contains(&(s & 15)) && !first.contains(s));
        symbols.extend(rest);
        table(0x10 | id, &AC_COUNTS[i], &symbols);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageEncoder, Rgb, RgbImage, codecs::jpeg::JpegEncoder};

    fn without_tables(jpeg: &[u8]) -> Vec<u8> {
        let mut out = jpeg[..2].to_vec();
        let mut at = 2;
        while jpeg[at + 1] != 0xda {
            let end = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
            if jpeg[at + 1] != 0xc4 {
                out.extend_from_slice(&jpeg[at..end]);
            }
            at = end;
        }
        out.extend_from_slice(&jpeg[at..]);
        out
    }

    #[test]
    fn tables_have_the_standard_number_of_symbols() {
        assert_eq!(standard_tables().len(), 2 * (4 + 17 + 12) + 2 * (4 + 17 + 162));
    }

    #[test]
    fn a_jpeg_without_tables_decodes_alike() {
        let picture = RgbImage::from_fn(64, 48, |x, y| Rgb([(x * 4) as u8, (y * 5) as u8, (x * y) as u8]));
        let mut jpeg = Vec::new();
        // image's encoder writes the standard tables, so that stripping and restoring them must be lossless.
        JpegEncoder::new_with_quality(&mut jpeg, 90)
            .write_image(picture.as_raw(), 64, 48, image::ExtendedColorType::Rgb8)
            .expect("encodes");
        let bare = without_tables(&jpeg);
        assert!(bare.len() < jpeg.len() && matches!(with_huffman_tables(&jpeg), Cow::Borrowed(_)));
        let whole = crate::capture::decode(&jpeg).expect("decodes");
        assert_eq!(crate::capture::decode(&bare).expect("decodes"), whole);
    }
}
