//! The cellar's light: switched on before a picture and off after it, by a program or by HTTP.

use std::fmt;
use std::process::Command;
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use reqwest::Method;

use super::{CaptureError, child, http, read_bounded};
use crate::source::{SourceError, SourceSpec};

/// Tries of a switch that does not answer.
const TRIES: u32 = 3;
const BETWEEN: Duration = Duration::from_millis(500);

/// How to switch a light one way: `cmd:PROGRAM ARGS`, or `http://ADDRESS [BODY]` for a POST, `put:http://…` and `get:http://…` for these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Program { program: String, args: Vec<String> },
    Http { method: Method, address: String, body: String },
}

/// Why a text is no switch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SwitchError {
    /// The text begins with none of the known forms. It is not repeated: it may hold a token.
    #[error("write cmd:PROGRAM ARGS, http://ADDRESS [BODY] (a POST), put:http://ADDRESS [BODY] or get:http://ADDRESS")]
    UnknownForm,
    /// The command cannot be read.
    #[error(transparent)]
    Command(#[from] SourceError),
}

impl FromStr for Switch {
    type Err = SwitchError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.starts_with("cmd:") {
            return match text.parse()? {
                SourceSpec::Command { program, args } => Ok(Self(Kind::Program { program, args })),
                _ => Err(SwitchError::UnknownForm),
            };
        }
        let (method, rest) = match text.split_once(':') {
            Some(("put", rest)) => (Method::PUT, rest),
            Some(("get", rest)) => (Method::GET, rest),
            Some(("post", rest)) => (Method::POST, rest),
            _ => (Method::POST, text),
        };
        let (address, body) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        match address.parse() {
            Ok(SourceSpec::Http(address)) => Ok(Self(Kind::Http { method, address, body: body.trim().to_owned() })),
            _ => Err(SwitchError::UnknownForm),
        }
    }
}

/// Without what may be secret: of an address only its beginning, since the path of a webhook is its password.
impl fmt::Display for Switch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Program { program, .. } => write!(out, "cmd:{program}"),
            Kind::Http { method, address, .. } => {
                let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
                let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
                let host = host.rsplit('@').next().unwrap_or_default();
                write!(out, "{method} {scheme}://{host}/…")
            }
        }
    }
}

impl Switch {
    /// Switches; faults that may pass are tried again, none of it past `deadline`.
    pub fn flip(&self, deadline: Duration) -> Result<(), CaptureError> {
        let until = Instant::now() + deadline;
        let mut tries = 1;
        loop {
            match self.once(until) {
                Err(error) if error.may_pass() && tries < TRIES && Instant::now() + BETWEEN < until => {
                    tries += 1;
                    thread::sleep(BETWEEN);
                }
                result => return result,
            }
        }
    }

    fn once(&self, until: Instant) -> Result<(), CaptureError> {
        let what = self.to_string();
        match &self.0 {
            Kind::Program { program, args } => {
                let name = what.clone();
                child::output(Command::new(program).args(args), &what, until, move |out| read_bounded(out, &name))
                    .map(drop)
            }
            Kind::Http { method, address, body } => http::send(method, address, body, &what, until),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_and_secrets_not_told() {
        let told = |text: &str| text.parse::<Switch>().map(|switch| switch.to_string());
        assert_eq!(told("cmd:gpioset 0 17=1"), Ok("cmd:gpioset".to_owned()));
        assert_eq!(told("http://ha:8123/api/webhook/s3cret"), Ok("POST http://ha:8123/…".to_owned()));
        assert_eq!(told("put:http://u:s3cret@hue/x {\"on\":true}"), Ok("PUT http://hue/…".to_owned()));
        assert_eq!(told("get:http://shelly/relay/0?turn=on"), Ok("GET http://shelly/…".to_owned()));
        for wrong in ["", "light", "put:", "rtsp://x/", "file:/x", "delete:http://x/"] {
            assert_eq!(told(wrong), Err(SwitchError::UnknownForm), "{wrong}");
        }
        assert!(matches!(told("cmd:'x"), Err(SwitchError::Command(_))));
    }

    #[test]
    fn a_program_that_fails_is_tried_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let mark = folder.path().join("tried");
        let script = format!("cmd:sh -c 'echo x >>{0}; test $(wc -l <{0}) -ge 2'", mark.display());
        script.parse::<Switch>().expect("a switch").flip(Duration::from_secs(20)).expect("switched");
        assert_eq!(std::fs::read_to_string(mark).expect("tries").lines().count(), 2);
    }
}
