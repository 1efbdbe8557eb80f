//! Google as the reader of labels, played by a service on this machine that speaks its protocol.

use std::{fs, path::Path};

use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder};
use serde_json::{Value, json};

use crate::{
    broker::certificates,
    cellar::{Cellar, Served},
    google_service::{ACCOUNT, Reply, Service, error},
    labels::parse,
    mail::tls,
};

/// A photo of 2000 x 1000 pixels whose camera lay on its side, with the place where it was taken beside it.
fn photo() -> Vec<u8> {
    let mut jpeg = Vec::new();
    let grey = vec![150; 2000 * 1000 * 3];
    JpegEncoder::new(&mut jpeg).write_image(&grey, 2000, 1000, ExtendedColorType::Rgb8).expect("a JPEG");
    let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let comment = b"\xff\xfe\x00\x0cGPS 47.5 N";
    [&jpeg[..2], exif, comment, &jpeg[2..]].concat()
}

/// A server of the demo's cellar with these settings; it finds no local models.
fn serve(cellar: &Cellar, settings: &[(&'static str, String)], more: &[(&str, &str)]) -> Served {
    let mut all: Vec<(&str, &str)> = vec![("WINECELLAR_LABEL_MODELS", "/nowhere")];
    all.extend(settings.iter().map(|(key, value)| (*key, value.as_str())));
    all.extend(more);
    cellar.serve_with(&all)
}

fn field<'a>(reading: &'a Value, name: &str) -> &'a Value {
    let fields = reading["fields"].as_array().expect("fields");
    fields.iter().find(|field| field["name"] == name).unwrap_or_else(|| panic!("{name}: {reading}"))
}

fn detail(problem: &Value) -> &str {
    problem["detail"].as_str().unwrap_or_else(|| panic!("no detail: {problem}"))
}

#[test]
fn google_reads_clean_pictures_and_the_answer_says_so() {
    let (cellar, service) = (Cellar::demo(), Service::new());
    let served = serve(&cellar, &service.settings(), &[]);
    let wine = served.json("/api/v1/wines?limit=1")["items"][0].clone();
    let (producer, name) = (wine["producer"].as_str().expect("producer"), wine["name"].as_str().expect("name"));
    service.label(&[producer, name, "2016", "13,5 % vol 750 ml"]);
    let (status, reading) = parse(&served, &[&photo(), &photo()]);
    assert_eq!((status, &reading["reader"], &reading["instead"]), (200, &json!("google"), &Value::Null), "{reading}");
    assert_eq!(reading["matches"][0]["wine_id"], wine["id"]);
    let vintage = field(&reading, "vintage");
    assert_eq!((&vintage["value"], &vintage["shot"]), (&json!("2016"), &json!(0)));
    assert_eq!(vintage["corners"], json!([[0.0, 180.0], [80.0, 180.0], [80.0, 220.0], [0.0, 220.0]]));
    assert_eq!(field(&reading, "abv")["value"], "13.5");
    assert_eq!((&reading["shots"][1]["width"], &reading["shots"][1]["height"]), (&json!(800), &json!(1600)));
    let asked = service.asked();
    assert_eq!(asked.len(), 1, "one request for all shots");
    for picture in &asked[0].pictures {
        let sent = image::load_from_memory(picture).expect("a JPEG");
        assert_eq!((sent.width(), sent.height()), (800, 1600), "upright, and no larger than needed");
        assert!(!picture.windows(4).any(|four| four == b"Exif" || four == b"GPS "), "nothing beside the picture");
    }
    assert_eq!(parse(&served, &[&photo()]).0, 200);
    assert_eq!((service.asked().len(), service.tokens().len()), (1, 1), "a token is kept");
    let log = served.log();
    assert!(!log.contains("ya29") && !log.contains(&service.secret()), "{log}");
}

#[test]
fn nothing_is_sent_unless_the_setting_says_google() {
    let (cellar, service) = (Cellar::demo(), Service::new());
    let key: Vec<_> = service.settings().into_iter().filter(|(name, _)| *name != "WINECELLAR_LABEL_READER").collect();
    let served = serve(&cellar, &key, &[]);
    let (status, problem) = parse(&served, &[&photo()]);
    assert!(status == 503 && detail(&problem).contains("WINECELLAR_LABEL_MODELS"), "{problem}");
    let page = served.get("/label").send().expect("answer").text().expect("text");
    assert!(page.contains("does not leave the house") && !page.contains("Google"), "{page}");
    drop(served);
    let served = serve(&cellar, &key, &[("WINECELLAR_LABEL_READER", "none")]);
    let (status, problem) = parse(&served, &[&photo()]);
    assert!(status == 503 && detail(&problem).contains("WINECELLAR_LABEL_READER is none"), "{problem}");
    let page = served.get("/label").send().expect("answer").text().expect("text");
    assert!(page.contains("switched off") && !page.contains("label-form"), "{page}");
    assert!(service.asked().is_empty() && service.tokens().is_empty());
}

