//! Taking over from the former system: its MariaDB with the tables as the reference has them, its API, its shelf's files.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
};

use serde_json::{Value, json};

use crate::cellar::Cellar;

/// Tables of a former system. Names of wines are as people type them.
const FORMER: &str = "
    CREATE TABLE materials (id INT AUTO_INCREMENT PRIMARY KEY, ref VARCHAR(40) UNIQUE, description VARCHAR(200), winery VARCHAR(80),
        label_picture LONGBLOB, default_bin VARCHAR(10)) DEFAULT CHARSET utf8mb4;
    CREATE TABLE stock (ref VARCHAR(40), st_bin VARCHAR(10), qty INT, PRIMARY KEY (ref, st_bin));
    CREATE TABLE movements (id INT AUTO_INCREMENT PRIMARY KEY, ref VARCHAR(40), st_bin VARCHAR(10), reason ENUM('GI', 'GR', 'INV'),
        qty DECIMAL(6, 0), user VARCHAR(40), created_at DATETIME);
    CREATE TABLE users (id INT, name VARCHAR(40));
    INSERT INTO materials (ref, description, winery, label_picture) VALUES
        ('BAND19', 'Bandol Rouge 2019', 'Domaine Tempier', x'ffd8ff'), ('TOK21', 'Tokaji Furmint 2021', NULL, NULL),
        ('EGRI', 'Egri Bikavér Grand Superior Nagy-Eged 2018', 'Gróf Buttler', NULL), ('OLD', 'Barolo 2010', 'Conterno', NULL);
    INSERT INTO stock VALUES ('BAND19', '03_03', 3), ('BAND19', '01_02', 2), ('TOK21', '03_03', 2), ('EGRI', '02_01', 1), ('OLD', '02_02', 0);
    INSERT INTO movements (ref, st_bin, reason, qty, user, created_at) VALUES
        ('BAND19', '03_03', 'GR', 6, 'anna', '2024-03-02 10:00:00'), ('BAND19', '03_03', 'GI', 1, 'bert', '2025-12-24 19:30:00'),
        ('OLD', '02_02', 'GR', 1, 'anna', '2020-01-05 10:00:00'), ('OLD', '02_02', 'GI', 1, 'anna', '2023-11-11 20:00:00'),
        ('EGRI', '02_01', 'INV', 1, 'anna', '2024-01-01 00:00:00');
";

fn summary(cellar: &Cellar) -> Vec<(String, i64)> {
    let told = cellar.serve().json("/api/v1/bins/summary");
    let bins = told.as_array().expect("bins").iter();
    bins.map(|bin| (bin["st_bin"].as_str().expect("a name").to_owned(), bin["qty"].as_i64().expect("a count")))
        .collect()
}

#[test]
fn a_former_database_becomes_wines_bottles_and_history() {
    let Some(url) = test_support::empty_mariadb() else { return };
    test_support::spoil(&url, FORMER);
    // As SQLAlchemy writes it in shared.env.
    let from = url.replace("mysql://", "mysql+pymysql://");
    let cellar = Cellar::empty();
    let said = cellar.ok(&["takeover", "--from", &from, "--preview"]);
    assert!(said.contains("stock: table `stock` (ref=`ref`, bin=`st_bin`, qty=`qty`)"), "{said}");
    assert!(said.contains("nothing was changed"), "{said}");
    assert_eq!(cellar.serve().json("/api/v1/wines")["items"], json!([]));

    let said = cellar.ok(&["takeover", "--from", &from, "--rack", "Pince"]);
    assert!(
        said.contains("rack `Pince` with 4 bins") && said.contains("1 inventory corrections are left out"),
        "{said}"
    );
    let laid: Vec<(String, i64)> = summary(&cellar).into_iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(laid, [("01_02".into(), 2), ("02_01".into(), 1), ("03_03".into(), 5)]);
    let served = cellar.serve();
    let wines = served.json("/api/v1/wines?q=tempier");
    let wine = &wines["items"][0];
    assert_eq!(
        (&wine["producer"], &wine["name"], &wine["appellation"]),
        (&json!("Domaine Tempier"), &json!("Bandol Rouge"), &json!("Bandol")),
        "{wine}"
    );
    let history = served.json("/api/v1/movements?limit=100");
    let days = |kind: &str| -> Vec<String> {
        let all = history["items"].as_array().expect("movements").iter();
        let of_kind = all.filter(|movement| movement["kind"] == kind);
        let mut days: Vec<String> =
            of_kind.map(|movement| movement["at"].as_str().expect("a time")[..10].to_owned()).collect();
        days.sort();
        days.dedup();
        days
    };
    assert_eq!(days("issue"), ["2023-11-11", "2025-12-24"]);
    let received = days("receipt");
    assert_eq!(received[..2], ["2020-01-05", "2024-03-02"], "what no receipt tells of has come today: {received:?}");

    // Once more: nothing twice, and what has happened there since comes too.
    let again = cellar.ok(&["takeover", "--from", &from]);
    assert!(again.contains("nothing has changed"), "{again}");
    let since = "UPDATE stock SET qty = 2 WHERE st_bin = '03_03' AND ref = 'BAND19';
                 INSERT INTO movements (ref, st_bin, reason, qty, user, created_at) VALUES ('BAND19', '03_03', 'GI', 1, 'bert', '2026-01-06 20:00:00');";
    test_support::spoil(&url, since);
    cellar.ok(&["takeover", "--from", &from]);
    let full = |cellar: &Cellar| -> Vec<(String, i64)> {
        summary(cellar).into_iter().filter(|(_, count)| *count > 0).collect()
    };
    assert_eq!(full(&cellar), [("01_02".into(), 2), ("02_01".into(), 1), ("03_03".into(), 4)]);
    // What was moved there is moved here, and what is drunk leaves the bin it lay in.
    let moved = "UPDATE stock SET qty = 3 WHERE st_bin = '01_02'; UPDATE stock SET qty = 1 WHERE st_bin = '03_03' AND ref = 'BAND19';";
    test_support::spoil(&url, moved);
    cellar.ok(&["takeover", "--from", &from, "--rack", "Pince"]);
    assert_eq!(full(&cellar), [("01_02".into(), 3), ("02_01".into(), 1), ("03_03".into(), 3)]);
}

