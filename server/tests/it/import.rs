//! Import and export through the real program: command line, REST, and the page without JavaScript.

use std::fs;

use crate::cellar::{Cellar, body};

const LIST: &str = "iWine,Quantity,Pending,Location,Bin,Size,Price,Currency,Vintage,Wine,Country,Producer,Type\r\n\
    1,3,0,Cellar,,750ml,12.5,EUR,2015,Tempier Bandol,France,Tempier,Red\r\n\
    2,1,2,Cellar,,1.5L,0,EUR,1001,\"Krug Grande, Cuvée\",France,Krug,White - Sparkling\r\n\
    x,1,0,,,750ml,0,EUR,2010,Nobody,France,Nobody,Red\r\n";

fn list(cellar: &Cellar) -> String {
    let path = cellar.path("list.csv");
    fs::write(&path, LIST).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_file_is_previewed_imported_known_again_and_taken_back() {
    let cellar = Cellar::empty();
    let file = list(&cellar);
    let seen = cellar.ok(&["import", &file, "--preview"]);
    assert!(seen.contains("Tempier Bandol 2015") && seen.contains("nothing was changed"), "{seen}");
    let made = cellar.ok(&["import", &file]);
    assert!(made.contains("4 new bottles") && made.contains("line 4: skipped"), "{made}");
    assert!(cellar.ok(&["import", &file]).contains("nothing has changed"));
    let id = made.rsplit("--undo ").next().expect("an id").trim();
    assert!(cellar.ok(&["import", "--list"]).contains(id));
    cellar.ok(&["import", "--undo", id]);
    assert!(cellar.fails(1, &["import", "--undo", id]).contains("already"));
    let csv = cellar.ok(&["export", "csv"]);
    assert!(csv.lines().skip(1).all(|line| line.contains(",gone,")), "{csv}");
}

#[test]
fn wrong_files_are_refused_with_their_cure() {
    let cellar = Cellar::empty();
    let write = |name: &str, text: &str| {
        fs::write(cellar.path(name), text).expect("written");
        cellar.path(name).to_str().expect("UTF-8").to_owned()
    };
    assert!(cellar.fails(1, &["import", "/nowhere.csv"]).contains("/nowhere.csv"));
    assert!(cellar.fails(2, &["import"]).contains("FILE"));
    let page = write("page.csv", "<html>You are currently not logged into CellarTracker.</html>");
    assert!(cellar.fails(1, &["import", &page]).contains("sign in"));
    let plain = write("plain.csv", "Foo,Bar\nTempier,Bandol\n");
    assert!(cellar.fails(1, &["import", &plain]).contains("Foo, Bar"));
    assert!(cellar.fails(1, &["import", &plain, "--map", "Foo=nothing"]).contains("producer"));
    let map = write("map.toml", "# what is what\nproducer = \"Foo\"\nname = \"Bar\"\n");
    assert!(cellar.ok(&["import", &plain, "--map", &map]).contains("1 new bottles"));
    let other = write("other.json", "{\"kind\":\"something\",\"version\":1}");
    assert!(cellar.fails(1, &["import", &other]).contains("winecellar-book"));
}

#[test]
fn a_book_goes_out_and_comes_back_equal() {
    let demo = Cellar::demo();
    let out = demo.path("book.json");
    let out = out.to_str().expect("UTF-8");
    demo.ok(&["export", "json", "--out", out]);
    let empty = Cellar::empty();
    empty.ok(&["import", out]);
    assert!(empty.ok(&["export", "json"]) == fs::read_to_string(out).expect("the book"));
    assert!(empty.fails(1, &["import", out]).contains("empty cellar"));
    let pdf = demo.path("list.pdf");
    demo.ok(&["export", "pdf", "--out", pdf.to_str().expect("UTF-8")]);
    assert!(fs::read(pdf).expect("the list").starts_with(b"%PDF"));
}

#[test]
fn the_api_previews_imports_undoes_and_exports() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let send = |path: &str| {
        let client = reqwest::blocking::Client::new();
        client
            .post(format!("{}{path}", served.base))
            .header("content-type", "text/csv")
            .body(LIST)
            .send()
            .expect("sent")
    };
    let seen = body(send("/api/v1/imports/preview"));
    assert_eq!((&seen["total"], &seen["bottles_new"]), (&3.into(), &4.into()), "{seen:#}");
    let answer = send("/api/v1/imports?file_name=list.csv");
    assert_eq!(answer.status(), 201);
    let made = body(answer);
    let id = made["id"].as_str().expect("an id");
    assert_eq!(served.json("/api/v1/imports")["items"][0]["file_name"], "list.csv");
    assert_eq!(served.json(&format!("/api/v1/imports/{id}"))["report"]["lines"].as_array().map(Vec::len), Some(3));
    for (path, kind) in [("csv", "text/csv"), ("json", "application/json"), ("pdf", "application/pdf")] {
        let answer = served.get(&format!("/api/v1/export.{path}")).send().expect("an answer");
        let told = answer.headers()["content-type"].to_str().expect("text").to_owned();
        assert!(answer.status() == 200 && told.starts_with(kind), "{path}: {told}");
    }
    assert_eq!(send(&format!("/api/v1/imports/{id}/undo")).status(), 200);
    assert_eq!(send(&format!("/api/v1/imports/{id}/undo")).status(), 409);
    assert_eq!(send("/api/v1/imports?map=nonsense").status(), 422);
}

#[test]
fn the_page_takes_a_file_without_javascript() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let client =
        reqwest::blocking::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("client");
    let form = format!(
        "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"my list.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{LIST}\r\n--X--\r\n"
    );
    let request = client.post(format!("{}/import/upload", served.base));
    let answer = request.header("content-type", "multipart/form-data; boundary=X").body(form).send().expect("sent");
    assert_eq!(answer.status(), 303);
    let to = answer.headers()["location"].to_str().expect("text").to_owned();
    let page = served.get(&to).send().expect("a page").text().expect("text");
    assert!(page.contains("Tempier Bandol 2015") && page.contains("my list.csv"), "{page}");
    let upload = to.rsplit('=').next().expect("an id");
    let request = client.post(format!("{}/_fn/run_import", served.base)).header("accept", "text/html");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = request.body(format!("upload={upload}&mapping=&currency=")).send().expect("sent");
    assert_eq!(answer.status(), 302, "{answer:?}");
    let to = answer.headers()["location"].to_str().expect("text").to_owned();
    let page = served.get(&to).send().expect("a page").text().expect("text");
    assert!(page.contains("Imported") && page.contains("Undo"), "{page}");
    assert_eq!(served.json("/api/v1/bottles")["items"].as_array().map(Vec::len), Some(4));
}
