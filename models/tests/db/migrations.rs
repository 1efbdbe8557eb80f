//! Both engines have the same tables.

use models::db::Db;
use test_support::TestDb;

#[test]
fn both_engines_have_the_same_columns() {
    let sqlite = TestDb::sqlite().db.columns().unwrap();
    assert!(sqlite.contains(&"bottles.bin null".to_owned()), "{sqlite:?}");
    if let Some(mariadb) = TestDb::mariadb() {
        assert_eq!(sqlite, mariadb.db.columns().unwrap());
    }
}

#[test]
fn migrating_again_changes_nothing() {
    test_support::each_backend(|it| {
        assert_eq!(it.db.pending().unwrap(), 0, "{}", it.engine);
        assert_eq!(it.db.migrate().unwrap(), 0, "{}", it.engine);
    });
}

#[test]
fn a_url_of_no_known_form_is_refused_with_the_forms() {
    for url in ["cellar.db", "postgres://x", "sqlite:", "sqlite::memory:", ""] {
        let told = Db::open(url).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(told.contains("sqlite:PATH") && told.contains("mysql://"), "{url}: {told}");
    }
}

#[test]
fn the_password_is_not_shown() {
    let db = Db::open("mariadb://anna:se:cr@et@db.local:3306/cellar?x=y").unwrap();
    assert_eq!(db.url_redacted(), "mysql://anna:***@db.local:3306/cellar");
}

#[test]
fn file_and_folder_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/cellar.db");
    let db = Db::open(&format!("sqlite://{}", path.display())).unwrap();
    assert!(path.exists());
    assert_eq!(db.pending().unwrap(), 3);
    assert_eq!(db.migrate().unwrap(), 3);
}
