//! Imports on both engines: nothing comes twice, no bin overflows, an undo leaves nothing, a book comes back as it was.

use models::{
    bottle::BottleStatus,
    db::{
        Conn, DbError, acts::*, barcodes::barcode_learn, book::*, bottles::*, events::event_list, export::export_csv,
        import::*, movements::*, outbox::target_hold,
    },
    ids::BinId,
    import::Options,
    movement::{Actor, IssueReason, MovementRequest, Source},
    stock::Stock,
};

use crate::cellar::{Outcome, act, anna, furnish, in_cellar, now};

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn importer() -> Actor {
    Actor { name: "Anna".into(), source: Source::Import }
}

fn run(conn: &mut Conn, name: &str, bytes: &[u8]) -> Outcome<Import> {
    import_run(conn, name, bytes, &Options::default(), &importer(), now())
}

fn here(conn: &mut Conn) -> Outcome<usize> {
    let filter = BottleFilter { status: Some(BottleStatus::InCellar), ..BottleFilter::default() };
    Ok(bottle_list(conn, &filter, None, 100_000, 2026)?.len())
}

/// The rows of bottles are the fold of the journal.
fn check_fold(conn: &mut Conn) -> Outcome {
    let mut lines = movement_list(conn, &MovementFilter::default(), None, 100_000)?;
    lines.reverse();
    let stock = Stock::fold(&lines)?;
    for bottle in bottle_touched_since(conn, -1)? {
        let place = stock.place(&bottle.id).expect("a place");
        assert_eq!((place.status, &place.bin), (bottle.status, &bottle.bin));
    }
    Ok(())
}

#[test]
fn the_same_file_again_changes_nothing() {
    in_cellar(|conn, _| {
        for name in [
            "ct_List_utf8.csv",
            "ct_Inventory_utf8.tsv",
            "ct_Bottles_utf8.tsv",
            "ct_Consumed_utf8.tsv",
            "ct_Purchase_utf8.tsv",
            "vivino_cellar.csv",
            "vivino_full_wine_list.csv",
            "bbr_holdings.csv",
        ] {
            let seen = import_preview(conn, &file(name), &Options::default(), now())?;
            let first = run(conn, name, &file(name))?;
            assert_eq!(first.report, seen, "{name}: the preview tells what is done");
            let before = book_get(conn)?;
            let again = run(conn, name, &file(name))?;
            assert!(again.report.is_idle(), "{name}: {}", again.report.words());
            assert_eq!(book_get(conn)?, before, "{name}");
            assert_eq!(import_get(conn, &again.id)?, again);
        }
        check_fold(conn)
    });
}

#[test]
fn tables_of_one_program_do_not_double_its_bottles() {
    in_cellar(|conn, _| {
        run(conn, "list", &file("cellartracker/list.tsv"))?;
        assert_eq!(here(conn)?, 6);
        for name in ["inventory", "purchase"] {
            let report = run(conn, name, &file(&format!("cellartracker/{name}.tsv")))?.report;
            assert_eq!((report.bottles_new, here(conn)?), (0, 6), "{name}: {}", report.words());
        }
        let report = run(conn, "bottles", &file("cellartracker/bottles.tsv"))?.report;
        assert_eq!((report.bottles_new, report.bottles_gone, here(conn)?), (2, 2, 6), "{}", report.words());
        let report = run(conn, "consumed", &file("cellartracker/consumed.tsv"))?.report;
        assert_eq!((report.bottles_new, here(conn)?), (0, 6), "{}", report.words());
        check_fold(conn)
    });
}

#[test]
fn more_are_new_fewer_are_told_and_consumed_ones_leave() {
    in_cellar(|conn, _| {
        let head = "iWine,Quantity,Pending,Size,Vintage,Wine,Country,Producer,Type\n";
        let list = |n: u32| format!("{head}7,{n},0,750ml,2015,Tempier Rouge,France,Tempier,Red\n").into_bytes();
        run(conn, "a.csv", &list(3))?;
        let more = run(conn, "b.csv", &list(5))?.report;
        assert_eq!((more.bottles_new, more.bottles_known, here(conn)?), (2, 3, 5));
        let fewer = run(conn, "c.csv", &list(4))?.report;
        assert_eq!((fewer.bottles_new, here(conn)?), (0, 5));
        assert!(fewer.notices.iter().any(|notice| notice.contains("1 bottles")), "{:?}", fewer.notices);
        let bottles = "BottleState\tiWine\tVintage\tWine\tQuantity\tBottleSize\tConsumptionDate\tShortType\n\
                       1\t7\t2015\tTempier Rouge\t4\t750ml\t\t\n0\t7\t2015\tTempier Rouge\t1\t750ml\t11/1/2026\tDrank\n";
        let gone = run(conn, "d.tsv", bottles.as_bytes())?;
        assert_eq!((gone.report.bottles_new, gone.report.bottles_gone, here(conn)?), (0, 1, 4));
        assert!(run(conn, "d.tsv", bottles.as_bytes())?.report.is_idle());
        import_undo(conn, &gone.id, &importer(), now())?;
        assert_eq!(here(conn)?, 5);
        let again = run(conn, "d.tsv", bottles.as_bytes())?.report;
        assert_eq!((again.bottles_gone, here(conn)?), (1, 4), "{}", again.words());
        check_fold(conn)
    });
}