#[test]
fn the_page_says_that_the_photo_leaves_and_who_has_read_it() {
    let (cellar, service) = (Cellar::demo(), Service::new());
    let served = serve(&cellar, &service.settings(), &[]);
    let page = |path: &str| served.get(path).send().expect("answer").text().expect("text");
    assert!(page("/label").contains("The photo leaves the house"), "{}", page("/label"));
    let upload = |served: &Served| {
        let client =
            reqwest::blocking::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("client");
        let head = "--parting\r\ncontent-disposition: form-data; name=\"shot\"; filename=\"a.jpg\"\r\n\r\n";
        let body = [head.as_bytes(), &photo(), b"\r\n--parting--\r\n"].concat();
        let sent = client
            .post(format!("{}/label/upload", served.base))
            .header("content-type", "multipart/form-data; boundary=parting")
            .header("accept", "text/html")
            .body(body)
            .send();
        sent.expect("answer").headers()["location"].to_str().expect("an address").to_owned()
    };
    let read = page(&upload(&served));
    assert!(read.contains("Read by Google") && read.contains("Bandol"), "{read}");
    service.annotates(&[Reply::Say("500 Internal Server Error", String::new())]);
    let refused = upload(&served);
    assert!(refused.contains("why=") && page(&refused).contains("Google cannot read at the moment"), "{refused}");
}

#[test]
fn each_failure_is_told_with_its_cure() {
    let (cellar, service) = (Cellar::demo(), Service::new());
    let served = serve(&cellar, &service.settings(), &[("WINECELLAR_VISION_WAIT", "1")]);
    let refused = |reply: Reply, words: &[&str]| {
        service.annotates(&[reply]);
        let (status, problem) = parse(&served, &[&photo()]);
        assert_eq!((status, problem["type"].as_str()), (503, Some("/problems/unavailable")), "{problem}");
        for word in words.iter().chain(&["This machine does not read it either", "WINECELLAR_LABEL_MODELS"]) {
            assert!(detail(&problem).contains(word), "{word}: {problem}");
        }
        problem
    };
    let quota = error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric");
    let problem = refused(
        Reply::Say("429 Too Many Requests\r\nretry-after: 77", quota),
        &["quota is used up", "RESOURCE_EXHAUSTED Quota exceeded"],
    );
    assert_eq!(problem["wait"], 77);
    let denied = error(403, "PERMISSION_DENIED", "Cloud Vision API has not been used in project 1 before");
    refused(Reply::Say("403 Forbidden", denied), &["has not been used in project 1", "billing"]);
    refused(Reply::Say("503 Service Unavailable", "upstream".to_owned()), &["cannot read at the moment", "503"]);
    refused(Reply::Say("302 Found\r\nlocation: http://127.0.0.1:1/", String::new()), &["not followed"]);
    refused(Reply::Say("200 OK", "<html>a proxy</html>".to_owned()), &["is not what Cloud Vision answers"]);
    let inside = json!({ "responses": [{ "error": { "code": 8, "message": "out of\nquota" } }] });
    refused(Reply::Say("200 OK", inside.to_string()), &["quota is used up (out of quota)"]);
    let inside = json!({ "responses": [{ "error": { "code": 3, "message": "Bad image data." } }] });
    refused(Reply::Say("200 OK", inside.to_string()), &["does not take the photo (Bad image data.)"]);
    refused(Reply::Silence, &["does not answer within 1 s"]);
    let (status, problem) = parse(&served, &[b"no picture"]);
    assert_eq!((status, problem["field"].as_str()), (422, Some("shot")), "a matter of the shot: {problem}");
    assert!(service.asked().is_empty());
    assert_eq!(parse(&served, &[&photo()]).0, 200, "and then it reads again");
}

