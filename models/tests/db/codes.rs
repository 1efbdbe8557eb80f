//! Barcodes are remembered by vintage, and printed labels by bottle.

use chrono::Duration;
use models::{
    barcode::Barcode,
    db::{DbError, barcodes::*, bottle_labels::*, movements::*, vintages::vintage_get, wines::*},
    ids::{BottleId, VintageId},
};

use crate::cellar::{Outcome, anna, ensure, furnish, new_wine, now, receive};

fn code(text: &str) -> Barcode {
    text.parse().expect("a barcode")
}

#[test]
fn a_code_means_the_vintage_received_last_until_it_is_forgotten() {
    test_support::each_backend(|it| {
        let done = it.db.write(|conn| -> Outcome {
            let cellar = furnish(conn)?;
            let wine = vintage_get(conn, &cellar.vintage)?.wine_id;
            let younger = ensure(conn, &wine, Some(2021), None, None)?.id;
            let bandol = code("3760123456784");
            barcode_learn(conn, &bandol, &cellar.vintage, 750, &anna(), now())?;
            barcode_learn(conn, &bandol, &younger, 1500, &anna(), now() + Duration::days(1))?;
            let years =
                |list: &[KnownBarcode]| list.iter().map(|known| (known.year, known.volume_ml)).collect::<Vec<_>>();
            let list = barcode_list(conn, Some(&bandol), None, 10)?;
            assert_eq!(years(&list), [(Some(2021), 1500), (Some(2019), 750)], "{}", it.engine);
            assert_eq!((list[0].producer.as_str(), list[0].learned_by.as_str()), ("Domaine Tempier", "Anna"));
            // The older one comes in once more, in another size.
            barcode_learn(conn, &bandol, &cellar.vintage, 375, &anna(), now() + Duration::days(2))?;
            assert_eq!(years(&barcode_list(conn, None, Some(&wine), 10)?), [(Some(2019), 375), (Some(2021), 1500)]);
            assert_eq!(barcode_forget(conn, &bandol, Some(&younger))?, 1);
            assert_eq!(barcode_list(conn, Some(&bandol), None, 10)?.len(), 1);
            assert_eq!(barcode_forget(conn, &bandol, None)?, 1);
            assert!(matches!(barcode_forget(conn, &bandol, None), Err(DbError::NotFound(_))));
            let nowhere = barcode_learn(conn, &bandol, &VintageId::from("none"), 750, &anna(), now());
            assert!(matches!(nowhere, Err(DbError::NotFound(_))));
            Ok(())
        });
        done.unwrap_or_else(|error| panic!("{}: {error}", it.engine));
    });
}

#[test]
fn a_receipt_that_is_taken_back_has_taught_nothing() {
    test_support::each_backend(|it| {
        let done = it.db.write(|conn| -> Outcome {
            let cellar = furnish(conn)?;
            let (bandol, other) = (code("3760123456784"), code("96385074"));
            barcode_learn(conn, &other, &cellar.vintage, 750, &anna(), now() - Duration::days(1))?;
            let bottle = receive(conn, &cellar, Some("A"))?;
            barcode_learn(conn, &bandol, &cellar.vintage, 750, &anna(), now())?;
            let filter = MovementFilter { bottle: Some(bottle), ..MovementFilter::default() };
            let receipt = movement_list(conn, &filter, None, 1)?.remove(0);
            movement_undo(conn, &receipt.id, &anna(), now() + Duration::minutes(1))?;
            let left = barcode_list(conn, None, None, 10)?;
            assert_eq!(
                left.iter().map(|known| known.code.as_str()).collect::<Vec<_>>(),
                [other.as_str()],
                "{}",
                it.engine
            );
            Ok(())
        });
        done.unwrap_or_else(|error| panic!("{}: {error}", it.engine));
    });
}

#[test]
fn a_code_of_a_wine_that_is_archived_names_nothing() {
    test_support::each_backend(|it| {
        let done = it.db.write(|conn| -> Outcome {
            let wine = wine_insert(conn, &new_wine("Château Musar", "Rouge"), &anna(), now())?;
            let vintage = ensure(conn, &wine.id, Some(2018), None, None)?.id;
            let musar = code("96385074");
            barcode_learn(conn, &musar, &vintage, 750, &anna(), now())?;
            let wine = wine_get(conn, &wine.id)?;
            wine_archive(conn, &wine.id, wine.revision, &anna(), now())?;
            assert!(barcode_list(conn, Some(&musar), None, 10)?.is_empty(), "{}", it.engine);
            Ok(())
        });
        done.unwrap_or_else(|error| panic!("{}: {error}", it.engine));
    });
}

#[test]
fn a_bottle_has_a_label_once_one_was_printed() {
    test_support::each_backend(|it| {
        let done = it.db.write(|conn| -> Outcome {
            let cellar = furnish(conn)?;
            let bottles: Vec<BottleId> = (0..3).map(|_| receive(conn, &cellar, None)).collect::<Result<_, _>>()?;
            assert!(bottle_label_list(conn, &bottles)?.is_empty());
            bottle_label_note(conn, &bottles[..2], now())?;
            bottle_label_note(conn, &bottles[..1], now() + Duration::days(1))?;
            let mut labelled = bottle_label_list(conn, &bottles)?;
            labelled.sort();
            assert_eq!(labelled, bottles[..2], "{}", it.engine);
            Ok(())
        });
        done.unwrap_or_else(|error| panic!("{}: {error}", it.engine));
    });
}
