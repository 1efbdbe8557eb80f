//! Where a picture comes from: one line of text, as written in the settings.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A camera or its stand-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceSpec {
    /// One picture file: `file:PATH`.
    File(PathBuf),
    /// A folder of pictures, of which the last by name are taken: `dir:PATH`.
    Dir(PathBuf),
    /// A Video4Linux device: `v4l2:/dev/video0`.
    V4l2(PathBuf),
    /// A program that writes one picture to its standard output: `cmd:PROGRAM ARGS`.
    Command {
        /// Program, looked up on `PATH`.
        program: String,
        /// Its arguments, already split.
        args: Vec<String>,
    },
    /// A snapshot address: `http://…` or `https://…`.
    Http(String),
    /// A stream address, read through ffmpeg: `rtsp://…`.
    Rtsp(String),
}

/// Why a line is no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The line begins with none of the known forms.
    #[error(
        "unknown source {0:?}: write file:PATH, dir:PATH, v4l2:/dev/videoN, cmd:PROGRAM ARGS, http://…, https://… or rtsp://…"
    )]
    UnknownForm(String),
    /// Nothing follows the form's name.
    #[error("the source {0:?} names nothing after the colon")]
    Empty(&'static str),
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
            return path_of(path, "v4l2:").map(Self::V4l2);
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
            Self::V4l2(path) => write!(out, "v4l2:{}", path.display()),
            Self::Command { program, args } => {
                write!(out, "cmd:{}", quote(&redact(program)))?;
                args.iter().try_for_each(|arg| write!(out, " {}", quote(&redact(arg))))
            }
            Self::Http(url) | Self::Rtsp(url) => out.write_str(&redact(url)),
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

/// Replaces `user:password@` of an address, wherever it stands in the text, by `***@`.
pub fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (head, tail) = rest.split_at(at + 3);
        out.push_str(head);
        let end = tail.find(['/', '?', '#', ' ', '"', '\'']).unwrap_or(tail.len());
        rest = match tail[..end].rfind('@') {
            Some(mark) => {
                out.push_str("***");
                &tail[mark..]
            }
            None => tail,
        };
    }
    out.push_str(rest);
    out
}

/// Splits a command line like a shell would, but knows only quotation marks and backslashes.
fn split_words(line: &str) -> Result<Vec<String>, SourceError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('\''), c) => word.get_or_insert_default().push(c),
            (_, '\\') => {
                let escaped = chars.next().ok_or(SourceError::TrailingBackslash)?;
                // Inside double quotation marks a backslash is itself unless it escapes something special.
                if quote.is_some() && !matches!(escaped, '"' | '\\' | '$' | '`') {
                    word.get_or_insert_default().push('\\');
                }
                word.get_or_insert_default().push(escaped);
            }
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    if let Some(open) = quote {
        return Err(SourceError::OpenQuote(open));
    }
    words.extend(word);
    Ok(words)
}

fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,*".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_forms() {
        assert_eq!("file:/a b.jpg".parse(), Ok(SourceSpec::File("/a b.jpg".into())));
        assert_eq!("dir:/x".parse(), Ok(SourceSpec::Dir("/x".into())));
        assert_eq!("v4l2:/dev/video0".parse(), Ok(SourceSpec::V4l2("/dev/video0".into())));
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
