//! What a stranger on the LAN may try.

use serde_json::json;

use crate::cellar::Cellar;

#[test]
fn another_sites_page_cannot_write() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let client = reqwest::blocking::Client::new();
    let post = |headers: &[(&str, &str)]| {
        let mut request =
            client.post(format!("{}/api/v1/wines", served.base)).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request
            .body(json!({"producer": "a", "name": "b", "colour": "red"}).to_string())
            .send()
            .expect("answer")
            .status()
            .as_u16()
    };
    assert_eq!(post(&[("origin", "http://evil.example")]), 403);
    assert_eq!(post(&[("sec-fetch-site", "cross-site"), ("origin", "http://evil.example")]), 403);
    assert_eq!(post(&[("origin", &served.base)]), 201);
}

#[test]
fn large_and_broken_bodies_are_refused() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let large = served.post("/api/v1/wines", &json!({"producer": "a".repeat(300_000), "name": "b", "colour": "red"}));
    assert_eq!(large.status(), 413);
    let client = reqwest::blocking::Client::new();
    let broken = client
        .post(format!("{}/api/v1/movements", served.base))
        .header("content-type", "application/json")
        .body("{\"kind\":")
        .send()
        .expect("answer");
    assert_eq!(broken.status(), 400);
    let untyped = client.post(format!("{}/api/v1/movements", served.base)).body("x").send().expect("answer");
    assert_eq!(untyped.status(), 415);
}

#[test]
fn every_answer_carries_the_security_headers() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    for path in ["/", "/healthz", "/api/v1/bins/summary", "/docs/", "/nowhere"] {
        let answer = served.get(path).send().expect("answer");
        for header in ["content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"] {
            assert!(answer.headers().contains_key(header), "{path}: {header}");
        }
    }
    let page = served.get("/").send().expect("answer");
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("'nonce-") && !policy.contains("script-src 'unsafe-inline'"), "{policy}");
}
