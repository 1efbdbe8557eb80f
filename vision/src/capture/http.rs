//! Fetches a snapshot from a camera's web server.

use std::time::{Duration, Instant};

use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;

use super::{CaptureError, read_bounded};
use crate::source::redact;

pub(super) fn picture(address: &str, until: Instant) -> Result<Vec<u8>, CaptureError> {
    let what = redact(address);
    let failed = |problem: String| CaptureError::Http { what: what.clone(), problem };
    let mut url = Url::parse(address).map_err(|e| failed(e.to_string()))?;
    let user = percent_decoded(url.username());
    let password = url.password().map(percent_decoded);
    // The credentials go into a header, never into an address that an error might print.
    let cleared = url.set_username("").and_then(|()| url.set_password(None));
    cleared.map_err(|()| failed("is no address of a web server".into()))?;
    let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    let client = Client::builder()
        .redirect(Policy::none())
        .timeout(left)
        .no_proxy()
        .build()
        .map_err(|e| failed(e.without_url().to_string()))?;
    let mut request = client.get(url);
    if !user.is_empty() {
        request = request.basic_auth(user, password);
    }
    let response = request.send().map_err(|e| failed(reason(e, address)))?;
    let status = response.status();
    if !status.is_success() {
        return Err(failed(format!("answered {status}")));
    }
    read_bounded(response, &what)
}

fn reason(error: reqwest::Error, address: &str) -> String {
    let error = error.without_url();
    if error.is_timeout() {
        return "gave no answer in time".into();
    }
    // The cause is more telling than reqwest's own "error sending request".
    let mut cause: &dyn std::error::Error = &error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    let tls = address.starts_with("https://") && cause.to_string().contains("scheme");
    if tls { "this build speaks no https: give the camera's http:// address".into() } else { cause.to_string() }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match digits.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
