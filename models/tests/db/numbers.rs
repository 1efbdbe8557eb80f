//! The cellar in numbers, against the book.

use chrono::Duration;
use models::{
    bin::RackFacts,
    bottle::BottleFacts,
    db::{
        Conn,
        bottles::{bottle_get, bottle_relabel, bottle_update},
        movements::{movement_apply, movement_undo},
        numbers::NumbersKeeper,
        racks::{rack_get, rack_update},
        vintages::{VintageFacts, vintage_get, vintage_update},
        wines::{wine_get, wine_insert, wine_update},
    },
    ids::BinId,
    movement::{IssueReason, MovementRequest},
    numbers::Numbers,
    window::Window,
};

use crate::cellar::*;

fn priced(minor: i64, currency: &str) -> BottleFacts {
    BottleFacts { price_minor: Some(minor), currency: Some(currency.into()), ..BottleFacts::default() }
}

fn buy(conn: &mut Conn, cellar: &Cellar, facts: BottleFacts, months_ago: i64) -> Outcome<models::ids::BottleId> {
    let request = MovementRequest::Receipt { vintage_id: cellar.vintage.clone(), bin: None, facts };
    Ok(movement_apply(conn, &request, &anna(), now() - Duration::days(30 * months_ago))?.bottle_id)
}

/// The numbers, asked of a keeper that has read before and of one that has not: both must say the same.
fn read(conn: &mut Conn, keeper: &NumbersKeeper) -> Outcome<Numbers> {
    // A write transaction has one revision: a new reader for each question stands for a later one.
    let kept = keeper.numbers_get(conn, now())?;
    let fresh = NumbersKeeper::default().numbers_get(conn, now())?;
    assert_eq!(kept, fresh);
    Ok((*kept).clone())
}

#[test]
fn months_and_costs_follow_the_journal() {
    in_cellar(|conn, cellar| {
        let drunk = buy(conn, cellar, priced(2_000, "EUR"), 3)?;
        buy(conn, cellar, priced(3_000, "EUR"), 2)?;
        buy(conn, cellar, priced(90_000, "HUF"), 1)?;
        buy(conn, cellar, BottleFacts::default(), 1)?;
        let issue = act(conn, MovementRequest::issue(drunk, IssueReason::Drunk))?;
        let numbers = read(conn, &NumbersKeeper::default())?;
        let here: Vec<_> = numbers.months.iter().map(|month| (month.month.as_str(), month.here)).collect();
        assert_eq!(here, [("2026-08", 1), ("2026-09", 2), ("2026-10", 4), ("2026-11", 3)]);
        assert_eq!((numbers.bottles, numbers.unpriced), (3, 1));
        assert_eq!(numbers.months[3].drunk, 1);
        assert_eq!(numbers.costs[0].minor, [2_000, 5_000, 5_000, 3_000]);
        assert_eq!(numbers.costs[1].currency, "HUF");

        // Undone, done again by an undo of the undo, and undone for good.
        let back = movement_undo(conn, &issue.id, &anna(), now())?;
        assert_eq!(read(conn, &NumbersKeeper::default())?.months[3].drunk, 0);
        let again = movement_undo(conn, &back.id, &anna(), now())?;
        assert_eq!(read(conn, &NumbersKeeper::default())?.months[3].drunk, 1);
        movement_undo(conn, &again.id, &anna(), now())?;
        let numbers = read(conn, &NumbersKeeper::default())?;
        assert_eq!((numbers.months[3].drunk, numbers.months[3].here, numbers.costs[0].minor[3]), (0, 4, 5_000));
        Ok(())
    });
}

