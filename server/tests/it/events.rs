//! Live events: an open page learns of a scan by another process within two seconds.

use std::{
    io::{BufRead, BufReader},
    sync::mpsc,
    time::{Duration, Instant},
};

use crate::cellar::Cellar;

#[test]
fn a_scan_by_another_process_reaches_an_open_page_within_two_seconds() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let source = cellar.photo(&["03_03=1"]);
    let stream = served.get("/events").send().expect("a stream");
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send((Instant::now(), line)).is_err() {
                return;
            }
        }
    });
    let wait_for = |wanted: &str| loop {
        let (at, line) = lines.recv_timeout(Duration::from_secs(20)).expect("an event");
        if line == wanted {
            return at;
        }
    };
    wait_for("event: hello");
    cellar.scan(&source);
    let ended = Instant::now();
    // `changed` may come before the scan's process has printed and ended.
    let told = wait_for("event: change").saturating_duration_since(ended);
    assert!(told < Duration::from_secs(2), "{told:?}");
}
