//! The light is on for the picture and off after it, whatever becomes of the scan.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use crate::{
    camera::{WebCamera, answer},
    cellar::Cellar,
};

/// A light that notes what is done with it, and a camera that notes each shot.
struct Stage {
    cellar: Cellar,
    notes: PathBuf,
}

impl Stage {
    fn new() -> Self {
        let cellar = Cellar::demo();
        let notes = cellar.path("notes");
        Self { cellar, notes }
    }

    fn switch(&self, word: &str) -> String {
        format!("cmd:sh -c 'echo {word} >>{}'", self.notes.display())
    }

    /// `stock run` under this light.
    fn start(&self, source: &str, deadline: &str) -> Child {
        self.cellar
            .command(&["stock", "run", "--source", source, "--deadline", deadline])
            .env("WINECELLAR_LIGHT_ON", self.switch("on"))
            .env("WINECELLAR_LIGHT_OFF", self.switch("off"))
            .env("WINECELLAR_LIGHT_WAIT", "0")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts")
    }

    fn noted(&self) -> Vec<String> {
        fs::read_to_string(&self.notes).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// Waits until the last note is that word.
    fn wait_for(&self, word: &str) {
        let start = Instant::now();
        while self.noted().last().map(String::as_str) != Some(word) {
            assert!(start.elapsed() < Duration::from_secs(60), "no {word}: {:?}", self.noted());
            std::thread::yield_now();
        }
    }
}

#[test]
fn it_is_on_for_the_pictures_and_off_after_them() {
    let stage = Stage::new();
    let photo = stage.cellar.photo(&[]);
    let photo = photo.strip_prefix("file:").expect("file source");
    let source = format!("cmd:sh -c 'echo shot >>{}; cat {photo}'", stage.notes.display());
    let code = stage.start(&source, "60").wait().expect("ends").code();
    assert_eq!((code, stage.noted().join(" ").as_str()), (Some(0), "on shot shot shot off"));
}

#[test]
fn it_goes_off_when_there_is_no_picture() {
    let stage = Stage::new();
    let code = stage.start("cmd:sleep 60", "1").wait().expect("ends").code();
    assert_eq!((code, stage.noted().join(" ").as_str()), (Some(3), "on off"));
}

#[test]
fn it_goes_off_when_the_scan_is_killed() {
    for signal in ["-KILL", "-TERM"] {
        let stage = Stage::new();
        let mut scan = stage.start("cmd:sleep 60", "600");
        stage.wait_for("on");
        let killed = std::process::Command::new("kill").args([signal, &scan.id().to_string()]).status().expect("kill");
        assert!(killed.success());
        assert_eq!(scan.wait().expect("ends").code(), None, "{signal}");
        stage.wait_for("off");
    }
}

#[test]
fn it_may_listen_to_http_and_its_secrets_are_not_told() {
    let cellar = Cellar::demo();
    let lamp = WebCamera::new(|_| answer("200 OK", b"{}"));
    let scan = |on: &str, off: &str| {
        cellar
            .command(&["stock", "run", "--json", "--source", &cellar.photo(&[])])
            .env("WINECELLAR_LIGHT_ON", on)
            .env("WINECELLAR_LIGHT_OFF", off)
            .env("WINECELLAR_LIGHT_WAIT", "0")
            .output()
            .expect("starts")
    };
    let hook = format!("http://{}/api/webhook/s3cret", lamp.addr);
    let output = scan(&hook, &format!("put:http://{}/lights/1 {{\"on\": false}}", lamp.addr));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let requests = lamp.requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
    assert!(requests[0].starts_with("post /api/webhook/s3cret "), "{}", requests[0]);
    assert!(requests[1].starts_with("put /lights/1 ") && requests[1].contains("application/json"), "{}", requests[1]);
    // A lamp that does not answer: the picture is taken all the same, and the summary says so.
    let output = scan("http://127.0.0.1:1/api/webhook/s3cret", "");
    let outcome: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(outcome["status"], "ok");
    let told = outcome["snapshot"]["overcome"].to_string();
    assert!(told.contains("could not be switched on") && !outcome.to_string().contains("s3cret"), "{told}");
    let wrong = scan("lamp", "");
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("WINECELLAR_LIGHT_ON: write cmd:PROGRAM"));
    assert_eq!(wrong.status.code(), Some(1));
}
