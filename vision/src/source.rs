//! Where a picture comes from: one line of text, as written in the settings.

mod redact;
mod words;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

pub use redact::redact;
use words::{quote, split_words};

/// A camera or its stand-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceSpec {
    /// One picture file: `file:PATH`.
    File(PathBuf),
    /// A folder of pictures, of which the last by name are taken: `dir:PATH`.
    Dir(PathBuf),
    /// A Video4Linux device: `v4l2:/dev/video0`, or with a mode: `v4l2:/dev/video0?size=1280x720&format=YUYV`.
    V4l2 {
        /// The device file; a name under `/dev/v4l/by-id/` stays the same when another camera is plugged in.
        device: PathBuf,
        /// What to ask of it.
        mode: Mode,
    },
    /// A program that writes one picture to its standard output: `cmd:PROGRAM ARGS`.
    Command {
        /// Program, looked up on `PATH`.
        program: String,
        /// Its arguments, already split.
        args: Vec<String>,
    },
    /// A snapshot address: `http://…`; an `https://…` is taken and told at once not to be spoken.
    Http(String),
    /// A stream address, read through ffmpeg: `rtsp://…`.
    Rtsp(String),
}

/// Picture size and pixel format to ask of a Video4Linux device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mode {
    /// Width and height in pixels, 1 to 12,000; else 1920 by 1080. The driver answers with the nearest it has.
    pub size: Option<(u32, u32)>,
    /// Four letters such as `MJPG`; else the first of those known that the device has.
    pub format: Option<[u8; 4]>,
}

/// Why a line is no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The line begins with none of the known forms.
    #[error(
        "unknown source {0:?}: write file:PATH, dir:PATH, v4l2:/dev/videoN, cmd:PROGRAM ARGS, http://… or rtsp://…"
    )]
    UnknownForm(String),
    /// Nothing follows the form's name.
    #[error("the source {0:?} names nothing after the colon")]
    Empty(&'static str),
    /// What follows the question mark of a Video4Linux device is no mode.
    #[error("{0:?} is no camera mode: write v4l2:/dev/video0?size=1280x720&format=YUYV, either part or both")]
    Mode(String),
    /// A quotation mark of the command is never closed.
    #[error("the command has an open {0} quotation mark")]
    OpenQuote(char),
    /// The command ends in a lone backslash.
    #[error("the command ends in a backslash that escapes nothing")]
    TrailingBackslash,
}

impl FromStr for SourceSpec {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        for scheme in ["http", "https", "rtsp"] {
            let Some(rest) = strip_scheme(text, scheme) else { continue };
            if rest.is_empty() || rest.starts_with('/') {
                return Err(SourceError::Empty(scheme));
            }
            let url = format!("{scheme}://{rest}");
            return Ok(if scheme == "rtsp" { Self::Rtsp(url) } else { Self::Http(url) });
        }
        if let Some(path) = text.strip_prefix("file:") {
            return path_of(path, "file:").map(Self::File);
        }
        if let Some(path) = text.strip_prefix("dir:") {
            return path_of(path, "dir:").map(Self::Dir);
        }
        if let Some(path) = text.strip_prefix("v4l2:") {
            let (path, mode) = path.split_once('?').unwrap_or((path, ""));
            return Ok(Self::V4l2 { device: path_of(path, "v4l2:")?, mode: mode.parse()? });
        }
        if let Some(line) = text.strip_prefix("cmd:") {
            let mut words = split_words(line)?.into_iter();
            return match words.next() {
                Some(program) if !program.is_empty() => Ok(Self::Command { program, args: words.collect() }),
                _ => Err(SourceError::Empty("cmd:")),
            };
        }
        Err(SourceError::UnknownForm(redact(text)))
    }
}

impl fmt::Display for SourceSpec {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(out, "file:{}", path.display()),
            Self::Dir(path) => write!(out, "dir:{}", path.display()),
            Self::V4l2 { device, mode } => write!(out, "v4l2:{}{mode}", device.display()),
            Self::Command { program, args } => {
                write!(out, "cmd:{}", quote(&redact(program)))?;
                args.iter().try_for_each(|arg| write!(out, " {}", quote(&redact(arg))))
            }
            Self::Http(url) | Self::Rtsp(url) => out.write_str(&redact(url)),
        }
    }
}

