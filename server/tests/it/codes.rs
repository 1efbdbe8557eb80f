//! Photos that are kept with a wine, barcodes that are learned, and codes of our own that lead to their place.

use image::{DynamicImage, GrayImage, ImageFormat, Luma, RgbImage};
use reqwest::{
    StatusCode,
    blocking::{Client, Response},
    header::LOCATION,
    redirect::Policy,
};
use serde_json::{Value, json};

use crate::cellar::{Cellar, Served};

/// On the labels of these tests. The last digit is the check digit.
const CODE: &str = "3760123456784";

/// A PNG of bars as ISO/IEC 15420 draws them.
fn bars(digits: &str) -> Vec<u8> {
    const ODD: [u8; 10] =
        [0b0001101, 0b0011001, 0b0010011, 0b0111101, 0b0100011, 0b0110001, 0b0101111, 0b0111011, 0b0110111, 0b0001011];
    // Which digits of the left half are drawn the other way round tells the first digit.
    const TURNED: [u8; 10] =
        [0, 0b001011, 0b001101, 0b001110, 0b010011, 0b011001, 0b011100, 0b010101, 0b010110, 0b011010];
    let digits: Vec<usize> = digits.bytes().map(|b| usize::from(b - b'0')).collect();
    let mut fields = "101".to_owned();
    for (place, digit) in digits[1..7].iter().enumerate() {
        let even = ODD[*digit].reverse_bits() >> 1 ^ 0b1111111;
        let set = if TURNED[digits[0]] >> (5 - place) & 1 == 1 { even } else { ODD[*digit] };
        fields += &format!("{set:07b}");
    }
    fields += "01010";
    digits[7..].iter().for_each(|digit| fields += &format!("{:07b}", ODD[*digit] ^ 0b1111111));
    fields += "101";
    picture(&[fields.chars().map(|field| field == '1').collect()], [4, 240])
}

/// A PNG of dark and light fields of so many pixels, with white around them.
fn picture(rows: &[Vec<bool>], [wide, high]: [u32; 2]) -> Vec<u8> {
    let (width, height) = (rows[0].len() as u32 * wide + 160, rows.len() as u32 * high + 160);
    let drawn = GrayImage::from_fn(width, height, |x, y| {
        let inside = (80..width - 80).contains(&x) && (80..height - 80).contains(&y);
        let dark = inside && rows[((y - 80) / high) as usize][((x - 80) / wide) as usize];
        Luma([if dark { 20 } else { 235 }])
    });
    let mut file = Vec::new();
    DynamicImage::from(drawn).write_to(&mut std::io::Cursor::new(&mut file), ImageFormat::Png).expect("encodes");
    file
}

/// Sends the form of `/label` with one photo; where it leads.
fn read(served: &Served, path: &str, shot: &[u8]) -> String {
    let mut body = b"--parting\r\ncontent-disposition: form-data; name=\"shot\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend_from_slice(shot);
    body.extend_from_slice(b"\r\n--parting--\r\n");
    let client = Client::builder().redirect(Policy::none()).build().expect("client");
    let request =
        client.post(format!("{}{path}", served.base)).header("content-type", "multipart/form-data; boundary=parting");
    led(&request.body(body).send().expect("answer"))
}

fn led(answer: &Response) -> String {
    answer.headers().get(LOCATION).map(|to| to.to_str().expect("an address").to_owned()).unwrap_or_default()
}

fn follow(served: &Served, code: &str) -> String {
    let client = Client::builder().redirect(Policy::none()).build().expect("client");
    let mut address = reqwest::Url::parse(&format!("{}/code", served.base)).expect("address");
    address.query_pairs_mut().append_pair("c", code);
    led(&client.get(address).send().expect("answer"))
}

fn page(served: &Served, path: &str) -> String {
    served.get(path).header("accept", "text/html").send().expect("answer").text().expect("text")
}