#[test]
fn a_keeper_reads_on_and_says_what_a_new_one_says() {
    test_support::each_backend(|it| {
        let keeper = NumbersKeeper::default();
        let same = |what: &str| {
            let told = it.db.read(|conn| keeper.numbers_get(conn, now())).unwrap_or_else(|e| panic!("{what}: {e}"));
            let fresh = it.db.read(|conn| NumbersKeeper::default().numbers_get(conn, now()));
            assert_eq!(told, fresh.unwrap_or_else(|e| panic!("{what}: {e}")), "{}: {what}", it.engine);
            told
        };
        assert!(same("empty").months.is_empty());
        let cellar = it.db.write(furnish).unwrap_or_else(|e| panic!("{e}"));
        same("furnished");
        let bottle = it.db.write(|conn| buy(conn, &cellar, priced(2_000, "EUR"), 2)).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(same("bought").costs[0].minor, [2_000, 2_000, 2_000]);
        let edited = it.db.write(|conn| {
            let revision = bottle_get(conn, &bottle, 2026)?.bottle.revision;
            bottle_update(conn, &bottle, &priced(2_500, "EUR"), revision, &anna(), now())
        });
        edited.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(same("another price").costs[0].minor, [2_500, 2_500, 2_500]);
        let issue = it.db.write(|conn| act(conn, MovementRequest::issue(bottle.clone(), IssueReason::Gift)));
        let issue = issue.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(same("given away").bottles, 0);
        it.db.write(|conn| movement_undo(conn, &issue.id, &anna(), now())).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(same("back").bottles, 1);

        // What is kept of the stock follows bottles, labels, windows and racks.
        let old = it.db.write(|conn| {
            let request = MovementRequest::receipt(cellar.vintage.clone(), Some(BinId::from("A")));
            movement_apply(conn, &request, &anna(), now() - Duration::days(800))
        });
        let old = old.unwrap_or_else(|e| panic!("{e}")).bottle_id;
        assert_eq!(same("an old one").forgotten_bottles, 1);
        it.db
            .write(|conn| {
                let wine = vintage_get(conn, &cellar.vintage)?.wine_id;
                let wine = wine_get(conn, &wine)?;
                wine_update(conn, &wine.id, &new_wine("Q", "Renamed"), wine.revision, &anna(), now())
            })
            .unwrap_or_else(|e| panic!("{e}"));
        assert!(same("another label").forgotten[0].title.starts_with("Q Renamed"));
        it.db
            .write(|conn| {
                let rack = rack_get(conn, &cellar.rack)?;
                let facts = RackFacts { name: "North wall".into(), ..rack.facts.clone() };
                rack_update(conn, &rack.id, &facts, rack.revision, &anna(), now())
            })
            .unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(same("another name of the rack").forgotten[0].rack, "North wall");
        it.db
            .write(|conn| {
                let vintage = vintage_get(conn, &cellar.vintage)?;
                let facts = VintageFacts {
                    year: vintage.year,
                    window: Window::years(Some(2040), Some(2050)),
                    valuation_minor: None,
                    valuation_currency: None,
                };
                vintage_update(conn, &vintage.id, &facts, vintage.revision, &anna(), now())
            })
            .unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(same("another window").forgotten_bottles, 0);
        it.db
            .write(|conn| act(conn, MovementRequest::issue(old, IssueReason::Drunk)))
            .unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(same("drunk").bottles, 1);
        it.db
            .write(|conn| {
                let wine = wine_insert(conn, &new_wine("Pibarnon", "Bandol"), &anna(), now())?.id;
                let right = ensure(conn, &wine, Some(2016), None, None)?.id;
                let revision = bottle_get(conn, &bottle, 2026)?.bottle.revision;
                bottle_relabel(conn, &bottle, &right, revision, &anna(), now())
            })
            .unwrap_or_else(|e| panic!("{e}"));
        let years = same("named otherwise").groups.vintage.clone();
        assert_eq!(years.iter().map(|share| share.word.as_str()).collect::<Vec<_>>(), ["2016"], "and not 2019 too");
    });
}

#[test]
fn ready_bottles_that_nobody_moved_are_forgotten_and_told_in_walking_order() {
    in_cellar(|conn, cellar| {
        // The window of the cellar's vintage is 2024 to 2030.
        let old = |conn: &mut Conn, bin: &str| {
            let request = MovementRequest::receipt(cellar.vintage.clone(), Some(BinId::from(bin)));
            movement_apply(conn, &request, &anna(), now() - Duration::days(800)).map(|movement| movement.bottle_id)
        };
        old(conn, "B")?;
        old(conn, "A")?;
        let moved = old(conn, "A")?;
        receive(conn, cellar, Some("A"))?;
        act(conn, MovementRequest::Move { bottle_id: moved, bin: None })?;
        let wine = models::db::wines::wine_insert(conn, &new_wine("P", "Soon over"), &anna(), now())?.id;
        let ending = ensure(conn, &wine, Some(2020), Some(2022), Some(2027))?.id;
        let young = ensure(conn, &wine, Some(2024), Some(2028), Some(2030))?.id;
        act(conn, MovementRequest::receipt(ending, None))?;
        movement_apply(conn, &MovementRequest::receipt(young, None), &anna(), now() - Duration::days(800))?;
        let numbers = read(conn, &NumbersKeeper::default())?;
        let told: Vec<_> = numbers
            .forgotten
            .iter()
            .map(|line| (line.bin.as_ref().map_or("", BinId::as_str), line.title.as_str(), line.bottles, line.until))
            .collect();
        let tempier = "Domaine Tempier Bandol Rouge 2019";
        assert_eq!(
            told,
            [("A", tempier, 1, Some(2030)), ("B", tempier, 1, Some(2030)), ("", "P Soon over 2020", 1, Some(2027))]
        );
        assert_eq!((numbers.forgotten_bottles, numbers.forgotten[0].since), (3, 2024));
        assert_eq!(numbers.forgotten[0].rack, "Main rack");
        Ok(())
    });
}
