//! Webhooks: what happens is told, signed, again until it has arrived, and nobody in the cellar waits for it.

use std::{
    io::Write,
    net::TcpListener,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    broker::certificates,
    cellar::{Cellar, Served, body},
    receiver::{Receiver, Request, until},
};

const SECRET: &str = "a secret of the test";

fn serve(cellar: &Cellar, hooks: &str, more: &[(&str, &str)]) -> Served {
    let mut settings = vec![
        ("WINECELLAR_WEBHOOKS", hooks),
        ("WINECELLAR_WEBHOOK_SECRET", SECRET),
        ("WINECELLAR_TELL_RETRY", "1"),
        ("WINECELLAR_ADDRESS", "http://cellar.local:8000"),
    ];
    settings.extend(more);
    cellar.serve_with(&settings)
}

/// Drinks the first bottle of the cellar.
fn drink(served: &Served) -> Value {
    let bottles = served.json("/api/v1/bottles?status=in_cellar&limit=1");
    let request = json!({"kind": "issue", "bottle_id": bottles["items"][0]["bottle"]["id"], "reason": "drunk"});
    let answer = served.post("/api/v1/movements", &request);
    assert_eq!(answer.status(), 201);
    body(answer)
}

/// HMAC as openssl computes it.
fn hmac(text: &str) -> String {
    let mut openssl = Command::new("openssl")
        .args(["dgst", "-sha256", "-hmac", SECRET])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl");
    openssl.stdin.take().expect("stdin").write_all(text.as_bytes()).expect("written");
    let told = String::from_utf8(openssl.wait_with_output().expect("openssl").stdout).expect("UTF-8");
    format!("sha256={}", told.trim().rsplit(' ').next().unwrap_or_default())
}

/// Waits until the server has named its targets: what was before that is not told.
fn named(cellar: &Cellar, targets: usize) {
    until("the targets are named", || cellar.ok(&["tell", "status"]).lines().count() == targets);
}

fn of_kind(receiver: &Receiver, kind: &str) -> Request {
    loop {
        let request = receiver.next();
        if request.headers["x-winecellar-event"] == kind {
            return request;
        }
    }
}

#[test]
fn a_drunk_bottle_is_told_signed_and_again_until_it_is_taken() {
    let cellar = Cellar::demo();
    let receiver = Receiver::new();
    receiver.answers(&["500 Oops", "302 Found\r\nlocation: http://127.0.0.1:1/elsewhere"]);
    let served = serve(&cellar, &format!("{}/hook", receiver.base), &[]);
    named(&cellar, 1);
    let done = drink(&served);
    let tries: Vec<Request> = (0..3).map(|_| receiver.next()).collect();
    assert!(tries.iter().all(|one| one.headers["idempotency-key"] == tries[0].headers["idempotency-key"]));
    assert_eq!(tries[2].body, tries[0].body, "the same words each time");
    let last = &tries[2];
    assert_eq!((last.line.as_str(), last.headers["content-type"].as_str()), ("POST /hook", "application/json"));
    let signed = format!("{}.{}", last.headers["x-winecellar-timestamp"], last.body);
    assert_eq!(last.headers["x-winecellar-signature"], hmac(&signed));
    let told = last.json();
    assert_eq!((&told["kind"], &told["link"]), (&json!("stock.changed"), &json!("http://cellar.local:8000/history")));
    assert_eq!(told["data"]["movements"][0]["id"], done["id"]);
    until("all is delivered", || cellar.ok(&["tell", "status"]).contains(" 0 wait, 0 given up"));
    assert!(receiver.so_far().is_empty(), "once it has arrived it is not sent again");
    let page = served.get("/health").send().expect("a page").text().expect("text");
    assert!(page.contains("last delivery") && !page.contains("/hook"), "{page}");
}

