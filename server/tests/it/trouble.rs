//! A page that broke tells why: once in the log, short, and not for ever.

use serde_json::json;

use crate::cellar::{Cellar, body};

#[test]
fn a_broken_page_is_logged_in_one_line_whatever_it_says() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let told = json!({"kind": "panic", "message": "at the\nend\u{1b}[31m ERROR made up", "page": "/rack?view=photo", "build": "1-a"});
    assert_eq!(served.post("/trouble", &told).status(), 204);
    let log = served.logged("a page broke");
    let line = log.lines().find(|line| line.contains("a page broke")).expect("a line");
    for words in ["kind=", "panic", r"at the\nend\u{1b}[31m", r#"page="/rack?view=photo""#, r#"build="1-a""#] {
        assert!(line.contains(words), "{words}: {line}");
    }
}

#[test]
fn nonsense_floods_and_books_are_refused() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let told = |kind: &str, message: &str| {
        served.post("/trouble", &json!({"kind": kind, "message": message, "page": "/", "build": ""}))
    };
    let refused = told("boredom", "");
    assert_eq!(refused.status(), 422);
    let problem = body(refused);
    assert_eq!(problem["field"], "kind");
    assert!(problem["detail"].as_str().expect("words").contains("panic"), "the cure is told: {problem}");
    assert_eq!(told("panic", &"x".repeat(9000)).status(), 413);
    let answers: Vec<u16> = (0..8).map(|n| told("error", &format!("number {n}")).status().as_u16()).collect();
    assert_eq!(answers, [204, 204, 204, 204, 204, 429, 429, 429]);
    let wait = told("error", "again");
    assert!(wait.headers().contains_key("retry-after"));
    assert_eq!(served.log().matches("a page broke").count(), 5);
}
