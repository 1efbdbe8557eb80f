//! The copy that is searched: kept up to date row by row, it says the same as one made anew.

use models::{
    catalogue::{Answer, Catalogue, Query, State},
    db::{Db, DbError, bottles::*, catalogue::*, movements::*, wines::*},
    ids::BinId,
    movement::{IssueReason, MovementRequest as Ask},
    wine::Colour,
};

use crate::cellar::*;

fn everything(db: &Db, copy: &mut Catalogue) -> Vec<Answer> {
    db.read(|conn| catalogue_refresh(conn, copy)).unwrap();
    let ask = |words: &str| {
        let query = Query { words: words.into(), state: State::All, facet_limit: 1000, limit: 200, ..Query::all(2026) };
        copy.search(&query).unwrap()
    };
    vec![ask(""), ask("tempeir"), ask("renamed 2019")]
}

/// A small generator of our own, so that a failure can be repeated.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

#[test]
fn a_copy_kept_up_to_date_says_what_a_new_one_says() {
    test_support::each_backend(|it| {
        let cellar = it.db.write(furnish).unwrap();
        let (mut kept, mut dice) = (Catalogue::default(), 7u64);
        let shared = SharedCatalogue::default();
        for round in 0..60 {
            let done: Outcome = it.db.write(|conn| {
                let bottles = bottle_list(conn, &BottleFilter::default(), None, 1000, 2026)?;
                let wines = wine_list(conn, None, None, 100)?;
                let bottle = |n: usize| bottles[n % bottles.len()].bottle.clone();
                let wine = wines[next(&mut dice) % wines.len()].clone();
                let n = next(&mut dice);
                match n % if bottles.is_empty() { 3 } else { 7 } {
                    0 => receive(conn, &cellar, [None, Some("A"), Some("B")][n / 7 % 3]).map(drop),
                    1 => {
                        let facts = models::wine::WineFacts {
                            colour: Colour::ALL[n / 7 % 4],
                            name: format!("Renamed {round}"),
                            tags: vec![format!("tag {}", n / 7 % 3)],
                            ..wine.facts
                        };
                        wine_update(conn, &wine.id, &facts, wine.revision, &anna(), now()).map(drop)
                    }
                    2 => {
                        let wine =
                            wine_insert(conn, &new_wine("Weingut Prüm", &format!("Riesling {round}")), &anna(), now())?;
                        let vintage = ensure(conn, &wine.id, Some(2010 + round), None, None)?.id;
                        act(conn, Ask::receipt(vintage, None)).map(drop)
                    }
                    3 => act(conn, Ask::Move { bottle_id: bottle(n / 7).id, bin: Some(BinId::from("B")) }).map(drop),
                    4 => act(conn, Ask::issue(bottle(n / 7).id, IssueReason::Drunk)).map(drop),
                    5 => {
                        let bottle = bottle(n / 7);
                        let facts = models::bottle::BottleFacts {
                            price_minor: Some((n % 9000) as i64),
                            currency: Some("EUR".into()),
                            ..bottle.facts
                        };
                        bottle_update(conn, &bottle.id, &facts, bottle.revision, &anna(), now()).map(drop)
                    }
                    _ => {
                        let journal = movement_list(conn, &MovementFilter::default(), None, 1000)?;
                        movement_undo(conn, &journal[n / 7 % journal.len()].id, &anna(), now()).map(drop)
                    }
                }
            });
            match done {
                Ok(()) | Err(DbError::Rule(_) | DbError::Conflict(_)) => {}
                Err(error) => panic!("{}: {error}", it.engine),
            }
            let anew = everything(&it.db, &mut Catalogue::default());
            assert_eq!(everything(&it.db, &mut kept), anew, "{} after {round} acts", it.engine);
            let (told, counted): (_, _) = it
                .db
                .read(|conn| Ok::<_, DbError>((shared.bin_summary(conn)?, models::db::racks::bin_summary(conn)?)))
                .unwrap();
            assert_eq!(told, counted, "{} after {round} acts", it.engine);
        }
        assert!(kept.bottle_count() > 5, "{}: {} bottles", it.engine, kept.bottle_count());
    });
}

#[test]
fn an_answer_is_as_new_as_the_database() {
    test_support::each_backend(|it| {
        let cellar = it.db.write(furnish).unwrap();
        let shared = SharedCatalogue::default();
        let bottles = || shared.search(&it.db, &Query::all(2026)).unwrap().bottles;
        assert_eq!(bottles(), 0);
        let id = it.db.write(|conn| receive(conn, &cellar, Some("A"))).unwrap();
        assert_eq!(bottles(), 1, "{}", it.engine);
        it.db.write(|conn| act(conn, Ask::issue(id.clone(), IssueReason::Drunk))).unwrap();
        assert_eq!(bottles(), 0, "{}", it.engine);
    });
}
