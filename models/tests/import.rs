//! Reading files: each format with its traps, and that every line is accounted for.

use models::{
    bottle::BottleStatus,
    import::{
        Format, Importable, Options, State,
        known::{Known, KnownBin},
        plan::plan,
        preview::Preview,
        read,
    },
    movement::IssueReason,
    wine::{Colour, Style},
};
use proptest::prelude::*;

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn import(name: &str) -> Importable {
    read(&file(name), &Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn preview(name: &str) -> Preview {
    plan(&import(name), &Known::default(), "2026-11-24").1
}

/// Records of a file, counted by another reader than ours.
fn records(bytes: &[u8]) -> usize {
    let quotes = bytes.split(|byte| *byte == b'\n').scan(false, |open, line| {
        let starts = !*open;
        *open ^= line.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
        Some(starts && line.iter().any(|byte| !byte.is_ascii_whitespace()))
    });
    quotes.filter(|starts| *starts).count() - 1
}

#[test]
fn every_file_is_recognised_and_every_line_of_it_accounted_for() {
    for (name, format, bottles) in [
        ("cellartracker/list.tsv", Format::CtList, 6),
        ("cellartracker/inventory.tsv", Format::CtInventory, 6),
        ("cellartracker/bottles.tsv", Format::CtBottles, 8),
        ("cellartracker/consumed.tsv", Format::CtConsumed, 2),
        ("cellartracker/purchase.tsv", Format::CtPurchase, 6),
        ("cellartracker/pending.tsv", Format::CtPurchase, 0),
        ("ct_List_utf8.csv", Format::CtList, 0),
        ("ct_List_win1252.csv", Format::CtList, 0),
        ("ct_Inventory_utf8.tsv", Format::CtInventory, 0),
        ("ct_Bottles_utf8.tsv", Format::CtBottles, 0),
        ("ct_Consumed_utf8.tsv", Format::CtConsumed, 34),
        ("ct_Purchase_utf8.tsv", Format::CtPurchase, 0),
        ("vivino_cellar.csv", Format::VivinoCellar, 0),
        ("vivino_full_wine_list.csv", Format::VivinoFull, 0),
        ("vivino_user_prices.csv", Format::VivinoFull, 0),
        ("bbr_holdings.csv", Format::Bbr, 0),
    ] {
        let report = preview(name);
        assert_eq!(report.format, format, "{name}");
        assert_eq!(report.total as usize, records(&file(name)), "{name}");
        assert_eq!(report.outcomes.values().sum::<u32>(), report.total, "{name}");
        assert_eq!(report.lines.len(), report.total as usize, "{name}");
        if bottles > 0 || name.ends_with("pending.tsv") {
            assert_eq!(report.bottles_new, bottles, "{name}: {}", report.words());
        }
        for line in report.lines.iter().filter(|line| line.text.is_empty() && line.outcome.as_str() != "unchanged") {
            panic!("{name}: line {} says nothing: {line:?}", line.line);
        }
    }
}

#[test]
fn the_encodings_of_a_list_tell_the_same() {
    let (one, other) = (import("ct_List_utf8.csv"), import("ct_List_win1252.csv"));
    assert_eq!((one.encoding, other.encoding), ("utf-8", "windows-1252"));
    let wines = |file: &Importable| -> Vec<_> {
        file.lines.iter().filter_map(|line| line.what.as_ref().ok()).map(|item| item.wine.clone()).collect()
    };
    // Letters that Windows-1252 lacks were written as `?` by its maker.
    let same = wines(&one).iter().zip(wines(&other)).filter(|(a, b)| **a == *b).count();
    assert!(same * 100 >= one.lines.len() * 95, "{same} of {}", one.lines.len());
}

#[test]
fn cellartrackers_words_are_understood() {
    let list = import("cellartracker/list.tsv");
    let items: Vec<_> = list.lines.iter().map(|line| line.what.as_ref().expect("a wine")).collect();
    assert_eq!((items[0].state.clone(), items[0].count), (State::Pending, 3));
    assert_eq!(items[1].wine.producer, "Domaine de la Romanée-Conti");
    assert_eq!(items[1].wine.name, "La Tâche");
    assert_eq!(items[1].bottle.price_minor, Some(350_000));
    assert_eq!(items[2].wine.colour, Colour::White);
    assert_eq!(items[2].wine.style, Style::Sweet);
    assert_eq!((items[2].window.drink_from, items[2].window.drink_to), (Some(2019), Some(2054)));
    let consumed = import("cellartracker/consumed.tsv");
    let conti = consumed.lines[1].what.as_ref().expect("a wine");
    assert_eq!((conti.wine.producer.as_str(), conti.wine.name.as_str()), ("Domaine de la Romanée-Conti", "La Tâche"));
    let State::Gone(gone) = &conti.state else { panic!("{:?}", conti.state) };
    assert_eq!((gone.reason, gone.on.as_deref()), (IssueReason::Drunk, Some("2020-05-01")));
    assert_eq!(gone.note, "Absolutely fantastic wine!");
    assert_eq!(BottleStatus::Gone.as_str(), "gone");
}

#[test]
fn cellartrackers_traps_are_no_facts() {
    let header = "iWine,Quantity,Pending,Location,Bin,Size,Price,Currency,Vintage,Wine,Country,Producer,Type,BeginConsume,EndConsume";
    let text = format!(
        "{header}\r\n1,1,0,,,750ml,0,EUR,1001,\"Krug Grande, Cuvée\",France,Krug,White - Sparkling,9999,9999\r\n\
         2,x,0,,,750ml,5,EUR,2010,A B,France,A,Red,,\r\n3,1,0,,,70 quarts,5,,2010,A C,France,A,Red,2030,2020\r\n\
         4,1,0,,,750ml,5,EUR,2010,Highland,UK,Glen,Spirits,,\r\n,1,0,,,750ml,5,EUR,2010,A D,France,A,Red,,\r\n"
    );
    let lines = read(text.as_bytes(), &Options::default()).expect("a list").lines;
    let krug = lines[0].what.as_ref().expect("a wine");
    assert_eq!((krug.year, krug.window.is_empty(), krug.bottle.price_minor), (None, true, None));
    assert_eq!(krug.wine.name, "Grande, Cuvée");
    assert!(lines[1].what.as_ref().is_err_and(|why| why.contains("`x`")), "{:?}", lines[1]);
    assert_eq!(lines[2].warnings.len(), 3, "{:?}", lines[2].warnings);
    assert!(lines[3].what.as_ref().is_err_and(|why| why.contains("Spirits")));
    assert!(lines[4].what.as_ref().is_err_and(|why| why.contains("iWine")));
}

#[test]
fn vivino_ratings_are_ones_own_and_failed_scans_are_told() {
    let list = import("vivino_full_wine_list.csv");
    let first = list.lines[0].what.as_ref().expect("a wine");
    let note = first.note.as_ref().expect("a note");
    assert_eq!((note.body.as_str(), note.rating.map(|r| (r.hundredths, r.scale))), ("Lovely nose", Some((350, 5))));
    assert_eq!(list.lines.iter().filter(|line| line.what.is_err()).count(), 1);
    // "Average rating" is everybody's: a line without an own rating has no note.
    assert!(list.lines[1].what.as_ref().is_ok_and(|item| item.note.is_none()));
}

#[test]
fn what_is_no_cellar_is_refused_in_words() {
    let told = |bytes: &[u8]| read(bytes, &Options::default()).expect_err("refused").to_string();
    assert!(told(&file("cellartracker/not_logged.html")).contains("sign in"));
    assert!(told(b"<html><body>hello</body></html>").contains("export as CSV"));
    assert!(told(b"").contains("empty"));
    assert!(told(b"PK\x03\x04\0\0\0").contains("no text"));
    assert!(told(b"Foo;Bar\n1;2\n").contains("Foo, Bar"));
}

#[test]
fn a_plain_table_is_read_by_its_columns_names() {
    let text = "Weingut;Wein;Jahrgang;Farbe;Anzahl;Preis;Währung;Kaufdatum;Fach\n\
                Knoll;Loibner Riesling;2019;weiß;3;24,90;EUR;24.12.2021;A1\nHeimann;Kékfrankos;2020;rot;;;;;\n";
    let read = read(text.as_bytes(), &Options::default()).expect("a table");
    assert_eq!(read.format, Format::Plain);
    let knoll = read.lines[0].what.as_ref().expect("a wine");
    assert_eq!((knoll.count, knoll.wine.colour, knoll.year), (3, Colour::White, Some(2019)));
    assert_eq!((knoll.bottle.price_minor, knoll.bottle.purchased_on.as_deref()), (Some(2490), Some("2021-12-24")));
    assert_eq!(knoll.bin, "A1");
    assert_eq!(read.lines[1].what.as_ref().map(|item| item.count), Ok(1));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(file) = read(&bytes, &Options::default()) {
            let (_, report) = plan(&file, &Known::default(), "2026-11-24");
            prop_assert_eq!(report.outcomes.values().sum::<u32>() as usize, file.lines.len());
        }
    }

    #[test]
    fn any_cells_under_a_known_header_are_accounted_for(
        which in 0_usize..6,
        rows in proptest::collection::vec(proptest::collection::vec("[\\PC\"\n,;\t0-9/-]{0,12}", 0..30), 0..12),
    ) {
        let names = ["cellartracker/list.tsv", "cellartracker/inventory.tsv", "cellartracker/bottles.tsv",
            "cellartracker/consumed.tsv", "cellartracker/purchase.tsv", "vivino_full_wine_list.csv"];
        let bytes = file(names[which]);
        let mut text = String::from_utf8_lossy(&bytes).lines().next().unwrap_or_default().to_owned();
        for row in &rows {
            text.push('\n');
            text.push_str(&row.join(if which < 5 { "\t" } else { "," }));
        }
        if let Ok(file) = read(text.as_bytes(), &Options::default()) {
            let (plan, report) = plan(&file, &Known::default(), "2026-11-24");
            prop_assert_eq!(report.outcomes.values().sum::<u32>() as usize, file.lines.len());
            prop_assert_eq!(plan.bottles.len(), report.bottles_new as usize);
        }
    }
}

#[test]
fn notes_of_cellartracker_come_with_points_and_day() {
    let head = "iNote\tiWine\tVintage\tWine\tProducer\tCountry\tType\tTastingDate\tRating\tTastingNotes\n";
    let rows = "11\t7\t2015\tTempier Rouge\tTempier\tFrance\tRed\t11/3/2026\t92\t\"Leather,\ntwo lines\"\n\
                12\t7\t2015\tTempier Rouge\tTempier\tFrance\tRed\tsome day\t\tno points\n\
                \t7\t2015\tTempier Rouge\tTempier\tFrance\tRed\t11/3/2026\t90\twithout a number\n\
                13\t7\t2015\tTempier Rouge\tTempier\tFrance\tRed\t11/3/2026\t\t\n";
    let read = read(format!("{head}{rows}").as_bytes(), &Options::default()).expect("a table of notes");
    assert_eq!(read.format, Format::CtNotes);
    let note = |i: usize| read.lines[i].what.as_ref().expect("a note").note.clone().expect("its words");
    let first = note(0);
    assert_eq!(
        (first.key.as_str(), first.on.as_deref(), first.body.as_str()),
        ("note:11", Some("2026-11-03"), "Leather,\ntwo lines")
    );
    assert_eq!(first.rating.map(|rating| (rating.hundredths, rating.scale)), Some((9200, 100)));
    assert_eq!((note(1).on, note(1).rating), (None, None));
    assert!(read.lines[1].warnings.iter().any(|warning| warning.contains("the day of the tasting")));
    for (line, why) in [(2, "the note has no number"), (3, "neither text nor points")] {
        assert!(read.lines[line].what.as_ref().is_err_and(|told| told.contains(why)), "{line}");
    }
    let report = plan(&read, &Known::default(), "2026-11-24").1;
    assert_eq!((report.notes_new, report.bottles_new, report.total), (2, 0, 4));
}

/// Bins `03_01` to `03_04` of the rack "Left", and of a second rack the same or none.
fn bins(second: Option<&str>) -> Vec<KnownBin> {
    let of = |rack: &str, prefix: &str| {
        let bin = |i: i32| KnownBin { id: format!("{prefix}03_0{i}").into(), rack: rack.into(), capacity: 9, holds: 0 };
        (1..=4).map(bin).collect::<Vec<_>>()
    };
    let more = second.map(|rack| of(rack, "b-")).unwrap_or_default();
    [of("Left", ""), more].concat()
}

fn placed(cells: &[(&str, &str)], known: Vec<KnownBin>) -> Vec<Option<String>> {
    let rows = cells.iter().map(|(room, bin)| format!("P,W {room}{bin},red,{room},{bin}\n"));
    let text = format!("Producer,Name,Colour,Location,Bin\n{}", rows.collect::<String>());
    let read = read(text.as_bytes(), &Options::default()).expect("a table");
    let known = Known { bins: known, ..Known::default() };
    let plan = plan(&read, &known, "2026-11-24").0;
    plan.bottles.into_iter().map(|bottle| bottle.bin.map(|bin| bin.0)).collect()
}

#[test]
fn a_way_of_naming_bins_counts_only_where_most_of_a_room_is_named_so() {
    let [one, two, three] = [Some("03_01"), Some("03_02"), Some("03_03")].map(|bin| bin.map(str::to_owned));
    let named = [("Left", "R3C1"), ("Left", "R3C2"), ("Left", "R3C3")];
    assert_eq!(placed(&named, bins(None)), [one.clone(), two.clone(), three.clone()]);
    // Two places only could be chance.
    assert_eq!(placed(&named[..2], bins(None)), [None, None]);
    // Less than 60 % of the room: the words mean something else there.
    let mixed = [&named[..], &[("Left", "top"), ("Left", "box 7b"), ("Left", "door")]].concat();
    assert_eq!(placed(&mixed, bins(None)), [None, None, None, None, None, None]);
    // Our own names are taken as they are.
    assert_eq!(placed(&[("Left", "03_02"), ("Left", "top")], bins(None)), [two, None]);
    // Another room with the same rows and columns: the rack of that name, and nothing where none has it.
    let second = [("Cave", "R3C1"), ("Cave", "R3C2"), ("Cave", "R3C3")];
    assert_eq!(placed(&second, bins(Some("Other"))), [None, None, None], "two racks have this place");
    assert_eq!(placed(&named, bins(Some("Other"))), [one, Some("03_02".to_owned()), three], "but the rack is named");
}