#[test]
fn by_tls_it_is_told_to_whom_the_authority_vouches_for_only() {
    let folder = tempfile::tempdir().expect("folder");
    certificates(folder.path());
    let receiver = Receiver::secure(folder.path());
    let cellar = Cellar::empty();
    let hook = format!("{}/hook", receiver.base);
    let ca = folder.path().join("ca.pem").display().to_string();
    let told = |more: &[(&str, &str)]| {
        let settings = [("WINECELLAR_WEBHOOKS", hook.as_str()), ("WINECELLAR_WEBHOOK_SECRET", SECRET)];
        let output =
            cellar.command(&["tell", "test"]).envs(settings).envs(more.iter().copied()).output().expect("output");
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    let (code, text) = told(&[("WINECELLAR_TLS_CA", &ca)]);
    assert!(code == Some(0) && text.contains("200 hi"), "{text}");
    let request = receiver.next();
    assert_eq!(
        request.headers["x-winecellar-signature"],
        hmac(&format!("{}.{}", request.headers["x-winecellar-timestamp"], request.body))
    );
    let (code, text) = told(&[]);
    assert!(code == Some(1) && text.contains("certificate"), "{text}");
    assert!(receiver.so_far().is_empty(), "nothing is said to a stranger");
}

#[test]
fn a_question_is_told_with_its_bottles_and_its_picture() {
    let cellar = Cellar::demo();
    let receiver = Receiver::new();
    let served = serve(&cellar, &receiver.base, &[("WINECELLAR_WEBHOOK_EVENTS", "proposal, scan.finished")]);
    named(&cellar, 1);
    cellar.scan(&cellar.photo(&["03_03=1"]));
    let asked = of_kind(&receiver, "proposal.raised").json();
    assert_eq!(asked["data"]["bin"], "03_03");
    let picture = asked["data"]["picture"].as_str().expect("a picture");
    let path = picture.strip_prefix("http://cellar.local:8000").expect("this server's");
    assert_eq!(served.get(path).send().expect("a picture").headers()["content-type"], "image/jpeg");
    assert_eq!(of_kind(&receiver, "scan.finished").json()["data"]["bins_changed"], 1);
    let id = asked["data"]["id"].as_str().expect("id");
    assert_eq!(served.post(&format!("/api/v1/proposals/{id}/approve"), &json!({"user": "Anna"})).status(), 200);
    let closed = of_kind(&receiver, "proposal.closed").json();
    assert_eq!((&closed["data"]["state"], &closed["data"]["decided_by"]), (&json!("approved"), &json!("Anna")));
    cellar.scan(&cellar.photo(&["03_03=1"]));
    let seen = of_kind(&receiver, "scan.finished").json();
    let confirmed = &seen["data"]["confirmed"];
    assert_eq!((confirmed.as_array().map(Vec::len), &confirmed[0]["bin"]), (Some(1), &json!("03_03")), "{seen}");
    assert!(seen["text"].as_str().is_some_and(|text| text.ends_with("is gone from 03_03")), "{seen}");
}

#[test]
fn a_target_that_is_away_delays_nobody_and_gets_everything_when_it_is_back() {
    let cellar = Cellar::demo();
    // It takes the connection and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let place = silent.local_addr().expect("address");
    let served = serve(&cellar, &format!("http://{place}/hook http://192.0.2.1/hook"), &[]);
    named(&cellar, 2);
    let mut slowest = Duration::ZERO;
    for _ in 0..12 {
        let begun = Instant::now();
        drink(&served);
        slowest = slowest.max(begun.elapsed());
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}; the targets would take 10 s to fail");
    drop(served);
    drop(silent);
    // The server was killed; another one takes over when it has been silent for long enough.
    test_support::spoil(cellar.url(), "UPDATE targets SET holder = NULL");
    let status = cellar.ok(&["tell", "status"]);
    let target = status.lines().find(|line| line.contains("127.0.0.1")).and_then(|line| line.split(": ").next());
    cellar.ok(&["tell", "retry", target.expect("the target")]);
    let receiver = Receiver::at(&place.to_string());
    let _served = serve(&cellar, &format!("http://{place}/hook"), &[]);
    let revision = |request: Request| {
        let id = request.json()["id"].as_str().map(str::to_owned).expect("id");
        id.split('-').next().and_then(|revision| revision.parse::<u64>().ok()).expect("a revision")
    };
    let revisions: Vec<u64> = (0..12).map(|_| revision(receiver.next())).collect();
    assert!(revisions.is_sorted(), "in the order in which it happened: {revisions:?}");
}

#[test]
fn whoever_asks_for_another_try_does_not_wait_for_the_pause() {
    let cellar = Cellar::demo();
    let receiver = Receiver::new();
    receiver.answers(&["503 Away"]);
    let served = serve(&cellar, &receiver.base, &[("WINECELLAR_TELL_RETRY", "3600")]);
    named(&cellar, 1);
    drink(&served);
    let first = receiver.next();
    until("it is noted", || cellar.ok(&["tell", "status"]).contains("answers 503"));
    let status = cellar.ok(&["tell", "status"]);
    cellar.ok(&["tell", "retry", status.split(": last").next().expect("the target")]);
    assert_eq!(receiver.next().headers["idempotency-key"], first.headers["idempotency-key"]);
}

#[test]
fn in_quiet_hours_what_happens_waits() {
    let cellar = Cellar::demo();
    let receiver = Receiver::new();
    // Two halves of a day that are quiet now, whatever the time is.
    let now = chrono::Local::now().time();
    let hour = |by: i64| (now + chrono::TimeDelta::hours(by)).format("%H:%M").to_string();
    let quiet = format!("{}-{}", hour(-6), hour(6));
    let served = serve(&cellar, &receiver.base, &[("WINECELLAR_QUIET", &quiet)]);
    named(&cellar, 1);
    drink(&served);
    until("it waits", || cellar.ok(&["tell", "status"]).contains("1 wait"));
    drop(served);
    assert!(receiver.so_far().is_empty());
    test_support::spoil(cellar.url(), "UPDATE targets SET holder = NULL");
    let loud = format!("{}-{}", hour(6), hour(12));
    let _served = serve(&cellar, &receiver.base, &[("WINECELLAR_QUIET", &loud)]);
    assert_eq!(receiver.next().json()["kind"], "stock.changed");
}

#[test]
fn settings_that_cannot_be_used_are_named_and_the_test_command_says_what_is_answered() {
    let cellar = Cellar::empty();
    let receiver = Receiver::new();
    let told = |settings: &[(&str, &str)], args: &[&str]| {
        let output = cellar
            .command(args)
            .env_remove("WINECELLAR_TOOLS")
            .envs(settings.iter().copied())
            .output()
            .expect("output");
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    let hooks = format!("{}/s3cret-path", receiver.base);
    let good = [("WINECELLAR_WEBHOOKS", hooks.as_str()), ("WINECELLAR_WEBHOOK_SECRET", SECRET)];
    let (code, text) = told(&good, &["tell", "test"]);
    assert!(code == Some(0) && text.contains("200 hi") && !text.contains("s3cret"), "{text}");
    assert_eq!(receiver.next().json()["kind"], "test");
    receiver.answers(&["401 Unauthorized"]);
    let (code, text) = told(&good, &["tell", "test"]);
    assert!(code == Some(1) && text.contains("answers 401: hi"), "{text}");
    let (code, text) = told(&good, &["config"]);
    assert!(code == Some(0) && !text.contains("s3cret") && !text.contains(SECRET), "{text}");
    let bad =
        [("WINECELLAR_WEBHOOKS", "ftp://x"), ("WINECELLAR_WEBHOOK_SECRET", "short"), ("WINECELLAR_QUIET", "never")];
    let (code, text) = told(&bad, &["config"]);
    assert_eq!(code, Some(2));
    for wrong in ["WINECELLAR_WEBHOOKS: write http", "16 characters", "HH:MM-HH:MM"] {
        assert!(text.contains(wrong), "{wrong}: {text}");
    }
    let served = cellar.serve_with(&bad);
    let page = served.get("/health").send().expect("a page").text().expect("text");
    assert!(page.contains("WINECELLAR_WEBHOOK_SECRET"), "the server works and says so: {page}");
}
