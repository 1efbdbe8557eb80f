//! Sources other than a file, against the real thing where it runs here.

use std::{
    io::{Read, Write},
    net::TcpListener,
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

#[test]
fn a_snapshot_url_is_a_camera_and_its_password_is_not_told() {
    let cellar = Cellar::demo();
    let photo = cellar.photo(&[]);
    let data = std::fs::read(photo.strip_prefix("file:").expect("file source")).expect("photo");
    let listener = TcpListener::bind("127.0.0.1:0").expect("port");
    let addr = listener.local_addr().expect("address");
    let camera = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a visitor");
        let mut request = [0; 4096];
        let n = stream.read(&mut request).expect("a request");
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-type: image/jpeg\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            data.len()
        )
        .expect("head");
        stream.write_all(&data).expect("picture");
        String::from_utf8_lossy(&request[..n]).to_lowercase()
    });
    let outcome = cellar.scan(&format!("http://eye:s3cret@{addr}/snap.jpg"));
    assert_eq!(outcome["changed"], serde_json::json!([]));
    assert!(!outcome.to_string().contains("s3cret"), "{outcome:#}");
    assert!(camera.join().expect("camera").contains("authorization: basic "));
}
