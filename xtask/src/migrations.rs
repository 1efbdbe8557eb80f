//! Rules on migrations: the same set for both engines, MariaDB's tables with one collation.

use std::collections::BTreeSet;

use crate::files::TextFile;

/// What is wrong, a line each.
pub(crate) fn check(files: &[TextFile]) -> Vec<String> {
    let set = |engine: &str| -> BTreeSet<&str> {
        let prefix = format!("migrations/{engine}/");
        files
            .iter()
            .filter_map(|file| file.path.strip_prefix(prefix.as_str()))
            .filter_map(|rest| rest.split('/').next())
            .collect()
    };
    let (sqlite, mariadb) = (set("sqlite"), set("mariadb"));
    let mut found: Vec<String> = sqlite
        .symmetric_difference(&mariadb)
        .map(|stamp| format!("migrations: `{stamp}` is there for one engine only"))
        .collect();
    for file in files.iter().filter(|file| file.path.starts_with("migrations/mariadb/")) {
        for statement in file.text.split(';').filter(|statement| statement.contains("CREATE TABLE")) {
            if !statement.contains("utf8mb4_bin") {
                found.push(format!(
                    "{}: a table without COLLATE utf8mb4_bin takes the server's, and foreign keys break",
                    file.path
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unlike_sets_and_tables_without_collation_are_found() {
        let file = |path: &str, text: &str| TextFile { path: path.to_owned(), text: text.to_owned() };
        let files = [
            file("migrations/sqlite/1_a/up.sql", ""),
            file("migrations/mariadb/2_b/up.sql", "CREATE TABLE a (id INT);"),
        ];
        assert_eq!(check(&files).len(), 3);
    }
}
