//! Pages as the server renders them: readable without JavaScript.

use crate::cellar::Cellar;

#[test]
fn every_page_is_readable_without_javascript() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    cellar.scan(&cellar.photo(&["03_03=1"]));
    let scan = served.json("/api/v1/scans")["items"][0]["id"].as_str().expect("id").to_owned();
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