/// What stands between two marks of a page.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let start = page.find(from).unwrap_or_else(|| panic!("no {from}: {page}")) + from.len();
    &page[start..start + page[start..].find(to).expect("an end")]
}

fn put(served: &Served, path: &str, body: Vec<u8>) -> Response {
    let client = Client::new();
    client.put(format!("{}{path}", served.base)).header("content-type", "image/jpeg").body(body).send().expect("answer")
}

#[test]
fn a_photo_is_kept_without_what_the_camera_wrote_beside_it_until_it_is_removed() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let bottle = served.json("/api/v1/bottles?limit=1")["items"][0].clone();
    let vintage = bottle["bottle"]["vintage_id"].as_str().expect("id");
    let (path, wine) = (format!("/api/v1/vintages/{vintage}/photo"), bottle["wine_id"].as_str().expect("id"));
    assert_eq!(served.get(&path).send().expect("answer").status(), 404);
    let mut jpeg = Vec::new();
    let shot = DynamicImage::from(RgbImage::from_fn(1600, 800, |x, y| image::Rgb([x as u8, y as u8, 90])));
    shot.write_to(&mut std::io::Cursor::new(&mut jpeg), ImageFormat::Jpeg).expect("encodes");
    let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    assert_eq!(put(&served, &path, [&jpeg[..2], exif, &jpeg[2..]].concat()).status(), 204);
    let kept = served.get(&path).send().expect("answer").bytes().expect("bytes");
    let size = image::load_from_memory(&kept).expect("a picture");
    assert_eq!((size.width(), size.height()), (600, 1200), "turned as the camera says");
    assert!(!kept.windows(4).any(|part| part == b"Exif"));
    assert!(page(&served, &format!("/wines/{wine}")).contains(&format!("/media/labels/{vintage}.jpg?")));
    for (body, wanted) in [(b"GIF89a".to_vec(), 422), (Vec::new(), 422), (vec![0; 12 * 1024 * 1024 + 1], 413)] {
        assert_eq!(put(&served, &path, body).status().as_u16(), wanted);
    }
    assert_eq!(put(&served, "/api/v1/vintages/none/photo", jpeg).status(), 404);
    assert_eq!(
        served.get(&path).send().expect("answer").bytes().expect("bytes"),
        kept,
        "what is refused changes nothing"
    );
    // It is in a backup with pictures, and comes back with it.
    cellar.ok(&["backup", "--images", "--out", cellar.path("saved.tar.gz").to_str().expect("text")]);
    let url = format!("sqlite:{}", cellar.path("back.db").display());
    let back = Cellar::on(url.clone());
    back.ok(&["restore", cellar.path("saved.tar.gz").to_str().expect("text"), "--to", &url]);
    assert_eq!(std::fs::read(back.data().join(format!("labels/{vintage}.jpg"))).expect("restored"), kept);
    let answer = served.form("/label/photo/remove", &[("vintage", vintage)]);
    assert_eq!((answer.status(), led(&answer)), (StatusCode::SEE_OTHER, format!("/wines/{wine}")));
    assert_eq!(served.get(&path).send().expect("answer").status(), 404);
    assert_eq!(served.delete(&path, None).status(), 404);
}

