//! Fetches a snapshot from a camera's web server, and switches a light that listens to HTTP.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode, Url};

use super::digest::{Challenge, Request};
use super::{CaptureError, read_bounded};
use crate::source::redact;

/// Of an answer that is no picture only so much is read, in bytes.
const MAX_WORD: u64 = 64 * 1024;

/// The bytes at the address.
pub(super) fn picture(address: &str, until: Instant) -> Result<Vec<u8>, CaptureError> {
    let what = redact(address);
    let response = ask(&Method::GET, address, "", &what, until)?;
    read_bounded(response, &what).map_err(|error| match error {
        // The connection broke in the middle of the picture.
        CaptureError::Read { what, error } => CaptureError::Http { what, problem: error.to_string(), passing: true },
        other => other,
    })
}

/// Sends a request whose answer matters only by its status; `what` names it in messages.
pub(super) fn send(method: &Method, address: &str, body: &str, what: &str, until: Instant) -> Result<(), CaptureError> {
    let response = ask(method, address, body, what, until)?;
    // Read politely, so that a small server is not cut off in the middle of its answer.
    let _ = std::io::copy(&mut std::io::Read::take(response, MAX_WORD), &mut std::io::sink());
    Ok(())
}

/// One request, or two if the server wants digest authentication; an answer of success.
fn ask(method: &Method, address: &str, body: &str, what: &str, until: Instant) -> Result<Response, CaptureError> {
    let failed = |problem: String, passing| CaptureError::Http { what: what.to_owned(), problem, passing };
    let mut url = Url::parse(address).map_err(|e| failed(e.to_string(), false))?;
    let user = percent_decoded(url.username());
    let password = url.password().map(percent_decoded).unwrap_or_default();
    // The credentials go into a header, never into an address that an error might print.
    let cleared = url.set_username("").and_then(|()| url.set_password(None));
    cleared.map_err(|()| failed("is no address of a web server".into(), false))?;
    let (host, resolved) = resolve(&url).map_err(|(problem, passing)| failed(problem, passing))?;
    let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    let client = Client::builder()
        .redirect(Policy::none())
        .timeout(left)
        .resolve_to_addrs(&host, &resolved)
        .no_proxy()
        .build()
        .map_err(|e| failed(e.without_url().to_string(), false))?;
    let request = || {
        let request = client.request(method.clone(), url.clone());
        let kind = if body.starts_with(['{', '[']) { "application/json" } else { "application/x-www-form-urlencoded" };
        if body.is_empty() { request } else { request.header(CONTENT_TYPE, kind).body(body.to_owned()) }
    };
    let ask = |authorization: Option<String>| {
        let request = authorization.into_iter().fold(request(), |request, value| request.header(AUTHORIZATION, value));
        request.send().map_err(|e| failed(reason(e, address), true))
    };
    // As curl does: some cameras answer a request without credentials by a page instead of asking for them.
    let basic = format!("Basic {}", base64(format!("{user}:{password}").as_bytes()));
    let mut response = ask((!user.is_empty()).then_some(basic))?;
    if response.status() == StatusCode::UNAUTHORIZED
        && let Some(header) = digest(&response, &url, method, &user, &password)
    {
        response = ask(Some(header))?;
    }
    let status = response.status();
    match status {
        _ if status.is_success() => Ok(response),
        StatusCode::UNAUTHORIZED if user.is_empty() => {
            Err(failed("wants a sign-in: write http://user:password@camera/…".into(), false))
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Err(failed(format!("answered {status}: user or password are wrong"), false))
        }
        _ if status.is_redirection() => {
            Err(failed(format!("answered {status}: redirects are not followed, give the final address"), false))
        }
        _ => Err(failed(
            format!("answered {status}"),
            status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS,
        )),
    }
}

/// The address's host and where it is. Link-local addresses are refused: in many networks they answer with secrets of the machine.
fn resolve(url: &Url) -> Result<(String, Vec<SocketAddr>), (String, bool)> {
    let host = url.host_str().ok_or_else(|| ("names no host".to_owned(), false))?.to_owned();
    let port = url.port_or_known_default().unwrap_or(80);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = (bare, port).to_socket_addrs().map_err(|error| (format!("cannot be found: {error}"), true))?;
    let resolved: Vec<SocketAddr> = found.collect();
    let link_local = |address: &SocketAddr| match address.ip() {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_link_local()),
    };
    if resolved.iter().any(link_local) {
        return Err(("is a link-local address: give the camera an address of the network".to_owned(), false));
    }
    Ok((host, resolved))
}

/// The `Authorization` header that meets the server's demand for digest authentication, if it makes one.
fn digest(response: &Response, url: &Url, method: &Method, user: &str, password: &str) -> Option<String> {
    let demands = response.headers().get_all(WWW_AUTHENTICATE).iter().filter_map(|demand| demand.to_str().ok());
    let challenge =
        demands.filter_map(Challenge::parse).reduce(|best, next| if next.stronger_than(&best) { next } else { best });
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let cnonce = cnonce();
    let request = Request { user, password, method: method.as_str(), target: &target, cnonce: &cnonce };
    challenge.filter(|_| !user.is_empty()).map(|challenge| challenge.answer(&request))
}

/// Text that does not repeat: the standard library seeds each hasher anew from the system's random numbers.
fn cnonce() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}", RandomState::new().hash_one(std::process::id()))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let word = three.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for letter in 0..4 {
            let six = (word >> (18 - 6 * letter)) & 63;
            out.push(if letter <= three.len() { char::from(LETTERS[six as usize]) } else { '=' });
        }
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_the_standard_shows() {
        let of = |text: &str| base64(text.as_bytes());
        assert_eq!([of(""), of("f"), of("fo"), of("foo"), of("foob")], ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }

    #[test]
    fn link_local_addresses_are_refused() {
        for address in ["http://169.254.169.254/latest", "http://[fe80::1]/", "http://[::ffff:169.254.1.1]/"] {
            let error = picture(address, Instant::now() + Duration::from_secs(5)).expect_err("refused");
            assert!(error.to_string().contains("link-local") && !error.may_pass(), "{error}");
        }
    }
}
