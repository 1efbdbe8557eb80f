//! Signing in: claims that the account's key has signed are exchanged for a token (RFC 7523), which is kept until shortly before it ends.

use std::{
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    time::{Duration, Instant},
};

use axum::http::header;
use chrono::DateTime;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::{Key, Refused, said};
use crate::{
    config,
    tell::{Whole, base64::encode_for_url, fetch},
};

/// All that the token may do: use Cloud Vision.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-vision";
/// Claims live as long as Google allows, in seconds; they say that they were made a little ago, for clocks that are a little behind.
const LIFE: i64 = 3600;
const AGO: i64 = 30;
/// A token is not used in the last seconds of its life.
const RESERVE: Duration = Duration::from_secs(60);
/// Clocks that differ by more are worth a word, in seconds.
const SKEW: i64 = 60;
/// Longest answer that is read, in bytes.
const MOST_READ: usize = 64 * 1024;

/// A token and when it is no longer used.
struct Token {
    text: String,
    until: Instant,
}

/// Fetches tokens, one at a time.
pub(super) struct Tokens {
    key_file: PathBuf,
    ca: Option<PathBuf>,
    wait: Duration,
    kept: Mutex<Option<Token>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Granted {
    access_token: String,
    expires_in: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Denied {
    error: String,
    error_description: String,
}

impl Tokens {
    pub(super) fn new(key_file: PathBuf, ca: Option<PathBuf>, wait: Duration) -> Self {
        Self { key_file, ca, wait, kept: Mutex::new(None) }
    }

    /// The account's key, read anew: it may have been exchanged.
    pub(super) fn key(&self) -> Result<Key, String> {
        Key::read(&self.key_file)
    }

    /// Whether anybody on this machine may read the key.
    pub(super) fn is_open(&self) -> bool {
        std::fs::metadata(&self.key_file).is_ok_and(|file| file.permissions().mode() & 0o007 != 0)
    }

    /// A token that still lives; who comes meanwhile waits for the same one.
    pub(super) async fn get(&self) -> Result<String, Refused> {
        let mut kept = self.kept.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| Instant::now() < token.until) {
            return Ok(token.text.clone());
        }
        *kept = None;
        let file = self.key_file.clone();
        let signed = tokio::task::spawn_blocking(move || {
            let key = Key::read(&file)?;
            let claims = claims(&key, config::now().and_utc().timestamp())?;
            Ok::<_, String>((key, claims))
        });
        let (key, claims) = signed.await.map_err(|error| format!("the key cannot be used: {error}"))??;
        let headers = [("content-type", "application/x-www-form-urlencoded".to_owned())];
        let body = format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={claims}");
        let asked = fetch(&key.token_address, &headers, body, self.ca.as_deref(), self.wait, MOST_READ).await;
        let token = granted(&key, asked.map_err(|why| format!("Google's sign-in does not answer: {why}"))?)?;
        let text = token.text.clone();
        *kept = Some(token);
        Ok(text)
    }

    /// Throws a token away that was refused.
    pub(super) async fn forget(&self, refused: &str) {
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_some_and(|token| token.text == refused) {
            *kept = None;
        }
    }
}

/// The signed claims: a JSON Web Token (RFC 7519) for Google's sign-in.
fn claims(key: &Key, now: i64) -> Result<String, String> {
    let mut header = json!({ "alg": "RS256", "typ": "JWT" });
    if let Some(id) = &key.id {
        header["kid"] = json!(id);
    }
    let made = now - AGO;
    let claims = json!({ "iss": key.email, "scope": SCOPE, "aud": key.token_uri, "iat": made, "exp": made + LIFE });
    let text = [header, claims].map(|part| encode_for_url(part.to_string().as_bytes())).join(".");
    let signature = encode_for_url(&key.sign(text.as_bytes())?);
    Ok(format!("{text}.{signature}"))
}

fn granted(key: &Key, answer: Whole) -> Result<Token, Refused> {
    if answer.status != 200 {
        return Err(denied(key, &answer).into());
    }
    let granted: Granted = serde_json::from_slice(&answer.body).unwrap_or_default();
    if granted.access_token.is_empty() {
        return Err(
            format!("{} answers without an access_token: see `token_uri` in the key file", key.token_uri).into()
        );
    }
    let life = Duration::from_secs(granted.expires_in.unwrap_or(LIFE as u64).min(LIFE as u64));
    Ok(Token { text: granted.access_token, until: Instant::now() + life.saturating_sub(RESERVE) })
}

fn denied(key: &Key, answer: &Whole) -> String {
    let denied: Denied = serde_json::from_slice(&answer.body).unwrap_or_default();
    let words = said(&format!("{} {}", denied.error, denied.error_description));
    let status = answer.status;
    match denied.error.as_str() {
        "invalid_grant" => {
            let date = answer.headers.get(header::DATE).and_then(|date| date.to_str().ok());
            let clock = clock(date, &denied.error_description)
                .unwrap_or_else(|| "if it was revoked or deleted, make a new one and put its file in place".to_owned());
            format!("Google does not take the key of {} ({words}): {clock}", key.email)
        }
        "" if status >= 500 || status == 429 => format!("Google's sign-in answers {status}: try again later"),
        "" => format!("Google's sign-in answers {status}: see `token_uri` in the key file"),
        _ => format!("Google's sign-in refuses {} ({words})", key.email),
    }
}

/// A word about this machine's clock, where it is why claims are refused.
fn clock(date: Option<&str>, description: &str) -> Option<String> {
    let cure = "timedatectl set-ntp true";
    let there = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok());
    let ahead = there.map(|there| config::now().and_utc().timestamp() - there.timestamp());
    match ahead.filter(|ahead| ahead.abs() > SKEW) {
        Some(ahead) => {
            let side = if ahead > 0 { "ahead of" } else { "behind" };
            Some(format!("this machine's clock is {} s {side} Google's; set it: {cure}", ahead.abs()))
        }
        None if description.contains("reasonable timeframe") => {
            Some(format!("this machine's clock may be wrong; set it: {cure}"))
        }
        None => None,
    }
}