#[test]
fn a_bin_that_is_named_is_filled_but_never_over_its_capacity() {
    in_cellar(|conn, _| {
        let text =
            "Producer,Name,Colour,Count,Bin\nTempier,Rouge,red,5,A\nTempier,Rosé,rose,1,b\nTempier,Blanc,white,1,Z\n";
        let made = run(conn, "bins.csv", text.as_bytes())?;
        assert_eq!((made.report.bottles_new, made.report.bottles_placed), (7, 4), "{}", made.report.words());
        assert!(made.report.lines[0].warnings.iter().any(|warning| warning.contains("full")));
        let filter = |bin: &str| BottleFilter { bin: Some(BinId::from(bin)), ..BottleFilter::default() };
        assert_eq!(bottle_list(conn, &filter("A"), None, 100, 2026)?.len(), 3);
        // Bin Z is out of use: the bottle waits, and remembers what was said.
        let unplaced = BottleFilter { unplaced: true, ..BottleFilter::default() };
        let waiting = bottle_list(conn, &unplaced, None, 100, 2026)?;
        assert!(waiting.iter().any(|view| view.bottle.facts.notes == "Place: Z"));
        assert!(run(conn, "bins.csv", text.as_bytes())?.report.is_idle());
        check_fold(conn)
    });
}

#[test]
fn an_import_is_undone_at_one_go_unless_its_bottles_have_moved() {
    in_cellar(|conn, _| {
        let before = here(conn)?;
        let made = run(conn, "b.tsv", &file("ct_Bottles_utf8.tsv"))?;
        assert!(here(conn)? > before);
        let filter = MovementFilter { batch: Some(made.id.clone()), ..MovementFilter::default() };
        let one = movement_list(conn, &filter, None, 100_000)?.into_iter().find(|m| m.is_here).expect("a receipt");
        let bottle = one.bottle_id;
        if bottle_get(conn, &bottle, 2026)?.bottle.status == BottleStatus::InCellar {
            let drunk = act(conn, MovementRequest::issue(bottle, IssueReason::Drunk))?;
            let refused = import_undo(conn, &made.id, &importer(), now());
            assert!(matches!(refused, Err(DbError::Conflict(_))), "{refused:?}");
            movement_undo(conn, &drunk.id, &anna(), now())?;
        }
        Ok(())
    });
    in_cellar(|conn, _| {
        let before = (here(conn)?, models::db::wines::wine_list(conn, None, None, 1000)?);
        let made = run(conn, "b.tsv", &file("ct_Bottles_utf8.tsv"))?;
        import_undo(conn, &made.id, &importer(), now())?;
        assert_eq!((here(conn)?, models::db::wines::wine_list(conn, None, None, 1000)?), before);
        assert!(import_undo(conn, &made.id, &importer(), now()).is_err());
        check_fold(conn)?;
        // What was taken back can come again.
        let again = run(conn, "b.tsv", &file("ct_Bottles_utf8.tsv"))?;
        assert_eq!(again.report.bottles_new, made.report.bottles_new);
        check_fold(conn)
    });
}

