//! From a file's bytes to an upright picture, without trusting the bytes.
//!
//! What a picture would take in memory is known from its head and is refused before any of it is unpacked.

use std::io::Cursor;

use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

use super::{CaptureError, mjpeg};

/// Longest side that is decoded, in pixels.
const MAX_SIDE: u32 = 12_000;
/// Most pixels that are decoded; 8K video has 33 million. A camera with more can be asked for a smaller picture.
const MAX_PIXELS: u64 = 34_000_000;
/// Most memory that one buffer of the decoder may take, in bytes.
const MAX_ALLOC: u64 = 144 * 1024 * 1024;

fn refuse(problem: impl ToString) -> CaptureError {
    CaptureError::Picture(problem.to_string())
}

/// Decodes JPEG, PNG or WebP of any colour type to 8-bit RGB and turns it as its EXIF orientation says.
///
/// Refused with a reason: what is cut off, absurdly large or empty, other formats, and animations, since nobody can say
/// which of their pictures is meant. CMYK becomes RGB; 16-bit pictures keep their upper 8 bits; transparency is dropped.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, CaptureError> {
    if bytes.is_empty() {
        return Err(refuse("it has no bytes"));
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(refuse)?;
    let patched;
    match reader.format() {
        Some(ImageFormat::Jpeg) => {
            if !mjpeg::is_whole(bytes) {
                return Err(refuse("it is cut off before its end"));
            }
            patched = mjpeg::with_huffman_tables(bytes);
            reader = ImageReader::with_format(Cursor::new(&*patched), ImageFormat::Jpeg);
        }
        Some(ImageFormat::Png) if png_has(bytes, b"acTL") => return Err(refuse("it is an animation (APNG)")),
        Some(ImageFormat::WebP) if webp_is_animated(bytes) => return Err(refuse("it is an animation (WebP)")),
        Some(ImageFormat::Png | ImageFormat::WebP) => {}
        Some(other) => return Err(refuse(format!("it is {other:?}; only JPEG, PNG and WebP are read"))),
        None => return Err(refuse("it is neither JPEG nor PNG nor WebP")),
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refuse)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let sides = 1..=MAX_SIDE;
    if !sides.contains(&width) || !sides.contains(&height) || pixels > MAX_PIXELS || decoder.total_bytes() > MAX_ALLOC {
        return Err(refuse(format!("its size of {width}×{height} pixels is out of range")));
    }
    // A picture without a readable orientation is taken as it is.
    let orientation = decoder.orientation().ok();
    let deep = matches!(decoder.color_type(), ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16);
    let image = DynamicImage::from_decoder(decoder).map_err(refuse)?;
    // By rounding down, as a camera with fewer bits would, and not by scaling: 0xffff and 0xff00 are both 255.
    let mut image = if deep { DynamicImage::ImageRgb8(upper_bytes(image)) } else { image };
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok(image.into_rgb8())
}

fn upper_bytes(image: DynamicImage) -> RgbImage {
    let deep = image.into_rgb16();
    let (width, height) = deep.dimensions();
    let bytes = deep.into_raw().into_iter().map(|value| (value >> 8) as u8).collect();
    RgbImage::from_raw(width, height, bytes).unwrap_or_default()
}

/// Whether a PNG has a chunk of that name before its picture.
fn png_has(png: &[u8], name: &[u8; 4]) -> bool {
    let mut at = 8;
    while let Some(&[a, b, c, d, ref kind @ ..]) = png.get(at..at + 8) {
        if kind == name {
            return true;
        }
        if kind == b"IDAT" {
            return false;
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let Some(next) = at.checked_add(12).and_then(|at| at.checked_add(length)) else { return false };
        at = next;
    }
    false
}

/// Whether the extended header's animation flag is set.
fn webp_is_animated(webp: &[u8]) -> bool {
    webp.get(12..16) == Some(b"VP8X") && webp.get(20).is_some_and(|flags| flags & 0b10 != 0)
}
