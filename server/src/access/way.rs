//! Where somebody goes after signing in: only to pages of this server.

/// The path, or `/` in place of anything that a browser could take for another site's address.
pub(crate) fn within(next: Option<&str>) -> &str {
    let next = next.unwrap_or("/");
    let plain = |c: char| !c.is_control() && c != '\\';
    let leads_here = next.starts_with('/') && !next.starts_with("//") && next.len() <= 500 && next.chars().all(plain);
    // Back to signing in would be a circle.
    if leads_here && !next.starts_with("/sign-in") && !next.starts_with("/setup") { next } else { "/" }
}

/// `path` with query parameters, each encoded.
pub(crate) fn with(path: &str, parameters: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = parameters.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// Percent-encodes all but letters, digits, `-`, `_`, `.`, `~` and `/`.
pub(crate) fn encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~/".contains(&b);
    let one = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_leads_to_another_site() {
        for evil in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "evil",
            "",
            "/\n/x",
            "javascript:alert(1)",
            "/sign-in?next=/sign-in",
            "\\\\evil",
        ] {
            assert_eq!(within(Some(evil)), "/", "{evil:?}");
        }
        assert_eq!(within(Some("/bins/03_03?x=1#a")), "/bins/03_03?x=1#a");
        assert_eq!(within(None), "/");
    }

    #[test]
    fn parameters_are_encoded() {
        assert_eq!(with("/sign-in", &[("next", "/a?b=c&d"), ("x", "ä")]), "/sign-in?next=/a%3Fb%3Dc%26d&x=%C3%A4");
    }
}
