//! Pictures and programs that mean harm, or are merely broken, end in a word and in time.

use std::io::Cursor;
use std::time::{Duration, Instant};

use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use proptest::prelude::*;
use vision::capture::{Burst, CaptureError, Shots, decode};
use vision::source::SourceSpec;

fn picture() -> RgbImage {
    RgbImage::from_fn(64, 48, |x, y| Rgb([x as u8 * 3, y as u8 * 5, 90]))
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture().write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

fn capture(spec: &SourceSpec, deadline: Duration) -> Result<Burst, CaptureError> {
    let shots = Shots { frames: 5, spacing: Duration::from_millis(1), helper: None };
    vision::capture::capture(spec, &shots, deadline)
}

fn command(line: &str) -> SourceSpec {
    format!("cmd:sh -c '{line}'").parse().expect("a source")
}

fn refusal(bytes: &[u8]) -> String {
    let start = Instant::now();
    let error = decode(bytes).expect_err("refused");
    assert!(matches!(error, CaptureError::Picture(_)), "{error}");
    assert!(start.elapsed() < Duration::from_secs(5), "{error} took {:?}", start.elapsed());
    error.to_string()
}

/// A chunk of a PNG.
fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [name, data].concat();
    // CRC-32 as PNG has it, bit by bit.
    let crc = !named.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    });
    [&(data.len() as u32).to_be_bytes(), named.as_slice(), &crc.to_be_bytes()].concat()
}

/// A PNG with its size changed to a lie, and with checksums that hold.
fn png_of_size(width: u32, height: u32) -> Vec<u8> {
    let png = encoded(ImageFormat::Png);
    let mut head = png[16..29].to_vec();
    head[..4].copy_from_slice(&width.to_be_bytes());
    head[4..8].copy_from_slice(&height.to_be_bytes());
    [&png[..8], &chunk(b"IHDR", &head), &png[33..]].concat()
}

/// A JPEG with its size changed to a lie.
fn jpeg_of_size(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = encoded(ImageFormat::Jpeg);
    let at = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame header") + 5;
    jpeg[at..at + 2].copy_from_slice(&height.to_be_bytes());
    jpeg[at + 2..at + 4].copy_from_slice(&width.to_be_bytes());
    jpeg
}

