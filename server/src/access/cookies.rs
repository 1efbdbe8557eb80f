//! The cookies that we set. Two are secrets: `wc_session` says who signed in with a password, `wc_person` who stands at the kiosk.
//! Others keep a choice of a screen.

use app::cookies::value;
use axum::http::{HeaderMap, HeaderValue};

/// The longest that browsers keep one.
const LONGEST: &str = "; Max-Age=34560000";
/// The browser shall forget it.
const GONE: &str = "; Max-Age=0";

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Signed in with a password. Kept by the browser; the server decides when it ends.
    Session,
    /// Named by PIN. Gone when the browser closes.
    Person,
}

/// `Set-Cookie` that keeps a choice of this screen as long as may be; an empty one is taken back.
pub(crate) fn choice(headers: &HeaderMap, name: &str, value: &str) -> HeaderValue {
    let age = if value.is_empty() { GONE } else { LONGEST };
    line(headers, name, value, age)
}

/// No script needs any of them.
fn line(headers: &HeaderMap, name: &str, value: &str, age: &str) -> HeaderValue {
    let secure = if https(headers) { "; Secure" } else { "" };
    // Digits and our own words: always a header.
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}"))
        .unwrap_or(HeaderValue::from_static(""))
}

/// Whether the browser speaks https to the proxy before us. A liar only spoils its own cookies.
pub(crate) fn https(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
}

impl Cookie {
    /// By https the `__Host-` prefix keeps other hosts of the domain from setting it; plain http may not use it.
    fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, false) => "wc_session",
            (Self::Session, true) => "__Host-wc_session",
            (Self::Person, false) => "wc_person",
            (Self::Person, true) => "__Host-wc_person",
        }
    }

    /// The secret that the browser sent.
    pub(crate) fn read(self, headers: &HeaderMap) -> Option<String> {
        let secret = value(headers, self.name(https(headers)))?;
        // Ours are 64 digits; anything else is not worth asking the database for.
        (secret.len() == 64 && secret.bytes().all(|b| b.is_ascii_hexdigit())).then(|| secret.to_owned())
    }

    /// `Set-Cookie` with the secret; without one the cookie is taken back.
    pub(crate) fn set(self, headers: &HeaderMap, secret: Option<&str>) -> HeaderValue {
        let age = match (self, secret) {
            (_, None) => GONE,
            // The session's end moves on with its use.
            (Self::Session, Some(_)) => LONGEST,
            (Self::Person, Some(_)) => "",
        };
        line(headers, self.name(https(headers)), secret.unwrap_or_default(), age)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    #[test]
    fn what_is_set_can_be_read() {
        for proto in [None, Some("https")] {
            let mut headers = HeaderMap::new();
            if let Some(proto) = proto {
                headers.insert("x-forwarded-proto", HeaderValue::from_static(proto));
            }
            let secret = "a".repeat(64);
            let set = Cookie::Session.set(&headers, Some(&secret));
            let set = set.to_str().expect("text");
            assert_eq!(set.contains("Secure"), proto.is_some());
            assert!(set.contains("HttpOnly; SameSite=Lax") && set.contains("Path=/"));
            let pair = set.split(';').next().unwrap_or_default();
            headers.insert(header::COOKIE, HeaderValue::from_str(&format!("x=1; {pair}")).expect("header"));
            assert_eq!(Cookie::Session.read(&headers).as_deref(), Some(secret.as_str()));
            assert_eq!(Cookie::Person.read(&headers), None);
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("wc_session=short"));
        assert_eq!(Cookie::Session.read(&headers), None);
    }
}
