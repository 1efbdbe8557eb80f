//! A service on this machine that speaks what Google's sign-in and Cloud Vision speak: it checks the signature, the claims, the token
//! and the pictures as they do, and refuses what is wrong.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Who signs in.
pub(crate) const ACCOUNT: &str = "label-reader@cellar-test.iam.gserviceaccount.com";

/// What the service does instead of what it should.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Answers with that status line (headers may follow in it) and body.
    Say(&'static str, String),
    /// Takes the request and says nothing.
    Silence,
}

/// A request for texts.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The pictures, as JPEG files.
    pub(crate) pictures: Vec<Vec<u8>>,
}

#[derive(Default)]
struct State {
    /// Tokens that were given out.
    tokens: Vec<String>,
    asked: Vec<Asked>,
    /// What stands on each label.
    lines: Vec<String>,
    sign_in: Vec<Reply>,
    annotate: Vec<Reply>,
    /// What was wrong with a request.
    complaints: Vec<String>,
    /// Lines on which nothing is said.
    silent: Vec<TcpStream>,
}

/// The service, and the folder with its account's key.
pub(crate) struct Service {
    base: String,
    folder: TempDir,
    state: Arc<Mutex<State>>,
}

impl Service {
    /// Listens on a free port of this machine.
    pub(crate) fn new() -> Self {
        Self::start(None)
    }

    /// The same by TLS.
    pub(crate) fn by_tls(tls: Arc<ServerConfig>) -> Self {
        Self::start(Some(tls))
    }

    fn start(tls: Option<Arc<ServerConfig>>) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        openssl(folder.path(), "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out private.pem", &[]);
        openssl(folder.path(), "pkey -in private.pem -pubout -out public.pem", &[]);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base = format!("{scheme}://{}", listener.local_addr().expect("address"));
        let state = Arc::new(Mutex::new(State { lines: vec!["BANDOL".to_owned()], ..State::default() }));
        let service = Self { base: base.clone(), folder, state: state.clone() };
        service.key_file(|_| {});
        let public = service.folder.path().to_path_buf();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let keep = stream.try_clone().expect("a line");
                match &tls {
                    Some(config) => {
                        let secure = ServerConnection::new(config.clone()).expect("TLS");
                        converse(StreamOwned::new(secure, stream), keep, &base, &public, &state);
                    }
                    None => converse(stream, keep, &base, &public, &state),
                }
            }
        });
        service
    }

    /// Writes the account's key file, changed as told; gives its path.
    pub(crate) fn key_file(&self, change: impl FnOnce(&mut Value)) -> PathBuf {
        let private = fs::read_to_string(self.folder.path().join("private.pem")).expect("key");
        let mut file = json!({
            "type": "service_account", "project_id": "cellar-test", "private_key_id": "0123abcd", "private_key": private,
            "client_email": ACCOUNT, "client_id": "1", "token_uri": format!("{}/token", self.base),
        });
        change(&mut file);
        let path = self.folder.path().join("account.json");
        fs::write(&path, file.to_string()).expect("key file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("permissions");
        path
    }

    /// The settings that make it the reader.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("WINECELLAR_LABEL_READER", "google".to_owned()),
            ("GOOGLE_APPLICATION_CREDENTIALS", self.folder.path().join("account.json").display().to_string()),
            ("WINECELLAR_VISION_URL", format!("{}/v1/images:annotate", self.base)),
        ]
    }

    /// A line of the private key, which nobody must ever see.
    pub(crate) fn secret(&self) -> String {
        let pem = fs::read_to_string(self.folder.path().join("private.pem")).expect("key");
        pem.lines().nth(3).expect("a line").to_owned()
    }

    /// What the labels say from now on.
    pub(crate) fn label(&self, lines: &[&str]) {
        self.state().lines = lines.iter().map(|&line| line.to_owned()).collect();
    }

    /// What the next requests for texts are answered.
    pub(crate) fn annotates(&self, replies: &[Reply]) {
        self.state().annotate.extend_from_slice(replies);
    }

    /// What the next sign-ins are answered.
    pub(crate) fn signs_in(&self, replies: &[Reply]) {
        self.state().sign_in.extend_from_slice(replies);
    }

    /// What came since this was asked last; nothing of it may have been wrong.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let mut state = self.state();
        assert!(state.complaints.is_empty(), "{:?}", state.complaints);
        std::mem::take(&mut state.asked)
    }

    /// Tokens that were given out.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.state().tokens.clone()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("state")
    }
}