#[test]
fn where_google_fails_this_machine_reads_and_says_why() {
    let (cellar, service) = (Cellar::demo(), Service::new());
    let models =
        std::env::var("WINECELLAR_LABEL_MODELS").expect("the models of `make setup`; . scripts/env.sh names them");
    let served = serve(&cellar, &service.settings(), &[("WINECELLAR_LABEL_MODELS", &models)]);
    service.annotates(&[Reply::Say("429 Too Many Requests", error(429, "RESOURCE_EXHAUSTED", "no more"))]);
    let (status, reading) = parse(&served, &[&photo()]);
    assert_eq!((status, reading["reader"].as_str()), (200, Some("local")), "{reading}");
    assert!(reading["instead"].as_str().is_some_and(|why| why.contains("quota is used up")), "{reading}");
    assert!(served.logged("Google has not read a label").contains("RESOURCE_EXHAUSTED"));
    drop(served);
    // Settings that cannot be used are a failure like any other, and nothing is sent.
    let served = serve(
        &cellar,
        &service.settings(),
        &[("WINECELLAR_LABEL_MODELS", &models), ("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json")],
    );
    let (status, reading) = parse(&served, &[&photo()]);
    assert_eq!((status, reading["reader"].as_str()), (200, Some("local")), "{reading}");
    assert!(reading["instead"].as_str().is_some_and(|why| why.contains("/nowhere/key.json")), "{reading}");
    let health = served.get("/health").send().expect("a page").text().expect("text");
    assert!(health.contains("/nowhere/key.json"), "{health}");
    assert!(service.asked().is_empty());
}

#[test]
fn a_token_that_is_refused_is_fetched_anew_once() {
    let (cellar, service) = (Cellar::demo(), Service::new());
    let served = serve(&cellar, &service.settings(), &[]);
    let refusal = || Reply::Say("401 Unauthorized", error(401, "UNAUTHENTICATED", "invalid credentials"));
    service.annotates(&[refusal()]);
    assert_eq!(parse(&served, &[&photo()]).0, 200);
    assert_eq!(service.tokens().len(), 2);
    service.annotates(&[refusal(), refusal()]);
    let (status, problem) = parse(&served, &[&photo()]);
    assert!(status == 503 && detail(&problem).contains("does not take the account's token"), "{problem}");
}

#[test]
fn a_key_that_was_revoked_and_a_clock_that_is_wrong_are_told_apart() {
    let (cellar, service) = (Cellar::demo(), Service::new());
    let served = serve(&cellar, &service.settings(), &[]);
    let grant = |description: &str| json!({ "error": "invalid_grant", "error_description": description }).to_string();
    service.signs_in(&[Reply::Say("400 Bad Request", grant("Invalid JWT Signature."))]);
    let (_, problem) = parse(&served, &[&photo()]);
    let told = detail(&problem);
    assert!(told.contains(ACCOUNT) && told.contains("revoked or deleted"), "{told}");
    let early = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.";
    service.signs_in(&[Reply::Say("400 Bad Request\r\ndate: Thu, 01 Jan 2015 00:00:00 GMT", grant(early))]);
    let (_, problem) = parse(&served, &[&photo()]);
    assert!(detail(&problem).contains("s ahead of Google's; set it: timedatectl"), "{problem}");
    service.signs_in(&[Reply::Say("400 Bad Request", grant(early))]);
    let (_, problem) = parse(&served, &[&photo()]);
    assert!(detail(&problem).contains("clock may be wrong"), "{problem}");
    service.signs_in(&[Reply::Say("200 OK", "{}".to_owned())]);
    let (_, problem) = parse(&served, &[&photo()]);
    assert!(detail(&problem).contains("without an access_token"), "{problem}");
    assert!(service.asked().is_empty(), "no photo goes without a token");
    let log = served.log();
    assert!(!log.contains("assertion") && !log.contains(&service.secret()), "{log}");
}

#[test]
fn a_day_costs_no_more_than_the_owner_allows() {
    let (cellar, service) = (Cellar::demo(), Service::new());
    let limit = [("WINECELLAR_VISION_DAILY", "3")];
    let served = serve(&cellar, &service.settings(), &limit);
    assert_eq!(parse(&served, &[&photo(), &photo()]).0, 200);
    drop(served);
    let served = serve(&cellar, &service.settings(), &limit);
    let (status, problem) = parse(&served, &[&photo(), &photo()]);
    assert_eq!(status, 503, "{problem}");
    assert!(detail(&problem).contains("2 of the 3 photos"), "a restart does not begin anew: {problem}");
    assert!(problem["wait"].as_u64().is_some_and(|wait| (1..=90_000).contains(&wait)), "{problem}");
    assert_eq!(parse(&served, &[&photo()]).0, 200, "one more is left");
    assert_eq!(service.asked().iter().map(|one| one.pictures.len()).sum::<usize>(), 3);
}

