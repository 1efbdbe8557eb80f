//! The address that the codes carry: as it was set, else the one by which the page was asked.

use axum::http::{HeaderMap, header};

use crate::{access::cookies, config, problem::Problem};

/// What stands before the path of a code.
pub(crate) fn base(set: Option<&str>, headers: &HeaderMap) -> Result<String, Problem> {
    if let Some(set) = set.map(str::trim).filter(|set| !set.is_empty()) {
        return sound(set.trim_end_matches('/'));
    }
    let told = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if cookies::https(headers) { "https" } else { "http" };
    // No phone finds this machine by the name that it has for itself.
    let (name, port) = match told.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (name, format!(":{port}")),
        _ => (told, String::new()),
    };
    let own = ["localhost", "127.0.0.1", "[::1]"].contains(&name);
    let name = if own { format!("{}.local", config::host()) } else { name.to_owned() };
    sound(&format!("{scheme}://{name}{port}"))
}

fn sound(address: &str) -> Result<String, Problem> {
    let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:[]".contains(&b);
    match rest {
        Some(rest) if !rest.is_empty() && address.len() <= 120 && rest.bytes().all(plain) => Ok(address.to_owned()),
        _ => {
            Err(Problem::field("address", "is no address: write name and port only, such as http://cellar.local:8000"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(host: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, host.parse().expect("a header"))])
    }

    #[test]
    fn a_code_carries_the_name_by_which_others_find_the_house() {
        assert_eq!(base(None, &asked("cellar.lan:8000")).expect("sound"), "http://cellar.lan:8000");
        assert_eq!(base(None, &asked("10.0.0.7")).expect("sound"), "http://10.0.0.7");
        assert_eq!(base(Some("https://cellar.example/"), &asked("x")).expect("sound"), "https://cellar.example");
        let own = base(None, &asked("localhost:8000")).expect("sound");
        assert!(own.starts_with("http://") && own.ends_with(".local:8000"), "{own}");
        for wrong in ["ftp://x", "http://", "http://a b", "javascript:alert(1)", "http://a\"b", "http://a/cellar"] {
            assert!(base(Some(wrong), &asked("x")).is_err(), "{wrong}");
        }
    }
}