/// An error as Google's services write it.
pub(crate) fn error(code: u16, status: &str, message: &str) -> String {
    json!({ "error": { "code": code, "message": message, "status": status } }).to_string()
}

fn converse(stream: impl Read + Write, keep: TcpStream, base: &str, folder: &Path, state: &Mutex<State>) {
    let mut talk = BufReader::new(stream);
    let Some((path, headers, body)) = read(&mut talk) else { return };
    let mut state = state.lock().expect("state");
    let planned = match path.as_str() {
        "POST /token" => &mut state.sign_in,
        _ => &mut state.annotate,
    };
    let reply = if planned.is_empty() { None } else { Some(planned.remove(0)) };
    let (status, body) = match reply {
        Some(Reply::Silence) => {
            state.silent.push(keep);
            return;
        }
        Some(Reply::Say(status, body)) => (status, body),
        None => {
            let done = match path.as_str() {
                "POST /token" => grant(&body, base, folder, &mut state),
                "POST /v1/images:annotate" => annotate(&headers, &body, &mut state),
                other => Err(format!("nobody asks {other}")),
            };
            match done {
                Ok(body) => ("200 OK", body),
                Err(why) => {
                    state.complaints.push(why.clone());
                    let body = match path.as_str() {
                        "POST /token" => json!({ "error": "invalid_grant", "error_description": why }).to_string(),
                        _ => error(400, "INVALID_ARGUMENT", &why),
                    };
                    ("400 Bad Request", body)
                }
            }
        }
    };
    let length = body.len();
    let stream = talk.get_mut();
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json; charset=UTF-8\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    let _ = stream.flush();
}

/// Path with method, headers with names in small letters, body.
fn read(talk: &mut impl BufRead) -> Option<(String, Vec<(String, String)>, Vec<u8>)> {
    let mut line = String::new();
    talk.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        talk.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    talk.read_exact(&mut body).ok()?;
    Some((line.trim().trim_end_matches(" HTTP/1.1").to_owned(), headers, body))
}

/// Signs in who has signed the right claims by the account's key (RFC 7523 and Google's own rules).
fn grant(body: &[u8], base: &str, folder: &Path, state: &mut State) -> Result<String, String> {
    let body = String::from_utf8_lossy(body);
    let claims = body
        .strip_prefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=")
        .ok_or_else(|| format!("no grant of a signed claim: {body}"))?;
    let parts: Vec<&str> = claims.split('.').collect();
    let [header, said, signature] = parts[..] else { return Err(format!("no token in three parts: {claims}")) };
    let json = |part: &str| serde_json::from_slice::<Value>(&decoded(part)).map_err(|error| error.to_string());
    if json(header)? != json!({ "alg": "RS256", "typ": "JWT", "kid": "0123abcd" }) {
        return Err(format!("another header: {header}"));
    }
    fs::write(folder.join("signed"), format!("{header}.{said}")).expect("signed");
    fs::write(folder.join("signature"), decoded(signature)).expect("signature");
    let verified = Command::new("openssl")
        .args("dgst -sha256 -verify public.pem -signature signature signed".split(' '))
        .current_dir(folder)
        .output()
        .expect("openssl");
    if !verified.status.success() {
        return Err("Invalid JWT Signature.".to_owned());
    }
    let claims = json(said)?;
    let now = chrono::Utc::now().timestamp();
    let time = |name: &str| claims[name].as_i64().ok_or_else(|| format!("{name} is missing: {claims}"));
    let (made, ends) = (time("iat")?, time("exp")?);
    if made > now || ends <= now || ends - made > 3600 {
        return Err(format!("no short-lived token: {claims}, and it is {now}"));
    }
    let wanted = [
        ("iss", ACCOUNT.to_owned()),
        ("aud", format!("{base}/token")),
        ("scope", "https://www.googleapis.com/auth/cloud-vision".to_owned()),
    ];
    if let Some((name, _)) = wanted.iter().find(|(name, value)| claims[*name] != value.as_str()) {
        return Err(format!("{name} is another one: {claims}"));
    }
    let token = format!("ya29.test-token-{}", state.tokens.len());
    state.tokens.push(token.clone());
    Ok(json!({ "access_token": token, "expires_in": 3599, "token_type": "Bearer" }).to_string())
}

