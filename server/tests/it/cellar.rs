//! A cellar of its own for each test: folders, database, and a server if wanted.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_winecellar");

/// A cellar below a temporary folder.
pub(crate) struct Cellar {
    dir: TempDir,
    url: String,
}

impl Cellar {
    /// An empty, migrated cellar.
    pub(crate) fn empty() -> Self {
        let dir = tempfile::tempdir().expect("temporary folder");
        let url = format!("sqlite:{}", dir.path().join("cellar.db").display());
        let cellar = Self { dir, url };
        cellar.ok(&["migrate"]);
        cellar
    }

    /// A cellar on another database, not migrated.
    pub(crate) fn on(url: String) -> Self {
        Self { dir: tempfile::tempdir().expect("temporary folder"), url }
    }

    /// The demo cellar. It is made once in this process; each test gets a copy.
    pub(crate) fn demo() -> Self {
        static TEMPLATE: OnceLock<Cellar> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let cellar = Self::empty();
            cellar.ok(&["demo"]);
            cellar
        });
        let dir = tempfile::tempdir().expect("temporary folder");
        copy(template.dir.path(), dir.path());
        let url = format!("sqlite:{}", dir.path().join("cellar.db").display());
        Self { dir, url }
    }

    /// The database's address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A path below the cellar's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The program with this cellar's environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(args)
            .env("DATABASE_URL", &self.url)
            .env("WINECELLAR_DATA_DIR", self.data())
            .env_remove("WINECELLAR_SOURCE")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the program starts")
    }

    /// Runs the program, which must succeed; gives stdout.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(
            output.status.success(),
            "winecellar {args:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Runs the program, which must fail with the code; gives stderr.
    pub(crate) fn fails(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "winecellar {args:?}\n{stderr}");
        stderr
    }

    /// A photo of the demo rack without the named bottles (`BIN=N`), as a source.
    pub(crate) fn photo(&self, without: &[&str]) -> String {
        let out = self.path(&format!("without-{}.jpg", without.join("-")));
        let out = out.to_str().expect("UTF-8 path").to_owned();
        let mut args = vec!["demo", "photo"];
        for item in without {
            args.extend(["--without", item]);
        }
        args.push(&out);
        self.ok(&args);
        format!("file:{out}")
    }

    /// Scans a source, which must be readable; gives the outcome.
    pub(crate) fn scan(&self, source: &str) -> Value {
        serde_json::from_str(&self.ok(&["stock", "run", "--source", source, "--json"])).expect("JSON on stdout")
    }

    /// Starts the server on a free port and waits until it is ready.
    pub(crate) fn serve(&self) -> Served {
        self.serve_until("/readyz")
    }

    /// The same, with settings.
    pub(crate) fn serve_with(&self, settings: &[(&str, &str)]) -> Served {
        self.start(settings, "/readyz")
    }

    /// Starts the server on a free port and waits until the path is answered with success.
    pub(crate) fn serve_until(&self, path: &str) -> Served {
        self.start(&[], path)
    }

    fn start(&self, settings: &[(&str, &str)], path: &str) -> Served {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let addr = format!("127.0.0.1:{port}");
        let log = self.path("server.log");
        let child = self
            .command(&["serve"])
            .envs(settings.iter().copied())
            .stdout(fs::File::create(&log).expect("log"))
            .env("WINECELLAR_ADDR", &addr)
            .env("RUST_LOG", "warn")
            .spawn()
            .expect("the server starts");
        let client = Client::builder().timeout(Duration::from_secs(20)).build().expect("client");
        let served = Served { child, base: format!("http://{addr}"), client, log, token: None };
        let started = Instant::now();
        while !served.get(path).send().is_ok_and(|answer| answer.status().is_success()) {
            assert!(started.elapsed() < Duration::from_secs(20), "the server is not ready after 20 s");
            std::thread::yield_now();
        }
        served
    }
}

/// A running server; stopped when dropped.
pub(crate) struct Served {
    child: Child,
    /// `http://host:port`
    pub(crate) base: String,
    client: Client,
    log: PathBuf,
    token: Option<String>,
}

impl Served {
    /// The same server, asked as a program of that role and not as the screen.
    pub(crate) fn as_role(mut self, cellar: &Cellar, role: &str) -> Self {
        self.token = Some(cellar.ok(&["token", "create", role, "--role", role]).trim().to_owned());
        self
    }

    fn sign(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// What the server has logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("log")
    }

    /// The log, once it holds the words: what is logged beside the answers comes when it comes.
    pub(crate) fn logged(&self, words: &str) -> String {
        let started = Instant::now();
        loop {
            let log = self.log();
            if log.contains(words) {
                return log;
            }
            assert!(started.elapsed() < Duration::from_secs(20), "not logged within 20 s: {words}\n{log}");
            std::thread::yield_now();
        }
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.sign(self.client.get(format!("{}{path}", self.base)))
    }

    /// Sends a form as a browser without JavaScript does; returns the address it is led to.
    pub(crate) fn submit(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.form(path, fields);
        assert_eq!(answer.status(), 302, "{path}");
        answer.headers()["location"].to_str().expect("an address").to_owned()
    }

    /// What is answered to a form, before the browser follows.
    pub(crate) fn form(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("client");
        let mut address = reqwest::Url::parse("http://form/").expect("address");
        address.query_pairs_mut().extend_pairs(fields);
        client
            .post(format!("{}{path}", self.base))
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(address.query().unwrap_or_default().to_owned())
            .send()
            .expect("an answer")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Response {
        self.send(self.client.post(format!("{}{path}", self.base)), body)
    }

    /// Writes on the revision that was seen.
    pub(crate) fn put(&self, path: &str, body: &Value, seen: Option<i32>) -> Response {
        let request = self.client.put(format!("{}{path}", self.base));
        let request = match seen {
            Some(revision) => request.header("if-match", format!("\"{revision}\"")),
            None => request,
        };
        self.send(request, body)
    }

    /// Removes the revision that was seen.
    pub(crate) fn delete(&self, path: &str, seen: Option<i32>) -> Response {
        let request = self.client.delete(format!("{}{path}", self.base));
        let request = match seen {
            Some(revision) => request.header("if-match", format!("\"{revision}\"")),
            None => request,
        };
        self.sign(request).send().expect("an answer")
    }

    /// Sends with an Idempotency-Key.
    pub(crate) fn post_once(&self, path: &str, body: &Value, key: &str) -> Response {
        self.send(self.client.post(format!("{}{path}", self.base)).header("idempotency-key", key), body)
    }

    fn send(&self, request: RequestBuilder, body: &Value) -> Response {
        let request = self.sign(request).header("content-type", "application/json");
        request.body(body.to_string()).send().expect("an answer")
    }

    /// The JSON at a path, which must be there.
    pub(crate) fn json(&self, path: &str) -> Value {
        let answer = self.get(path).send().expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        body(answer)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The JSON body of an answer.
pub(crate) fn body(answer: Response) -> Value {
    let text = answer.text().expect("a body");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folder");
    for entry in fs::read_dir(from).expect("list") {
        let entry = entry.expect("entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copy");
        }
    }
}
