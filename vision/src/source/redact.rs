//! Keeps passwords out of messages, logs and summaries.

/// Names of an address's parameters that are told without their values, if the name holds one of these.
const SECRET: &[&str] = &["pas", "pwd", "token", "secret", "key", "auth"];

/// Replaces `user:password@` of an address, wherever it stands in the text, and the values of parameters such as `password=`.
pub fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (head, tail) = rest.split_at(at + 3);
        out.push_str(head);
        // An address ends at white space; a password that holds a slash by mistake must not be told either.
        let end = tail.find(|c: char| c.is_whitespace() || c == '"' || c == '\'').unwrap_or(tail.len());
        let (mut address, after) = tail.split_at(end);
        if let Some(mark) = address.rfind('@') {
            out.push_str("***");
            address = &address[mark..];
        }
        parameters(address, &mut out);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The address with the values of telling parameters starred.
fn parameters(address: &str, out: &mut String) {
    let Some((path, query)) = address.split_once('?') else { return out.push_str(address) };
    out.push_str(path);
    for (i, part) in query.split('&').enumerate() {
        out.push(if i == 0 { '?' } else { '&' });
        match part.split_once('=') {
            Some((name, _)) if SECRET.iter().any(|secret| name.to_lowercase().contains(secret)) => {
                out.push_str(name);
                out.push_str("=***");
            }
            _ => out.push_str(part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn secrets_are_starred_and_the_rest_stays() {
        assert_eq!(redact("http://u:p@cam/x and rtsp://a:b/c@d:1/e"), "http://***@cam/x and rtsp://***@d:1/e");
        assert_eq!(redact("http://cam/s.cgi?user=a&loginpas=b&n=1"), "http://cam/s.cgi?user=a&loginpas=***&n=1");
        assert_eq!(redact("no address: user@host"), "no address: user@host");
    }
}
