//! Whatever is done in whatever order: the bottles' rows are the fold of the journal, and no bin overflows.

use models::{
    bottle::BottleView,
    db::{Conn, DbError, bottles::*, movements::*},
    ids::BinId,
    movement::{IssueReason, MovementRequest as Ask},
    stock::Stock,
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
