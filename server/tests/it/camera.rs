//! Sources other than a file, against the real thing where it runs here.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use crate::cellar::Cellar;

#[test]
fn a_command_and_a_folder_of_frames_are_cameras() {
    let cellar = Cellar::demo();
    let photo = cellar.photo(&[]);
    let photo = photo.strip_prefix("file:").expect("file source");
    assert_eq!(cellar.scan(&format!("cmd:cat {photo}"))["changed"], serde_json::json!([]));
    let frames = cellar.path("frames");
    std::fs::create_dir(&frames).expect("folder");
    for n in 0..3 {
        std::fs::copy(photo, frames.join(format!("{n}.jpg"))).expect("frame");
    }
    assert_eq!(cellar.scan(&format!("dir:{}", frames.display()))["changed"], serde_json::json!([]));
}

#[test]
fn a_hanging_command_ends_at_the_deadline_as_no_opinion() {
    let cellar = Cellar::demo();
    let started = Instant::now();
    let stderr = cellar.fails(3, &["stock", "run", "--source", "cmd:sleep 60", "--deadline", "1"]);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert!(stderr.contains("no opinion"), "{stderr}");
}

/// A camera with a web server: answers as long as the test runs.
pub(crate) struct WebCamera {
    pub(crate) addr: SocketAddr,
    /// The heads of all requests, in small letters.
    requests: Arc<Mutex<Vec<String>>>,
}

impl WebCamera {
    /// `answer` makes head and body from a request's head.
    pub(crate) fn new(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("port");
        let addr = listener.local_addr().expect("address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let mut request = [0; 4096];
                let n = stream.read(&mut request).unwrap_or(0);
                let head = String::from_utf8_lossy(&request[..n]).into_owned();
                // A camera does not mind who hangs up.
                let _ = stream.write_all(&answer(&head));
                seen.lock().expect("requests").push(head.to_lowercase());
            }
        });
        Self { addr, requests }
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("requests").clone()
    }
}

/// An answer of a web server.
pub(crate) fn answer(status: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn photo(cellar: &Cellar) -> Vec<u8> {
    std::fs::read(cellar.photo(&[]).strip_prefix("file:").expect("file source")).expect("photo")
}

#[test]
fn a_snapshot_url_is_a_camera_and_its_password_is_not_told() {
    let cellar = Cellar::demo();
    let data = photo(&cellar);
    let camera = WebCamera::new(move |_| answer("200 OK\r\ncontent-type: image/jpeg", &data));
    let outcome = cellar.scan(&format!("http://eye:s3cret@{}/snap.jpg", camera.addr));
    assert_eq!(outcome["changed"], serde_json::json!([]));
    assert!(!outcome.to_string().contains("s3cret"), "{outcome:#}");
    assert!(camera.requests().iter().all(|request| request.contains("authorization: basic ")));
}

#[test]
fn a_camera_that_wants_digest_sign_in_gets_it() {
    let cellar = Cellar::demo();
    let data = photo(&cellar);
    let demand = r#"401 Unauthorized
www-authenticate: Digest realm="cam", nonce="n0", qop="auth", algorithm=MD5"#;
    let camera = WebCamera::new(move |request| {
        match request.to_lowercase().contains("authorization: digest username=\"eye\"") {
            true => answer("200 OK", &data),
            false => answer(&demand.replace('\n', "\r\n"), b"who are you?"),
        }
    });
    let outcome = cellar.scan(&format!("http://eye:s3cret@{}/snap.jpg?channel=1", camera.addr));
    assert_eq!(outcome["changed"], serde_json::json!([]));
    assert!(camera.requests().iter().any(|request| request.contains(r#"uri="/snap.jpg?channel=1""#)));
    let wrong = cellar.fails(3, &["stock", "snapshot", "--source", &format!("http://{}/snap.jpg", camera.addr)]);
    assert!(wrong.contains("http://user:password@camera/"), "{wrong}");
}

#[test]
fn web_cameras_that_fail_are_told_apart() {
    let cellar = Cellar::demo();
    let said = |camera: &WebCamera, seconds: &str| {
        let source = format!("http://{}/snap.jpg", camera.addr);
        let started = Instant::now();
        let words = cellar.fails(3, &["stock", "snapshot", "--source", &source, "--deadline", seconds]);
        assert!(started.elapsed() < Duration::from_secs(20), "{words}");
        words
    };
    let elsewhere = WebCamera::new(|_| answer("302 Found\r\nlocation: http://127.0.0.1:9/secret", b""));
    assert!(said(&elsewhere, "5").contains("redirects are not followed"));
    assert_eq!(elsewhere.requests().len(), 1);
    assert!(said(&WebCamera::new(|_| answer("404 Not Found", b"")), "5").contains("404"));
    let busy = WebCamera::new(|_| answer("503 Busy", b""));
    assert!(said(&busy, "2").contains("503"));
    assert!(busy.requests().len() > 2, "tried again");
    assert!(said(&WebCamera::new(|_| answer("200 OK", b"<html>a page</html>")), "2").contains("neither JPEG nor PNG"));
    // Sends for ever: 64 MiB are the end of it.
    let flood = WebCamera::new(|_| {
        let head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
        [head, vec![0xff; 65 * 1024 * 1024]].concat()
    });
    assert!(said(&flood, "15").contains("64 MiB"));
}

#[test]
fn a_stream_is_read_by_ffmpeg_with_all_pictures_in_one_run() {
    let cellar = Cellar::demo();
    let photo = cellar.photo(&[]);
    let photo = photo.strip_prefix("file:").expect("file source");
    // A stand-in that notes its arguments and writes two pictures, as ffmpeg's image2pipe does.
    let programs = cellar.path("bin");
    std::fs::create_dir(&programs).expect("folder");
    let notes = cellar.path("arguments");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >>{}\ncat {photo} {photo}\n", notes.display());
    std::fs::write(programs.join("ffmpeg"), script).expect("stand-in");
    std::fs::set_permissions(programs.join("ffmpeg"), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("mode");
    let path = std::env::var("PATH").expect("PATH");
    let url = "rtsp://eye:s3cret@192.0.2.7:554/stream1";
    let output = cellar
        .command(&["stock", "run", "--json", "--source", url])
        .env("PATH", format!("{}:{path}", programs.display()))
        .output()
        .expect("starts");
    let outcome: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&outcome["status"], &outcome["snapshot"]["frames"]), (&"ok".into(), &2.into()), "{outcome:#}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("s3cret"));
    let arguments = std::fs::read_to_string(notes).expect("arguments");
    for pair in ["-rtsp_transport\ntcp\n", "-frames:v\n5\n", "-f\nimage2pipe\n", &format!("-i\n{url}\n")] {
        assert!(arguments.contains(pair), "{arguments}");
    }
    assert_eq!(arguments.matches("-nostdin").count(), 1, "one run: {arguments}");
}
