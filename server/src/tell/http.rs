//! One HTTP/1.1 request on a line of its own. Redirects are not followed: only what was configured is spoken to.

use std::{fmt, net::IpAddr, path::Path, str::FromStr, time::Duration};

use axum::http::{HeaderMap, Request, Uri, header, uri::Authority};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;

use super::{base64, line};

/// Longest body of an answer that is read, in bytes, and longest that is told, in characters.
const MOST_READ: usize = 16 * 1024;
const MOST_TOLD: usize = 200;

/// Where a request goes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address {
    secure: bool,
    host: String,
    port: u16,
    path: String,
    login: Option<String>,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The beginning of the body, on one line.
    pub(crate) body: String,
}

/// A whole answer, for those who read it.
#[derive(Debug)]
pub(crate) struct Whole {
    /// The HTTP status.
    pub(crate) status: u16,
    /// Its headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) body: Bytes,
}

/// What came over the line; the body may be too long, or cut off.
struct Heard {
    status: u16,
    headers: HeaderMap,
    body: Result<Bytes, String>,
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = "write http://HOST[:PORT]/PATH or https://…";
        // The text is not repeated: it may hold a token.
        let uri: Uri = text.parse().map_err(|_| form.to_owned())?;
        let secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(form.to_owned()),
        };
        let authority = uri.authority().ok_or(form)?;
        let login = authority.as_str().rsplit_once('@').map(|(login, _)| login.to_owned());
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err(form.to_owned());
        }
        let port = port(authority, if secure { 443 } else { 80 }).ok_or(form)?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { secure, host, port, path, login })
    }
}

impl Address {
    /// Host, and the port where it is not the usual one.
    pub(crate) fn place(&self) -> String {
        match (self.secure, self.port) {
            (true, 443) | (false, 80) => self.host.clone(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }

    /// All of it, secrets included: to tell two addresses apart.
    pub(super) fn whole(&self) -> String {
        format!("{}://{}@{}{}", self.secure, self.login.as_deref().unwrap_or_default(), self.place(), self.path)
    }

    /// Why a secret must not go there, if it must not: others on the way could read it, or it stands in the address itself.
    pub(crate) fn leaks(&self) -> Option<&'static str> {
        let here = self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        match self {
            Self { login: Some(_), .. } => Some("write it without a login"),
            _ if self.path.contains('?') => Some("write it without `?` and what follows"),
            _ if !self.secure && !here => Some("write https://: http:// is for this machine itself only"),
            _ => None,
        }
    }

    /// The same place with another path.
    pub(crate) fn at(&self, path: &str) -> Self {
        Self { path: format!("{}{path}", self.path.trim_end_matches('/')), ..self.clone() }
    }
}

/// Without what may be secret: the path of a webhook is its password.
impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}://{}/…", if self.secure { "https" } else { "http" }, self.place())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// The port of an address, or the usual one; none where what stands there is no port.
pub(super) fn port(authority: &Authority, usual: u16) -> Option<u16> {
    let place = authority.as_str().rsplit('@').next()?;
    match place.strip_prefix(authority.host())? {
        "" => Some(usual),
        rest => rest.strip_prefix(':')?.parse().ok().filter(|port| *port > 0),
    }
}

/// Sends and reads the answer; all of it within the deadline.
pub(crate) async fn send(
    method: &str,
    address: &Address,
    headers: &[(&str, String)],
    body: String,
    ca: Option<&Path>,
    deadline: Duration,
) -> Result<Answer, String> {
    let work = exchange(method, address, headers, body, ca, MOST_READ);
    let heard = within(address, deadline, work).await?;
    // The status has come, and counts; of a body that is too long or cut off nothing is told.
    Ok(Answer { status: heard.status, body: one_line(&heard.body.unwrap_or_default()) })
}