#[test]
fn a_stock_may_name_its_wines_by_the_number_of_their_row() {
    let Some(url) = test_support::empty_mariadb() else { return };
    test_support::spoil(
        &url,
        "CREATE TABLE wines (id INT PRIMARY KEY, ref VARCHAR(9), name VARCHAR(99));
         CREATE TABLE inventory (material_id INT, bin VARCHAR(9), quantity INT);
         INSERT INTO wines VALUES (7, 'BAR', 'Barolo 2016'); INSERT INTO inventory VALUES (7, '01_01', 2);",
    );
    let cellar = Cellar::empty();
    cellar.ok(&["takeover", "--from", &url]);
    assert_eq!(summary(&cellar), [("01_01".into(), 2)]);
    assert_eq!(cellar.serve().json("/api/v1/wines?q=barolo")["items"][0]["name"], "Barolo");
}

#[test]
fn a_stock_that_knows_none_of_the_materials_is_refused_with_the_cure_and_doubles_are_told() {
    let Some(url) = test_support::empty_mariadb() else { return };
    test_support::spoil(
        &url,
        "CREATE TABLE materials (ref VARCHAR(9), code VARCHAR(9), description VARCHAR(99));
         CREATE TABLE stock (ref VARCHAR(9), st_bin VARCHAR(9), qty INT);
         INSERT INTO materials VALUES ('A-1', 'BAR', 'Barolo 2016'), ('A-2', 'BAR', 'Barbaresco 2017');
         INSERT INTO stock VALUES ('BAR', '01_01', 2);",
    );
    let cellar = Cellar::empty();
    let told = cellar.fails(1, &["takeover", "--from", &url]);
    assert!(told.contains("such as `BAR`, the materials `A-1`") && told.contains("--name stock.ref=COLUMN"), "{told}");
    assert_eq!(cellar.serve().json("/api/v1/wines")["items"], json!([]), "nothing was taken over");
    let said = cellar.ok(&["takeover", "--from", &url, "--name", "materials.ref=code"]);
    assert!(said.contains("an earlier one has their reference: BAR: `Barbaresco 2017`"), "{said}");
    assert_eq!(cellar.serve().json("/api/v1/wines?q=barolo")["items"][0]["name"], "Barolo");
}

#[test]
fn what_cannot_be_found_is_asked_for_by_name() {
    let Some(url) = test_support::empty_mariadb() else { return };
    let cellar = Cellar::empty();
    let told = cellar.fails(1, &["takeover", "--from", &url]);
    assert!(told.contains("--name stock=TABLE"), "{told}");
    test_support::spoil(
        &url,
        "CREATE TABLE lager (artikel VARCHAR(20), fach VARCHAR(20), menge INT); INSERT INTO lager VALUES ('Barolo 2016', 'A1', 4), ('Barolo 2016', 'kitchen/left', 2)",
    );
    let names = ["stock=lager", "stock.ref=artikel", "stock.bin=fach"];
    let mut args = vec!["takeover", "--from", &url];
    args.extend(names.iter().flat_map(|name| ["--name", name]));
    let told = cellar.fails(1, &args);
    assert!(told.contains("--name stock.qty=COLUMN") && told.contains("artikel, fach, menge"), "{told}");
    args.extend(["--name", "stock.qty=menge"]);
    let said = cellar.ok(&args);
    assert!(said.contains("`kitchen/left`: a bin is named by"), "{said}");
    assert_eq!(summary(&cellar), [("A1".into(), 4)]);
    let lying = cellar.serve().json("/api/v1/bottles?place=unplaced");
    assert!(lying.to_string().contains("Place: kitchen/left"), "what lies there comes all the same: {lying}");
    for (wrong, word) in [
        ("nowhere", "--from"),
        ("mysql://x:secret@127.0.0.1:1/none", "reached"),
        ("http://bob:secret@127.0.0.1:1", "--from"),
    ] {
        let told = cellar.fails(1, &["takeover", "--from", wrong]);
        assert!(told.contains(word) && !told.contains("secret"), "{told}");
    }
}

