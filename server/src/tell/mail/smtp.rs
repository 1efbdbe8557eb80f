//! SMTP (RFC 5321) as far as one mail needs it, with STARTTLS (RFC 3207) and AUTH (RFC 4954).

use std::path::PathBuf;

use axum::http::Uri;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::super::{
    base64, http,
    line::{self, Stream},
};
use crate::config;

/// Longest answer that is read, in bytes.
const MOST: usize = 16 * 1024;
const TOO_LONG: &str = "its answer is too long";

/// A mail server and how to sign in there.
#[derive(Clone)]
pub(super) struct Server {
    secure: bool,
    host: String,
    port: u16,
    login: Option<(String, String)>,
    ca: Option<PathBuf>,
}

/// What is sent.
pub(super) struct Envelope<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a [String],
    pub(super) message: &'a str,
}

impl Server {
    /// Reads `smtp://[USER:PASSWORD@]HOST[:PORT]` or `smtps://…`. Escapes such as `%40` may stand in name and password.
    pub(super) fn of(text: &str, ca: Option<PathBuf>) -> Result<Self, String> {
        let form = "write smtp://[USER:PASSWORD@]HOST[:PORT], or smtps://… for TLS from the start";
        let uri: Uri = text.trim_end_matches('/').parse().map_err(|_| form.to_owned())?;
        let secure = match uri.scheme_str() {
            Some("smtp") => false,
            Some("smtps") => true,
            _ => return Err(form.to_owned()),
        };
        let authority = uri.authority().ok_or(form)?;
        let login = authority.as_str().rsplit_once('@').map(|(login, _)| {
            let (name, password) = login.split_once(':').unwrap_or((login, ""));
            (unescaped(name), unescaped(password))
        });
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = http::port(authority, if secure { 465 } else { 587 }).ok_or(form)?;
        if host.is_empty() { Err(form.to_owned()) } else { Ok(Self { secure, host, port, login, ca }) }
    }

    /// Host and port.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Sends; gives what the server said to it.
    pub(super) async fn send(&self, envelope: &Envelope<'_>) -> Result<String, String> {
        let mut talk = self.greet().await?;
        self.sign_in(&mut talk).await?;
        talk.say(&format!("MAIL FROM:<{}>", envelope.from), 2).await?;
        for one in envelope.to {
            talk.say(&format!("RCPT TO:<{one}>"), 2).await?;
        }
        talk.say("DATA", 3).await?;
        let taken = talk.say(&format!("{}.", envelope.message), 2).await?;
        // It has been taken: how the parting goes changes nothing.
        drop(talk.say("QUIT", 2).await);
        Ok(taken)
    }

    /// A line on which the server has said what it can do; by TLS where it offers that.
    async fn greet(&self) -> Result<Talk, String> {
        let mut stream: Box<dyn Stream> = Box::new(line::connect(&self.host, self.port).await?);
        if self.secure {
            stream = line::secured(stream, &self.host, self.ca.as_deref()).await?;
        }
        let mut talk = Talk { stream, read: Vec::new(), can: String::new(), secure: self.secure };
        talk.hear(2).await?;
        talk.hello().await?;
        if !talk.secure && talk.offers("STARTTLS") {
            talk.say("STARTTLS", 2).await?;
            // Whatever came with the answer, unsecured, was slipped in by somebody else.
            let stream = line::secured(talk.stream, &self.host, self.ca.as_deref()).await?;
            talk = Talk { stream, read: Vec::new(), can: String::new(), secure: true };
            talk.hello().await?;
        }
        Ok(talk)
    }

    async fn sign_in(&self, talk: &mut Talk) -> Result<(), String> {
        let Some((name, password)) = &self.login else { return Ok(()) };
        if !talk.secure {
            return Err("it offers no TLS, and a password is sent by TLS only: use smtps://, or no password".to_owned());
        }
        if talk.offers("PLAIN") || !talk.offers("LOGIN") {
            let word = base64::encode(format!("\0{name}\0{password}").as_bytes());
            return talk.say_secret(&format!("AUTH PLAIN {word}"), 2).await.map(drop);
        }
        talk.say("AUTH LOGIN", 3).await?;
        talk.say_secret(&base64::encode(name.as_bytes()), 3).await?;
        talk.say_secret(&base64::encode(password.as_bytes()), 2).await.map(drop)
    }
}

