//! Writers at the same time lose nothing.

use models::db::{Db, DbError, bottles::*, meta};

use crate::cellar::*;

#[test]
fn writers_at_once_lose_nothing() {
    test_support::each_backend(|it| {
        let cellar = it.db.write(furnish).unwrap();
        let before = it.db.read(meta::revision).unwrap();
        // A second `Db` stands for another process: it shares no pool with the first.
        let other = Db::open(&it.url).unwrap();
        std::thread::scope(|scope| {
            for db in [&it.db, &it.db, &other, &other] {
                scope.spawn(|| {
                    for _ in 0..10 {
                        db.write(|conn| receive(conn, &cellar, None)).unwrap();
                    }
                });
            }
        });
        assert_eq!(it.db.read(meta::revision).unwrap(), before + 40, "{}", it.engine);
        let all = it.db.read(|conn| bottle_list(conn, &BottleFilter::default(), None, 100, 2026)).unwrap();
        assert_eq!(all.len(), 40, "{}", it.engine);
    });
}

#[test]
fn capacity_holds_when_writers_race_for_the_last_place() {
    test_support::each_backend(|it| {
        let cellar = it.db.write(furnish).unwrap();
        let won = std::thread::scope(|scope| {
            let race = || it.db.write(|conn| receive(conn, &cellar, Some("B")));
            let runners: Vec<_> = (0..6).map(|_| scope.spawn(race)).collect();
            runners.into_iter().map(|runner| runner.join().unwrap()).filter(Result::is_ok).count()
        });
        assert_eq!(won, 2, "{}", it.engine);
    });
}

#[test]
fn a_panic_in_a_write_leaves_the_database_usable() {
    test_support::each_backend(|it| {
        let before = it.db.read(meta::revision);
        let db = it.db.clone();
        let broke = std::thread::spawn(move || db.write::<(), DbError>(|_| panic!("on purpose"))).join();
        assert!(broke.is_err());
        it.db.write(|_| Ok::<_, DbError>(())).unwrap();
        assert_eq!(it.db.read(meta::revision).unwrap(), before.unwrap_or(0) + 1, "{}", it.engine);
    });
}