/// Posts, and gives the whole answer of at most so many bytes; all of it within the deadline.
pub(crate) async fn fetch(
    address: &Address,
    headers: &[(&str, String)],
    body: String,
    ca: Option<&Path>,
    deadline: Duration,
    most: usize,
) -> Result<Whole, String> {
    let work = exchange("POST", address, headers, body, ca, most);
    let Heard { status, headers, body } = within(address, deadline, work).await?;
    Ok(Whole { status, headers, body: body.map_err(|why| format!("{}: {why}", address.place()))? })
}

async fn within<T>(
    address: &Address,
    deadline: Duration,
    work: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    match tokio::time::timeout(deadline, work).await {
        Ok(done) => done,
        Err(_) => Err(format!("{} does not answer within {} s", address.place(), deadline.as_secs())),
    }
}

async fn exchange(
    method: &str,
    address: &Address,
    headers: &[(&str, String)],
    body: String,
    ca: Option<&Path>,
    most: usize,
) -> Result<Heard, String> {
    let told = |error: &dyn fmt::Display| format!("{}: {error}", address.place());
    let mut stream: Box<dyn line::Stream> = Box::new(line::connect(&address.host, address.port).await?);
    if address.secure {
        stream = line::secured(stream, &address.host, ca).await?;
    }
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| told(&error))?;
    let mut request = Request::builder()
        .method(method)
        .uri(&address.path)
        .header(header::HOST, host_header(address))
        .header(header::USER_AGENT, concat!("winecellar/", env!("CARGO_PKG_VERSION")))
        .header(header::CONNECTION, "close");
    if let Some(login) = &address.login {
        let code = base64::encode(login.as_bytes());
        request = request.header(header::AUTHORIZATION, format!("Basic {code}"));
    }
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request.body(Full::new(Bytes::from(body))).map_err(|error| told(&error))?;
    let answered = async {
        let response = sender.send_request(request).await.map_err(|error| told(&error))?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, most).collect().await;
        let body = body.map(|body| body.to_bytes()).map_err(|error| format!("the answer was not read: {error}"));
        Ok(Heard { status: parts.status.as_u16(), headers: parts.headers, body })
    };
    tokio::select! {
        answer = answered => answer,
        // It ends only when the line does, and then the answer has its own word of that.
        _ = async { drop(connection.await); std::future::pending::<()>().await } => Err(told(&"the line was cut")),
    }
}

fn host_header(address: &Address) -> String {
    let place = address.place();
    // An IPv6 address needs its brackets.
    match address.host.contains(':') {
        true => place.replacen(&address.host, &format!("[{}]", address.host), 1),
        false => place,
    }
}

fn one_line(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MOST_TOLD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_and_https_are_addresses_and_their_path_is_not_told() {
        let address: Address = "https://u:s3cret@hooks.example:8443/a/s3cret?x=1".parse().expect("an address");
        assert_eq!(address.to_string(), "https://hooks.example:8443/…");
        assert_eq!((address.path.as_str(), address.login.as_deref()), ("/a/s3cret?x=1", Some("u:s3cret")));
        assert_eq!(
            "http://[::1]/x".parse::<Address>().map(|a| (a.host.clone(), host_header(&a))),
            Ok(("::1".to_owned(), "[::1]".to_owned()))
        );
        assert_eq!(
            "http://wled.local".parse::<Address>().map(|a| a.at("/json/state").path),
            Ok("/json/state".to_owned())
        );
        let leaks = |text: &str| text.parse::<Address>().map(|address| address.leaks().is_some());
        assert_eq!(
            ["https://a.example/x", "http://127.0.0.1:1/x", "http://[::1]/x"].map(leaks),
            [Ok(false), Ok(false), Ok(false)]
        );
        assert_eq!(
            ["http://a.example/x", "https://u:p@a.example/", "https://a.example/?key=1"].map(leaks),
            [Ok(true), Ok(true), Ok(true)]
        );
        for wrong in
            ["", "x", "ftp://x/", "file:///etc/passwd", "https://", "http:///x", "http://x:port/", "gopher://x"]
        {
            assert!(wrong.parse::<Address>().is_err_and(|why| why.starts_with("write")), "{wrong}");
        }
    }
}