/// A conversation.
struct Talk {
    stream: Box<dyn Stream>,
    read: Vec<u8>,
    /// What the server can do, as it said.
    can: String,
    secure: bool,
}

impl Talk {
    async fn hello(&mut self) -> Result<(), String> {
        self.can = self.say(&format!("EHLO {}", config::host()), 2).await?.to_uppercase();
        Ok(())
    }

    fn offers(&self, word: &str) -> bool {
        self.can.split_whitespace().any(|one| one == word)
    }

    /// Says a line, and hears an answer of that class (2: done, 3: go on); any other is an error, told with what was said.
    async fn say(&mut self, line: &str, class: u8) -> Result<String, String> {
        let verb = line.split(['\r', '\n', ':']).next().unwrap_or_default().chars().take(20).collect::<String>();
        let verb = if line.ends_with("\r\n.") { "the message".to_owned() } else { verb };
        self.put(line).await?;
        self.hear(class).await.map_err(|why| format!("{verb}: {why}"))
    }

    /// The same for what must not be told.
    async fn say_secret(&mut self, line: &str, class: u8) -> Result<String, String> {
        self.put(line).await?;
        self.hear(class).await.map_err(|why| format!("sign-in: {why}"))
    }

    async fn put(&mut self, line: &str) -> Result<(), String> {
        let sent = self.stream.write_all(format!("{line}\r\n").as_bytes()).await;
        let sent = match sent {
            Ok(()) => self.stream.flush().await,
            failed => failed,
        };
        sent.map_err(|error| format!("the line was cut: {error}"))
    }

    /// An answer, its lines as one.
    async fn hear(&mut self, class: u8) -> Result<String, String> {
        let mut told = Vec::new();
        let mut long = 0;
        loop {
            let line = self.line().await?;
            long += line.len() + 1;
            if long > MOST {
                return Err(TOO_LONG.to_owned());
            }
            let (code, rest) = line.split_at_checked(3).ok_or_else(|| format!("this is no SMTP: {line}"))?;
            let last = !rest.starts_with('-');
            told.push(rest.get(1..).unwrap_or_default().trim().to_owned());
            if last {
                let text = told.join(" ");
                return match code.as_bytes().first().map(|digit| digit.wrapping_sub(b'0')) {
                    Some(found) if found == class => Ok(text),
                    _ => Err(format!("it answers {code} {}", text.chars().take(200).collect::<String>())),
                };
            }
        }
    }

    async fn line(&mut self) -> Result<String, String> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.read.len() > MOST {
                return Err(TOO_LONG.to_owned());
            }
            let mut part = [0; 1024];
            match self.stream.read(&mut part).await {
                Ok(0) => return Err("it has hung up".to_owned()),
                Ok(n) => self.read.extend_from_slice(&part[..n]),
                Err(error) => return Err(format!("the line was cut: {error}")),
            }
        }
    }
}

/// Text with its `%XX` escapes resolved; what is no escape stays.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let code = text.get(i + 1..i + 3).filter(|_| bytes[i] == b'%').and_then(|two| u8::from_str_radix(two, 16).ok());
        match code {
            Some(byte) => {
                plain.push(byte);
                i += 3;
            }
            None => {
                plain.push(bytes[i]);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_named_with_its_login() {
        let server = Server::of("smtp://anna%40example.org:p%C3%A4ss@mail.example.org", None).expect("a server");
        assert_eq!((server.place().as_str(), server.secure), ("mail.example.org:587", false));
        assert_eq!(server.login, Some(("anna@example.org".to_owned(), "päss".to_owned())));
        assert_eq!(Server::of("smtps://mail", None).map(|server| server.port), Ok(465));
        for wrong in ["", "mail", "http://mail", "smtp://"] {
            assert!(Server::of(wrong, None).is_err_and(|why| why.starts_with("write smtp")), "{wrong}");
        }
    }
}
