//! The catalogue: lists come in by command and API, are searched, offered to whoever enters a wine, and go.

use reqwest::{StatusCode, blocking::Response};
use serde_json::{Value, json};

use crate::cellar::{Cellar, Served, body};

const LIST: &str = "WineName,Type,Grapes,ABV,Country,RegionName,WineryName\n\
    La Tourtine,Red,\"['Mourvèdre', 'Grenache']\",14.5,France,Bandol,Domaine Tempier\n\
    Graacher Himmelreich,White,['Riesling'],8,Germany,Mosel,Joh. Jos. Prüm\n";

fn import(served: &Served, name: &str, file: &str) -> Response {
    let client = reqwest::blocking::Client::new();
    let address = format!("{}/api/v1/catalogue?name={name}", served.base);
    client.post(address).header("content-type", "text/csv").body(file.to_owned()).send().expect("answer")
}

#[test]
fn a_list_comes_in_is_searched_with_slips_and_goes() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let made = import(&served, "merchant", LIST);
    assert_eq!(made.status(), StatusCode::CREATED);
    let made = body(made);
    assert_eq!((&made["name"], &made["wines"]), (&json!("merchant"), &json!(2)));
    for words in ["tempier tourtine", "Tempeir", "tourt", "TEMPIER LA TOURTINE"] {
        let found = served.json(&format!("/api/v1/catalogue/wines?search={words}"));
        assert_eq!(found[0]["wine"]["name"], "La Tourtine", "{words}: {found}");
    }
    let found = served.json("/api/v1/catalogue/wines?search=prum");
    let wine = &found[0]["wine"];
    assert_eq!(
        (&wine["colour"], &wine["abv_tenths"], &wine["grapes"][0]["name"], &found[0]["list"]),
        (&json!("white"), &json!(80), &json!("Riesling"), &json!("merchant"))
    );
    assert_eq!(served.json("/api/v1/catalogue/wines?search="), json!([]));
    // The same name again takes the other's place.
    assert_eq!(import(&served, "merchant", &LIST.replace("La Tourtine", "La Migoua")).status(), StatusCode::CREATED);
    assert_eq!(served.json("/api/v1/catalogue").as_array().map(Vec::len), Some(1));
    assert_eq!(served.json("/api/v1/catalogue/wines?search=tourtine"), json!([]));
    let id = served.json("/api/v1/catalogue")[0]["id"].as_str().expect("id").to_owned();
    assert_eq!(served.delete(&format!("/api/v1/catalogue/{id}"), None).status(), 204);
    assert_eq!(served.delete(&format!("/api/v1/catalogue/{id}"), None).status(), 404);
    assert_eq!(served.json("/api/v1/catalogue/wines?search=prum"), json!([]));
}

#[test]
fn a_file_that_cannot_be_used_changes_nothing_and_is_told_by_line_and_column() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    assert_eq!(import(&served, "merchant", LIST).status(), StatusCode::CREATED);
    for (file, told) in [
        (LIST.replace("14.5", "strong"), "line 2, column ABV"),
        ("a,b\n1,2\n".to_owned(), "WineName"),
        (String::new(), "empty"),
    ] {
        let refused = import(&served, "merchant", &file);
        assert_eq!(refused.status(), 422);
        let problem = body(refused);
        assert_eq!(problem["field"], "file", "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(told)), "{problem}");
    }
    assert_eq!(body(import(&served, "", LIST))["field"], "name");
    assert_eq!(served.json("/api/v1/catalogue")[0]["wines"], 2);
    let path = cellar.path("list.csv");
    std::fs::write(&path, LIST.replace("White", "Beer")).expect("written");
    let path = path.to_str().expect("a path");
    let said = cellar.fails(1, &["catalogue", "import", path]);
    assert!(said.contains("list.csv") && said.contains("line 3, column Type"), "{said}");
    assert!(cellar.fails(1, &["catalogue", "remove", "nothing"]).contains("merchant"));
    assert!(cellar.ok(&["catalogue", "list"]).contains("merchant: 2 wines"));
    assert!(cellar.ok(&["catalogue", "search", "tempier"]).contains("Domaine Tempier: La Tourtine (merchant)"));
    assert!(cellar.ok(&["catalogue", "remove", "merchant"]).contains("removed"));
    let listed: Value = serde_json::from_str(&cellar.ok(&["catalogue", "list", "--json"])).expect("JSON");
    assert_eq!(listed, json!([]));
}

#[test]
fn whoever_enters_a_wine_fills_it_in_from_the_catalogue() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let page =
        |path: &str| served.get(path).header("accept", "text/html").send().expect("answer").text().expect("text");
    assert!(!page("/wines/new").contains("name=\"find\""), "without a list there is nothing to search");
    assert_eq!(import(&served, "merchant", LIST).status(), StatusCode::CREATED);
    assert!(page("/wines/new").contains("name=\"find\""));
    let found = page("/wines/new?find=tempier&photo=secret&year=2019");
    let link = found.split("href=\"/wines/new").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let link = link.replace("&amp;", "&");
    for part in ["producer=Domaine", "colour=red", "abv=14%2E5", "country=France", "photo=secret", "year=2019"] {
        assert!(link.contains(part), "{part}: {link}");
    }
    let form = page(&format!("/wines/new{link}"));
    for value in ["Domaine Tempier", "La Tourtine", "Bandol", "Mourvèdre, Grenache", "14.5", "2019"] {
        assert!(form.contains(&format!("value=\"{value}\"")), "{value}: {form}");
    }
    assert!(page("/wines/new?find=nothinglikeit").contains("no wine like it"));
}