/// The JPEG with an EXIF segment that holds one entry: the orientation.
fn jpeg_turned(orientation: u8) -> Vec<u8> {
    let jpeg = encoded(ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

#[test]
fn broken_pictures_are_refused() {
    assert!(decode(&[]).is_err());
    assert!(decode(b"GIF89a no").is_err());
    assert!(decode(b"\xff\xd8\xff\xd9").is_err());
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = encoded(format);
        assert_eq!(decode(&whole).expect("decodes").dimensions(), (64, 48));
        for part in [1, 2, 3, 5, 9] {
            assert!(decode(&whole[..whole.len() * part / 10]).is_err(), "cut-off {format:?}, {part} tenths");
        }
    }
}

#[test]
fn bombs_do_not_unpack() {
    for (width, height) in [(60_000, 60_000), (1, 400_000), (12_000, 12_000), (u32::MAX >> 1, 1)] {
        refusal(&png_of_size(width, height));
    }
    refusal(&jpeg_of_size(65_500, 65_500));
    refusal(&jpeg_of_size(11_000, 11_000));
    // Sixteen megabytes of text in a few thousand compressed bytes must not be unpacked to read a picture.
    let png = encoded(ImageFormat::Png);
    let text = [b"Comment\0\0".as_slice(), &[0x78, 0x9c], &[0; 64]].concat();
    let with_text = [&png[..33], &chunk(b"zTXt", &text), &png[33..]].concat();
    // Whether a broken comment spoils a picture is the decoder's affair; that it ends at once is ours.
    let start = Instant::now();
    drop(decode(&with_text));
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn pictures_without_pixels_are_refused() {
    for bytes in [png_of_size(0, 0), png_of_size(0, 48), png_of_size(64, 0), jpeg_of_size(0, 48), jpeg_of_size(64, 0)] {
        refusal(&bytes);
    }
}

#[test]
fn animations_are_refused_by_name() {
    assert!(
        refusal(b"GIF89a\x40\0\x30\0\x80\0\0\0\0\0\xff\xff\xff!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0;").contains("Gif")
    );
    let png = encoded(ImageFormat::Png);
    let apng = [&png[..33], &chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), &png[33..]].concat();
    assert!(refusal(&apng).contains("animation"));
    let webp = b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x3f\0\0\x2f\0\0";
    assert!(refusal(webp).contains("animation"));
}

#[test]
fn deep_and_transparent_pictures_become_plain_ones() {
    let deep =
        image::ImageBuffer::from_fn(16, 8, |x, y| image::Rgba([x as u16 * 4096 + 255, y as u16 * 8192, 0xffff, 9]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgba16(deep).write_to(&mut bytes, ImageFormat::Png).expect("encodes");
    let image = decode(&bytes.into_inner()).expect("decodes");
    assert_eq!(*image.get_pixel(3, 5), Rgb([48, 160, 255]));
    let grey = image::GrayImage::from_pixel(9, 9, image::Luma([77]));
    let mut jpeg = Vec::new();
    JpegEncoder::new(&mut jpeg).write_image(grey.as_raw(), 9, 9, ExtendedColorType::L8).expect("encodes");
    assert!(decode(&jpeg).expect("decodes").get_pixel(4, 4).0.iter().all(|value| value.abs_diff(77) < 3));
}

/// Four components without a word on their meaning are CMYK; Adobe's marker says that they are stored inverted.
#[test]
fn a_cmyk_jpeg_is_handled() {
    // One block per component, all of the same value: DC 0 = the middle, so that each component is 128.
    let head = [0xff, 0xd8, 0xff, 0xee, 0, 14, b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, 0];
    let table: Vec<u8> = [&[0xff, 0xdb, 0, 67, 0], [1u8; 64].as_slice()].concat();
    let frame = [0xff, 0xc0, 0, 20, 8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0];
    // Huffman tables with a single code `0`: DC category 0, AC end of block.
    let codes = |class: u8| [&[0xff, 0xc4, 0, 20, class, 1], [0u8; 15].as_slice(), &[0]].concat();
    let scan = [0xff, 0xda, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0, 0, 0xff, 0xd9];
    let jpeg = [head.as_slice(), &table, &frame, &codes(0), &codes(0x10), &scan].concat();
    let image = decode(&jpeg).expect("decodes");
    assert_eq!(image.dimensions(), (8, 8));
    // Half of the ink over half of the black: a dark grey, whichever way it is stored.
    assert!(
        image.pixels().all(|Rgb([r, g, b])| (50..=80).contains(r) && r == g && g == b),
        "{:?}",
        image.get_pixel(0, 0)
    );
}

#[test]
fn a_picture_is_turned_as_its_camera_was_held() {
    let upright = decode(&encoded(ImageFormat::Jpeg)).expect("decodes");
    let quarter = decode(&jpeg_turned(6)).expect("decodes");
    assert_eq!(quarter.dimensions(), (48, 64));
    assert_eq!(quarter.get_pixel(47, 0), upright.get_pixel(0, 0));
    let half = decode(&jpeg_turned(3)).expect("decodes");
    assert_eq!(half.get_pixel(63, 47), upright.get_pixel(0, 0));
    assert_eq!(decode(&jpeg_turned(99)).expect("an orientation that is none"), upright);
}

#[test]
fn a_program_is_stopped_with_its_children() {
    let mark = tempfile::tempdir().expect("a folder");
    let pipe = mark.path().join("alive");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    // The grandchild holds the pipe open as long as it lives; the camera program itself has long been killed.
    let spec = command(&format!("(exec sleep 60 >{}) & sleep 60", pipe.display()));
    let reader = std::thread::spawn(move || {
        let start = Instant::now();
        std::io::Read::read_to_end(&mut std::fs::File::open(pipe).expect("opened"), &mut Vec::new()).expect("its end");
        start.elapsed()
    });
    let start = Instant::now();
    let error = capture(&spec, Duration::from_millis(700)).expect_err("no picture");
    assert!(matches!(error, CaptureError::Deadline { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(reader.join().expect("reader") < Duration::from_secs(30), "the grandchild went on");
}

#[test]
fn a_failing_program_says_why() {
    let error = capture(&command("echo first >&2; echo lens jammed >&2; exit 3"), Duration::from_secs(1));
    let error = error.expect_err("no picture").to_string();
    assert!(error.contains("lens jammed") && error.contains('3'), "{error}");
    let missing: SourceSpec = "cmd:no-such-camera-program".parse().expect("a source");
    assert!(capture(&missing, Duration::from_secs(5)).expect_err("none").to_string().contains("not installed"));
    let endless = capture(&command("cat /dev/zero"), Duration::from_secs(60)).expect_err("no picture");
    assert!(matches!(endless, CaptureError::TooLarge(_)), "{endless}");
}

#[test]
fn a_fault_that_passes_is_overcome() {
    let folder = tempfile::tempdir().expect("a folder");
    let jpeg = folder.path().join("a.jpg");
    std::fs::write(&jpeg, encoded(ImageFormat::Jpeg)).expect("written");
    let (tries, jpeg) = (folder.path().join("tries"), jpeg.display());
    let line = format!("echo x >>{0}; test $(wc -l <{0}) -gt 2 || exit 7; cat {jpeg} {jpeg}", tries.display());
    let burst = capture(&command(&line), Duration::from_secs(60)).expect("pictures");
    assert!(burst.overcome.len() == 1 && burst.overcome[0].contains('7'), "{:?}", burst.overcome);
    assert!(burst.shots >= 2 && burst.frames.len() >= 2);
}

#[test]
fn a_camera_whose_helper_hangs_or_lies_ends_in_time() {
    let spec: SourceSpec = "v4l2:/dev/video0".parse().expect("a source");
    let with = |script: &str, milliseconds| {
        let args = vec!["-c".into(), script.into()];
        let helper = vision::capture::Helper { program: "/bin/sh".into(), args };
        let shots = Shots { frames: 5, spacing: Duration::ZERO, helper: Some(helper) };
        let start = Instant::now();
        let error =
            vision::capture::capture(&spec, &shots, Duration::from_millis(milliseconds)).expect_err("no picture");
        assert!(start.elapsed() < Duration::from_secs(20), "{error}");
        error.to_string()
    };
    assert!(with("sleep 60", 400).contains("no picture within"));
    assert!(with("echo this is no picture at all", 900).contains("something else than pictures"));
    assert!(with("printf WCF1; kill -9 $$", 900).contains("signal: 9"));
    assert!(with("echo the lens cap is on >&2; exit 1", 900).contains("the lens cap is on"));
    assert!(capture(&spec, Duration::from_secs(5)).expect_err("no helper").to_string().contains("cannot be read"));
}

#[test]
fn files_and_folders() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = SourceSpec::Dir(folder.path().to_owned());
    assert!(matches!(capture(&dir, Duration::from_secs(5)), Err(CaptureError::EmptyFolder(_))));
    for i in 0..12 {
        std::fs::write(folder.path().join(format!("{i:02}.jpg")), encoded(ImageFormat::Jpeg)).expect("written");
    }
    let frames = capture(&dir, Duration::from_secs(20)).expect("frames").frames;
    assert_eq!(frames.len(), 9);
    assert!(frames.iter().all(|frame| frame.bytes.is_some()));
    let none = SourceSpec::File(folder.path().join("none.jpg"));
    assert!(matches!(capture(&none, Duration::from_secs(5)), Err(CaptureError::Read { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Bytes changed anywhere in a picture that was whole: the decoders are let deep into the data.
    #[test]
    fn damaged_pictures_are_pictures_or_refused(
        format in prop_oneof![Just(ImageFormat::Jpeg), Just(ImageFormat::Png), Just(ImageFormat::WebP)],
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<proptest::sample::Index>(), cut_it in any::<bool>(),
    ) {
        let mut bytes = encoded(format);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut_it {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(image) = decode(&bytes) {
            prop_assert!(image.width() > 0 && image.height() > 0);
        }
    }
}