#[test]
fn a_barcode_is_learned_with_its_bottle_and_names_the_wine_on_the_next_photo() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let wine = served.json("/api/v1/wines?limit=1")["items"][0].clone();
    let id = wine["id"].as_str().expect("id");
    let found = read(&served, "/label/upload", &bars(CODE));
    assert!(found.starts_with("/label?read="), "{found}");
    let seen = page(&served, &found);
    assert!(seen.contains(CODE), "{seen}");
    let photo = between(&seen, "photo=", "&amp;").to_owned();
    assert_eq!(photo.len(), 64, "nobody guesses it");
    let receipt = |photo: &str, code: &str| {
        served.submit(
            "/_fn/receive_case",
            &[
                ("wine", id),
                ("vintage[year]", "2019"),
                ("case[bottles]", "1"),
                ("case[size]", "1500 ml"),
                ("seen[photo]", photo),
                ("seen[code]", code),
            ],
        )
    };
    assert!(receipt(&photo, "3760123456785").contains("why="), "a wrong check digit is told, and nothing comes in");
    assert_eq!(receipt(&photo, CODE), format!("/wines/{id}"));
    let known = served.json(&format!("/api/v1/barcodes/{CODE}"));
    assert_eq!(
        (&known[0]["wine_id"], &known[0]["year"], &known[0]["volume_ml"]),
        (&wine["id"], &json!(2019), &json!(1500)),
        "{known}"
    );
    let vintage = known[0]["vintage_id"].as_str().expect("id");
    assert_eq!(served.get(&format!("/media/labels/{vintage}.jpg")).send().expect("answer").status(), 200);
    // The next photo with it names the wine, by the page and by the API.
    let seen = page(&served, &read(&served, "/label/upload", &bars(CODE)));
    assert!(
        seen.contains("by its barcode")
            && seen.contains(&format!("/wines/{id}/receive?"))
            && seen.contains("year=2019"),
        "{seen}"
    );
    assert_eq!(follow(&served, CODE), format!("/wines/{id}"));
    let shown = page(&served, &format!("/wines/{id}"));
    assert!(shown.contains(CODE) && shown.contains("/code/forget"), "{shown}");
    served.form("/code/forget", &[("code", CODE), ("vintage", vintage)]);
    assert_eq!(served.json(&format!("/api/v1/barcodes/{CODE}")), json!([]));
    assert!(follow(&served, CODE).starts_with("/codes?c="));
}

#[test]
fn a_receipt_that_is_undone_gives_its_photo_back_to_be_claimed_for_the_right_wine() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let wines = served.json("/api/v1/wines?limit=2")["items"].clone();
    let seen = page(&served, &read(&served, "/label/upload", &bars(CODE)));
    let photo = between(&seen, "photo=", "&amp;").to_owned();
    let receive = |wine: &Value| {
        let id = wine["id"].as_str().expect("id");
        let seen = [("seen[photo]", photo.as_str()), ("seen[code]", CODE)];
        let led = served.submit(
            "/_fn/receive_case",
            &[&[("wine", id), ("vintage[year]", "1999"), ("case[bottles]", "2")][..], &seen[..]].concat(),
        );
        assert_eq!(led, format!("/wines/{id}"));
        let movement = served.json("/api/v1/movements?limit=1")["items"][0].clone();
        let bottle = served.json(&format!("/api/v1/bottles/{}", movement["bottle_id"].as_str().expect("id")));
        let vintage = bottle["bottle"]["vintage_id"].as_str().expect("id").to_owned();
        (movement["id"].as_str().expect("id").to_owned(), format!("/api/v1/vintages/{vintage}/photo"))
    };
    let status = |path: &str| served.get(path).send().expect("answer").status().as_u16();
    let (receipt, path) = receive(&wines[0]);
    assert_eq!(status(&path), 200);
    assert_eq!(served.post(&format!("/api/v1/movements/{receipt}/undo"), &json!({})).status(), 201);
    assert_eq!(status(&path), 404, "the wrong wine has no photo");
    assert_eq!(served.json(&format!("/api/v1/barcodes/{CODE}")), json!([]));
    let (receipt, path) = receive(&wines[1]);
    assert_eq!(status(&path), 200, "the page of the reading is still good");
    // The same by the button of the app.
    served.submit("/_fn/undo_movement", &[("movement", &receipt)]);
    assert_eq!(status(&path), 404);
}

