//! Pictures and programs that mean harm, or are merely broken, end in a word and in time.

use std::time::{Duration, Instant};

use image::{ImageFormat, Rgb, RgbImage};
use vision::capture::{Burst, CaptureError, Shots, decode};
use vision::source::SourceSpec;

fn encoded(format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_fn(64, 48, |x, y| Rgb([x as u8 * 3, y as u8 * 5, 90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

fn capture(spec: &SourceSpec, deadline: Duration) -> Result<Burst, CaptureError> {
    let shots = Shots { frames: 5, spacing: Duration::from_millis(1), helper: None };
    vision::capture::capture(spec, &shots, deadline)
}

fn command(line: &str) -> SourceSpec {
    format!("cmd:sh -c '{line}'").parse().expect("a source")
}

#[test]
fn broken_pictures_are_refused() {
    assert!(decode(&[]).is_err());
    assert!(decode(b"GIF89a no").is_err());
    assert!(decode(b"\xff\xd8\xff\xd9").is_err());
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = encoded(format);
        assert_eq!(decode(&whole).expect("decodes").dimensions(), (64, 48));
        assert!(decode(&whole[..whole.len() * 2 / 3]).is_err(), "cut-off {format:?}");
    }
}

#[test]
fn a_bomb_does_not_unpack() {
    // The header of a PNG that claims 60000×60000 pixels.
    let mut png = encoded(ImageFormat::Png);
    png[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    png[20..24].copy_from_slice(&60_000u32.to_be_bytes());
    let start = Instant::now();
    assert!(matches!(decode(&png), Err(CaptureError::Picture(_))));
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_program_is_stopped_with_its_children() {
    let mark = tempfile::tempdir().expect("a folder");
    let file = mark.path().join("alive");
    let spec = command(&format!("(sleep 2; touch {}) & sleep 30", file.display()));
    let start = Instant::now();
    let error = capture(&spec, Duration::from_millis(400)).expect_err("no picture");
    assert!(matches!(error, CaptureError::Deadline { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(2));
    std::thread::sleep(Duration::from_millis(2200));
    assert!(!file.exists(), "the grandchild went on");
}

#[test]
fn a_failing_program_says_why() {
    let error = capture(&command("echo first >&2; echo lens jammed >&2; exit 3"), Duration::from_secs(10));
    let error = error.expect_err("no picture").to_string();
    assert!(error.contains("lens jammed") && error.contains('3'), "{error}");
    let missing: SourceSpec = "cmd:no-such-camera-program".parse().expect("a source");
    assert!(capture(&missing, Duration::from_secs(5)).expect_err("none").to_string().contains("not installed"));
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
