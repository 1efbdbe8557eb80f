//! A cellar moves between engines and comes through whole.

use std::collections::BTreeSet;

use models::{
    db::{
        Db, DbError,
        dump::{self, CopyError},
        integrity, meta,
        movements::movement_undo,
    },
    ids::BinId,
    movement::{IssueReason, MovementRequest},
};
use test_support::TestDb;

use crate::cellar::{Outcome, act, anna, furnish, now, receive, see};

/// Something in most tables: text of all kinds, empty values, fractions, references of a row to its own table.
fn fill(db: &Db) {
    let done = db.write(|conn| -> Outcome {
        let cellar = furnish(conn)?;
        let bottle = receive(conn, &cellar, Some("A"))?;
        receive(conn, &cellar, None)?;
        for _ in 0..120 {
            receive(conn, &cellar, None)?;
        }
        let drunk = act(conn, MovementRequest::issue(bottle.clone(), IssueReason::Drunk))?;
        let back = movement_undo(conn, &drunk.id, &anna(), now())?;
        movement_undo(conn, &back.id, &anna(), now())?;
        let note = MovementRequest::Correction {
            bottle_id: bottle,
            here: true,
            bin: Some(BinId::from("B")),
            note: "Château d'Yquem \u{1F377} \"née\"\nzweite Zeile".to_owned(),
        };
        act(conn, note)?;
        see(conn, &cellar, "20261124T030000Z-0001", &[("A", 2), ("B", 0)])?;
        Ok(())
    });
    done.expect("filled");
}

fn empty(engine: &str) -> Option<TestDb> {
    if engine == "sqlite" { Some(TestDb::sqlite()) } else { TestDb::mariadb() }
}

#[test]
fn no_table_or_column_is_left_out() {
    let described: BTreeSet<String> = dump::tables()
        .iter()
        .flat_map(|table| table.columns.iter().map(move |column| format!("{}.{}", table.name, column.name)))
        .collect();
    test_support::each_backend(|it| {
        let there = it.db.columns().unwrap();
        let there: BTreeSet<String> =
            there.iter().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
        assert_eq!(described, there, "{}: name the table in models/src/db/dump/describe.rs", it.engine);
    });
    for table in dump::tables() {
        table.check().unwrap();
    }
}

#[test]
fn a_cellar_moves_between_engines_and_back() {
    for (from, to) in [("sqlite", "mariadb"), ("mariadb", "sqlite"), ("sqlite", "sqlite")] {
        let (Some(source), Some(target)) = (empty(from), empty(to)) else { continue };
        fill(&source.db);
        let sums = dump::copy(&source.db, &target.db).unwrap();
        let rows = |table: &str| sums.iter().find(|sum| sum.table == table).map_or(0, |sum| sum.rows);
        assert_eq!((rows("movements"), rows("bottles"), rows("readings")), (126, 122, 2), "{from} -> {to}");
        let there = target.db.read(|conn| {
            dump::tables()
                .iter()
                .map(|table| Ok(dump::contents(conn, table)?.sum()))
                .collect::<Result<Vec<_>, DbError>>()
        });
        assert_eq!(there.unwrap(), sums, "{from} -> {to}");
        let revision = |db: &Db| db.read(meta::revision).unwrap();
        assert_eq!(revision(&source.db), revision(&target.db), "{from} -> {to}");
        assert_eq!(target.db.read(integrity::against_journal).unwrap(), Vec::<String>::new(), "{from} -> {to}");
        // The copy is a cellar that works.
        target.db.write(one_more).unwrap();
    }
}

fn one_more(conn: &mut models::db::Conn) -> Outcome {
    let vintage = first_vintage(conn)?;
    act(conn, MovementRequest::receipt(vintage, None)).map(drop)
}

fn first_vintage(conn: &mut models::db::Conn) -> Result<models::ids::VintageId, DbError> {
    let bottles = models::db::bottles::bottle_touched_since(conn, 0)?;
    bottles.first().map(|bottle| bottle.vintage_id.clone()).ok_or_else(|| DbError::NotFound("no bottle".to_owned()))
}

#[test]
fn a_target_that_holds_anything_is_left_as_it_is() {
    test_support::each_backend(|it| {
        let source = TestDb::sqlite();
        fill(&source.db);
        it.db.write(|conn| furnish(conn).map(drop)).unwrap();
        let before = it.db.read(meta::revision).unwrap();
        assert!(matches!(dump::copy(&source.db, &it.db), Err(CopyError::NotEmpty(_))), "{}", it.engine);
        assert_eq!(it.db.read(meta::revision).unwrap(), before, "{}", it.engine);
    });
}

#[test]
fn a_changed_row_is_named() {
    test_support::each_backend(|it| {
        fill(&it.db);
        let bottles = dump::tables().into_iter().find(|table| table.name == "bottles").unwrap();
        let read = |db: &Db| db.read(|conn| dump::contents(conn, &bottles)).unwrap();
        let before = read(&it.db);
        it.db.write(one_more).unwrap();
        let told = before.differences(&read(&it.db));
        assert!(told.len() == 1 && told[0].contains("should not be there"), "{told:?}");
        assert_eq!(before.differences(&before), Vec::<String>::new());
    });
}

#[test]
fn a_description_with_a_trick_in_it_is_refused() {
    let mut table = dump::tables().remove(1);
    table.columns[0].name = "id` FROM users; --".to_owned();
    assert!(table.check().is_err());
    let mut table = dump::tables().remove(1);
    table.key = vec!["nothing".to_owned()];
    assert!(table.check().is_err());
}
