//! MQTT with a real broker: the cellar is announced, shown and told, and answered as from Home Assistant.

use std::process::Command;

use serde_json::{Value, json};

use crate::{
    broker::{Broker, certificates},
    cellar::{Cellar, Served},
    receiver::until,
};

fn serve(cellar: &Cellar, url: &str) -> Served {
    cellar.serve_with(&[("WINECELLAR_MQTT", url), ("WINECELLAR_TELL_RETRY", "1")])
}

fn url(broker: &Broker) -> String {
    format!("mqtt://127.0.0.1:{}", broker.port)
}

#[test]
fn the_cellar_is_announced_to_home_assistant_and_gone_when_the_server_is() {
    let broker = Broker::start();
    let cellar = Cellar::demo();
    let heard = broker.listen(&["winecellar/status", "winecellar/state", "winecellar/rack/+", "homeassistant/#"]);
    let served = serve(&cellar, &url(&broker));
    let device = heard.json("homeassistant/device/winecellar/config", |_| true);
    let entities = device["components"].as_object().expect("entities");
    assert_eq!(device["availability_topic"], "winecellar/status");
    for (entity, platform) in [
        ("bottles", "sensor"),
        ("last_scan", "sensor"),
        ("proposals", "sensor"),
        ("problem", "binary_sensor"),
        ("scan", "button"),
        ("event", "event"),
        ("question_1", "select"),
        ("question_1_picture", "image"),
    ] {
        assert_eq!(entities[entity]["platform"], platform, "{entity}");
        assert_eq!(entities[entity]["unique_id"], format!("winecellar_{entity}"));
    }
    let state = heard.json("winecellar/state", |_| true);
    let bottles = served.json("/api/v1/bottles?status=in_cellar&limit=200")["items"].as_array().map(Vec::len);
    assert_eq!(state["bottles"].as_u64().and_then(|n| usize::try_from(n).ok()), bottles);
    assert_eq!((&state["scanning"], &state["last_scan"]["status"]), (&json!("idle"), &json!("ok")));
    let rack =
        entities.values().find(|one| one["name"].as_str().is_some_and(|name| name.ends_with(" fill"))).expect("a rack");
    let topic = rack["state_topic"].as_str().expect("topic");
    assert!(heard.json(topic, |_| true)["fill"].as_i64().is_some_and(|fill| (1..=100).contains(&fill)));

    // Home Assistant comes back: it is told anew.
    let before = heard.all("winecellar/state").len();
    broker.publish(&["-t", "homeassistant/status", "-m", "online"]);
    until("the state is told again", || heard.all("winecellar/state").len() > before);
    // Who comes later finds all of it.
    assert_eq!(broker.message("winecellar/status"), b"online");
    drop(served);
    heard.wait("winecellar/status", |text| text == "offline");
}