#[test]
fn a_code_that_nobody_knows_is_remembered_by_hand_or_by_the_api() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let wine = served.json("/api/v1/wines?limit=1")["items"][0].clone();
    let (id, name) = (wine["id"].as_str().expect("id"), wine["name"].as_str().expect("name"));
    // Why a code is refused is said in the language of the page.
    let refused = served.get("/code?c=3760123456785").header("accept-language", "de").send().expect("answer");
    assert!(refused.text().expect("text").contains("diesen Code"));
    // A UPC-A is the EAN-13 that begins with 0.
    let (upc, ean) = ("036000291452", "0036000291452");
    let asked = page(&served, &format!("{}&wanted={}", follow(&served, upc), name.split(' ').next().expect("a word")));
    assert!(
        asked.contains("has this code") && asked.contains(&format!("/label?code={ean}")) && asked.contains(id),
        "{asked}"
    );
    let led = served.submit("/_fn/remember_code", &[("code", upc), ("wine", id), ("year", "2020")]);
    assert_eq!(led, format!("/wines/{id}"));
    assert_eq!(served.json(&format!("/api/v1/barcodes/{ean}"))[0]["year"], 2020);
    let vintage = served.json(&format!("/api/v1/barcodes?wine={id}"))[0]["vintage_id"].clone();
    assert_eq!(
        served
            .put(&format!("/api/v1/barcodes/{CODE}"), &json!({ "vintage_id": vintage, "volume_ml": 375 }), None)
            .status(),
        204
    );
    assert_eq!(served.put(&format!("/api/v1/barcodes/{CODE}"), &json!({ "vintage_id": "none" }), None).status(), 404);
    assert_eq!(served.put("/api/v1/barcodes/3760123456785", &json!({ "vintage_id": vintage }), None).status(), 422);
    assert_eq!(served.json("/api/v1/barcodes").as_array().map(Vec::len), Some(2));
    assert_eq!(served.delete(&format!("/api/v1/barcodes/{CODE}"), None).status(), 204);
    assert_eq!(served.delete(&format!("/api/v1/barcodes/{CODE}"), None).status(), 404);
}

#[test]
fn a_code_leads_within_the_house_only() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let bottle = served.json("/api/v1/bottles?limit=1")["items"][0].clone();
    let (id, wine) = (bottle["bottle"]["id"].as_str().expect("id"), bottle["wine_id"].as_str().expect("id"));
    let bins = served.json("/api/v1/bins/summary");
    let bin = bins.as_array().and_then(|bins| bins[0]["st_bin"].as_str()).expect("a bin");
    for (code, wanted) in [
        (format!("http://another.name:8000/bottles/{id}"), format!("/bottles/{id}")),
        (format!("https://evil.example/bins/{bin}?next=https://evil.example"), format!("/bins/{bin}")),
        (format!("/wines/{wine}"), format!("/wines/{wine}")),
    ] {
        assert_eq!(follow(&served, &code), wanted, "{code}");
    }
    for hostile in [
        "https://evil.example/",
        "javascript:alert(1)",
        "//evil.example/bins/x",
        "/bins/no_such",
        "<script>alert(1)</script>",
        "",
    ] {
        let led = follow(&served, hostile);
        assert!(led == "/codes" || led.starts_with("/codes?c="), "{hostile}: {led}");
        let shown = page(&served, &led);
        assert!(!shown.contains("<script>alert") && !shown.contains("href=\"https://evil"), "{shown}");
    }
    // From a photo too, without the models that read letters.
    let fields = labels::codes::qr(&format!("http://cellar.local/bins/{bin}")).expect("fits");
    let led = read(&served, "/label/upload", &picture(&fields, [6, 6]));
    assert!(led.starts_with("/code?c=http"), "{led}");
    let seen: Value = served.json("/api/v1/barcodes");
    assert_eq!(seen, json!([]), "and nothing is remembered");
}

