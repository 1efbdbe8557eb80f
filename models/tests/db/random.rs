//! Whatever is done in whatever order: the bottles' rows are the fold of the journal, and no bin overflows.

use models::{
    bottle::BottleView,
    change::Entity,
    db::{Conn, DbError, bottles::*, changes::*, movements::*, wines::*},
    ids::BinId,
    movement::{IssueReason, MovementRequest as Ask},
    stock::Stock,
    wine::WineFacts,
};
use proptest::prelude::*;
use test_support::TestDb;

use crate::cellar::*;

#[derive(Debug, Clone)]
enum Act {
    Receive(usize),
    Issue(usize),
    Move(usize, usize),
    Undo(usize),
}

const PLACES: [Option<&str>; 4] = [None, Some("A"), Some("B"), Some("Z")];

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..4usize).prop_map(Act::Receive),
        1 => any::<usize>().prop_map(Act::Issue),
        3 => (any::<usize>(), 0..4usize).prop_map(|(bottle, place)| Act::Move(bottle, place)),
        2 => any::<usize>().prop_map(Act::Undo),
    ]
}

fn all_bottles(conn: &mut Conn) -> Outcome<Vec<BottleView>> {
    bottle_list(conn, &BottleFilter::default(), None, 1000, 2026)
}

/// Does one act; a refusal by the rules is a fine outcome.
fn perform(conn: &mut Conn, cellar: &Cellar, act_: &Act) -> Outcome {
    let bottles = all_bottles(conn)?;
    let pick = |n: usize| bottles.get(n % bottles.len().max(1)).map(|view| view.bottle.id.clone());
    let done = match act_ {
        Act::Receive(place) => receive(conn, cellar, PLACES[*place]).map(drop),
        Act::Issue(n) => match pick(*n) {
            Some(bottle_id) => act(conn, Ask::issue(bottle_id, IssueReason::Drunk)).map(drop),
            None => Ok(()),
        },
        Act::Move(n, place) => match pick(*n) {
            Some(bottle_id) => act(conn, Ask::Move { bottle_id, bin: PLACES[*place].map(BinId::from) }).map(drop),
            None => Ok(()),
        },
        Act::Undo(n) => {
            let journal = movement_list(conn, &MovementFilter::default(), None, 1000)?;
            match journal.get(n % journal.len().max(1)) {
                Some(movement) => movement_undo(conn, &movement.id, &anna(), now()).map(drop),
                None => Ok(()),
            }
        }
    };
    match done {
        Err(DbError::Rule(_) | DbError::Conflict(_)) => Ok(()),
        other => other,
    }
}

fn check(conn: &mut Conn) -> Outcome {
    let mut journal = movement_list(conn, &MovementFilter::default(), None, 1000)?;
    journal.reverse();
    let stock = Stock::fold(&journal).map_err(DbError::Rule)?;
    for view in all_bottles(conn)? {
        let place = stock.place(&view.bottle.id).unwrap();
        assert_eq!((place.status, &place.bin), (view.bottle.status, &view.bottle.bin));
    }
    assert!(stock.count_in(&"A".into()) <= 3 && stock.count_in(&"B".into()) <= 2);
    assert_eq!(stock.count_in(&"Z".into()), 0, "a bin out of use is never filled");
    Ok(())
}

/// Runs the acts and rolls all back, so that one database serves every case.
fn run(it: &TestDb, acts: &[Act]) {
    let done: Outcome = it.db.write(|conn| {
        let cellar = furnish(conn)?;
        for act in acts {
            perform(conn, &cellar, act)?;
        }
        check(conn)?;
        Err(DbError::Other("rolled back".into()))
    });
    match done {
        Err(DbError::Other(text)) if text == "rolled back" => {}
        other => panic!("{}: {other:?}", it.engine),
    }
}

#[test]
fn rows_are_the_fold_of_the_journal() {
    let engines: Vec<TestDb> = [Some(TestDb::sqlite()), TestDb::mariadb()].into_iter().flatten().collect();
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(acts in prop::collection::vec(any_act(), 1..30))| {
        for it in &engines {
            run(it, &acts);
        }
    });
}

/// An edit of one of two fields, or taking back one of the edits so far.
#[derive(Debug, Clone)]
enum Edit {
    Name(u8),
    Tags(Vec<u8>),
    Undo(usize),
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        2 => (0..4u8).prop_map(Edit::Name),
        2 => prop::collection::vec(0..3u8, 0..3).prop_map(Edit::Tags),
        3 => any::<usize>().prop_map(Edit::Undo),
    ]
}

/// Edits a wine and takes edits back in any order the rules allow: the wine is always what the last line of its journal
/// says.
fn edit(it: &TestDb, edits: &[Edit]) {
    let done: Outcome = it.db.write(|conn| {
        let wine = wine_insert(conn, &new_wine("P", "0"), &anna(), now())?;
        let of = ChangeFilter { of: Some((Entity::Wine, wine.id.0.clone())), actor: None, people: false };
        for edit in edits {
            let before = wine_get(conn, &wine.id)?;
            let facts = match edit {
                Edit::Name(n) => WineFacts { name: n.to_string(), ..before.facts.clone() },
                Edit::Tags(tags) => {
                    WineFacts { tags: tags.iter().map(|tag| format!("t{tag}")).collect(), ..before.facts.clone() }
                }
                Edit::Undo(n) => {
                    let journal = change_list(conn, &of, None, 100)?;
                    let pick = &journal[n % journal.len()];
                    match change_undo(conn, &pick.id, &anna(), now()) {
                        Ok(_) | Err(DbError::Conflict(_)) => continue,
                        Err(error) => return Err(error),
                    }
                }
            };
            if wine_get(conn, &wine.id)?.archived {
                continue;
            }
            wine_update(conn, &wine.id, &facts, before.revision, &anna(), now())?;
            let last = change_list(conn, &of, None, 1)?.remove(0);
            let stored =
                serde_json::to_value(&wine_get(conn, &wine.id)?.facts).map_err(|e| DbError::Other(e.to_string()))?;
            assert_eq!(last.after, Some(stored), "{}", it.engine);
        }
        Err(DbError::Other("rolled back".into()))
    });
    match done {
        Err(DbError::Other(text)) if text == "rolled back" => {}
        other => panic!("{}: {other:?}", it.engine),
    }
}

#[test]
fn a_thing_is_what_the_last_line_of_its_journal_says() {
    let engines: Vec<TestDb> = [Some(TestDb::sqlite()), TestDb::mariadb()].into_iter().flatten().collect();
    let config = ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(edits in prop::collection::vec(any_edit(), 1..20))| {
        for it in &engines {
            edit(it, &edits);
        }
    });
}