/// The check of the doctor.
fn checked(cellar: &Cellar, settings: &[(&'static str, String)]) -> (String, String) {
    let output = cellar
        .command(&["doctor", "--json", "--no-camera", "--addr", "127.0.0.1:1"])
        .envs(settings.iter().map(|(key, value)| (key, value)))
        .output()
        .expect("doctor");
    let checks: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON");
    let check = checks.iter().find(|check| check["name"] == "labels").expect("a check");
    (check["state"].as_str().expect("a state").to_owned(), check["found"].as_str().expect("words").to_owned())
}

#[test]
fn the_doctor_signs_in_and_names_what_is_wrong_with_a_key() {
    let (cellar, service) = (Cellar::demo(), Service::new());
    let (state, found) = checked(&cellar, &service.settings());
    assert!(state == "ok" && found.contains(ACCOUNT) && found.contains("0 of 30 photos"), "{state} {found}");
    assert_eq!(service.tokens().len(), 1);
    let file = service.key_file(|key| key["type"] = json!("authorized_user"));
    let (state, found) = checked(&cellar, &service.settings());
    assert!(state == "fail" && found.contains("`type` is authorized_user"), "{state} {found}");
    service.key_file(|key| key["token_uri"] = json!("http://192.0.2.1/token"));
    let (state, found) = checked(&cellar, &service.settings());
    assert!(state == "fail" && found.contains("`token_uri`") && found.contains("https://"), "{state} {found}");
    // Another account's key: the sign-in sees that the signature is not this one's.
    let other = Service::new();
    let strange = fs::read_to_string(other.key_file(|_| {})).expect("key");
    let strange: Value = serde_json::from_str(&strange).expect("JSON");
    service.key_file(|key| key["private_key"] = strange["private_key"].clone());
    let (state, found) = checked(&cellar, &service.settings());
    assert!(state == "fail" && found.contains("Invalid JWT Signature"), "{state} {found}");
    service.key_file(|_| {});
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("permissions");
    let (state, found) = checked(&cellar, &service.settings());
    assert!(state == "warn" && found.contains("everybody"), "{state} {found}");
}

#[test]
fn settings_are_shown_without_secrets_and_a_place_where_a_token_would_leak_is_refused() {
    let (cellar, service) = (Cellar::empty(), Service::new());
    let config = |settings: &[(&'static str, String)], more: &[(&str, &str)]| {
        let mut command = cellar.command(&["config"]);
        command.env_remove("WINECELLAR_TOOLS").envs(settings.iter().map(|(key, value)| (key, value)));
        let output = command.envs(more.iter().copied()).output().expect("config");
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    let (code, told) = config(&service.settings(), &[]);
    assert!(code == Some(0) && told.contains("account.json") && !told.contains(&service.secret()), "{told}");
    for (wrong, word) in [
        (
            "http://vision.example/v1/images:annotate",
            "WINECELLAR_VISION_URL: photos and a token are sent there: write https://",
        ),
        ("https://vision.example/?key=s3cret", "without `?`"),
    ] {
        let (code, told) = config(&service.settings(), &[("WINECELLAR_VISION_URL", wrong)]);
        assert!(code == Some(2) && told.contains(word), "{told}");
    }
    let (code, told) = config(&[], &[("WINECELLAR_LABEL_READER", "gogle")]);
    assert!(code == Some(2) && told.contains("local, google, none"), "{told}");
}

#[test]
fn a_private_endpoint_is_spoken_to_by_tls_if_its_authority_is_known() {
    let cellar = Cellar::demo();
    certificates(&cellar.path(""));
    let service = Service::by_tls(tls(&cellar.path("")));
    let file = cellar.path("label.jpg");
    fs::write(&file, photo()).expect("a photo");
    let read = |file: &Path, ca: Option<&Path>| {
        let mut command = cellar.command(&["labels", "read", "--json", file.to_str().expect("UTF-8")]);
        command.envs(service.settings()).envs(ca.map(|ca| ("WINECELLAR_TLS_CA", ca)));
        command.output().expect("labels read")
    };
    let output = read(&file, Some(&cellar.path("ca.pem")));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!(told["reader"], "google (Cloud Vision)");
    assert_eq!(told["label"]["appellation"]["value"], "Bandol");
    assert_eq!(service.asked().len(), 1);
    let output = read(&file, None);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("TLS with 127.0.0.1 failed"), "{said}");
}
