//! The search over HTTP.

use serde_json::json;

use crate::cellar::{Cellar, body};

#[test]
fn holdings_are_found_narrowed_and_paged() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let all = served.json("/api/v1/holdings?limit=200");
    let items = all["items"].as_array().expect("a list");
    assert!(items.len() > 5, "{all:#}");
    let sum: u64 = items.iter().map(|h| h["bottles"].as_u64().expect("a number")).sum();
    assert_eq!(json!(sum), all["bottles"]);

    let word = items[0]["producer"].as_str().expect("producer").split(' ').max_by_key(|w| w.len()).expect("a word");
    let typo: String = word.chars().skip(1).collect();
    let found = served.json(&format!("/api/v1/holdings?q={typo}&facets=0"));
    let found = found["items"].as_array().expect("a list");
    assert!(found.iter().any(|h| h["producer"] == items[0]["producer"]), "{typo}: {found:#?}");

    let two = served.json("/api/v1/holdings?colour=red&colour=white&limit=200");
    assert!(two["items"].as_array().expect("a list").iter().all(|h| h["colour"] == "red" || h["colour"] == "white"));
    let colours = &two["facets"][0];
    let chosen: u64 = colours["values"]
        .as_array()
        .expect("values")
        .iter()
        .filter(|v| v["chosen"] == true)
        .map(|v| v["bottles"].as_u64().expect("a number"))
        .sum();
    assert_eq!((&colours["facet"], json!(chosen)), (&json!("colour"), two["bottles"].clone()));

    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = served.json(&format!("/api/v1/holdings?sort=price&order=desc&limit=4&facets=0&cursor={cursor}"));
        seen.extend(
            page["items"].as_array().expect("a list").iter().map(|h| (h["vintage_id"].clone(), h["volume_ml"].clone())),
        );
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), items.len());
}

#[test]
fn a_search_that_cannot_be_understood_names_the_field() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    for (query, field) in [
        ("sort=size", "sort"),
        ("cursor=abc", "cursor"),
        ("limit=0", "limit"),
        ("color=red", "color"),
        ("order=up", "order"),
    ] {
        let answer = served.get(&format!("/api/v1/holdings?{query}")).send().expect("an answer");
        assert_eq!(answer.status(), 422, "{query}");
        assert_eq!(body(answer)["field"], field, "{query}");
    }
}
