//! A hostile file becomes a picture of bounded size, upright and without what a camera wrote beside it.

use std::io::Cursor;

use image::{
    DynamicImage, GrayImage, ImageDecoder, ImageReader, Limits, RgbImage, codecs::jpeg::JpegEncoder,
    imageops::FilterType, metadata::Orientation,
};

/// Largest file of one shot, in bytes.
pub const LARGEST_FILE: usize = 12 * 1024 * 1024;
/// Longest side that is decoded, in pixels; phones take 4000 to 9000.
const LONGEST_SIDE: u32 = 12_000;
/// Memory that decoding may take: 40 million pixels of three bytes, and as much for the decoder.
const MEMORY: u64 = 256 * 1024 * 1024;
/// Most pixels that are decoded.
const MOST_PIXELS: u64 = 40_000_000;
/// Longest side of what is read, in pixels.
const READ_SIDE: u32 = 1280;
/// Longest side of what bars and squares of codes are looked for in: they are finer than letters.
const FINE_SIDE: u32 = 2000;
/// Longest side of a photo that is kept with a wine.
const KEPT_SIDE: u32 = 1200;
/// Its quality as a JPEG: some 200 kB.
const KEPT_QUALITY: u8 = 82;

/// Why a file is no picture of a label.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// Too many bytes.
    #[error("the picture has {0} bytes; at most {LARGEST_FILE} are read. Cure: let the camera take a smaller one")]
    Large(usize),
    /// Too many pixels.
    #[error(
        "the picture has {0}x{1} pixels; at most {LONGEST_SIDE} a side and {MOST_PIXELS} in all are read. Cure: let the camera take a smaller one"
    )]
    Pixels(u32, u32),
    /// Too many bytes once it is unpacked, as pictures of 16 bits a colour have.
    #[error(
        "the picture has {0} bytes once it is unpacked; at most {MEMORY} are. Cure: save it with 8 bits a colour, or smaller"
    )]
    Unpacked(u64),
    /// Nothing that can be decoded.
    #[error("this is no JPEG, PNG or WebP picture: {0}")]
    Unreadable(String),
}

/// A shot of a bottle, upright.
#[derive(Debug)]
pub struct Shot {
    /// What is read, at most 1280 pixels on the longer side.
    pub picture: RgbImage,
    /// What codes are looked for in, at most 2000 pixels on the longer side, grey.
    pub fine: GrayImage,
}

/// Decodes a JPEG, PNG or WebP file, turns it as its camera says, and scales it down to 1280 pixels on the longer side.
///
/// # Errors
/// When the file or its picture is too large, or it is none of the three.
pub fn decode(file: &[u8]) -> Result<RgbImage, PictureError> {
    let (picture, orientation) = unpack(file)?;
    Ok(upright(&picture, READ_SIDE, orientation).into_rgb8())
}

/// The same, and finer in grey for codes.
///
/// # Errors
/// As [`decode`].
pub fn shot(file: &[u8]) -> Result<Shot, PictureError> {
    let (picture, orientation) = unpack(file)?;
    Ok(Shot {
        picture: upright(&picture, READ_SIDE, orientation).into_rgb8(),
        fine: upright(&picture, FINE_SIDE, orientation).into_luma8(),
    })
}

/// The photo that is kept with a wine: a JPEG of at most 1200 pixels on the longer side, without anything beside the
/// picture.
///
/// # Errors
/// When it cannot be encoded.
pub fn photo(picture: &RgbImage) -> Result<Vec<u8>, image::ImageError> {
    let (width, height) = picture.dimensions();
    let mut file = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut file, KEPT_QUALITY);
    if width.max(height) > KEPT_SIDE {
        let kept = DynamicImage::from(picture.clone()).resize(KEPT_SIDE, KEPT_SIDE, FilterType::Triangle);
        kept.write_with_encoder(encoder)?;
    } else {
        picture.write_with_encoder(encoder)?;
    }
    Ok(file)
}

fn upright(picture: &DynamicImage, side: u32, orientation: Orientation) -> DynamicImage {
    let mut turned = if picture.width().max(picture.height()) > side {
        picture.resize(side, side, FilterType::Triangle)
    } else {
        picture.clone()
    };
    turned.apply_orientation(orientation);
    turned
}

fn unpack(file: &[u8]) -> Result<(DynamicImage, Orientation), PictureError> {
    if file.len() > LARGEST_FILE {
        return Err(PictureError::Large(file.len()));
    }
    let unreadable = |error: image::ImageError| PictureError::Unreadable(error.to_string());
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(|error| PictureError::Unreadable(error.to_string()))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PictureError::Pixels(width, height));
    }
    if decoder.total_bytes() > MEMORY {
        return Err(PictureError::Unpacked(decoder.total_bytes()));
    }
    // What a camera wrote beside its picture may be broken: the picture is read all the same.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(unreadable)?, orientation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(picture: &RgbImage) -> Vec<u8> {
        let mut file = Vec::new();
        JpegEncoder::new_with_quality(&mut file, 85).encode_image(picture).expect("encodes");
        file
    }

    #[test]
    fn hostile_files_are_refused_with_a_reason() {
        assert!(matches!(decode(b"GIF89a..."), Err(PictureError::Unreadable(_))));
        assert!(matches!(decode(b""), Err(PictureError::Unreadable(_))));
        assert!(matches!(decode(&vec![0; LARGEST_FILE + 1]), Err(PictureError::Large(_))));
        let mut whole = encode(&RgbImage::new(64, 64));
        whole.truncate(200);
        assert!(decode(&whole).is_err());
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        // 8 bits a colour, three colours; 16 bits, four.
        assert!(matches!(
            decode(&png(11_000, 11_000, [8, 2])),
            Err(PictureError::Pixels(11_000, 11_000) | PictureError::Unreadable(_))
        ));
        assert!(matches!(decode(&png(6_000, 6_000, [16, 6])), Err(PictureError::Unpacked(288_000_000))));
    }

    /// The beginning of a PNG that claims so many pixels of so many bits and of a kind.
    fn png(width: u32, height: u32, kind: [u8; 2]) -> Vec<u8> {
        let mut png = Vec::from(*b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR");
        png.extend(width.to_be_bytes());
        png.extend(height.to_be_bytes());
        png.extend(kind);
        png.extend([0; 3]);
        png.extend(crc(&png[12..29]).to_be_bytes());
        png.extend(*b"\x00\x00\x00\x04IDAT\x78\x9c\x00\x00");
        png.extend(crc(b"IDAT\x78\x9c\x00\x00").to_be_bytes());
        png
    }

    fn crc(data: &[u8]) -> u32 {
        !data.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
        })
    }

    #[test]
    fn a_large_picture_is_scaled_down_and_turned_as_its_camera_says() {
        let file = encode(&RgbImage::new(2000, 1000));
        assert_eq!(decode(&file).expect("decodes").dimensions(), (1280, 640));
        // The same with an EXIF block that says "turned by a quarter" (orientation 6).
        let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let turned = [&file[..2], exif, &file[2..]].concat();
        let upright = decode(&turned).expect("decodes");
        assert_eq!(upright.dimensions(), (640, 1280));
        // So is what is kept, and nothing of the block is.
        let shot = shot(&turned).expect("decodes");
        assert_eq!((shot.picture.dimensions(), shot.fine.dimensions()), ((640, 1280), (1000, 2000)));
        let kept = photo(&shot.picture).expect("encodes");
        assert_eq!(decode(&kept).expect("decodes").dimensions(), (600, 1200));
        assert!(!kept.windows(4).any(|part| part == b"Exif"));
    }
}