/// The former API, as far as it tells of the stock.
fn former_api() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut line = String::new();
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            reader.read_line(&mut line).expect("a request");
            while reader.read_line(&mut String::new()).is_ok_and(|n| n > 2) {}
            let body = match line.split(' ').nth(1).unwrap_or_default() {
                "/bins/summary" => json!([{"st_bin": "03_03", "qty": 5}, {"st_bin": "03_04", "qty": 0}]),
                "/bins/03_03/wines" => json!({"items": [
                    {"ref": "BAND19", "description": "Domaine Tempier Bandol 2019", "qty": 3},
                    {"ref": "TOK21", "description": "Tokaji Furmint 2021", "qty": 2},
                ]}),
                _ => Value::Null,
            };
            let (mut stream, body) = (stream, body.to_string());
            let _ =
                write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        }
    });
    base
}

#[test]
fn a_running_system_is_asked_by_its_api_and_its_shelf_is_drawn_from_its_files() {
    let cellar = Cellar::empty();
    let base = former_api();
    let folder = cellar.path("Stock_vision/data");
    fs::create_dir_all(folder.join("snapshots")).expect("a folder");
    let source = cellar.photo(&[]);
    let frame = source.strip_prefix("file:").expect("a file").to_owned();
    image::RgbImage::new(400, 300).save(folder.join("snapshots/shelf_rectified.jpg")).expect("a picture");
    let cell = |id: &str, x: u32| json!({"id": id, "polygon": [[x, 100], [x + 50, 50], [x + 100, 100], [x + 50, 150]]});
    let cells = json!({"cells": [cell("03_03", 0), cell("03_04", 120)]});
    fs::write(folder.join("snapshots/cells_polygons.json"), cells.to_string()).expect("cells");
    fs::write(folder.join("pince_shelf.ini"), "[corners]\ntl=148,112\ntr=1786,96\nbr=1770,972\n").expect("an ini");
    let folder = folder.to_str().expect("UTF-8");
    let args = ["takeover", "--from", &base, "--folder", folder, "--frame", &frame];
    let told = cellar.fails(1, &args);
    assert!(told.contains("pince_shelf.ini") && told.contains("`bl`"), "{told}");
    let beyond = "[corners]\ntl=148,112\ntr=148,112\nbr=9770,972\nbl=160,950\n";
    fs::write(cellar.path("Stock_vision/data/pince_shelf.ini"), beyond).expect("an ini");
    assert!(cellar.fails(1, &args).contains("corners"), "corners of no rack are refused");
    let nowhere = ["takeover", "--from", &base, "--folder", "/no/such/folder"];
    assert!(cellar.fails(1, &nowhere).contains("--folder: /no/such/folder is no folder"));
    assert_eq!(cellar.serve().json("/api/v1/racks"), json!([]), "nothing is half done");
    fs::write(
        cellar.path("Stock_vision/data/pince_shelf.ini"),
        "[corners]\ntl=148,112\ntr=1786,96\nbr=1770,972\nbl=160,950\n",
    )
    .expect("an ini");
    let said = cellar.ok(&args);
    assert_eq!(summary(&cellar), [("03_03".into(), 5), ("03_04".into(), 0)]);
    let served = cellar.serve();
    let rack = &served.json("/api/v1/racks")[0];
    assert_eq!((&rack["corners"][3], &rack["rectified_width"]), (&json!([160.0, 950.0]), &json!(400)));
    let reference = format!("/media/references/{}.jpg", rack["id"].as_str().expect("an id"));
    assert_eq!(served.get(&reference).send().expect("an answer").status(), 200);
    let version = &served.json(&format!("/api/v1/racks/{}/calibrations", rack["id"].as_str().expect("an id")))[0];
    assert_eq!((&version["origin"], &version["has_picture"]), (&json!("imported"), &json!(true)), "{version}");
    // People tap its corners anew; the same command on the last day leaves them.
    let detail = served.json(&format!("/api/v1/racks/{}", rack["id"].as_str().expect("an id")));
    assert_eq!(detail["rack"]["corners"][3], json!([160.0, 950.0]));
    fs::write(cellar.path("Stock_vision/data/pince_shelf.ini"), "tl=1,2\ntr=300,2\nbr=300,200\nbl=1,200\n")
        .expect("an ini");
    let again = cellar.ok(&args);
    assert!(again.contains("stands already and is left as it is") && again.contains("nothing has changed"), "{again}");
    assert_eq!(served.json("/api/v1/racks")[0]["corners"][3], json!([160.0, 950.0]));
    let undo = said.lines().rev().find_map(|line| line.rsplit_once("--undo ")).expect("how to take it back").1;
    cellar.ok(&["import", "--undo", undo]);
    assert_eq!(summary(&cellar).iter().map(|(_, count)| count).sum::<i64>(), 0, "the shelf stays");
}