impl FromStr for Mode {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || SourceError::Mode(text.to_owned());
        let mut mode = Self::default();
        for part in text.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("size", value)) => {
                    let (width, height) = value.split_once('x').ok_or_else(wrong)?;
                    let side = |side: &str| side.parse().ok().filter(|side| (1..=12_000).contains(side));
                    mode.size = Some(side(width).zip(side(height)).ok_or_else(wrong)?);
                }
                Some(("format", value)) => {
                    let letters = value.as_bytes().try_into().map_err(|_| wrong())?;
                    mode.format =
                        Some(letters).filter(|letters: &[u8; 4]| letters.iter().all(u8::is_ascii_alphanumeric));
                    mode.format.ok_or_else(wrong)?;
                }
                _ => return Err(wrong()),
            }
        }
        Ok(mode)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.size.map(|(width, height)| format!("size={width}x{height}"));
        let format = self.format.map(|letters| format!("format={}", String::from_utf8_lossy(&letters)));
        match (size, format) {
            (None, None) => Ok(()),
            (Some(one), None) | (None, Some(one)) => write!(out, "?{one}"),
            (Some(size), Some(format)) => write!(out, "?{size}&{format}"),
        }
    }
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (head, rest) = text.split_once("://")?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}

fn path_of(path: &str, form: &'static str) -> Result<PathBuf, SourceError> {
    if path.is_empty() { Err(SourceError::Empty(form)) } else { Ok(PathBuf::from(path)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_forms() {
        assert_eq!("file:/a b.jpg".parse(), Ok(SourceSpec::File("/a b.jpg".into())));
        assert_eq!("dir:/x".parse(), Ok(SourceSpec::Dir("/x".into())));
        let camera = |mode| Ok(SourceSpec::V4l2 { device: "/dev/video0".into(), mode });
        assert_eq!("v4l2:/dev/video0".parse(), camera(Mode::default()));
        let text = "v4l2:/dev/video0?size=1280x720&format=YUYV";
        let mode = Mode { size: Some((1280, 720)), format: Some(*b"YUYV") };
        assert_eq!(text.parse(), camera(mode));
        assert_eq!(camera(mode).map(|spec| spec.to_string()), Ok(text.to_owned()));
        for wrong in ["size=0x9", "size=12", "format=RGB", "fps=3", "size"] {
            let spec = format!("v4l2:/dev/video0?{wrong}");
            assert_eq!(spec.parse::<SourceSpec>(), Err(SourceError::Mode(wrong.to_owned())));
        }
        assert_eq!("HTTP://cam/s.jpg".parse(), Ok(SourceSpec::Http("http://cam/s.jpg".into())));
        let command = SourceSpec::Command {
            program: "rpicam-still".into(),
            args: vec!["-n".into(), "a b".into(), "it's".into(), String::new()],
        };
        assert_eq!(r#"cmd:rpicam-still -n "a b" it\'s ''"#.parse(), Ok(command));
    }

    #[test]
    fn errors_name_the_forms_and_no_password() {
        let error = "ftp://me:secret@cam/x".parse::<SourceSpec>().expect_err("no source").to_string();
        assert!(error.contains("v4l2:/dev/videoN") && !error.contains("secret"), "{error}");
        assert_eq!("cmd:a 'b".parse::<SourceSpec>(), Err(SourceError::OpenQuote('\'')));
        assert_eq!("file:".parse::<SourceSpec>(), Err(SourceError::Empty("file:")));
        assert_eq!("cmd:  ".parse::<SourceSpec>(), Err(SourceError::Empty("cmd:")));
    }

    #[test]
    fn display_hides_credentials() {
        let spec: SourceSpec = "rtsp://admin:p@ss@cam:554/h264".parse().expect("a source");
        assert_eq!(spec.to_string(), "rtsp://***@cam:554/h264");
        let spec: SourceSpec = "cmd:curl http://u:p@cam/x".parse().expect("a source");
        assert_eq!(spec.to_string(), "cmd:curl http://***@cam/x");
    }

    proptest! {
        #[test]
        fn commands_survive_printing(words in proptest::collection::vec("[ -.;-~]{1,12}", 1..5)) {
            prop_assume!(!words.iter().any(|w| w.contains("://")));
            let spec = SourceSpec::Command { program: words[0].clone(), args: words[1..].to_vec() };
            prop_assert_eq!(spec.to_string().parse(), Ok(spec));
        }

        #[test]
        fn any_text_is_a_source_or_an_error(text in ".{0,60}") {
            if let Ok(spec) = text.parse::<SourceSpec>() {
                prop_assert!(!spec.to_string().is_empty());
            }
        }
    }
}
