//! The OpenAPI document: served, checked in, and true.

use serde_json::Value;

use crate::cellar::Cellar;

#[test]
fn the_checked_in_document_is_the_served_one() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let checked_in: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).expect("JSON");
    assert!(
        served.json("/openapi.json") == checked_in,
        "docs/openapi.json is old: run `winecellar openapi > docs/openapi.json`"
    );
    assert!(checked_in["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
}

#[test]
fn every_documented_read_without_parameters_answers() {
    let cellar = Cellar::demo();
    let served = cellar.serve().as_role(&cellar, "admin");
    let document = served.json("/openapi.json");
    let paths = document["paths"].as_object().expect("paths");
    let mut asked = 0;
    for (path, methods) in paths {
        if methods.get("get").is_some() && !path.contains('{') {
            if methods["get"]["responses"]["200"]["content"].get("application/json").is_some() {
                served.json(path);
            } else {
                assert_eq!(served.get(path).send().expect("an answer").status(), 200, "{path}");
            }
            asked += 1;
        }
    }
    assert!(asked >= 9, "only {asked} paths");
}

#[test]
fn every_operation_shows_an_example() {
    let document: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).expect("JSON");
    let mut without = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let bodies = |content: &Value| {
                let kinds = content.as_object().into_iter().flatten();
                kinds
                    .filter(|(kind, _)| !["text/csv", "application/pdf", "image/jpeg"].contains(&kind.as_str()))
                    .all(|(_, body)| body.get("example").is_some())
            };
            let answers = operation["responses"].as_object().expect("answers").iter();
            let good =
                answers.filter(|(status, _)| status.starts_with('2')).all(|(_, answer)| bodies(&answer["content"]));
            if !good || !bodies(&operation["requestBody"]["content"]) {
                without.push(format!("{method} {path}"));
            }
        }
    }
    assert!(without.is_empty(), "run scripts/examples.mjs: {without:?}");
}

#[test]
fn the_reader_at_docs_needs_nothing_from_outside() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let page = served.get("/docs").send().expect("answer").text().expect("text");
    assert!(page.contains("swagger-ui"), "{page}");
    assert!(!page.contains("https://") || !page.contains("src=\"http"), "{page}");
}
