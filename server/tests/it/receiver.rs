//! Another program on this machine that listens to HTTP and answers as it is told.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::Path,
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver as Inbox},
    },
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::mail::{Both, tls};

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// `POST /path`
    pub(crate) line: String,
    /// Headers, by their names in small letters.
    pub(crate) headers: BTreeMap<String, String>,
    /// The body.
    pub(crate) body: String,
}

impl Request {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// The listener.
pub(crate) struct Receiver {
    /// `http://host:port`
    pub(crate) base: String,
    requests: Inbox<Request>,
    answers: Arc<Mutex<Vec<&'static str>>>,
}

impl Receiver {
    /// Listens, and answers `200 OK` unless it is told otherwise.
    pub(crate) fn new() -> Self {
        Self::at("127.0.0.1:0")
    }

    /// The same at that address.
    pub(crate) fn at(address: &str) -> Self {
        Self::listening(address, None)
    }

    /// The same by TLS, with the certificate in a folder.
    pub(crate) fn secure(folder: &Path) -> Self {
        Self::listening("127.0.0.1:0", Some(tls(folder)))
    }

    fn listening(address: &str, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base = format!("{scheme}://{}", listener.local_addr().expect("address"));
        let (sender, requests) = mpsc::channel();
        let answers: Arc<Mutex<Vec<&'static str>>> = Arc::default();
        let told = answers.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut stream: Box<dyn Both> = match &tls {
                    Some(config) => {
                        let talk = ServerConnection::new(config.clone()).expect("TLS");
                        Box::new(StreamOwned::new(talk, stream))
                    }
                    None => Box::new(stream),
                };
                let Some(request) = read(&mut stream) else { continue };
                let mut told = told.lock().expect("answers");
                let answer = if told.is_empty() { "200 OK" } else { told.remove(0) };
                drop(told);
                let _ = write!(stream, "HTTP/1.1 {answer}\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi");
                if sender.send(request).is_err() {
                    return;
                }
            }
        });
        Self { base, requests, answers }
    }

    /// The next answers, such as `500 Internal Server Error`; a line may hold headers too.
    pub(crate) fn answers(&self, with: &[&'static str]) {
        self.answers.lock().expect("answers").extend(with);
    }

    /// The next request, which must come.
    pub(crate) fn next(&self) -> Request {
        self.requests.recv_timeout(Duration::from_secs(20)).expect("a request within 20 s")
    }

    /// What has come already.
    pub(crate) fn so_far(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

/// Asks until it is so; what happens beside an answer happens when it happens.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(30), "not within 30 s: {what}");
        std::thread::yield_now();
    }
}

fn read(stream: &mut dyn Both) -> Option<Request> {
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    lines.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        lines.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    let line = line.trim().trim_end_matches(" HTTP/1.1").to_owned();
    Some(Request { line, headers, body: String::from_utf8_lossy(&body).into_owned() })
}
