//! Pages as the server renders them: readable without JavaScript.

use crate::cellar::Cellar;

#[test]
fn every_page_is_readable_without_javascript() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    cellar.scan(&cellar.photo(&["03_03=1"]));
    let scan = served.json("/api/v1/scans")["items"][0]["id"].as_str().expect("id").to_owned();
    let wine = served.json("/api/v1/wines")["items"][0]["id"].as_str().expect("id").to_owned();
    for (path, word) in [
        ("/", "03_03"),
        ("/rack", "03_03"),
        ("/bins/03_03", "03_03"),
        ("/bottles", "Malvoisin"),
        ("/proposals", "03_03"),
        ("/scans", scan.as_str()),
        (&format!("/scans/{scan}"), "03_03"),
        ("/history", "demo"),
        ("/numbers", "Consumption per month"),
        ("/health", "answers in"),
        ("/help", "/health"),
        ("/wines/new", "Price of one"),
        ("/wishes", "A new wish"),
        ("/proposals/all", "03_03"),
        ("/stocktake", "03_03"),
        (&format!("/wines/{wine}"), "What happened"),
        (&format!("/wines/{wine}/edit"), "Save this vintage"),
    ] {
        let answer = served.get(path).send().expect("answer");
        assert_eq!(answer.status(), 200, "{path}");
        let html = answer.text().expect("text");
        // Out-of-order streaming puts late parts at the end; they are there all the same.
        assert!(path == "/" || html.contains(word), "{path} lacks {word}");
        assert!(html.contains("<html lang="), "{path}");
    }
    let lost = served.get("/nowhere/at/all").header("accept", "text/html").send().expect("answer");
    assert_eq!(lost.status(), 404);
    assert!(lost.text().expect("text").contains("<html lang="), "a person gets a page");
    assert_eq!(served.get("/nowhere/at/all").send().expect("answer").status(), 404);
}

#[test]
fn the_loser_of_a_race_is_told_who_changed_what_and_keeps_what_was_typed() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let wine = served.json("/api/v1/wines")["items"][0]["id"].as_str().expect("id").to_owned();
    let page = |query: &str| {
        let answer = served.get(&format!("/wines/{wine}/edit{query}")).send().expect("answer");
        answer.text().expect("text")
    };
    assert!(page("").contains("name=\"revision\" value=\"1\""), "the form names the revision it was made on");
    let save = |revision: &str, region: &str| {
        let fields = [
            ("id", wine.as_str()),
            ("revision", revision),
            ("wine[producer]", "Anna & Sons"),
            ("wine[name]", "Vieilles Vignes"),
            ("wine[colour]", "red"),
            ("wine[region]", region),
        ];
        served.submit("/_fn/save_wine", &fields)
    };
    assert_eq!(save("1", "First"), format!("/wines/{wine}"));
    let back = save("1", "Second try");
    let (path, query) = back.split_once('?').expect("a query");
    assert_eq!(path, format!("/wines/{wine}/edit"));
    let html = page(&format!("?{query}"));
    assert!(html.contains("value=\"Second try\""), "what was typed is still there");
    assert!(html.contains("changed") && html.contains("region"), "and who changed what is told");
    assert!(html.contains("name=\"revision\" value=\"2\""), "so that a second save is one with open eyes");
    assert_eq!(save("2", "Second try"), format!("/wines/{wine}"));
    assert_eq!(served.json(&format!("/api/v1/wines/{wine}"))["wine"]["region"], "Second try");
}

#[test]
fn every_page_is_answered_in_the_language_that_is_asked_for() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let page = |accept: &str, cookie: &str| {
        let answer = served.get("/bottles").header("accept-language", accept).header("cookie", cookie).send();
        answer.expect("answer").text().expect("text")
    };
    assert!(page("", "").contains("<html lang=\"en\""));
    let german = page("de-AT, en;q=0.5", "");
    assert!(german.contains("<html lang=\"de\"") && german.contains("Flaschen"), "as the browser asks");
    assert!(page("de-AT, en;q=0.5", "lang=fr").contains("Bouteilles"), "what was chosen wins");
    // The browser's half gets the same words, and only those of this build.
    let script = german.split("src=\"/texts/").nth(1).and_then(|rest| rest.split('"').next()).expect("a script");
    let words = served.get(&format!("/texts/{script}")).send().expect("answer");
    assert!(words.headers()["cache-control"].to_str().expect("text").contains("immutable"));
    assert!(words.text().expect("text").contains("\"Flaschen\""));
    assert_eq!(served.get("/texts/de-0000000000000000.js").send().expect("answer").status(), 404);
    let chosen = served.form("/language", &[("language", "hu"), ("next", "/who")]);
    assert_eq!(chosen.status(), 303);
    assert!(chosen.headers()["set-cookie"].to_str().expect("text").starts_with("lang=hu;"));
    let refused = served.form("/language", &[("language", "tlh")]);
    assert_eq!(refused.status(), 422);
    assert!(refused.text().expect("text").contains("en, hu, de, fr"), "the cure is named");
}
