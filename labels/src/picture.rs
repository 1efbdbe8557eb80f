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
/// Longest side of what another machine is sent, in pixels: small print on a back label needs them.
const SENT_SIDE: u32 = 1600;
/// A picture that is sent has fewer bytes than this where coarser steps of compression can do it.
const SENT_BYTES: usize = 1_600_000;
/// Quality of the JPEG that is sent, and what is tried where it is too large.
const QUALITIES: [u8; 3] = [88, 70, 45];

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
    /// A side is too long.
    #[error(
        "a side of the picture has more than {LONGEST_SIDE} pixels, or it needs too much memory. Cure: let the camera take a smaller one"
    )]
    Long,
    /// Too many bytes once it is unpacked, as pictures of 16 bits a colour have.
    #[error(
        "the picture has {0} bytes once it is unpacked; at most {MEMORY} are. Cure: save it with 8 bits a colour, or smaller"
    )]
    Unpacked(u64),
    /// Nothing that can be decoded.
    #[error("this is no JPEG, PNG or WebP picture: {0}")]
    Unreadable(String),
}

/// Decodes a JPEG, PNG or WebP file, turns it as its camera says, and scales it down to 1280 pixels on the longer side.
///
/// # Errors
/// When the file or its picture is too large, or it is none of the three.
pub fn decode(file: &[u8]) -> Result<RgbImage, PictureError> {
    Ok(Whole::open(file)?.within(READ_SIDE).into_rgb8())
}

/// A file that was decoded, with all its pixels.
#[derive(Debug)]
pub struct Whole {
    picture: DynamicImage,
    orientation: Orientation,
}

/// A shot of a bottle, upright.
#[derive(Debug)]
pub struct Shot {
    /// What is read, at most 1280 pixels on the longer side.
    pub picture: RgbImage,
    /// What codes are looked for in, at most 2000 pixels on the longer side, grey.
    pub fine: GrayImage,
}

/// A picture that may leave this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clean {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// A JPEG file without anything beside its picture: neither place nor time nor camera.
    pub jpeg: Vec<u8>,
}

/// The JPEG file of a picture, smaller where it would have too many bytes.
///
/// # Errors
/// When the picture is empty or larger than a JPEG can be.
pub fn encode(picture: &RgbImage) -> Result<Clean, PictureError> {
    let (width, height) = picture.dimensions();
    let mut jpeg = Vec::new();
    for quality in QUALITIES {
        jpeg.clear();
        let done = JpegEncoder::new_with_quality(&mut jpeg, quality).encode_image(picture);
        done.map_err(|error| PictureError::Unreadable(error.to_string()))?;
        if jpeg.len() < SENT_BYTES {
            break;
        }
    }
    Ok(Clean { width, height, jpeg })
}

impl Whole {
    /// Decodes a JPEG, PNG or WebP file.
    ///
    /// # Errors
    /// As [`decode`].
    pub fn open(file: &[u8]) -> Result<Self, PictureError> {
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
        let mut decoder = reader.into_decoder().map_err(|error| match error {
            image::ImageError::Limits(_) => PictureError::Long,
            other => unreadable(other),
        })?;
        let (width, height) = decoder.dimensions();
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(PictureError::Pixels(width, height));
        }
        if decoder.total_bytes() > MEMORY {
            return Err(PictureError::Unpacked(decoder.total_bytes()));
        }
        // What a camera wrote beside its picture may be broken: the picture is read all the same.
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        Ok(Self { picture: DynamicImage::from_decoder(decoder).map_err(unreadable)?, orientation })
    }

    /// What is read of it, and what codes are looked for in.
    pub fn shot(&self) -> Shot {
        Shot { picture: self.within(READ_SIDE).into_rgb8(), fine: self.within(FINE_SIDE).into_luma8() }
    }

    /// What may be sent to another machine: turned upright, at most 1600 pixels on the longer side, without EXIF.
    ///
    /// # Errors
    /// When the picture is empty.
    pub fn clean(&self) -> Result<Clean, PictureError> {
        encode(&self.within(SENT_SIDE).into_rgb8())
    }

    fn within(&self, side: u32) -> DynamicImage {
        let large = self.picture.width().max(self.picture.height()) > side;
        let mut upright =
            if large { self.picture.resize(side, side, FilterType::Triangle) } else { self.picture.clone() };
        upright.apply_orientation(self.orientation);
        upright
    }
}

impl Shot {
    /// The photo that is kept with a wine: a JPEG of at most 1200 pixels on the longer side, without anything beside the picture.
    ///
    /// # Errors
    /// When the picture is empty.
    pub fn photo(&self) -> Result<Vec<u8>, PictureError> {
        let picture = &self.picture;
        if picture.width().max(picture.height()) <= KEPT_SIDE {
            return Ok(encode(picture)?.jpeg);
        }
        let kept = DynamicImage::from(picture.clone()).resize(KEPT_SIDE, KEPT_SIDE, FilterType::Triangle);
        Ok(encode(&kept.into_rgb8())?.jpeg)
    }
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
        assert!(matches!(decode(&png(11_000, 11_000, [8, 2])), Err(PictureError::Pixels(11_000, 11_000))));
        assert!(matches!(decode(&png(12_500, 1_000, [8, 2])), Err(PictureError::Long)));
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
    fn what_is_sent_is_upright_small_and_without_exif() {
        let file = encode(&RgbImage::from_fn(2000, 1000, |x, _| image::Rgb([(x / 8) as u8; 3])));
        let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let sent =
            Whole::open(&[&file[..2], exif, &file[2..]].concat()).and_then(|whole| whole.clean()).expect("a picture");
        assert_eq!((sent.width, sent.height), (800, 1600));
        assert!(!sent.jpeg.windows(4).any(|four| four == b"Exif"));
        assert_eq!(decode(&sent.jpeg).expect("decodes").dimensions(), (640, 1280));
        assert!(matches!(Whole::open(b"GIF89a"), Err(PictureError::Unreadable(_))));
    }

    #[test]
    fn a_picture_of_noise_is_compressed_until_it_can_be_sent() {
        let mut state = 1u32;
        let noise = RgbImage::from_fn(1600, 1200, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8])
        });
        let sent = super::encode(&noise).expect("a picture");
        assert!(sent.jpeg.len() < encode(&noise).len(), "{}", sent.jpeg.len());
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
        let shot = Whole::open(&turned).expect("decodes").shot();
        assert_eq!((shot.picture.dimensions(), shot.fine.dimensions()), ((640, 1280), (1000, 2000)));
        let kept = shot.photo().expect("encodes");
        assert_eq!(decode(&kept).expect("decodes").dimensions(), (600, 1200));
        assert!(!kept.windows(4).any(|part| part == b"Exif"));
    }
}
