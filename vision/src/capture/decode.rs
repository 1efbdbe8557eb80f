//! From a file's bytes to an upright picture, without trusting the bytes.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

use super::{CaptureError, mjpeg};

/// Longest side that is decoded, in pixels.
const MAX_SIDE: u32 = 12_000;
/// Most memory that decoding may take, in bytes.
const MAX_ALLOC: u64 = 512 * 1024 * 1024;
/// Some cameras pad their JPEG; a cut-off file has no end marker near its end.
const JPEG_TAIL: usize = 1024;

fn refuse(problem: impl ToString) -> CaptureError {
    CaptureError::Picture(problem.to_string())
}

/// Decodes JPEG, PNG or WebP, turns it as its EXIF orientation says, and refuses what is cut off or absurdly large.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, CaptureError> {
    if bytes.is_empty() {
        return Err(refuse("it has no bytes"));
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(refuse)?;
    let patched;
    match reader.format() {
        Some(ImageFormat::Jpeg) => {
            check_jpeg_end(bytes)?;
            patched = mjpeg::with_huffman_tables(bytes);
            reader = ImageReader::with_format(Cursor::new(&*patched), ImageFormat::Jpeg);
        }
        Some(ImageFormat::Png | ImageFormat::WebP) => {}
        _ => return Err(refuse("it is neither JPEG nor PNG nor WebP")),
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refuse)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE || decoder.total_bytes() > MAX_ALLOC {
        return Err(refuse(format!("its size of {width}×{height} pixels is out of range")));
    }
    // A picture without a readable orientation is taken as it is.
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(refuse)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok(image.into_rgb8())
}

fn check_jpeg_end(bytes: &[u8]) -> Result<(), CaptureError> {
    let tail = &bytes[bytes.len().saturating_sub(JPEG_TAIL)..];
    let padded_from = tail.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    if padded_from == 0 || tail.windows(2).any(|pair| pair == [0xff, 0xd9]) {
        return Ok(());
    }
    Err(refuse("it is cut off before its end"))
}