#[test]
fn a_question_is_shown_and_answered_once_and_what_is_hostile_is_refused() {
    let broker = Broker::start();
    let cellar = Cellar::demo();
    let heard = broker.listen(&["winecellar/question/+", "winecellar/event", "winecellar/answer", "winecellar/error"]);
    let served = serve(&cellar, &url(&broker));
    heard.json("winecellar/question/1", |one| one["state"] == "no question");
    cellar.scan(&cellar.photo(&["03_03=1"]));
    let asked = heard.json("winecellar/question/1", |one| one["state"] == "waiting");
    assert_eq!((&asked["bin"], &asked["answers"][1]), (&json!("03_03"), &json!("opened")));
    assert!(asked["bottles"][0]["title"].is_string());
    assert!(broker.message("winecellar/question/1/picture").starts_with(&[0xff, 0xd8, 0xff]), "a JPEG");
    heard.json("winecellar/event", |event| event["kind"] == "proposal.raised");

    let errors =
        |fits: &str| heard.json("winecellar/error", |one| one["error"].as_str().is_some_and(|why| why.contains(fits)));
    broker.publish(&["-t", "winecellar/answer/set", "-m", r#"{"proposal":"no-such","answer":"drunk"}"#]);
    errors("There is no proposal no-such");
    broker.publish(&["-t", "winecellar/answer/set", "-m", &"[".repeat(4000)]);
    errors("no answer");
    broker.publish(&["-t", "winecellar/answer/set", "-m", &"x".repeat(20_000)]);
    errors("at most 4096");
    broker.publish(&["-t", "winecellar/burn/set", "-m", "now"]);
    errors("there is no command");

    let answer = json!({"proposal": asked["proposal"], "answer": "opened", "id": "tap-1"}).to_string();
    broker.publish(&["-t", "winecellar/answer/set", "-m", &answer]);
    let done = heard.json("winecellar/answer", |one| one["command"] == "answer");
    broker.publish(&["-t", "winecellar/answer/set", "-m", &answer]);
    errors("was done already");
    let journal = served.json("/api/v1/movements?limit=5");
    let last = &journal["items"][0];
    assert_eq!(
        (&last["id"], &last["actor"], &last["source"]),
        (&done["movements"][0], &json!("home-assistant"), &json!("api"))
    );
    assert_eq!((&last["kind"], &last["from_bin"], &last["to_bin"]), (&json!("move"), &json!("03_03"), &Value::Null));
    let bottle = served.json(&format!("/api/v1/bottles/{}", last["bottle_id"].as_str().expect("id")));
    assert!(bottle["bottle"]["opened_at"].is_string(), "{bottle}");
    heard.json("winecellar/question/1", |one| one["state"] == "no question" && one["question"] == "no question");
    heard.json("winecellar/event", |event| event["data"]["decided_by"] == "home-assistant");

    // A command that is retained would be done at each connection.
    let scans = served.json("/api/v1/scans")["items"].as_array().map(Vec::len);
    broker.publish(&["-r", "-t", "winecellar/scan/set", "-m", "PRESS"]);
    let told = heard.json("winecellar/answer", |one| one["command"] == "scan");
    assert_eq!(told["started"], true);
    until("the scan is over", || served.json("/api/v1/scans")["items"].as_array().map(Vec::len) > scans);
    drop(served);
    // The server was killed; another one takes over when it has been silent for long enough.
    test_support::spoil(cellar.url(), "UPDATE targets SET holder = NULL");
    let _again = serve(&cellar, &url(&broker));
    errors("must not be retained");
}

#[test]
fn what_happens_while_the_broker_is_away_is_told_when_it_is_back() {
    let mut broker = Broker::prepare("allow_anonymous false\npassword_file FOLDER/people");
    let people = broker.path("people");
    let made = Command::new("mosquitto_passwd").args(["-b", "-c"]).arg(&people).args(["cellar", "s3cret"]).status();
    assert!(made.expect("mosquitto_passwd").success());
    let cellar = Cellar::demo();
    let served = serve(&cellar, &format!("mqtt://cellar:s3cret@127.0.0.1:{}", broker.port));
    until("the target is named", || cellar.ok(&["tell", "status"]).contains("MQTT"));
    let page = served.get("/health").send().expect("a page").text().expect("text");
    assert!(page.contains("MQTT 127.0.0.1") && !page.contains("s3cret"), "{page}");
    let bottles = served.json("/api/v1/bottles?status=in_cellar&limit=3");
    for bottle in bottles["items"].as_array().expect("bottles") {
        let request = json!({"kind": "issue", "bottle_id": bottle["bottle"]["id"], "reason": "gift"});
        assert_eq!(served.post("/api/v1/movements", &request).status(), 201);
    }
    until("it was tried", || cellar.ok(&["tell", "status"]).contains("3 wait, 0 given up; failed"));
    broker.resume();
    until("all is told", || cellar.ok(&["tell", "status"]).contains(" 0 wait, 0 given up"));
}

#[test]
fn a_broker_with_tls_is_spoken_to_if_its_authority_is_known() {
    let mut broker = Broker::prepare("allow_anonymous true\ncertfile FOLDER/server.pem\nkeyfile FOLDER/server.key");
    certificates(&broker.path(""));
    broker.resume();
    let cellar = Cellar::empty();
    let url = format!("mqtts://127.0.0.1:{}", broker.port);
    let test = |ca: &str| {
        let mut command = cellar.command(&["tell", "test"]);
        let output = command.env("WINECELLAR_MQTT", &url).env("WINECELLAR_TLS_CA", ca).output().expect("output");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, told) = test(&broker.path("ca.pem").display().to_string());
    assert!(code == Some(0) && told.contains("has confirmed"), "{told}");
    let own = broker.path("other");
    std::fs::create_dir(&own).expect("folder");
    certificates(&own);
    let (code, told) = test(&own.join("ca.pem").display().to_string());
    assert!(code == Some(1) && told.contains("WRONG"), "{told}");
}