#[test]
fn an_undo_brings_back_what_was_completed_but_not_over_later_words() {
    in_cellar(|conn, _| {
        let table = |shop: &str, to: &str| {
            let text = format!(
                "iWine,Quantity,Pending,Size,Price,Currency,Vintage,Wine,Country,Producer,Type,BeginConsume,EndConsume,StoreName\n\
                 7,2,0,750ml,{shop},EUR,2015,Tempier Rouge,France,Tempier,Red,2020,{to},\n"
            );
            text.into_bytes()
        };
        run(conn, "a.csv", &table("", "2030"))?;
        let all = BottleFilter::default();
        let before = bottle_list(conn, &all, None, 9, 2026)?;
        let made = run(conn, "b.csv", &table("24.50", "2035"))?;
        let completed = bottle_list(conn, &all, None, 9, 2026)?;
        assert!(completed.iter().all(|view| view.bottle.facts.price_minor == Some(2450)), "{completed:?}");
        assert_ne!(completed[0].bottle.facts, before[0].bottle.facts);
        // Somebody knows better meanwhile what one of them cost, and notes something.
        let facts = models::bottle::BottleFacts {
            price_minor: Some(1900),
            notes: "low fill".into(),
            ..completed[0].bottle.facts.clone()
        };
        bottle_update(conn, &completed[0].bottle.id, &facts, completed[0].bottle.revision, &anna(), now())?;
        import_undo(conn, &made.id, &importer(), now())?;
        let after = bottle_list(conn, &all, None, 9, 2026)?;
        assert_eq!((after[0].bottle.facts.price_minor, after[0].bottle.facts.notes.as_str()), (Some(1900), "low fill"));
        assert_eq!(after[1].bottle.facts, before[1].bottle.facts);
        let vintage = models::db::vintages::vintage_get(conn, &after[1].bottle.vintage_id)?;
        assert_eq!(vintage.window.drink_to, Some(2030));
        Ok(())
    });
}

#[test]
fn the_history_tells_an_import_in_one_line() {
    in_cellar(|conn, _| {
        let single = models::db::wines::wine_insert(conn, &crate::cellar::new_wine("P", "N"), &anna(), now())?;
        let vintage = crate::cellar::ensure(conn, &single.id, None, None, None)?.id;
        let by_hand = act(conn, MovementRequest::receipt(vintage.clone(), None))?;
        let made = run(conn, "b.tsv", &file("ct_Bottles_utf8.tsv"))?;
        let case = models::db::case::case_receive(conn, &vintage, 12, None, &Default::default(), &anna(), now())?;
        let acts = movement_acts(conn, None, None, 9)?;
        assert_eq!(acts.iter().map(|m| &m.id).collect::<Vec<_>>(), [&case[11].id, &by_hand.id]);
        assert!(movement_acts(conn, Some("Bea"), None, 9)?.is_empty());
        assert_eq!(movement_acts(conn, Some("Anna"), Some(&case[11].id), 9)?, [by_hand]);
        let batch = case[0].batch.clone().expect("a batch");
        assert_eq!(movement_batch_sizes(conn, &[&batch])?[&batch], 12);
        let filter = MovementFilter { batch: Some(made.id.clone()), ..MovementFilter::default() };
        let one = movement_list(conn, &filter, None, 1)?.remove(0);
        let refused = movement_undo(conn, &one.id, &anna(), now());
        assert!(matches!(refused, Err(DbError::Conflict(why)) if why.contains("import of b.tsv")));
        let told = |conn: &mut Conn| {
            let of = Some((models::change::Entity::Import, made.id.clone()));
            models::db::changes::change_list(
                conn,
                &models::db::changes::ChangeFilter { of, ..Default::default() },
                None,
                9,
            )
        };
        let line = told(conn)?.remove(0);
        models::db::changes::change_undo(conn, &line.id, &anna(), now())?;
        assert!(import_get(conn, &made.id)?.undone_at.is_some());
        let back = told(conn)?.remove(0);
        assert!(!back.can_be_undone() && models::db::changes::change_undo(conn, &back.id, &anna(), now()).is_err());
        assert_eq!(movement_acts(conn, None, None, 9)?.len(), 2, "its undoing is told by the same line");
        check_fold(conn)
    });
}

#[test]
fn a_book_that_is_taken_out_comes_back_equal() {
    test_support::each_backend(|it| {
        let exported: Result<Vec<u8>, DbError> = it.db.write(|conn| {
            let cellar = furnish(conn)?;
            barcode_learn(conn, &"3760123456784".parse()?, &cellar.vintage, 750, &anna(), now())?;
            run(conn, "b.tsv", &file("ct_Bottles_utf8.tsv"))?;
            run(conn, "v.csv", &file("vivino_full_wine_list.csv"))?;
            run(conn, "bins.csv", b"Producer,Name,Colour,Count,Bin,Tags\nTempier,Rouge,red,2,A,gift;party\n")?;
            book_get(conn)?.to_json()
        });
        let exported = exported.unwrap_or_else(|error| panic!("{}: {error}", it.engine));
        let book = Book::parse(&exported).expect("a book").expect("JSON");
        assert_eq!(book.barcodes.len(), 1, "what was taught comes along");
        // The other engine's turn too: what one has written the other reads.
        let mut targets = vec![test_support::TestDb::sqlite()];
        targets.extend(test_support::TestDb::mariadb());
        for target in targets {
            let back: Result<Vec<u8>, DbError> = target.db.write(|conn| {
                book_restore(conn, &book, now())?;
                assert!(matches!(book_restore(conn, &book, now()), Err(DbError::Conflict(_))));
                check_fold(conn)?;
                let back = book_get(conn)?.to_json()?;
                // The names that other programs have came along: their files bring nothing twice.
                assert!(run(conn, "b.tsv", &file("ct_Bottles_utf8.tsv"))?.report.is_idle());
                Ok(back)
            });
            let back = back.unwrap_or_else(|error| panic!("{} to {}: {error}", it.engine, target.engine));
            assert!(back == exported, "{} to {}", it.engine, target.engine);
        }
    });
}

