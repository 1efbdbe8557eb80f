//! Pictures as JPEG.

use std::io::Cursor;

use image::{ExtendedColorType, ImageEncoder, ImageError, RgbImage, codecs::jpeg::JpegEncoder};

/// A picture as JPEG of a quality from 1 to 100.
pub fn jpeg(image: &RgbImage, quality: u8) -> Result<Vec<u8>, ImageError> {
    let mut data = Cursor::new(Vec::new());
    let [width, height] = [image.width(), image.height()];
    JpegEncoder::new_with_quality(&mut data, quality).write_image(image, width, height, ExtendedColorType::Rgb8)?;
    Ok(data.into_inner())
}
