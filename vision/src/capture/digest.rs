//! HTTP digest authentication (RFC 7616, and RFC 2617 as most IP cameras speak it), the client's half.

use md5::Md5;
use sha2::{Digest, Sha256};

/// What a server asks for in `WWW-Authenticate: Digest …`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    sha256: bool,
    session: bool,
    /// Whether the server knows `qop=auth`; old ones know no qop at all.
    auth: bool,
}

/// Who asks for what.
pub(super) struct Request<'a> {
    pub(super) user: &'a str,
    pub(super) password: &'a str,
    pub(super) method: &'a str,
    /// Path and query as in the request line.
    pub(super) target: &'a str,
    /// Random text of ours.
    pub(super) cnonce: &'a str,
}

impl Challenge {
    /// Reads one `WWW-Authenticate` header; none if it is no digest challenge, or one that cannot be met (`auth-int` only,
    /// unknown algorithm).
    pub(super) fn parse(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim_start().split_once(char::is_whitespace)?;
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let mut challenge = Self::default();
        let mut nonce = None;
        for (name, value) in parameters(rest) {
            match name.to_ascii_lowercase().as_str() {
                "realm" => challenge.realm = value,
                "nonce" => nonce = Some(value),
                "opaque" => challenge.opaque = Some(value),
                "qop" => {
                    challenge.auth = value.split(',').any(|word| word.trim().eq_ignore_ascii_case("auth"));
                    if !challenge.auth {
                        return None;
                    }
                }
                "algorithm" => {
                    let value = value.to_ascii_lowercase();
                    let name = value.strip_suffix("-sess").unwrap_or(&value);
                    challenge.session = name.len() < value.len();
                    challenge.sha256 = match name {
                        "md5" => false,
                        "sha-256" => true,
                        _ => return None,
                    };
                }
                _ => {}
            }
        }
        challenge.nonce = nonce?;
        Some(challenge)
    }

    /// Whether this challenge is to be preferred to another that the same server offers.
    pub(super) fn stronger_than(&self, other: &Self) -> bool {
        self.sha256 && !other.sha256
    }

    /// The `Authorization` header for the first request with this challenge.
    pub(super) fn answer(&self, request: &Request<'_>) -> String {
        let Request { user, password, method, target, cnonce } = request;
        let Self { realm, nonce, .. } = self;
        let mut secret = self.hash(&format!("{user}:{realm}:{password}"));
        if self.session {
            secret = self.hash(&format!("{secret}:{nonce}:{cnonce}"));
        }
        let what = self.hash(&format!("{method}:{target}"));
        let response = if self.auth {
            self.hash(&format!("{secret}:{nonce}:00000001:{cnonce}:auth:{what}"))
        } else {
            self.hash(&format!("{secret}:{nonce}:{what}"))
        };
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let algorithm = match (self.sha256, self.session) {
            (false, false) => "MD5",
            (false, true) => "MD5-sess",
            (true, false) => "SHA-256",
            (true, true) => "SHA-256-sess",
        };
        let mut header = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, algorithm={algorithm}, response=\"{response}\"",
            quoted(user),
            quoted(realm),
            quoted(nonce),
            quoted(target),
        );
        if self.auth {
            header.push_str(&format!(", qop=auth, nc=00000001, cnonce={}", quoted(cnonce)));
        }
        if let Some(opaque) = &self.opaque {
            header.push_str(&format!(", opaque={}", quoted(opaque)));
        }
        header
    }

    fn hash(&self, text: &str) -> String {
        if self.sha256 { hex(&Sha256::digest(text)) } else { hex(&Md5::digest(text)) }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `name=value, name="quoted value"`; what is malformed ends the list.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let mut value = String::new();
        rest = match after.strip_prefix('"') {
            Some(quoted) => {
                let mut chars = quoted.char_indices();
                let end = loop {
                    match chars.next() {
                        Some((_, '\\')) => value.extend(chars.next().map(|(_, escaped)| escaped)),
                        Some((at, '"')) => break at + 1,
                        Some((_, c)) => value.push(c),
                        None => break quoted.len(),
                    }
                };
                &quoted[end..]
            }
            None => {
                let end = after.find(',').unwrap_or(after.len());
                value.push_str(after[..end].trim_end());
                &after[end..]
            }
        };
        found.push((name.trim().to_owned(), value));
        rest = rest.trim_start().trim_start_matches(',').trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mufasa<'a>(password: &'a str, cnonce: &'a str) -> Request<'a> {
        Request { user: "Mufasa", password, method: "GET", target: "/dir/index.html", cnonce }
    }

    /// The examples of RFC 7616 section 3.9.1 and RFC 2617 section 3.5.
    #[test]
    fn answers_as_the_standards_show() {
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let opaque = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";
        let rest =
            format!(r#"realm="http-auth@example.org", qop="auth, auth-int", nonce="{nonce}", opaque="{opaque}""#);
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let header = format!("Digest {rest}, algorithm={algorithm}");
            let answer = Challenge::parse(&header).expect("a challenge").answer(&mufasa("Circle of Life", cnonce));
            assert!(answer.contains(&format!("response=\"{response}\"")), "{answer}");
            assert!(answer.contains(opaque) && answer.contains("nc=00000001"), "{answer}");
        }
        let old = r#"Digest realm="testrealm@host.com",nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",qop="auth""#;
        let answer = Challenge::parse(old).expect("a challenge").answer(&mufasa("Circle Of Life", "0a4f113b"));
        assert!(answer.contains("6629fae49393a05397450978507c4ef1"), "{answer}");
    }

    #[test]
    fn what_cannot_be_met_is_no_challenge() {
        for header in [
            "Basic realm=\"x\"",
            "Digest realm=\"x\"",
            "Digest",
            "Digest nonce=a, qop=auth-int",
            "Digest nonce=a, algorithm=X",
        ] {
            assert_eq!(Challenge::parse(header), None, "{header}");
        }
        let plain = Challenge::parse(r#"digest nonce=a, realm="q\"d" "#).expect("a challenge");
        assert_eq!((plain.realm.as_str(), plain.auth), ("q\"d", false));
        assert!(!plain.answer(&mufasa("x", "y")).contains("qop"));
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_refused(header in "(Digest )?[ -~]{0,80}") {
            if let Some(challenge) = Challenge::parse(&header) {
                prop_assert!(challenge.answer(&mufasa("a", "b")).starts_with("Digest "));
            }
        }
    }
}