#[test]
fn exported_cells_are_no_formulas_and_come_back_as_they_were() {
    in_cellar(|conn, _| {
        let text = "Producer,Name,Colour,Shop\n=HYPERLINK(1),+x,red,@shop\n-minus,'=quoted,red,plain\n";
        run(conn, "f.csv", text.as_bytes())?;
        let csv = String::from_utf8(export_csv(conn)?).expect("UTF-8");
        for cell in csv.lines().flat_map(|line| line.split(',')) {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
        let back = models::import::read(csv.as_bytes(), &Options::default())?;
        let names: Vec<_> = back
            .lines
            .iter()
            .map(|line| line.what.as_ref().expect("a bottle"))
            .map(|item| (item.wine.producer.clone(), item.wine.name.clone(), item.bottle.shop.clone()))
            .collect();
        assert_eq!(names[0], ("=HYPERLINK(1)".into(), "+x".into(), "@shop".into()));
        assert_eq!(names[1], ("-minus".into(), "'=quoted".into(), "plain".into()));
        Ok(())
    });
}

#[test]
fn a_csv_brings_all_of_a_bottle_back() {
    in_cellar(|conn, _| {
        use models::{
            bottle::*,
            db::{vintages::*, wines::*},
            window::Window,
            wine::*,
        };
        let facts = WineFacts {
            sweetness: Some(Sweetness::OffDry),
            effervescence: Some(Effervescence::SemiSparkling),
            style: Style::Sparkling,
            grapes: vec![Grape { name: "Glera".into(), percent: Some(85) }],
            ..WineFacts::named("Col Vetoraz", "Col Fondo", Colour::White)
        };
        let wine = wine_insert(conn, &facts, &anna(), now())?.id;
        let own = Window { drink_from: Some(2025), peak_from: Some(2026), peak_to: Some(2027), drink_to: Some(2028) };
        let vintage = vintage_ensure(conn, &wine, Some(2023), own, &anna(), now())?;
        let known = VintageFacts {
            year: Some(2023),
            window: own,
            valuation_minor: Some(2150),
            valuation_currency: Some("EUR".into()),
        };
        let vintage = vintage_update(conn, &vintage.id, &known, vintage.revision, &anna(), now())?;
        let bottle = BottleFacts {
            volume_ml: 1500,
            price_minor: Some(4_500),
            currency: Some("KWD".into()),
            provenance: "ex cellar".into(),
            opened_at: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).and_then(|day| day.and_hms_opt(12, 0, 0)),
            preservation: Some(Preservation::Gas),
            glasses_left: Some(4),
            ..BottleFacts::default()
        };
        act(conn, MovementRequest::Receipt { vintage_id: vintage.id, bin: None, facts: bottle.clone() })?;
        let csv = export_csv(conn)?;
        let read = models::import::read(&csv, &Options::default())?;
        let item = read.lines[0].what.clone().expect("a bottle");
        assert!(read.lines[0].warnings.is_empty(), "{:?}", read.lines[0].warnings);
        assert_eq!((item.wine, item.window, item.value), (facts, own, Some((2150, "EUR".to_owned()))));
        assert_eq!(item.bottle, bottle);
        Ok(())
    });
}

#[test]
fn bottles_of_years_ago_come_today() {
    in_cellar(|conn, _| {
        let at =
            |conn: &mut Conn| -> Outcome<_> { Ok(event_list(conn, (0, i32::MAX), 9)?.pop().map(|event| event.at)) };
        target_hold(conn, "somebody", "server", now() + chrono::TimeDelta::minutes(1), now())?;
        run(conn, "b.tsv", &file("ct_Bottles_utf8.tsv"))?;
        assert_eq!(at(conn)?, Some(now()), "what is told of an import is of the day of the import");
        let book = book_get(conn)?;
        assert!(book.movements.iter().all(|line| line.at < now()), "this file is of long ago");
        Ok(())
    });
}
