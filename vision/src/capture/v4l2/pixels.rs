//! The picture formats of Video4Linux that are known here, and how they become RGB.

use image::RgbImage;
use v4l::Format;

/// Longest side taken from a driver, in pixels.
const MAX_SIDE: u32 = 12_000;

/// How the bytes of a picture lie. Colour is BT.601 with limited range, as webcams send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::capture) enum Layout {
    /// One JPEG file.
    Jpeg,
    /// Two pixels in four bytes: luma, blue, luma, red.
    Yuyv,
    /// Two pixels in four bytes: blue, luma, red, luma.
    Uyvy,
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
    /// A plane of luma, then one of colour pairs at half the size both ways.
    Nv12,
    /// Luma alone, full range.
    Grey,
}

/// In the order in which they are asked for.
pub(super) const KNOWN: &[(&[u8; 4], Layout)] = &[
    (b"MJPG", Layout::Jpeg),
    (b"JPEG", Layout::Jpeg),
    (b"YUYV", Layout::Yuyv),
    (b"UYVY", Layout::Uyvy),
    (b"NV12", Layout::Nv12),
    (b"RGB3", Layout::Rgb),
    (b"BGR3", Layout::Bgr),
    (b"GREY", Layout::Grey),
];

/// Whether a driver's answer describes a picture at all. The formats of pixel pairs have an even width by definition.
pub(super) fn fits(format: &Format, layout: Layout) -> bool {
    let (width, height) = (format.width, format.height);
    let even = width.is_multiple_of(2) || matches!(layout, Layout::Jpeg | Layout::Rgb | Layout::Bgr | Layout::Grey);
    (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) && even
}

/// The picture as RGB; none if bytes are missing. `stride` is the length of a row in bytes, or less if nobody knows.
pub(in crate::capture) fn to_rgb(
    bytes: &[u8],
    width: u32,
    height: u32,
    stride: u32,
    layout: Layout,
) -> Option<RgbImage> {
    let (columns, rows) = (width as usize, height as usize);
    let row_bytes = match layout {
        Layout::Jpeg => return None,
        Layout::Yuyv | Layout::Uyvy => columns.div_ceil(2).checked_mul(4)?,
        Layout::Rgb | Layout::Bgr => columns.checked_mul(3)?,
        Layout::Nv12 => columns.div_ceil(2).checked_mul(2)?,
        Layout::Grey => columns,
    };
    let stride = (stride as usize).max(row_bytes);
    let row_at = |row: usize| bytes.get(row.checked_mul(stride)?..)?.get(..row_bytes);
    // Before room is made for the picture: are its bytes there?
    let last = match layout {
        Layout::Nv12 => rows.checked_add(rows.div_ceil(2))?,
        _ => rows,
    };
    row_at(last.checked_sub(1)?)?;
    let mut out = Vec::with_capacity(columns.checked_mul(rows)?.checked_mul(3)?);
    for y in 0..rows {
        let row = row_at(y)?;
        match layout {
            Layout::Jpeg => return None,
            Layout::Yuyv => pairs(row, columns, &mut out, |quad| ([quad[0], quad[2]], quad[1], quad[3])),
            Layout::Uyvy => pairs(row, columns, &mut out, |quad| ([quad[1], quad[3]], quad[0], quad[2])),
            Layout::Rgb => out.extend_from_slice(row),
            Layout::Bgr => out.extend(row.chunks_exact(3).flat_map(|c| [c[2], c[1], c[0]])),
            Layout::Grey => out.extend(row.iter().flat_map(|luma| [*luma; 3])),
            Layout::Nv12 => {
                let colour = row_at(rows + y / 2)?;
                for (x, luma) in row[..columns].iter().enumerate() {
                    out.extend(bt601(*luma, colour[x & !1], colour[x | 1]));
                }
            }
        }
    }
    RgbImage::from_raw(width, height, out)
}

fn pairs(row: &[u8], columns: usize, out: &mut Vec<u8>, order: impl Fn(&[u8]) -> ([u8; 2], u8, u8)) {
    let end = out.len() + columns * 3;
    for quad in row.chunks_exact(4) {
        let (luma, u, v) = order(quad);
        luma.into_iter().for_each(|luma| out.extend(bt601(luma, u, v)));
    }
    // The second pixel of the last pair of an odd width.
    out.truncate(end);
}

/// ITU-R BT.601, limited range: luma 16 to 235, colour 16 to 240 around 128.
fn bt601(luma: u8, u: u8, v: u8) -> [u8; 3] {
    let luma = 298 * (i32::from(luma) - 16);
    let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
    [luma + 409 * v, luma - 100 * u - 208 * v, luma + 516 * u].map(|value| ((value + 128) >> 8).clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;
    use proptest::prelude::*;

    /// BT.601 limited range of pure colours, from the standard's definition.
    const RED: [u8; 3] = [81, 90, 240];

    #[test]
    fn red_is_red_in_every_format() {
        let [y, u, v] = RED;
        let near = |bytes: &[u8], layout| {
            let image = to_rgb(bytes, 2, 2, 0, layout).expect("complete");
            assert!(image.pixels().all(|Rgb([r, g, b])| *r > 250 && *g < 4 && *b < 4), "{layout:?} {image:?}");
        };
        near(&[y, u, y, v].repeat(2), Layout::Yuyv);
        near(&[u, y, v, y].repeat(2), Layout::Uyvy);
        near(&[y, y, y, y, u, v], Layout::Nv12);
        near(&[255, 0, 0].repeat(4), Layout::Rgb);
        near(&[0, 0, 255].repeat(4), Layout::Bgr);
        let grey = to_rgb(&[7; 4], 2, 2, 0, Layout::Grey).expect("complete");
        assert_eq!(*grey.get_pixel(1, 1), Rgb([7; 3]));
    }

    #[test]
    fn rows_are_found_by_their_stride() {
        let padded = [1, 2, 99, 3, 4, 99];
        let image = to_rgb(&padded, 2, 2, 3, Layout::Grey).expect("complete");
        assert_eq!(image.get_pixel(0, 1)[0], 3);
        assert!(to_rgb(&padded[..4], 2, 2, 3, Layout::Grey).is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_picture_or_none(
            bytes in proptest::collection::vec(any::<u8>(), 0..400), width in 0u32..40, height in 0u32..20, stride in 0u32..90,
            layout in prop_oneof![Just(Layout::Yuyv), Just(Layout::Uyvy), Just(Layout::Nv12), Just(Layout::Rgb), Just(Layout::Bgr), Just(Layout::Grey)],
        ) {
            if let Some(image) = to_rgb(&bytes, width, height, stride, layout) {
                prop_assert_eq!(image.dimensions(), (width, height));
            }
            prop_assert!(to_rgb(&bytes, u32::MAX, u32::MAX, u32::MAX, layout).is_none());
        }
    }
}
