//! A real broker (Debian's mosquitto) for a test, and another program's clients on it.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::receiver::until;

/// The broker; ended when dropped.
pub(crate) struct Broker {
    folder: TempDir,
    child: Option<Child>,
    pub(crate) port: u16,
}

/// The program, which Debian puts where only root looks.
fn mosquitto() -> PathBuf {
    let found =
        ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].into_iter().map(PathBuf::from).find(|path| path.exists());
    found.expect("mosquitto is missing: make setup, or apt-get install mosquitto mosquitto-clients")
}

impl Broker {
    /// Starts one on a free port that admits everybody.
    pub(crate) fn start() -> Self {
        let mut broker = Self::prepare("allow_anonymous true");
        broker.resume();
        broker
    }

    /// Settings for one on a free port, to be started when its files are there.
    pub(crate) fn prepare(settings: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let folder = tempfile::tempdir().expect("folder");
        // Started by root it would become somebody who cannot read this folder.
        let text = format!(
            "user root\nlistener {port} 127.0.0.1\n{}\n",
            settings.replace("FOLDER", &folder.path().display().to_string())
        );
        fs::write(folder.path().join("mosquitto.conf"), text).expect("settings");
        Self { folder, child: None, port }
    }

    /// A path of the broker's own.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts it, with nothing of before.
    pub(crate) fn resume(&mut self) {
        let child = Command::new(mosquitto())
            .arg("-c")
            .arg(self.path("mosquitto.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("mosquitto starts");
        self.child = Some(child);
        until("the broker listens", || TcpStream::connect(("127.0.0.1", self.port)).is_ok());
    }

    /// Ends it.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Publishes as another program.
    pub(crate) fn publish(&self, args: &[&str]) {
        let done = self.client("mosquitto_pub").args(args).status().expect("mosquitto_pub");
        assert!(done.success(), "{args:?}");
    }

    /// The next message on a topic, as bytes.
    pub(crate) fn message(&self, topic: &str) -> Vec<u8> {
        let asked = self.client("mosquitto_sub").args(["-C", "1", "-N", "-W", "20", "-t", topic]).output();
        asked.expect("mosquitto_sub").stdout
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-q", "1"]);
        command
    }

    /// Listens to these topics from now on.
    pub(crate) fn listen(&self, topics: &[&str]) -> Listener {
        let mut command = self.client("mosquitto_sub");
        for topic in topics {
            command.args(["-t", topic]);
        }
        let mut child = command.args(["-F", "%r\t%t\t%p"]).stdout(Stdio::piped()).spawn().expect("mosquitto_sub");
        let lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
        let heard: Heard = Arc::default();
        let told = heard.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut parts = line.splitn(3, '\t');
                if let (Some(_), Some(topic), Some(payload)) = (parts.next(), parts.next(), parts.next()) {
                    told.lock().expect("heard").entry(topic.to_owned()).or_default().push(payload.to_owned());
                }
            }
        });
        Listener { child, heard }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.stop();
    }
}

type Heard = Arc<Mutex<BTreeMap<String, Vec<String>>>>;

/// Another program that listens.
pub(crate) struct Listener {
    child: Child,
    heard: Heard,
}

impl Listener {
    /// All that came on a topic.
    pub(crate) fn all(&self, topic: &str) -> Vec<String> {
        self.heard.lock().expect("heard").get(topic).cloned().unwrap_or_default()
    }

    /// Waits for a message on the topic that fits; gives it.
    pub(crate) fn wait(&self, topic: &str, fits: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            if let Some(found) = self.all(topic).into_iter().find(|text| fits(text)) {
                return found;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "nothing that fits on {topic}: {:?}", self.all(topic));
            std::thread::yield_now();
        }
    }

    /// The same of JSON.
    pub(crate) fn json(&self, topic: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let read = |text: &str| serde_json::from_str::<Value>(text).ok();
        let text = self.wait(topic, |text| read(text).is_some_and(|value| fits(&value)));
        read(&text).unwrap_or_default()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes an authority and a certificate of 127.0.0.1 by it: `ca.pem`, `server.pem`, `server.key`.
pub(crate) fn certificates(folder: &Path) {
    let openssl = |args: &str| {
        let done = Command::new("openssl").args(args.split(' ')).current_dir(folder).stderr(Stdio::null()).status();
        assert!(done.expect("openssl").success(), "openssl {args}");
    };
    fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n").expect("names");
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!("req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj /CN=authority"));
    openssl(&format!("req {key} -keyout server.key -out server.csr -subj /CN=localhost"));
    openssl("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile names");
}