#[test]
fn a_frame_of_a_camera_tells_its_code_and_only_its_page_may_use_the_camera() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let look = |frame: Vec<u8>| {
        Client::new().post(format!("{}/scan-code/frame", served.base)).body(frame).send().expect("answer")
    };
    let qr = |text: &str| picture(&labels::codes::qr(text).expect("fits"), [6, 6]);
    let found = |frame: Vec<u8>| crate::cellar::body(look(frame))["code"].clone();
    assert_eq!(found(bars(CODE)), CODE);
    assert_eq!(found(qr("http://cellar.local/bins/01_01")), "http://cellar.local/bins/01_01");
    assert_eq!(found(qr("https://evil.example/")), Value::Null, "what leads nowhere is not told");
    assert_eq!(found(picture(&[vec![false; 50]], [4, 100])), Value::Null);
    assert_eq!(look(b"GIF89a".to_vec()).status(), 422);
    assert_eq!(look(vec![0; 3 * 1024 * 1024]).status(), 413);
    let may = |path: &str| {
        let answer = served.get(path).send().expect("answer");
        answer.headers()["permissions-policy"].to_str().expect("text").contains("camera=(self)")
    };
    assert!(may("/scan-code") && !may("/label") && !may("/"));
}

#[test]
fn labels_are_printed_for_a_rack_and_for_the_bottles_that_have_none() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let rack = served.json("/api/v1/racks")[0]["id"].clone();
    let print = |body: Value| served.post("/api/v1/labels:print", &body);
    let sheets = |answer: Response| {
        assert_eq!(answer.headers()["content-type"], "application/pdf");
        let bytes = answer.bytes().expect("bytes");
        assert!(bytes.starts_with(b"%PDF-"));
        bytes.windows(13).filter(|part| part == b"/Type /Page\n ").count()
    };
    let bins = served.json(&format!("/api/v1/bins?rack={}", rack.as_str().expect("id"))).as_array().map_or(0, Vec::len);
    assert_eq!(sheets(print(json!({ "rack": rack }))), bins.div_ceil(24));
    let bottle = served.json("/api/v1/bottles?limit=1")["items"][0]["bottle"]["id"].clone();
    assert_eq!(
        sheets(print(
            json!({ "bottles": [bottle], "sheet": "4x10", "start": 40, "address": "https://cellar.example" })
        )),
        1
    );
    assert!(sheets(print(json!({ "unlabelled": true, "sheet": "4x10" }))) >= 1, "all but one are new");
    for (wrong, field) in [
        (json!({ "unlabelled": true }), "bottles"),
        (json!({ "rack": rack, "unlabelled": true }), "rack"),
        (json!({ "rack": rack, "start": 25 }), "start"),
        (json!({ "rack": rack, "sheet": "9x9" }), "sheet"),
        (json!({ "rack": rack, "address": "javascript:alert(1)" }), "address"),
        (json!({ "bottles": [] }), "bottles"),
    ] {
        let answer = print(wrong.clone());
        assert_eq!(answer.status(), 422, "{wrong}");
        assert_eq!(crate::cellar::body(answer)["field"], field, "{wrong}");
    }
    assert_eq!(print(json!({ "bottles": ["none"] })).status(), 404);
    let shown = page(&served, "/labels/print");
    assert!(shown.contains("has a label") && shown.contains("3 × 8"), "{shown}");
    let sent = served.form(
        "/labels/print/sheet.pdf",
        &[("what", "bottles"), ("bottle", bottle.as_str().expect("id")), ("start", "3")],
    );
    assert_eq!(sheets(sent), 1);
    let refused = served.form("/labels/print/sheet.pdf", &[("what", "bottles")]);
    assert!(led(&refused).starts_with("/labels/print?why="), "{}", led(&refused));
    let client = Client::builder().redirect(Policy::none()).build().expect("client");
    let form = client.post(format!("{}/labels/print/sheet.pdf", served.base)).header("accept-language", "de");
    let form = form.header("content-type", "application/x-www-form-urlencoded").body("what=bottles");
    let refused = led(&form.send().expect("answer"));
    assert!(refused.contains("wof%C3%BCr"), "in the language of the page: {refused}");
}
