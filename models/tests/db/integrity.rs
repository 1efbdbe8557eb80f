//! What doctor says of a book: nothing where all is well, the bottle where it is not.

use models::db::{Db, integrity};

use crate::cellar::{Outcome, furnish, receive};

fn furnished(db: &Db) {
    db.write(|conn| -> Outcome {
        let cellar = furnish(conn)?;
        receive(conn, &cellar, Some("A"))?;
        receive(conn, &cellar, None)?;
        Ok(())
    })
    .expect("furnished");
}

#[test]
fn a_sound_book_raises_no_complaint() {
    test_support::each_backend(|it| {
        furnished(&it.db);
        assert_eq!(it.db.complaints().unwrap(), Vec::<String>::new(), "{}", it.engine);
        assert_eq!(it.db.read(integrity::against_journal).unwrap(), Vec::<String>::new(), "{}", it.engine);
        assert_eq!(it.db.read(integrity::overfull).unwrap(), Vec::<String>::new(), "{}", it.engine);
    });
}

#[test]
fn a_bottle_that_was_carried_past_the_journal_is_named() {
    test_support::each_backend(|it| {
        furnished(&it.db);
        it.spoil("UPDATE bottles SET bin = 'Z' WHERE bin = 'A'");
        let told = it.db.read(integrity::against_journal).unwrap();
        assert!(told.len() == 1 && told[0].contains(", Z; the journal in_cellar, A"), "{}: {told:?}", it.engine);
        let told = it.db.read(integrity::overfull).unwrap();
        assert_eq!(told, ["bin Z is out of use and holds 1"], "{}", it.engine);
        it.spoil("UPDATE bins SET capacity = 1, enabled = 1 WHERE id = 'Z'");
        it.spoil("UPDATE bottles SET bin = 'Z'");
        assert_eq!(it.db.read(integrity::overfull).unwrap(), ["bin Z holds 2 of 1"], "{}", it.engine);
    });
}