/// Reads pictures for who brings the newest token.
fn annotate(headers: &[(String, String)], body: &[u8], state: &mut State) -> Result<String, String> {
    let header = |name: &str| headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let token = state.tokens.last().map(|token| format!("Bearer {token}"));
    if token.as_deref() != Some(header("authorization")) {
        return Err(format!("another token: {}", header("authorization")));
    }
    if !header("content-type").starts_with("application/json") {
        return Err(format!("no JSON: {}", header("content-type")));
    }
    if body.len() > 10_000_000 {
        return Err(format!("Request payload size exceeds the limit: {} bytes", body.len()));
    }
    let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let requests = body["requests"].as_array().ok_or("no requests")?;
    let mut pictures = Vec::new();
    for one in requests {
        if one["features"] != json!([{ "type": "DOCUMENT_TEXT_DETECTION" }]) {
            return Err(format!("another feature: {}", one["features"]));
        }
        pictures.push(decoded(one["image"]["content"].as_str().ok_or("no picture")?));
    }
    let answers: Vec<Value> = pictures.iter().map(|_| answer(&state.lines)).collect();
    state.asked.push(Asked { pictures });
    Ok(serde_json::to_string_pretty(&json!({ "responses": answers })).expect("JSON"))
}

/// What the service says of a picture with these lines, one below the other, the first in the largest letters.
fn answer(lines: &[String]) -> Value {
    let square = |x: usize, y: usize, w: usize, h: usize| {
        // What is zero is left out, as the service does.
        let corner = |x: usize, y: usize| match (x, y) {
            (0, 0) => json!({}),
            (0, y) => json!({ "y": y }),
            (x, 0) => json!({ "x": x }),
            (x, y) => json!({ "x": x, "y": y }),
        };
        json!({ "vertices": [corner(x, y), corner(x + w, y), corner(x + w, y + h), corner(x, y + h)] })
    };
    let languages = json!([{ "languageCode": "fr", "confidence": 0.9 }]);
    let mut paragraphs = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        let (y, height) = (row * 90, if row == 0 { 60 } else { 40 });
        let mut words = Vec::new();
        let mut x = 0;
        let count = line.split(' ').count();
        for (i, word) in line.split(' ').enumerate() {
            let signs = word.chars().count();
            let symbols: Vec<Value> = word
                .chars()
                .enumerate()
                .map(|(at, sign)| {
                    let mut symbol = json!({ "text": sign.to_string(), "confidence": 0.99, "boundingBox": square(x + at * 20, y, 20, height) });
                    if at + 1 == signs {
                        let kind = if i + 1 == count { "LINE_BREAK" } else { "SPACE" };
                        symbol["property"] = json!({ "detectedLanguages": languages, "detectedBreak": { "type": kind } });
                    }
                    symbol
                })
                .collect();
            words.push(
                json!({ "boundingBox": square(x, y, signs * 20, height), "symbols": symbols, "confidence": 0.98 }),
            );
            x += signs * 20 + 15;
        }
        paragraphs.push(json!({ "boundingBox": square(0, y, x, height), "words": words, "confidence": 0.98 }));
    }
    let text = lines.join("\n");
    json!({
        "textAnnotations": [{ "locale": "fr", "description": text, "boundingPoly": square(0, 0, 600, 600) }],
        "fullTextAnnotation": {
            "pages": [{ "property": { "detectedLanguages": languages }, "width": 600, "height": 800, "confidence": 0.98,
                "blocks": [{ "boundingBox": square(0, 0, 600, 600), "paragraphs": paragraphs, "blockType": "TEXT", "confidence": 0.98 }] }],
            "text": text,
        },
    })
}

/// Base64 of both kinds, as another program decodes it.
fn decoded(text: &str) -> Vec<u8> {
    let mut text = text.replace('-', "+").replace('_', "/");
    text.extend(std::iter::repeat_n('=', (4 - text.len() % 4) % 4));
    openssl(Path::new("/"), "base64 -d -A", text.as_bytes())
}

fn openssl(folder: &Path, args: &str, input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(args.split(' '))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl");
    let mut stdin = child.stdin.take().expect("stdin");
    let input = input.to_vec();
    // What it says is read meanwhile: both pipes may fill.
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("openssl");
    assert!(output.status.success(), "openssl {args}");
    let _ = writer.join();
    output.stdout
}
