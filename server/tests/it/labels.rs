//! Labels come in by the API: what is refused, and that a hostile picture harms nothing.

use serde_json::Value;

use crate::cellar::{Cellar, Served};

/// One request with some parts named `shot`.
pub(crate) fn parse(served: &Served, shots: &[&[u8]]) -> (u16, Value) {
    let mut body = Vec::new();
    for shot in shots {
        body.extend_from_slice(b"--parting\r\ncontent-disposition: form-data; name=\"shot\"; filename=\"a.jpg\"\r\ncontent-type: image/jpeg\r\n\r\n");
        body.extend_from_slice(shot);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--parting--\r\n");
    let answer = reqwest::blocking::Client::new()
        .post(format!("{}/api/v1/labels:parse", served.base))
        .header("content-type", "multipart/form-data; boundary=parting")
        .body(body)
        .send()
        .expect("answer");
    let status = answer.status().as_u16();
    (status, serde_json::from_slice(&answer.bytes().expect("a body")).expect("JSON"))
}

/// The head of a PNG of a few bytes that claims 36 million pixels of four colours of 16 bits.
fn bomb() -> Vec<u8> {
    let crc = |data: &[u8]| {
        !data.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
        })
    };
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for chunk in [&b"IHDR\x00\x00\x17\x70\x00\x00\x17\x70\x10\x06\x00\x00\x00"[..], b"IDAT\x78\x9c\x00\x00"] {
        png.extend((chunk.len() as u32 - 4).to_be_bytes());
        png.extend(chunk);
        png.extend(crc(chunk).to_be_bytes());
    }
    png
}

#[test]
fn what_is_no_picture_is_refused_with_its_field_and_the_server_stays() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let (status, problem) = parse(&served, &[]);
    assert_eq!((status, problem["field"].as_str()), (422, Some("shot")), "{problem}");
    let (status, problem) = parse(&served, &[b"GIF89a, not a picture"]);
    assert_eq!((status, problem["field"].as_str()), (422, Some("shot")), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("no JPEG, PNG or WebP")), "{problem}");
    let (status, problem) = parse(&served, &[&bomb()]);
    assert_eq!((status, problem["field"].as_str()), (422, Some("shot")), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("unpacked")), "{problem}");
    let (status, problem) = parse(&served, &[b"1", b"2", b"3", b"4", b"5"]);
    assert_eq!((status, problem["field"].as_str()), (422, Some("shot")), "{problem}");
    assert_eq!(served.get("/healthz").send().expect("answer").status(), 200);
}

#[test]
fn the_page_tells_why_a_photo_cannot_be_used() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let page = served.get("/label").send().expect("answer").text().expect("text");
    assert!(page.contains("/label/upload") && page.contains("capture=\"environment\""), "{page}");
    assert_eq!(served.get("/label?read=../../etc/passwd").send().expect("answer").status().as_u16() / 100, 2);
}
