//! An answer as the service writes it, and one that is not.

use serde_json::json;

use super::*;

const SIZE: &[(u32, u32)] = &[(800, 1000)];

fn boxed(x: i32, y: i32, w: i32, h: i32) -> Value {
    json!({ "vertices": [{ "x": x, "y": y }, { "x": x + w, "y": y }, { "x": x + w, "y": y + h }, { "x": x, "y": y + h }] })
}

/// A word whose last sign is followed by a break.
fn word(text: &str, place: Value, confidence: f32, end: &str) -> Value {
    let mut signs: Vec<Value> = text.chars().map(|sign| json!({ "text": sign.to_string() })).collect();
    if let Some(last) = signs.last_mut().filter(|_| !end.is_empty()) {
        last["property"] = json!({ "detectedBreak": { "type": end } });
    }
    json!({ "symbols": signs, "boundingBox": place, "confidence": confidence })
}

fn answer(paragraphs: Value) -> Vec<u8> {
    let text = json!({ "pages": [{ "width": 800, "height": 1000, "blocks": [{ "blockType": "TEXT", "paragraphs": paragraphs }] }] });
    json!({ "responses": [{ "fullTextAnnotation": text }] }).to_string().into_bytes()
}

fn read(answer: &[u8]) -> Vec<Line> {
    pages(answer, SIZE).expect("an answer").remove(0).lines
}

#[test]
fn words_become_lines_at_their_breaks_from_top_to_bottom() {
    let lines = read(&answer(json!([
        { "words": [word("2019", boxed(300, 700, 90, 40), 0.9, "LINE_BREAK")] },
        { "words": [
            word("Château", boxed(100, 100, 200, 50), 1.0, "SPACE"),
            word("Margaux", boxed(320, 104, 200, 50), 0.5, "EOL_SURE_SPACE"),
            word("mis", boxed(100, 200, 60, 30), 0.8, "SURE_SPACE"),
            word("en", boxed(180, 200, 40, 30), 0.8, "SPACE"),
            word("bou", boxed(240, 200, 60, 30), 0.8, "HYPHEN"),
            word("teille", boxed(100, 240, 120, 30), 0.8, ""),
        ] },
        { "words": [word("***", boxed(0, 0, 50, 50), 0.9, "LINE_BREAK")] },
    ])));
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["Château Margaux", "mis en bou-", "teille", "2019"]);
    assert_eq!(lines[0].corners, [[100.0, 100.0], [520.0, 100.0], [520.0, 154.0], [100.0, 154.0]]);
    assert!((lines[0].confidence - 0.75).abs() < 1e-6, "{}", lines[0].confidence);
}

#[test]
fn a_break_may_stand_before_its_sign() {
    let place = boxed(10, 10, 100, 20);
    let signs = json!([
        { "text": "A" },
        { "text": "B", "property": { "detectedBreak": { "type": "SPACE", "isPrefix": true } } },
        { "text": "C", "property": { "detectedBreak": { "type": "LINE_BREAK", "isPrefix": true } } },
    ]);
    let lines = read(&answer(json!([{ "words": [{ "symbols": signs, "boundingBox": place }] }])));
    assert_eq!(lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["A B", "C"]);
    assert!(lines.iter().all(|line| line.confidence == UNSAID && line.height() == 20.0));
}

#[test]
fn turned_text_keeps_its_corners_clockwise_from_its_own_top_left() {
    // Upwards: the text's top left is the picture's bottom left.
    let up = |y: i32| json!({ "vertices": [{ "x": 50, "y": y }, { "x": 50, "y": y - 100 }, { "x": 80, "y": y - 100 }, { "x": 80, "y": y }] });
    let lines = read(&answer(
        json!([{ "words": [word("Grand", up(500), 0.9, "SPACE"), word("Cru", up(380), 0.9, "LINE_BREAK")] }]),
    ));
    let rounded = lines[0].corners.map(|corner| corner.map(f32::round));
    assert_eq!(rounded, [[50.0, 500.0], [50.0, 280.0], [80.0, 280.0], [80.0, 500.0]]);
    assert_eq!(lines[0].height().round(), 30.0);
}

