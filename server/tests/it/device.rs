//! The settings of a screen: kept in its browser, and in the page before any script runs.

use reqwest::{blocking::Client, redirect::Policy};

use crate::cellar::{Cellar, body};

#[test]
fn a_screen_keeps_its_settings_and_gets_its_pages_by_them() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let client = Client::builder().redirect(Policy::none()).build().expect("client");
    let keep = |form: &str, cookie: &str| {
        let request = client.post(format!("{}/device", served.base)).body(form.to_owned());
        let request = request.header("content-type", "application/x-www-form-urlencoded").header("cookie", cookie);
        request.send().expect("an answer")
    };
    let html = |page: &str, cookie: &str| {
        served
            .get(page)
            .header("accept", "text/html")
            .header("cookie", cookie)
            .send()
            .and_then(reqwest::blocking::Response::text)
            .expect("a page")
    };
    let plain = html("/", "");
    assert!(
        !plain.contains("data-scale") && plain.contains("keyboard-row") && plain.contains("data-idle=\"5\""),
        "a kiosk by itself"
    );
    let kept = keep("scale=140&theme=light&keyboard=off&idle=0", "");
    assert_eq!((kept.status().as_u16(), &kept.headers()["location"]), (303, &"/device?done=1".parse().expect("value")));
    let set = kept.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(set.contains("SameSite=Lax") && set.contains("Max-Age="), "{set}");
    let cookie = set.split(';').next().expect("a pair");
    for page in ["/", "/help", "/device"] {
        let html = html(page, cookie);
        assert!(html.contains("data-scale=\"140\"") && html.contains("data-theme=\"light\""), "{page}");
        assert!(!html.contains("keyboard-row") && !html.contains("data-idle"), "{page}");
    }
    // What is not in the form stays; what cannot be is refused, and nothing is kept.
    let next = keep("theme=dark", cookie).headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(next.contains("scale:140") && next.contains("theme:dark"), "{next}");
    let refused = keep("scale=141&theme=dark", cookie);
    assert_eq!(refused.status(), 422);
    assert!(!refused.headers().contains_key("set-cookie"));
    let problem = body(refused);
    assert_eq!(problem["field"], "scale");
    assert!(problem["detail"].as_str().expect("words").contains("140"), "{problem}");
    assert!(
        html("/", "device=scale:9000|theme:<script>|x").contains("<html lang="),
        "nonsense in a cookie breaks no page"
    );
}
