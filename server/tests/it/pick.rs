//! Pick to light: whoever looks for a wine sees its bin lit, by WLED over HTTP or by way of the broker.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    broker::Broker,
    cellar::{Cellar, Served, body},
    receiver::Receiver,
};

fn serve(cellar: &Cellar, lamps: &str, more: &[(&str, &str)]) -> Served {
    let file = cellar.path("lights.toml");
    std::fs::write(&file, lamps).expect("written");
    let file = file.display().to_string();
    let mut settings = vec![("WINECELLAR_LIGHTS", file.as_str())];
    settings.extend(more);
    cellar.serve_with(&settings)
}

fn rack(served: &Served) -> (String, String) {
    let racks = served.json("/api/v1/racks");
    let rack = racks.as_array().or(racks["items"].as_array()).expect("racks")[0].clone();
    (rack["id"].as_str().expect("id").to_owned(), rack["name"].as_str().expect("name").to_owned())
}

fn name(cellar: &Cellar) -> String {
    rack(&cellar.serve()).1
}

#[test]
fn the_bins_of_a_wine_that_is_looked_for_are_lit_and_go_dark_again() {
    let cellar = Cellar::demo();
    let wled = Receiver::new();
    let lamps = format!(
        "seconds = 1\n[[rack]]\nname = \"{}\"\nwled = \"{}\"\nper_bin = 3\nleds = 100\n[rack.bins]\n\"03_03\" = [40, 42]\n",
        name(&cellar),
        wled.base
    );
    let served = serve(&cellar, &lamps, &[]);
    let (id, _) = rack(&served);
    let answer = served.post(&format!("/api/v1/racks/{id}/bins/03_03/light"), &json!({}));
    assert_eq!(answer.status(), 202);
    assert_eq!(body(answer)["seconds"], 1);
    let on = wled.next();
    assert_eq!((on.line.as_str(), on.headers["content-type"].as_str()), ("POST /json/state", "application/json"));
    assert_eq!((&on.json()["on"], &on.json()["seg"]["id"]), (&json!(true), &json!(0)));
    assert_eq!(on.json()["seg"]["i"], json!([0, 100, "000000", 40, 43, "FF9900"]));
    let off = wled.next().json();
    assert_eq!((&off["on"], &off["seg"]["frz"]), (&json!(false), &json!(false)));

    assert_eq!(served.get("/rack?view=photo&find=01_01%2001_02").send().expect("a page").status(), 200);
    assert_eq!(wled.next().json()["seg"]["i"], json!([0, 100, "000000", 0, 3, "FF9900", 3, 6, "FF9900"]));
    assert_eq!(served.post(&format!("/api/v1/racks/{id}/bins/nowhere/light"), &json!({})).status(), 404);
}

#[test]
fn esphome_has_a_light_for_each_bin() {
    let cellar = Cellar::demo();
    let esphome = Receiver::new();
    let lamps = format!("seconds = 1\n[[rack]]\nname = \"{}\"\nesphome = \"{}\"\n", name(&cellar), esphome.base);
    let served = serve(&cellar, &lamps, &[]);
    let (id, _) = rack(&served);
    assert_eq!(served.post(&format!("/api/v1/racks/{id}/bins/03_03/light"), &json!({})).status(), 202);
    assert_eq!(esphome.next().line, "POST /light/bin_03_03/turn_on?brightness=200&r=255&g=153&b=0");
    assert_eq!(esphome.next().line, "POST /light/bin_03_03/turn_off");
}

#[test]
fn a_lamp_that_is_silent_delays_nobody_and_a_file_that_is_wrong_is_named() {
    let cellar = Cellar::demo();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let place = silent.local_addr().expect("address");
    let lamps = format!("[[rack]]\nname = \"{}\"\nwled = \"http://{place}\"\n", name(&cellar));
    let served = serve(&cellar, &lamps, &[]);
    let (id, _) = rack(&served);
    let begun = Instant::now();
    for _ in 0..20 {
        assert_eq!(served.post(&format!("/api/v1/racks/{id}/bins/03_03/light"), &json!({})).status(), 202);
    }
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    drop(served);
    let served = serve(&cellar, "[[rack]]\nname = \"Main\"\n", &[]);
    let page = served.get("/health").send().expect("a page").text().expect("text");
    assert!(page.contains("give one of wled"), "{page}");
    let (id, _) = rack(&served);
    assert_eq!(served.post(&format!("/api/v1/racks/{id}/bins/03_03/light"), &json!({})).status(), 404);
}

#[test]
fn lamps_are_told_by_way_of_the_broker_too() {
    let broker = Broker::start();
    let cellar = Cellar::demo();
    let heard = broker.listen(&["wled/#", "winecellar/status"]);
    let lamps = format!("[[rack]]\nname = \"{}\"\nwled_topic = \"wled/cellar\"\nsegment = 2\n", name(&cellar));
    let url = format!("mqtt://127.0.0.1:{}", broker.port);
    let served = serve(&cellar, &lamps, &[("WINECELLAR_MQTT", &url)]);
    heard.wait("winecellar/status", |text| text == "online");
    let (id, _) = rack(&served);
    assert_eq!(served.post(&format!("/api/v1/racks/{id}/bins/01_01/light"), &json!({})).status(), 202);
    let on: Value = heard.json("wled/cellar/api", |value| value["on"] == true);
    assert_eq!(on["seg"]["id"], 2);
}

#[test]
fn esphome_is_told_by_way_of_the_broker_too() {
    let broker = Broker::start();
    let cellar = Cellar::demo();
    let heard = broker.listen(&["cabinet/#", "winecellar/status"]);
    let lamps = format!("seconds = 1\n[[rack]]\nname = \"{}\"\nesphome_topic = \"cabinet\"\n", name(&cellar));
    let url = format!("mqtt://127.0.0.1:{}", broker.port);
    let served = serve(&cellar, &lamps, &[("WINECELLAR_MQTT", &url)]);
    heard.wait("winecellar/status", |text| text == "online");
    let (id, _) = rack(&served);
    assert_eq!(served.post(&format!("/api/v1/racks/{id}/bins/03_03/light"), &json!({})).status(), 202);
    let on = heard.json("cabinet/light/bin_03_03/command", |value| value["state"] == "ON");
    assert_eq!(on, json!({"state": "ON", "brightness": 200, "color": {"r": 255, "g": 153, "b": 0}}));
    heard.json("cabinet/light/bin_03_03/command", |value| value["state"] == "OFF");
}