#[test]
fn boxes_may_be_normalized_cut_off_or_missing() {
    let normalized = json!({ "normalizedVertices": [{ "x": 0.25, "y": 0.5 }, { "x": 0.5, "y": 0.5 }, { "x": 0.5, "y": 0.6 }, { "x": 0.25, "y": 0.6 }] });
    // Zeros are left out of such JSON; letters at the edge lie beyond it.
    let cut = json!({ "vertices": [{ "x": -5 }, { "x": 60 }, { "x": 60, "y": 20 }, { "x": -5, "y": 20 }] });
    let three = json!({ "vertices": [{ "x": 10, "y": 900 }, { "x": 90, "y": 900 }, { "x": 90, "y": 940 }] });
    let lines = read(&answer(json!([
        { "words": [word("half", normalized, 0.9, "LINE_BREAK")] },
        { "words": [word("edge", cut, 0.9, "LINE_BREAK")] },
        { "words": [word("three", three, 0.9, "LINE_BREAK")] },
        { "words": [word("lost", json!({ "vertices": [{}, {}, {}, {}] }), 0.9, "LINE_BREAK")] },
        { "boundingBox": boxed(5, 400, 100, 30), "words": [word("para", json!({}), 0.9, "LINE_BREAK")] },
    ])));
    let of = |text: &str| lines.iter().find(|line| line.text == text).map(|line| line.corners).expect("a line");
    assert_eq!(of("half")[0], [200.0, 500.0]);
    assert_eq!(of("half")[2], [400.0, 600.0]);
    assert_eq!(of("edge"), [[0.0, 0.0], [60.0, 0.0], [60.0, 20.0], [0.0, 20.0]]);
    assert_eq!(of("three")[3], [10.0, 940.0]);
    assert_eq!(of("para")[0], [5.0, 400.0]);
    assert_eq!(lines.iter().find(|line| line.text == "lost").map(Line::height), Some(0.0));
}

#[test]
fn the_plain_list_is_read_where_the_parts_are_missing() {
    let annotations = json!([
        { "description": "DOMAINE\nTEMPIER 2019\n", "boundingPoly": boxed(0, 0, 400, 200), "locale": "fr" },
        { "description": "DOMAINE", "boundingPoly": boxed(100, 10, 200, 40) },
        { "description": "TEMPIER", "boundingPoly": boxed(90, 80, 150, 40) },
        { "description": "2019", "boundingPoly": boxed(260, 80, 60, 40) },
    ]);
    let body = json!({ "responses": [{ "textAnnotations": annotations }] }).to_string();
    let lines = read(body.as_bytes());
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[1].text.as_str(), lines[1].corners[2]), ("TEMPIER 2019", [320.0, 120.0]));
}

#[test]
fn a_picture_without_text_has_no_lines_and_errors_are_told() {
    assert_eq!(read(br#"{"responses":[{}]}"#), []);
    let of = |body: &str| pages(body.as_bytes(), SIZE).expect_err("an error");
    let refused = of(r#"{"responses":[{"error":{"code":8,"message":"Quota exceeded"}}]}"#);
    assert!(matches!(&refused, AnswerError::Refused(status) if status.code == 8), "{refused}");
    assert!(matches!(of("<html>"), AnswerError::Shape(_)));
    assert!(matches!(of(r#"{"responses":[]}"#), AnswerError::Shape(_)));
    assert!(matches!(of(r#"{"responses":[{"fullTextAnnotation":{"pages":3}}]}"#), AnswerError::Shape(_)));
    let body = br#"{"error":{"code":403,"message":"disabled","status":"PERMISSION_DENIED"}}"#;
    assert_eq!(refusal(body).map(|status| status.status), Some("PERMISSION_DENIED".to_owned()));
    assert_eq!(refusal(b"Bad Gateway"), None);
}

#[test]
fn many_lines_are_cut_to_the_largest() {
    let paragraph =
        |i: i32| json!({ "words": [word(&format!("n{i}"), boxed(0, i * 8, 40, 4 + i % 50), 0.9, "LINE_BREAK")] });
    let lines = read(&answer((0..120).map(paragraph).collect::<Vec<_>>().into()));
    assert_eq!(lines.len(), MOST_LINES);
    assert!(lines.is_sorted_by(|a, b| a.corners[0][1] <= b.corners[0][1]));
}

#[test]
fn the_request_is_what_the_service_documents() {
    let asked = request(&["QUJD"]);
    let wanted = json!({ "requests": [{ "image": { "content": "QUJD" }, "features": [{ "type": "DOCUMENT_TEXT_DETECTION" }] }] });
    assert_eq!(asked, wanted);
}
